"""The whole agent with its simulator elsewhere: the same digest, however often the worker is killed."""

from __future__ import annotations

import os
import random
import signal
from typing import Any

import pytest

from agents import robot_assistant as agent
from droidlet_schema import digest
from droidlet_style.session import Session

SAY = [
    "go to the red chair",
    "how many chairs have you seen?",
    "find the nearest table @ 30",
    "follow me for 40 seconds @ 60",
    "explore for 40 seconds @ 110",
    "come here @ 160",
    "go to the red chair @ 190",
    "turn around @ 199.9",
]


def run(place: str, ticks: int, kills: int = 0, how: int = signal.SIGKILL) -> tuple[str, int]:
    """The digest of a run, and how often the simulator's worker was started again."""
    session = Session(
        agent="robot_assistant", config=agent.Config(), seed=39, say=SAY, ticks=ticks, place=place
    )
    chosen = set(random.Random(ticks).sample(range(1, ticks), kills))
    record, workers = session.record, []

    def recording(inputs: Any, outputs: Any, state: Any) -> None:
        record(inputs, outputs, state)
        simulator = session._bodies[0][1].simulator
        if session.ticks_done in chosen:
            workers[:] = [simulator._caller]
            os.kill(workers[0].pid, how)

    session.record = recording  # type: ignore[method-assign]
    agent.run(agent.Config(), session)
    assert session.ticks_done == ticks, session.ended
    world = digest(session._bodies[0][1].world)
    session.finish()
    return session.digest + world, workers[0].restarts if workers else 0


def test_a_run_is_the_same_wherever_its_simulator_is():
    expected = run("inline", 25)
    assert run("process", 25) == expected
    assert run("thread", 25) == expected


def test_a_run_whose_simulator_is_killed_is_the_same(request: pytest.FixtureRequest):
    expected, _ = run("inline", 40)
    assert run("process", 40, kills=4) == (expected, 4)


def test_a_run_with_its_simulator_in_python_3_9_is_the_same(python39):
    assert run(f"interpreter:{python39}", 15) == run("inline", 15)


@pytest.mark.slow
def test_two_thousand_ticks_and_a_hundred_kills_change_nothing():
    expected, _ = run("inline", 2000)
    assert run("process", 2000, kills=100) == (expected, 100)
