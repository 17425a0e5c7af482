"""Conversations: what is replied, what is begun."""

from __future__ import annotations

import math
from typing import Any

import pytest

from droidlet_interpreter import Interpreter
from droidlet_schema import (
    And,
    Approach,
    Attribute,
    Command,
    Confirm,
    Drop,
    Explore,
    ExploreForm,
    Face,
    Facing,
    Filters,
    Follow,
    FollowForm,
    ForbidForm,
    GetCapabilities,
    GetMemory,
    GoTo,
    LinearExtent,
    Location,
    LookAround,
    MemoryNode,
    Mention,
    MoveBy,
    MoveForm,
    Noop,
    Or,
    OtherForm,
    Pause,
    ReferenceObject,
    Resume,
    ResumeForm,
    SayForm,
    SearchForm,
    Selector,
    StopForm,
    Triple,
    TurnBy,
    TurnForm,
)

AGENT, SPEAKER = ReferenceObject(special="AGENT"), ReferenceObject(special="SPEAKER")
IT = ReferenceObject("it", filters=Filters(contains_coreference=True))


def thing(name: str, colour: str = "", **more: Any) -> ReferenceObject:
    clauses = [Triple("has_name", name)] + ([Triple("has_colour", colour)] if colour else [])
    return ReferenceObject(filters=Filters(And(tuple(clauses)), **more))


def go(*references: ReferenceObject, side: Any = None) -> Command:
    return Command((MoveForm(Location(side, references=references)),))


def ask(name: str, output: Any = "MEMORY", colour: str = "", **more: Any) -> GetMemory:
    filters = thing(name, colour).filters
    assert filters is not None
    return GetMemory(Filters(filters.where, output), **more)


RED_CHAIR, CHAIR, TABLE = thing("chair", "red"), thing("chair"), thing("table")
BALL = thing("ball", "red")


def test_go_to_what_is_known_and_arrive(talk: Any) -> None:
    assert talk.hear(go(RED_CHAIR)) == ["OK, I am going to the red chair."]
    task = talk.begun()
    assert task == Approach(RED_CHAIR.filters, label="the red chair", node_id="object/1")
    assert talk.event(1, "finished", node_id="object/1") == ["I am at the red chair."]
    assert talk.said.idle
    assert talk.hear(GetMemory(Filters(output=Attribute("COLOUR"), contains_coreference=True))) == [
        "The red chair is red."
    ]


def test_look_for_what_is_not_known_and_give_up(talk: Any) -> None:
    assert talk.hear(Command((SearchForm(BALL),))) == ["I have not seen a red ball yet; I will look for it."]
    assert talk.begun() == Approach(BALL.filters, label="the red ball")
    replies = talk.event(1, "failed", reason="I looked everywhere I could get to")
    assert replies == ["I looked everywhere I could get to and did not find a red ball."]


def test_what_was_not_found_is_not_looked_for_again(talk: Any) -> None:
    ball, lamp = go(BALL).event_sequence[0], go(thing("lamp")).event_sequence[0]
    face = TurnForm(Facing(location=Location(references=(BALL,))))
    row = Command((ball, ball, TurnForm(Facing(1.0)), SearchForm(BALL), face, ball, lamp))
    talk.hear(row)
    talk.begun()
    replies = talk.event(1, "failed", reason="I looked everywhere")
    assert replies[0] == (
        "I looked everywhere and did not find a red ball. I do not look for it again. I go on with the rest."
    )
    talk.begun()
    assert talk.event(2, "finished", "TurnBy")[-1] == "OK, I am going to the lamp."


def test_the_same_unknown_thing_many_times_is_told_once(talk: Any) -> None:
    assert len(talk.hear(Command(go(thing("unicorn")).event_sequence * 16))) == 1
    assert len(talk.hear(*[Mention(thing("sofa"))] * 16)) == 1
    assert len(talk.hear(Command((TurnForm(Facing(1.0)), TurnForm(Facing(1.0)))))) == 1
    talk.begun()
    assert len(talk.event(1, "finished", "TurnBy")) == 2  # two turns are two


def test_which_of_several_was_not_found_is_told_as_it_was_asked_for(talk: Any) -> None:
    nearest = thing("sofa", selector=Selector("MIN", LinearExtent("AWAY", AGENT)))
    talk.hear(go(nearest))
    talk.begun()
    assert "did not find the nearest sofa." in talk.event(1, "failed", reason="I looked")[0]
    second = thing("sofa", selector=Selector("MIN", LinearExtent("AWAY", AGENT), 2))
    assert talk.hear(go(second, side="LEFT")) == [
        "I have not seen the second nearest sofa yet; I will look for it first."
    ]
    talk.begun()
    assert "did not find the second nearest sofa." in talk.event(2, "failed", reason="I looked")[0]


def test_after_a_search_in_vain_it_says_what_was_seen_of_that_kind(talk: Any) -> None:
    talk.hear(go(thing("chair", "pink")))
    talk.begun()
    assert talk.event(1, "failed", reason="I looked everywhere")[1:] == [
        "But I have seen a blue chair and a red chair."
    ]


def test_several_fit(talk: Any) -> None:
    assert talk.hear(go(CHAIR)) == ["I know two chairs: I take the nearest one."]
    assert talk.begun().node_id == "object/1"


def test_several_of_two_colours_are_counted(talk: Any) -> None:
    colours = Or((Triple("has_colour", "red"), Triple("has_colour", "blue")))
    either = ReferenceObject(filters=Filters(And((Triple("has_name", "chair"), colours))))
    assert talk.hear(go(either)) == ["I know two red or blue chairs: I take the nearest one."]


def test_what_is_nearest_is_decided_once(talk: Any) -> None:
    nearest = thing("chair", selector=Selector("MIN", LinearExtent("AWAY", AGENT)))
    assert talk.hear(go(nearest)) == ["OK, I am going to the nearest chair."]
    task = talk.begun()
    assert task == Approach(CHAIR.filters, label="the nearest chair", node_id="object/1")
    colour = GetMemory(Filters(output=Attribute("COLOUR"), contains_coreference=True))
    assert talk.hear(colour) == ["The chair is red."]


def test_an_open_kind_is_named_when_it_is_chosen(talk: Any) -> None:
    seats = Filters(Or((Triple("has_name", "chair"), Triple("has_name", "sofa"))))
    assert talk.hear(go(ReferenceObject(filters=seats))) == [
        "I know two chairs or sofas: I take the nearest one."
    ]
    assert talk.begun().label == "the red chair"
    biggest = Filters(selector=Selector("MAX", Attribute("SIZE")))
    assert talk.hear(go(ReferenceObject(filters=biggest)))[0].startswith(
        "OK, I am going to the biggest thing, a"
    )


def test_what_is_only_looked_at_is_found_and_not_walked_to(talk: Any) -> None:
    face = Command((TurnForm(Facing(location=Location(references=(thing("sofa"),)))),))
    assert talk.hear(face) == ["I have not seen a sofa yet; I will look for it."]
    assert talk.begun().find_only
    assert talk.event(1, "finished", node_id="object/9") == ["I have found the sofa."]


def test_the_same_wish_while_it_is_on_its_way_to_what_it_found(talk: Any) -> None:
    talk.hear(go(thing("sofa")))
    talk.begun()
    where = thing("sofa").filters.where  # type: ignore[union-attr]
    sofa = MemoryNode("object/9", "ReferenceObject", 0, 0, position_m=(0.0, 5.0, 0.4), triples=where.clauses)
    talk.room = (*talk.room, sofa)
    assert talk.hear(go(thing("sofa"))) == ["I am already looking for the sofa."]


def test_two_are_asked_for_and_counted(talk: Any) -> None:
    def are_there(count: int) -> GetMemory:
        assert CHAIR.filters is not None
        return GetMemory(Filters(CHAIR.filters.where, selector=Selector("ALL", count=count)))

    assert talk.hear(are_there(2))[0].startswith("Yes, a blue chair and a red chair.")
    assert talk.hear(are_there(3)) == ["No, only two: a blue chair and a red chair."]


def test_the_distance_between_two_things(talk: Any) -> None:
    apart = LinearExtent("AWAY", thing("table"))
    assert talk.hear(ask("lamp", apart)) == ["The yellow lamp is 4.8 m away from the white table."]
    assert talk.hear(ask("lamp", LinearExtent("AWAY", thing("sofa")))) == ["I have not seen a sofa."]


def test_an_unknown_word_begins_nothing(talk: Any) -> None:
    (reply,) = talk.hear(go(thing("unicorn")))
    assert reply.startswith("I do not know what a unicorn looks like. I know: balls, beds,")
    assert talk.changes == []
    assert talk.said.idle


def test_a_newer_wish_comes_first_and_says_so(talk: Any) -> None:
    talk.hear(go(RED_CHAIR))
    talk.begun()
    assert talk.hear(go(TABLE)) == [
        "OK, I am going to the table. After that I will carry on going to the red chair."
    ]
    talk.begun()
    assert talk.event(2, "finished", node_id="object/3") == [
        "I am at the table.",
        "Now I carry on going to the red chair.",
    ]


def test_the_same_wish_again(talk: Any) -> None:
    talk.hear(go(RED_CHAIR))
    talk.begun()
    assert talk.hear(go(RED_CHAIR)) == ["I am already going to the red chair."]
    assert len(talk.changes) == 1


def test_a_row_of_wishes_one_after_the_other(talk: Any) -> None:
    left = TurnForm(Facing(relative_yaw_rad=math.pi / 2))
    row = Command((*go(RED_CHAIR).event_sequence, left, *go(SPEAKER).event_sequence))
    assert talk.hear(row) == ["OK, I am going to the red chair."]
    assert not talk.said.idle
    talk.begun()
    assert not talk.said.idle
    assert talk.event(1, "finished", node_id="object/1") == [
        "I am at the red chair.",
        "OK, I am turning left by 90 degrees.",
    ]
    assert talk.begun() == TurnBy(math.pi / 2)
    assert talk.event(2, "finished", "TurnBy") == [
        "I have turned left by 90 degrees.",
        "OK, I am going to you.",
    ]
    assert talk.begun().label == "you"
    assert talk.event(3, "finished", node_id="object/6") == ["I am next to you."]
    assert talk.said.idle


def test_a_row_goes_on_after_a_failure(talk: Any) -> None:
    talk.hear(Command((SearchForm(BALL), SearchForm(thing("cup", "blue")))))
    talk.begun()
    replies = talk.event(1, "failed", reason="I looked everywhere")
    assert replies[0] == "I looked everywhere and did not find a red ball. I go on with the rest."
    assert replies[-1] == "OK, I am going to the blue cup."


def test_a_question_waits_for_the_wish_before_it(talk: Any) -> None:
    asked = GetMemory(Filters(output=Attribute("LOCATION"), contains_coreference=True))
    assert len(talk.hear(Command((SearchForm(thing("lamp")),)), asked)) == 1
    talk.begun()
    replies = talk.event(1, "finished", node_id="object/5")
    assert replies[0] == "I am at the lamp."
    assert replies[1].startswith("The lamp is 1.9 m away, behind me, to the left, at (-2.0, 1.0)")


def test_stop_continue_cancel(talk: Any) -> None:
    assert talk.hear(Command((StopForm(),))) == ["I am standing still: there is nothing to stop."]
    assert talk.hear(Command((ResumeForm(),))) == ["There is nothing to continue."]
    assert talk.hear(Command((StopForm(drop=True),))) == ["There is nothing to cancel: I am doing nothing."]
    talk.hear(go(RED_CHAIR))
    talk.begun()
    assert talk.hear(Command((StopForm(),)))[0].startswith("OK, I have stopped going to the red chair.")
    assert talk.changes[-1] == Pause()
    assert talk.said.idle
    assert talk.hear(Command((StopForm(),)))[0].startswith("I am standing still already.")
    assert talk.hear(Command((ResumeForm(),))) == ["OK, I carry on going to the red chair."]
    assert talk.changes[-1] == Resume()
    assert talk.hear(Command((ResumeForm(),))) == ["I have not stopped: I am going to the red chair."]
    assert talk.hear(Command((StopForm(drop=True),))) == ["OK, I am no longer going to the red chair."]
    assert talk.changes[-1] == Drop()
    assert talk.state.plans == ()


def test_forbidding_drops_just_that(talk: Any) -> None:
    talk.hear(go(RED_CHAIR))
    talk.begun()
    table = go(TABLE).event_sequence[0]
    chair = go(RED_CHAIR).event_sequence[0]
    assert isinstance(table, MoveForm)
    assert isinstance(chair, MoveForm)
    assert talk.hear(Command((ForbidForm(table),))) == ["OK, I will not do that."]
    assert talk.hear(Command((ForbidForm(chair),))) == ["OK, I am no longer going to the red chair."]
    assert talk.changes[-1] == Drop(1)


def test_it_and_the_other_one(talk: Any) -> None:
    assert talk.hear(go(IT)) == ["I do not know what you mean by “it”: tell me its name."]
    talk.hear(ask("chair", Attribute("LOCATION"), "blue"))
    assert talk.hear(go(IT)) == ["OK, I am going to the blue chair."]
    assert talk.begun().node_id == "object/2"
    other = thing("chair", contains_coreference=True, other=True)
    talk.hear(go(other))
    assert talk.begun().node_id == "object/1"


def test_places_beside_things(talk: Any) -> None:
    talk.hear(go(TABLE, side="LEFT"))
    spot = talk.begun()
    assert isinstance(spot, GoTo)
    assert (spot.x_m, spot.y_m) == (pytest.approx(3.0), pytest.approx(0.7))
    talk.hear(go(TABLE, side="BACK"))
    assert talk.begun().x_m > 3.25
    talk.hear(go(RED_CHAIR, TABLE, side="BETWEEN"))
    spot = talk.begun()
    assert (spot.x_m, spot.y_m) == (2.5, 0.5)
    talk.hear(go(thing("chair", selector=Selector("ALL")), side="BETWEEN"))
    assert (talk.begun().x_m, talk.begun().y_m) == (3.0, 0.0)


def test_a_place_beside_what_is_not_known_yet(talk: Any) -> None:
    assert talk.hear(go(thing("sofa"), side="LEFT")) == [
        "I have not seen a sofa yet; I will look for it first."
    ]
    task = talk.begun()
    assert isinstance(task, Approach)
    assert task.find_only
    where = thing("sofa").filters.where  # type: ignore[union-attr]
    sofa = MemoryNode("object/9", "ReferenceObject", 0, 0, position_m=(0.0, 5.0, 0.4), triples=where.clauses)
    talk.room = (*talk.room, sofa)
    assert talk.event(1, "finished", node_id="object/9") == [
        "I have found the sofa.",
        "OK, I am going to the left of the sofa.",
    ]


def test_coordinates_and_distances(talk: Any) -> None:
    assert talk.hear(go(ReferenceObject(coordinates_m=(1.0, -2.0)))) == ["OK, I am going to (1.0, -2.0)."]
    assert talk.begun() == GoTo(1.0, -2.0, label="(1.0, -2.0)")
    assert talk.hear(Command((MoveForm(Location("BACK", 0.5)),)))[0].startswith("OK, I am moving 50 cm back.")
    assert talk.begun() == MoveBy(-0.5)
    assert talk.hear(Command((MoveForm(Location("UP")),))) == ["I cannot move up: I only drive on the floor."]
    assert talk.hear(Command((MoveForm(Location("FRONT", 1e9)),))) == [
        "That is too far for me: more than 100 km."
    ]
    assert talk.hear(go(ReferenceObject(coordinates_m=(1e9, 0.0)))) == [
        "I cannot go there: that is too far away."
    ]


def test_go_back(talk: Any) -> None:
    before = ReferenceObject(filters=Filters(Triple("has_tag", "BEFORE"), memory_type="AGENT"))
    assert talk.hear(go(before)) == ["I have not been anywhere else yet."]
    talk.hear(go(RED_CHAIR))
    talk.begun()
    talk.pose = talk.pose.__class__(2.0, 0.5, 0.0)
    talk.event(1, "finished", node_id="object/1")
    assert talk.hear(go(before)) == ["OK, I am going to where I was before."]
    assert talk.begun() == GoTo(0.0, 0.0, label="where I was before")


@pytest.mark.parametrize(
    ("form", "reply", "task"),
    [
        (Command((TurnForm(Facing(math.pi)),)), "OK, I am turning around.", TurnBy(math.pi)),
        (Command((ExploreForm("HERE"),)), "OK, I am looking around.", LookAround()),
        (Command((ExploreForm(),)), "OK, I am exploring.", Explore()),
        (
            Command((FollowForm(SPEAKER),)),
            "OK, I am following you. Say “stop” when it is enough.",
            Follow(Filters(And((Triple("has_name", "person"),))), label="you"),
        ),
        (
            Command((TurnForm(Facing(location=Location(references=(thing("lamp"),)))),)),
            "OK, I am turning to the lamp.",
            Face(x_m=-2.0, y_m=1.0, label="the lamp"),
        ),
    ],
)
def test_other_tasks(talk: Any, form: Any, reply: str, task: Any) -> None:
    assert talk.hear(form) == [reply]
    assert talk.begun() == task


@pytest.mark.parametrize(
    ("form", "reply"),
    [
        (GetMemory(Filters(output=Attribute("NAME")), scope="NOW"), "I see a red chair and a white table."),
        (ask("chair", "COUNT"), "I have seen two chairs."),
        (ask("bed", "COUNT"), "I have seen no beds so far."),
        (ask("chair", "COUNT", scope="NOW"), "I see one chair."),
        (
            ask("lamp", Attribute("LOCATION")),
            "The lamp is 1.9 m away, behind me, to the left, at (-2.0, 1.0).",
        ),
        (ask("bed", Attribute("LOCATION")), "I have not seen a bed."),
        (ask("table", Attribute("COLOUR")), "The table is white."),
        (ask("chair", Attribute("COLOUR")), "I know two chairs. One is red and one is blue."),
        (ask("lamp"), "Yes, a yellow lamp: 1.9 m away, behind me, to the left, at (-2.0, 1.0)."),
        (ask("lamp", scope="NOW"), "No, I do not see a lamp right now."),
        (ask("bed"), "No, I have not seen a bed."),
        (ask("table", holds=Filters(And((Triple("has_colour", "white"),)))), "Yes, the table is white."),
        (
            ask("table", holds=Filters(And((Triple("has_colour", "red"),)))),
            "No, the table is not red: it is white.",
        ),
        (ask("table", Attribute("HEIGHT")), "The table is about 80 cm tall."),
        (ask("table", LinearExtent("AWAY", AGENT)), "The table is 2.8 m away from me."),
        (Noop("EMPTY"), "I did not catch that."),
        (Noop("THANKS"), "You are welcome."),
        (Command((SayForm("hello world"),)), "hello world"),
        (Command((MoveForm(Location()),)), "Where should I go?"),
        (Command((SearchForm(ReferenceObject()),)), "What should I look for?"),
        (go(AGENT), "I am already there: that is where I am."),
        (Confirm(True), "OK."),
    ],
)
def test_one_answer(talk: Any, form: Any, reply: str) -> None:
    assert talk.hear(form) == [reply]
    assert talk.changes == []
    assert talk.said.idle


def test_what_cannot_be_done_is_said(talk: Any) -> None:
    (reply,) = talk.hear(Command((OtherForm("dance"),)))
    assert reply.startswith("I cannot do that: “dance”.")
    (reply,) = talk.hear(Command((OtherForm("go 2 metres north"),)))
    assert reply.startswith("I cannot do that: “go 2 metres north”. I have no compass")
    (reply,) = talk.hear(GetCapabilities())
    assert "go to things" in reply


def test_a_missing_place_is_asked_for_and_heard(talk: Any) -> None:
    talk.hear(Command((MoveForm(Location()),)))
    assert talk.hear(Mention(RED_CHAIR)) == ["OK, I am going to the red chair."]


def test_a_thing_alone_is_offered(talk: Any) -> None:
    (reply,) = talk.hear(Mention(thing("lamp")))
    assert reply.endswith("Should I go there?")
    assert talk.said.idle
    assert talk.hear(Confirm(True)) == ["OK, I am going to the lamp."]
    talk.hear(Mention(TABLE))
    assert talk.hear(Confirm(False)) == ["OK, I will not."]


def task_question(tag: str, output: Any) -> GetMemory:
    return GetMemory(Filters(Triple("has_tag", tag), output, memory_type="TASKS"))


def test_questions_about_itself(talk: Any) -> None:
    doing = task_question("CURRENTLY_RUNNING", Attribute("NAME"))
    assert talk.hear(doing) == ["I am doing nothing. Tell me what to do."]
    talk.hear(go(RED_CHAIR))
    talk.begun()
    assert talk.hear(doing) == ["I am going to the red chair."]
    assert talk.hear(task_question("CURRENTLY_RUNNING", Attribute("REASON"))) == [
        "I am going to the red chair because you asked me to."
    ]
    talk.event(1, "failed", reason="I find no way there")
    assert talk.hear(task_question("FINISHED", Attribute("NAME"))) == [
        "I cannot get to the red chair: I find no way there."
    ]
    where = GetMemory(Filters(Triple("has_tag", "SELF"), Attribute("LOCATION"), memory_type="AGENT"))
    assert talk.hear(where) == ["I am at (0.0, 0.0), facing along x."]


def test_words_not_understood_are_told(talk: Any) -> None:
    replies = talk.hear(go(RED_CHAIR), unread=("until", "the", "moon", "rises"))
    assert replies[0] == "(I did not understand: until the moon rises.)"


def test_events_of_strangers_change_nothing(talk: Any) -> None:
    talk.hear(go(RED_CHAIR))
    state = talk.state
    assert talk.event(77, "finished") == []
    assert talk.state == state


def test_names_come_from_the_vocabulary() -> None:
    assert "chair" in Interpreter(("droidlet", "robot")).names
    assert Interpreter(names=("gnome",)).names == ("gnome",)
    with pytest.raises(ValueError, match="no vocabulary 'sea'"):
        Interpreter(("droidlet", "sea"))
    with pytest.raises(ValueError, match="'robot' twice"):
        Interpreter(("robot", "robot"))
