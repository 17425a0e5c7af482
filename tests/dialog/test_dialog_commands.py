"""Commands in many wordings, against the forms that they mean."""

from __future__ import annotations

import math
from typing import Any

import pytest

from droidlet_dialog import DialogModel
from droidlet_schema import (
    And,
    Attribute,
    Chat,
    Command,
    Comparator,
    ExploreForm,
    Facing,
    Filters,
    FollowForm,
    ForbidForm,
    LinearExtent,
    Location,
    MoveForm,
    Not,
    Or,
    OtherForm,
    ReferenceObject,
    RepeatForm,
    ResumeForm,
    SayForm,
    SearchForm,
    Selector,
    StopForm,
    TimedForm,
    Triple,
    TurnForm,
    evolve,
    fields_of,
    is_record,
)

MODEL = DialogModel()
AGENT, SPEAKER = ReferenceObject(special="AGENT"), ReferenceObject(special="SPEAKER")
AWAY = LinearExtent("AWAY", AGENT)


def plain(value: Any) -> Any:
    """A form without the words that it was said in."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if not is_record(value):
        return value
    names = fields_of(type(value))
    return evolve(value, **{n: "" if n == "text_span" else plain(getattr(value, n)) for n in names})


def forms(text: str) -> Any:
    return plain(MODEL(Chat("person", text, 0)).form)


def thing(name: str = "", *words: Any, **more: Any) -> ReferenceObject:
    """A thing by name, then by triples: "has_" is left out ("colour=red")."""
    clauses: list[Any] = [Triple("has_name", name)] if name else []
    clauses += [Triple("has_" + w.split("=")[0], w.split("=")[1]) if isinstance(w, str) else w for w in words]
    return ReferenceObject(filters=Filters(And(tuple(clauses)), **more))


def at(*references: ReferenceObject, side: Any = None, m: float | None = None) -> MoveForm:
    return MoveForm(Location(side, m, references))


def by(side: Any, m: float | None = None) -> MoveForm:
    return MoveForm(Location(side, m))


def turn(degrees: float) -> TurnForm:
    return TurnForm(Facing(relative_yaw_rad=math.radians(degrees)))


def face(*references: ReferenceObject) -> TurnForm:
    return TurnForm(Facing(location=Location(references=references)))


def point(*values: float) -> MoveForm:
    return at(ReferenceObject(coordinates_m=values))


def tagged(tag: str) -> MoveForm:
    filters = Filters(Triple("has_tag", tag), memory_type="AGENT", contains_coreference=True)
    return at(ReferenceObject(filters=filters))


def than(name: str, comparison: Any, other: ReferenceObject | float) -> Comparator:
    """A property compared with that of another thing, or with a number."""
    left = AWAY if name == "AWAY" else Attribute(name)  # type: ignore[arg-type]
    return Comparator(left, comparison, other)


CHAIR, TABLE, SOFA = thing("chair"), thing("table"), thing("sofa")
RED_CHAIR = thing("chair", "colour=red")
IT = ReferenceObject(filters=Filters(contains_coreference=True))
OTHER = ReferenceObject(filters=Filters(contains_coreference=True, other=True))

GO = {
    "go to the red chair": at(RED_CHAIR),
    "walk to the red chair": at(RED_CHAIR),
    "move to the red chair": at(RED_CHAIR),
    "Could you please walk over to the red chair, robot?": at(RED_CHAIR),
    "head over to the crimson seat": at(RED_CHAIR),
    "drive up to the red chair now": at(RED_CHAIR),
    "navigate to the red chair please": at(RED_CHAIR),
    "approach the red chair": at(RED_CHAIR),
    "I'd like you to go to the red chair": at(RED_CHAIR),
    "would you mind going to the red chair?": at(RED_CHAIR),
    "I think you should go to the red chair": at(RED_CHAIR),
    "run to the red chair as fast as you can": at(RED_CHAIR),
    "make your way to the red chair": at(RED_CHAIR),
    "goto the red chiar": at(RED_CHAIR),
    "pls go 2 the red chair": at(RED_CHAIR),
    "can u wlak to the red chair": at(RED_CHAIR),
    "go look at the lamp": at(thing("lamp")),
    "go to the couch": at(SOFA),
    "drive over to the television set": at(thing("television")),
    "go to the tv": at(thing("television")),
    "go to the potted plant": at(thing("plant")),
    "go to the person": at(thing("person")),
    "go to him": at(thing("person")),
    "go to the unicorn": at(thing("unicorn")),
    "go to unicorn": at(thing("unicorn")),
    "go to the wall": at(thing("wall")),
    "go to the big blue sofa": at(thing("sofa", "size=big", "colour=blue")),
    "go to the tiny red ball": at(thing("ball", "size=small", "colour=red")),
    "go to the red, big chair": at(thing("chair", "colour=red", "size=big")),
    "go to the grey box": at(thing("box", "colour=grey")),
    "go to the gray box": at(thing("box", "colour=grey")),
    "go to the comfortable chair": at(thing("chair", "tag=comfortable")),
    "go to something blue": at(thing("", "colour=blue")),
    "go to the nearest plant": at(thing("plant", selector=Selector("MIN", AWAY))),
    "go to the closest plant": at(thing("plant", selector=Selector("MIN", AWAY))),
    "go to the second nearest chair": at(thing("chair", selector=Selector("MIN", AWAY, 2))),
    "go to the farthest lamp": at(thing("lamp", selector=Selector("MAX", AWAY))),
    "go to the biggest box": at(thing("box", selector=Selector("MAX", Attribute("SIZE")))),
    "go to the tallest thing": at(thing("", selector=Selector("MAX", Attribute("HEIGHT")))),
    "go to the chair left of the red table": at(
        thing("chair", location=Location("LEFT", references=(thing("table", "colour=red"),)))
    ),
    "go to the chair to the left of the red table": at(
        thing("chair", location=Location("LEFT", references=(thing("table", "colour=red"),)))
    ),
    "go to the chair next to the bed": at(
        thing("chair", location=Location("NEAR", references=(thing("bed"),)))
    ),
    "go to the one next to the bed": at(thing("", location=Location("NEAR", references=(thing("bed"),)))),
    "go to the chair that is near the bed": at(
        thing("chair", location=Location("NEAR", references=(thing("bed"),)))
    ),
    "go to the chair on your right": at(thing("chair", location=Location("RIGHT", references=(AGENT,)))),
    "go to the chair behind you": at(thing("chair", location=Location("BACK", references=(AGENT,)))),
    "go to the chair between the sofa and the table": at(
        thing("chair", location=Location("BETWEEN", references=(SOFA, TABLE)))
    ),
    "go to the chair closest to the sofa": at(
        thing("chair", selector=Selector("MIN", LinearExtent("AWAY", SOFA)))
    ),
    "go to the chair that is not red": at(thing("chair", Not(Triple("has_colour", "red")))),
    "go to the chair but not the red one": at(thing("chair", Not(And((Triple("has_colour", "red"),))))),
    "go to a red or blue cup": at(
        thing("cup", Or((Triple("has_colour", "red"), Triple("has_colour", "blue"))))
    ),
    "go to the red one of the chairs": at(RED_CHAIR),
    "go to the second closest of the chairs": at(thing("chair", selector=Selector("MIN", AWAY, 2))),
    "stop next to the chair": at(CHAIR, side="NEAR"),
    "wait at the table": at(TABLE),
    "walk around the table": at(TABLE, side="AROUND"),
    "mosey over to the chair": at(CHAIR),
    "back to the chair": at(CHAIR),
    "to the chair": at(CHAIR),
    "go from the sofa to the chair": at(CHAIR),
    "go to within 1 metre of the chair": at(CHAIR, side="NEAR", m=1.0),
    "go to the left of the sofa": at(SOFA, side="LEFT"),
    "walk 2 meters to the left of the sofa": at(SOFA, side="LEFT", m=2.0),
    "go behind the chair": at(CHAIR, side="BACK"),
    "go stand in front of the chair": at(CHAIR, side="FRONT"),
    "stand next to the chair": at(CHAIR, side="NEAR"),
    "go between the chair and the table": at(CHAIR, TABLE, side="BETWEEN"),
    "go between the chairs": at(thing("chair", selector=Selector("ALL")), side="BETWEEN"),
    "go to it": at(IT),
    "go there": at(IT),
    "go to the other one": at(OTHER),
    "go to that chair": at(thing("chair", contains_coreference=True)),
    "go to the other chair": at(thing("chair", contains_coreference=True, other=True)),
    "come here": at(SPEAKER),
    "come to me": at(SPEAKER),
    "come back": at(SPEAKER),
    "come back to where you started": tagged("START"),
    "come over here please": at(SPEAKER),
    "return to me": at(SPEAKER),
    "go away": at(SPEAKER, side="AWAY"),
    "go back": tagged("BEFORE"),
    "go back to where you were": tagged("BEFORE"),
    "go home": tagged("START"),
    "return to where you started": tagged("START"),
    "go back to the chair": at(CHAIR),
    "go to 1, 2": point(1, 2),
    "go to 1 2": point(1, 2),
    "go to (1.5, -2)": point(1.5, -2),
    "go to x 1 y 2": point(1, 2),
    "go to x=1.5 and y=-2.5": point(1.5, -2.5),
    "move to coordinates 1 2": point(1, 2),
    "walk to the point (3, 4)": point(3, 4),
    "go to minus one, two and a half": point(-1, 2.5),
    "move to -7 63 -8": point(-7, 63, -8),
    "go": MoveForm(Location()),
    "go to a chair bigger than the table": at(thing("chair", than("SIZE", "GREATER_THAN", TABLE))),
    "go to the chair that is nearer than the table": at(thing("chair", than("AWAY", "LESS_THAN", TABLE))),
    "go to a chair that is not taller than 50 cm": at(
        thing("chair", Not(than("HEIGHT", "GREATER_THAN", 0.5)))
    ),
    "go to a chair bigger than the red one": at(thing("chair", than("SIZE", "GREATER_THAN", RED_CHAIR))),
    "go to every chair": at(thing("chair", selector=Selector("ALL"))),
    "go to each of the chairs": at(thing("chair", selector=Selector("ALL"))),
    "visit both chairs": at(thing("chair", selector=Selector("ALL"))),
    "visit the two nearest chairs": at(thing("chair", selector=Selector("MIN", AWAY, count=2))),
    "go to the small one": at(thing(selector=Selector("MIN", Attribute("SIZE")))),
    "find something tall": SearchForm(thing(selector=Selector("MAX", Attribute("HEIGHT")))),
    "go to the chair from the left": at(
        thing("chair", selector=Selector("MAX", LinearExtent("LEFT", AGENT)))
    ),
    "go to chair 3": at(thing("chair", selector=Selector("MIN", AWAY, 3))),
    "go to my left": at(SPEAKER, side="LEFT"),
    "go to the chair on my right": at(thing("chair", location=Location("RIGHT", references=(SPEAKER,)))),
    "go to where the table is": at(TABLE),
    "stop one metre in front of the sofa": at(SOFA, side="FRONT", m=1.0),
    "go to the sofe": at(SOFA),
    "go to the tabl": at(TABLE),
    "go to the rde chair": at(RED_CHAIR),
    "go to the sofa, no, the table": at(TABLE),
    "go to the sofa. I mean the table": at(TABLE),
}

BODY = {
    "turn left": turn(90),
    "turn right": turn(-90),
    "left": turn(90),
    "turn to your left": turn(90),
    "turn around": turn(180),
    "turn back": turn(180),
    "make a U-turn": turn(180),
    "look behind you": turn(180),
    "spin around": turn(360),
    "do a 360": turn(360),
    "turn all the way around": turn(360),
    "turn right 45 degrees": turn(-45),
    "rotate 45 degrees clockwise": turn(-45),
    "rotate 45° anti-clockwise": turn(45),
    "turn by thirty degrees to the left": turn(30),
    "turn left by 1.5 radians": TurnForm(Facing(relative_yaw_rad=1.5)),
    "turn 90": turn(90),
    "do a quarter turn to the right": turn(-90),
    "trun lfet": turn(90),
    "turn twice": turn(720),
    "turn left twice": turn(180),
    "turn right three times": turn(-270),
    "turn left once": turn(90),
    "turn twice to the right": turn(-180),
    "turn left by 45 degrees twice": turn(90),
    "turn around twice": turn(360),
    "spin twice": turn(720),
    "turn left by pi": turn(180),
    "turn right by pi/2": turn(-90),
    "turn 2 pi radians": turn(360),
    "go 3 metres north": OtherForm("go 3 metres north"),
    "go north": OtherForm("go north"),
    "drive 2 metres to the east": OtherForm("drive 2 metres to the east"),
    "turn west": OtherForm("turn west"),
    "wait 5 seconds": TimedForm(5.0),
    "wait for half a minute": TimedForm(30.0),
    "wait here for 2 minutes": TimedForm(120.0),
    "stop for 3 seconds": TimedForm(3.0),
    "turn left for 3 seconds": TimedForm(3.0, turn(90)),
    "again": RepeatForm(),
    "do it again, please": RepeatForm(),
    "and once more": RepeatForm(),
    "go a metre and a half forward": by("FRONT", 1.5),
    "move 1,5 m forward": by("FRONT", 1.5),
    "turn 1/2 pi": turn(90),
    "turn 3/4 of a turn": turn(270),
    "move back": by("BACK"),
    "face north": OtherForm("face north"),
    "which way is north?": OtherForm("which way is north"),
    "turn away from the sofa": OtherForm("turn away from the sofa"),
    "tell me when you see a ball": OtherForm("tell me when you see a ball"),
    "which is bigger, the sofa, the bed or the box": OtherForm(
        "compare which is bigger the sofa the bed or the box"
    ),
    "drive forward for ten seconds": TimedForm(10.0, by("FRONT")),
    "drive for 5 seconds": TimedForm(5.0, by("FRONT")),
    "for 5 seconds, drive backwards": TimedForm(5.0, by("BACK")),
    "follow me for a couple of minutes": TimedForm(120.0, FollowForm(SPEAKER)),
    "explore for 1 minute and 30 seconds": TimedForm(90.0, ExploreForm()),
    "move forward twice": by("FRONT", 2.0),
    "move back half a metre three times": by("BACK", 1.5),
    "walk in a circle": OtherForm("walk in a circle"),
    "step back": by("BACK"),
    "go 5000000 metres forward": by("FRONT", 1e6),
    "move forward a million kilometres": by("FRONT", 1e9),
    "move forward two thousand metres": by("FRONT", 2000.0),
    "turn slightly left": turn(20),
    "face the red chair": face(RED_CHAIR),
    "turn to face the red chair": face(RED_CHAIR),
    "turn towards the red chair": face(RED_CHAIR),
    "look at the red chair": face(RED_CHAIR),
    "face me": face(SPEAKER),
    "look at it": face(IT),
    "move forward": by("FRONT"),
    "forward": by("FRONT"),
    "go straight ahead": by("FRONT"),
    "go forward 2 metres": by("FRONT", 2.0),
    "go 2m forward": by("FRONT", 2.0),
    "move 2 meters": by("FRONT", 2.0),
    "drive forward two and a half metres": by("FRONT", 2.5),
    "move back half a metre": by("BACK", 0.5),
    "go backwards 50 cm": by("BACK", 0.5),
    "back up a bit": by("BACK", 0.3),
    "reverse": by("BACK"),
    "three steps forward": by("FRONT", 1.5),
    "take 3 steps back": by("BACK", 1.5),
    "go 2m left": by("LEFT", 2.0),
    "step to the right": by("RIGHT"),
    "move 1 metre to your left": by("LEFT", 1.0),
    "walk 10 feet forward": by("FRONT", 3.048),
    "find the red chair": SearchForm(RED_CHAIR),
    "look for the red chair": SearchForm(RED_CHAIR),
    "search for a red chair": SearchForm(RED_CHAIR),
    "can you find me a red chair?": SearchForm(RED_CHAIR),
    "I'm looking for the red chair": SearchForm(RED_CHAIR),
    "fnid the red chair": SearchForm(RED_CHAIR),
    "find a unicorn": SearchForm(thing("unicorn")),
    "find something to sit on": SearchForm(
        thing("", Or((Triple("has_name", "chair"), Triple("has_name", "sofa"), Triple("has_name", "stool"))))
    ),
    "find": SearchForm(ReferenceObject()),
    "look around": ExploreForm("HERE"),
    "have a look around": ExploreForm("HERE"),
    "scan the room": ExploreForm("HERE"),
    "explore": ExploreForm("EVERYWHERE"),
    "drive around the room": ExploreForm("EVERYWHERE"),
    "explore the house": ExploreForm("EVERYWHERE"),
    "look everywhere": ExploreForm("EVERYWHERE"),
    "follow me": FollowForm(SPEAKER),
    "come with me": FollowForm(SPEAKER),
    "follow the person": FollowForm(thing("person")),
    "stop": StopForm(),
    "halt!": StopForm(),
    "freeze": StopForm(),
    "wait a minute": StopForm(),
    "please stop moving": StopForm(),
    "stop looking for the chair": StopForm(),
    "don't move": StopForm(),
    "never mind": StopForm(drop=True),
    "forget it": StopForm(drop=True),
    "forget about the chair": StopForm(drop=True),
    "cancel that": StopForm(drop=True),
    "continue": ResumeForm(),
    "carry on": ResumeForm(),
    "keep going": ResumeForm(),
    "go on with what you were doing": ResumeForm(),
    "don't stop": ResumeForm(),
    "don't go to the red chair": ForbidForm(at(RED_CHAIR)),
    "say hello world": SayForm("hello world"),
    "tell me a joke": OtherForm("tell me a joke"),
    "go slower": OtherForm("go slower"),
    "before going to the sofa, go to the chair": OtherForm("before going to the sofa go to the chair"),
    "Bring me the cup!": OtherForm("bring me the cup"),
    "dance": OtherForm("dance"),
    "if you see a chair, go to it": OtherForm("if you see a chair go to it"),
}

SEVERAL = {
    "go to the chair and the table": (at(CHAIR), at(TABLE)),
    "go to the chair then to the table": (at(CHAIR), at(TABLE)),
    "go to the chair, the table and the sofa": (at(CHAIR), at(TABLE), at(SOFA)),
    "go to the chair. After that, turn left.": (at(CHAIR), turn(90)),
    "go to the chair, then turn left, and then come back": (at(CHAIR), turn(90), at(SPEAKER)),
    "find the red chair and the sofa": (SearchForm(RED_CHAIR), SearchForm(SOFA)),
    "go to the chair and look around": (at(CHAIR), ExploreForm("HERE")),
    "wait 5 seconds and then turn left": (TimedForm(5.0), turn(90)),
    "first go to the chair, second turn around": (at(CHAIR), turn(180)),
    "First, go to the chair. Second, turn around.": (at(CHAIR), turn(180)),
    "turn left and right": (turn(90), turn(-90)),
    "turn left and again": (turn(90), RepeatForm()),
    "go to the red and the blue chair": (at(RED_CHAIR), at(thing("chair", "colour=blue"))),
    "go to the chair: then wait 2 s": (at(CHAIR), TimedForm(2.0)),
    "forward 2 metres and left 1 metre": (by("FRONT", 2.0), by("LEFT", 1.0)),
    "first go to the chair, then turn around, finally stop": (at(CHAIR), turn(180), StopForm()),
    "move to 3 63 2 then 7 63 7": (point(3, 63, 2), point(7, 63, 7)),
    "stop and go to the table": (StopForm(), at(TABLE)),
}


@pytest.mark.parametrize(("text", "form"), [*GO.items(), *BODY.items()], ids=[*GO, *BODY])
def test_one_command(text: str, form: Any) -> None:
    said = MODEL(Chat("person", text, 0))
    assert plain(said.form) == (Command((form,)),)
    assert said.unread == ()


@pytest.mark.parametrize(("text", "wanted"), SEVERAL.items(), ids=list(SEVERAL))
def test_several_commands(text: str, wanted: tuple[Any, ...]) -> None:
    assert forms(text) == (Command(wanted),)


def test_an_or_that_comes_later_compares_nothing() -> None:
    asked, wish = forms("what is the biggest thing, then go to the chair or sofa")
    assert asked.filters.selector == Selector("MAX", Attribute("SIZE"))
    assert isinstance(wish, Command)


def test_angles_and_lengths_are_exact() -> None:
    (command,) = forms("turn right 45 degrees")
    assert command.event_sequence[0].facing.relative_yaw_rad == pytest.approx(-math.pi / 4)


@pytest.mark.parametrize(
    "text",
    [
        "can I sit on the ball",
        "is the red chair left or right of the table",
        "aller à la chaise",
        "is the ball closer than the sofa",
        "the person walked to the sofa",
    ],
)
def test_what_is_no_command_moves_nobody(text: str) -> None:
    assert not any(isinstance(form, Command) for form in forms(text))
