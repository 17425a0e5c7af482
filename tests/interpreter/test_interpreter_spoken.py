"""Whole sentences, through dialog, interpreter and memory: what is replied and what is begun."""

from __future__ import annotations

import math
from typing import Any

import pytest

from droidlet_schema import Approach, Drop, Face, MoveBy, Pause, PutNode, Resume, TaskEvent, TurnBy
from interpreter.spoken import Conversation, thing

ONE_SENTENCE = {
    # going
    "go to the small one": "OK, I am going to the smallest thing, a blue cup.",
    "find whatever is closest": "OK, I am going to the nearest thing, a red ball.",
    "head to whichever chair is nearest": "OK, I am going to the nearest chair.",
    "find the thing that is furthest away": "OK, I am going to the farthest thing, a brown bed.",
    "go to the big lamp": "OK, I am going to the big lamp.",
    "go to the chair bigger than the red one": "OK, I am going to the chair bigger than the red chair.",
    "find a lamp taller than 1 metre": "I know two lamps taller than 1 m: I take the nearest one.",
    "go to something larger than the table": "I know two things bigger than the table: I take the nearest one.",
    "find something smaller than a ball": "OK, I am going to the blue cup.",
    "go to the lamp closer to the bed than the sofa": (
        "OK, I am going to the lamp nearer to the bed than the sofa."
    ),
    "go anywhere but the sofa": "I know nine things that are not a sofa: I take the nearest one.",
    "go over to where the bed is": "OK, I am going to the bed.",
    "go to chair number two": "OK, I am going to the second nearest chair.",
    "go to the second chair from the left": "OK, I am going to the second leftmost chair.",
    "go to the blu chair": "OK, I am going to the blue chair.",
    "go to the sofe": "OK, I am going to the sofa.",
    "find the bal": "OK, I am going to the ball.",
    "would you be so kind as to go to the red chair": "OK, I am going to the red chair.",
    "could I trouble you to drive over to the sofa?": "OK, I am going to the sofa.",
    "I was hoping you could find me the sofa": "OK, I am going to the sofa.",
    "take yourself off to bed": "OK, I am going to the bed.",
    "go to the kitchen": "I know things, not rooms, doors or walls, so I cannot tell where the kitchen is.",
    "go to my left": "OK, I am going to the place to your left as you face me.",
    "stand on my right": "OK, I am going to the place to your right as you face me.",
    "move back": "OK, I am moving 1 m back.",
    "go back": "I have not been anywhere else yet.",
    "go a metre and a half forward": "OK, I am moving 1.5 m forward.",
    "move 1,5 metres forward": "OK, I am moving 1.5 m forward.",
    "rotate 1/2 pi": "OK, I am turning left by 90 degrees.",
    "do a one-eighty": "OK, I am turning around.",
    "turn left by 1 degree": "OK, I am turning left by 1 degree.",
    # what cannot be done, and why
    "go north": "I cannot do that: “go north”. I have no compass",
    "face north": "I cannot do that: “face north”. I have no compass",
    "which way is north?": "I have no compass",
    "bring me the ball": "I cannot do that: “bring me the ball”. I have no hands",
    "if there is a red chair go to it": "I cannot do that: “if there is a red chair go to it”. I do nothing that",
    "tell me when you see the ball": "I cannot do that: “tell me when you see the ball”. I do nothing that",
    "slow down": "I cannot do that: “slow down”. I always drive at the same speed.",
    "turn away from the sofa": "I cannot do that: “turn away from the sofa”. I can only turn towards things",
    # questions
    "is the sofa bigger than the cup": "Yes, the green sofa is bigger than the blue cup: the green sofa is about",
    "is the bed bigger than the sofa?": "No, the brown bed and the green sofa are about equally big:",
    "is the blue chair bigger than the red one": "Yes, the blue chair is bigger than the red chair:",
    "is the ball closer than the sofa": (
        "Yes, the red ball is nearer than the green sofa: the red ball is 95 cm away, the green sofa is 3.5 m away."
    ),
    "is the table as tall as the sofa": "No, the white table is shorter than the green sofa:",
    "which is taller, the lamp or the table?": "The yellow lamp is taller than the white table:",
    "which is nearer: the ball or the red chair?": "The red ball is nearer than the red chair:",
    "which of the cup and the ball is bigger": "The red ball is bigger than the blue cup:",
    "how much bigger is the bed than the ball": "The brown bed is bigger than the red ball:",
    "is the sofa or the bed nearer": "The green sofa is nearer than the brown bed:",
    "is the unicorn bigger than the chair": "I do not know what a unicorn looks like.",
    "is the chair bigger than the vase": "I have not seen a vase, so I cannot compare.",
    "are you bigger than the chair": "I have never seen myself, so I cannot compare.",
    "is the blue chair taller than 50 cm": "Yes, the chair is taller than 50 cm.",
    "what is bigger than the table": "I have seen a brown bed and a green sofa.",
    "are there things bigger than the bed": "No, I have not seen a thing bigger than the bed.",
    "is the lamp behind you?": "One of the two lamps is behind me: the yellow lamp.",
    "are the chairs red": "One of the two chairs is red: the red chair.",
    "are the lamps left of the table": "Yes, both lamps are to the left of the table.",
    "are the chairs green": "No, none of the two chairs is green: I know a blue chair and a red chair.",
    "is the sofa green or blue": "The sofa is green.",
    "is the sofa red or blue": "Neither: the sofa is green.",
    "is the sofa far away": "The sofa is 3.5 m away from me.",
    "is the ball near": "The ball is 95 cm away from me.",
    "is the red chair left or right of the table": "No, the chair is not to the right of the table.",
    "what's right of the table": "To the right of the table there is a blue chair.",
    "how many chairs are left of the table": "I have seen one chair to the left of the table.",
    "how many chairs are there in total": "I have seen two chairs.",
    "where are the lamps?": (
        "I know two lamps. The yellow lamp is 2 m away, behind me, to the left, at (-2.0, 1.0) and the white lamp is"
    ),
    "where is everything": "I know ten things. The nearest four: the red ball is 95 cm away",
    "where should i look for the cup": "The cup is 3 m away",
    "whats the coler of the sofa": "The sofa is green.",
    "tell me everything you see": "I see a red ball, a red chair, a blue cup and a white table.",
    "how far is it from the bed to the sofa": "The brown bed is 4 m away from the green sofa.",
    "how far apart are the sofa and the bed": "The green sofa is 4 m away from the brown bed.",
    "haven't you seen a cup": "Yes, a blue cup:",
    "what is to my right": "To your right as you face me there are a red ball, a blue chair,",
    "is the chair lopsided": "I cannot tell whether the red chair is lopsided.",
    "what's over there": "I do not know what you mean by “there”: tell me its name.",
    "can I sit on the ball": "I do not know how to answer that.",
    # talk
    "how are you": "I am fine, thank you.",
    "hello robot how are you": "Hello!",
    "sorry": "OK.",
    "ta": "You are welcome.",
    "again": "There is nothing to repeat: you have not told me to do anything yet.",
    "never mind": "There is nothing to cancel: I am doing nothing.",
    "wait 0 seconds": "That is no time: I stay where I am.",
    "wait 10000 hours": "That is too long for me: an hour is the longest I keep count of.",
    "🪑": "I did not understand that.",
    "иди к стулу": "I did not understand that.",
    "aller à la chaise": "I did not understand that.",
}


@pytest.mark.parametrize(("text", "reply"), ONE_SENTENCE.items(), ids=list(ONE_SENTENCE))
def test_one_sentence(text: str, reply: str) -> None:
    replies = Conversation().say(text)
    assert len(replies) == 1
    assert replies[0].startswith(reply)


TALKS = {
    ("go to the red chair", "no, the blue one"): "OK, I am going to the blue chair.",
    ("go to the chair", "no I meant the blue chair"): "OK, I am going to the blue chair.",
    ("go to the chair", "not that one, the other"): "OK, I am going to the blue chair.",
    ("go to the red chair", "the blue one instead"): "OK, I am going to the blue chair.",
    ("go to the ball", "not the ball, the cup"): "OK, I am going to the cup.",
    ("go to the ball", "the cup, I mean"): "OK, I am going to the cup.",
    ("go to the ball", "wait, the cup"): "OK, I am going to the cup.",
    ("go to the ball", "actually the cup"): "OK, I am going to the cup.",
    ("turn left", "no, right"): "OK, I am turning right by 90 degrees.",
    ("look at the ball", "no, the cup"): "OK, I am turning to the cup.",
    ("follow the ball", "no, the person"): "OK, I am following the person.",
    ("go to the red chair", "don't go there"): "OK, I am no longer going to the red chair.",
    ("go to the red chair", "I changed my mind"): "OK, I am no longer going to the red chair.",
    ("how many chairs are there", "go to the red one"): "OK, I am going to the red chair.",
    ("where are the lamps", "go to the white one"): "OK, I am going to the white lamp.",
    ("is there a chair", "which one is bigger"): "That is a blue chair, 3.8 m away",
    ("where is the red chair", "go to the other one"): "OK, I am going to the blue chair.",
    ("where is the yellow lamp", "go to the other lamp"): "OK, I am going to the white lamp.",
    ("where is the red chair", "now the farthest"): "The farthest chair is 3.8 m away",
    ("what colour is the ball", "and the sofa?"): "The sofa is green.",
    ("how big is the bed", "and the ball"): "The ball is about 25 cm wide and 25 cm tall.",
    ("is the ball red", "and the sofa"): "No, the sofa is not red: it is green.",
    ("where is the table", "what is on it"): "On it there is a blue cup.",
    ("where is the sofa", "is it bigger than the ball"): "Yes, the green sofa is bigger than the red ball",
    ("chair", "yes"): "I know two chairs: I take the nearest one.",
    ("go to the ball", "what colour is it"): "The ball is red.",
}


@pytest.mark.parametrize(("texts", "reply"), TALKS.items(), ids=[" | ".join(texts) for texts in TALKS])
def test_what_was_said_before_counts(texts: tuple[str, ...], reply: str) -> None:
    talk = Conversation()
    for text in texts:
        replies = talk.say(text)
    assert replies[-1].startswith(reply)


def test_each_of_several_is_visited_the_nearest_first() -> None:
    talk = Conversation()
    assert talk.say("go to every chair, then turn left") == [
        "I know two chairs: I go to each of them, one after the other."
    ]
    assert talk.end() == ["I am at the red chair.", "OK, I am going to the blue chair."]
    assert talk.end() == ["I am at the blue chair.", "OK, I am turning left by 90 degrees."]
    assert [getattr(task, "node_id", None) for task in talk.begun] == ["object/1", "object/2", None]


@pytest.mark.parametrize(
    ("text", "reply", "count"),
    [
        ("visit both lamps", "I know two lamps: I go to each of them, one after the other.", 2),
        ("go to each of the lamps", "I know two lamps: I go to each of them, one after the other.", 2),
        ("find three chairs", "I know only two chairs: I go to each of them, one after the other.", 2),
        ("visit two things", "I know ten things: I go to the two nearest, one after the other.", 2),
        ("look at all the chairs", "I know two chairs: I turn to each of them, one after the other.", 2),
        ("find every ball", "I know only one ball: I am going there.", 1),
        ("go to the red and the blue chair", "OK, I am going to the red chair.", 2),
    ],
)
def test_several_are_several_tasks(text: str, reply: str, count: int) -> None:
    talk = Conversation()
    assert talk.say(text) == [reply]
    while talk.running:
        talk.end()
    assert len(talk.begun) == count
    assert all(isinstance(task, Face if "look" in text else Approach) for task in talk.begun)


def test_a_failed_visit_is_told_and_the_next_one_begun() -> None:
    talk = Conversation()
    talk.say("go to both lamps")
    assert talk.end("failed") == [
        "I cannot get to the yellow lamp: I looked everywhere. I go on with the rest.",
        "OK, I am going to the white lamp.",
    ]


def test_it_drives_for_a_time_and_stops_by_itself() -> None:
    talk = Conversation()
    assert talk.say("drive backwards for 3 seconds and turn left") == ["OK, I am moving back for 3 seconds."]
    assert isinstance(talk.begun[0], MoveBy)
    assert talk.begun[0].forward_m < -100
    assert talk.wait(2.5) == []
    assert talk.wait(0.5) == ["I have moved back for 3 seconds.", "OK, I am turning left by 90 degrees."]
    assert talk.controlled == [Drop(1)]
    assert talk.begun[1] == TurnBy(math.pi / 2)


def test_a_paused_drive_keeps_the_rest_of_its_time() -> None:
    talk = Conversation()
    talk.say("turn right for 4 seconds")
    talk.wait(1.0)
    talk.say("stop")
    talk._call(task_events=(_event("paused"),))
    assert talk.wait(60.0) == []
    talk.say("continue")
    talk._call(task_events=(_event("resumed"),))
    assert talk.wait(2.0) == []
    assert talk.wait(1.0) == ["I have turned right for 4 seconds."]


def _event(status: Any) -> Any:
    return TaskEvent(1, "TurnBy", status)


def test_following_for_a_time_is_no_longer_endless() -> None:
    talk = Conversation()
    assert talk.say("follow me for 10 seconds")[-1] == "I will stop after 10 seconds."
    assert talk.wait(10.0) == ["The time is over: I am no longer following you."]
    assert talk.running == []


def test_waiting_by_itself() -> None:
    talk = Conversation()
    assert talk.say("wait 5 seconds, then turn left") == ["OK, I wait for 5 seconds."]
    assert not talk.idle
    assert talk.say("what are you doing") == ["I am waiting, 5 seconds more."]
    assert talk.wait(4.0) == []
    assert talk.wait(1.0) == ["I have waited for 5 seconds.", "OK, I am turning left by 90 degrees."]


def test_waiting_amid_work_and_going_on() -> None:
    talk = Conversation()
    talk.say("go to the red chair")
    assert talk.say("wait for 2 seconds") == [
        "OK, I stand still for 2 seconds and then carry on going to the red chair."
    ]
    assert talk.wait(2.0) == ["I have waited for 2 seconds.", "Now I carry on going to the red chair."]
    assert talk.controlled == [Pause(), Resume()]


def test_a_wait_can_be_stopped_ended_and_forgotten() -> None:
    talk = Conversation()
    talk.say("wait 5 seconds")
    assert talk.say("stop") == ["I am standing still already. Say “continue” when it is enough."]
    assert talk.idle
    assert talk.wait(60.0) == []
    assert talk.say("continue") == ["OK, I wait no longer."]
    talk.say("wait 5 seconds")
    assert talk.say("cancel") == ["OK, I forget about it."]
    assert talk.wait(60.0) == []
    assert talk.idle


def test_again_does_all_of_it_again() -> None:
    talk = Conversation()
    talk.say("turn left and move forward 2 metres")
    talk.end()
    talk.end()
    assert talk.say("do that again") == ["OK, I am turning left by 90 degrees."]
    talk.end()
    assert talk.begun[2:] == talk.begun[:2]
    assert talk.say("turn right and again")[-1].startswith("OK, I am turning right by 90 degrees.")


def test_what_is_taken_back_at_once_never_begins() -> None:
    for text in (
        "go to the sofa. No, the bed.",
        "go to the sofa, I mean the bed",
        "go to the sofa... or rather the bed",
    ):
        talk = Conversation()
        assert talk.say(text) == ["OK, I am going to the bed."], text
        talk.end()
        assert len(talk.begun) == 1


def test_your_left_is_that_of_somebody_who_faces_the_robot() -> None:
    talk = Conversation()
    talk.say("go to my left")
    (goal,) = talk.begun
    person = FLAT_PERSON
    to_robot = (-person[0], -person[1])
    left = (-to_robot[1], to_robot[0])  # of who looks from there to the robot
    aside = (getattr(goal, "x_m", 0.0) - person[0]) * left[0] + (
        getattr(goal, "y_m", 0.0) - person[1]
    ) * left[1]
    assert aside > 0
    assert talk.say("what is to my left")[0].startswith("To your left as you face me there")
    talk.speaker = None  # type: ignore[assignment]
    assert talk.say("what is to my left") == ["I do not know where you are: I have not seen you yet."]


FLAT_PERSON = (-1.0, -1.0)


def test_the_other_person_is_not_the_one_who_speaks() -> None:
    talk = Conversation()
    assert talk.say("go to the other person") == [
        "I have not seen anybody else yet; I will look for a person."
    ]
    guest = thing(11, "person", "blue", (3.0, -3.0, 0.9), (0.4, 0.4, 1.7))
    talk.memory = talk.memory.commit((PutNode(guest),))
    talk.say("cancel")
    talk.say("go to the other person")
    assert talk.begun[-1].node_id == "object/11"  # type: ignore[union-attr]


def test_old_chats_are_forgotten() -> None:
    talk = Conversation()
    for _ in range(70):
        talk.say("hello")
    chats = [node_id for node_id in talk.memory.held if node_id.startswith("chat/")]
    assert len(chats) == 64
    assert "chat/70" in chats
    assert "chat/6" not in chats
