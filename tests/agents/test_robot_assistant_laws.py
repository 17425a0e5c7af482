"""The whole agent is a component: it is held to every law by made-up inputs, also without a picture."""

from __future__ import annotations

from pathlib import Path

from droidlet_laws import LAWS, check_component
from droidlet_schema import Chat, FrozenMap, Key, Observation, Pose2
from droidlet_transport import load

FILE = Path(__file__).resolve().parents[2] / "agents" / "robot_assistant.py"
ASSISTANT = load(str(FILE))


def test_the_laws_hold_for_whatever_reaches_it() -> None:
    assert check_component(f"{FILE}:make", examples=5).held == LAWS


def test_without_a_picture_it_still_hears_and_moves() -> None:
    agent, state = ASSISTANT.make(ASSISTANT.Config(), Key(0))
    blind = Observation(0, Pose2(0.0, 0.0, 0.0), False, FrozenMap())
    said = (Chat("person", "turn left", 0),)

    told = []
    for tick in range(6):
        outputs, state = agent(ASSISTANT.Inputs(tick * 100_000_000, blind, said if tick == 0 else ()), state)
        told += [reply.text for reply in outputs.replies]

    assert told == ["OK, I am turning left by 90 degrees."]
    assert outputs.doing == "turning" and not outputs.idle
