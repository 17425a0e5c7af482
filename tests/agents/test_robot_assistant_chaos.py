"""The whole agent, its simulator and its perception in workers, and every trouble that a test can make for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents import robot_assistant as agent
from droidlet_schema import Key, digest
from droidlet_style.placing import placed_parts
from droidlet_style.session import Session
from droidlet_transport.testing import Chaos, at, at_random, every, noise, shortened

SAY = [
    "go to the red chair",
    "find the nearest table @ 30",
    "follow me for 40 seconds @ 60",
    "explore for 40 seconds @ 110",
    "go to the red chair @ 190",
]
PERCEPTION = ("detector", "tracker", "mapper")
Trouble = Callable[[dict[str, Chaos]], None]


def run(
    ticks: int, trouble: Trouble | None = None, deadline_s: float = 120.0
) -> tuple[str, str, dict[str, int]]:
    """The digest of a run, that of the last world, and how often each worker was started again."""
    place = "inline" if trouble is None else "process"
    session = Session(
        agent="robot_assistant",
        config=agent.Config(),
        seed=39,
        say=SAY,
        ticks=ticks,
        place=place,
        deadline_s=deadline_s,
    )
    made: dict[str, Chaos] = {}
    record = session.record
    with ExitStack() as stack:
        parts: Any = stack.enter_context(
            placed_parts(
                agent, dict.fromkeys(PERCEPTION if trouble else (), "process"), deadline_s=deadline_s
            )
        )

        def recording(inputs: Any, outputs: Any, state: Any) -> None:
            record(inputs, outputs, state)
            if trouble is not None and not made:
                for name, part in {"simulator": session._bodies[0][1].simulator, **parts}.items():
                    made[name] = stack.enter_context(Chaos(part))
                trouble(made)

        session.record = recording  # type: ignore[method-assign]
        agent.run(agent.Config(), session)
        assert session.ticks_done == ticks, session.ended
        world = digest(session._bodies[0][1].world)
        session.finish()
        restarts = {name: chaos.worker.restarts for name, chaos in made.items()}
    return session.digest, world, restarts


@pytest.mark.slow
def test_two_thousand_ticks_whose_simulator_and_perception_are_killed_a_hundred_times_each():
    """Perception is called about every third tick."""
    ticks = 2000
    kills = {"detector": 50, "tracker": 25, "mapper": 25}

    def trouble(made: dict[str, Chaos]) -> None:
        keys = dict(zip(made, Key(11).split(len(made))))
        made["simulator"].kill(at_random(100, of=ticks - 1, key=keys["simulator"]))
        for name, count in kills.items():
            made[name].kill(at_random(count, of=ticks // 3 - 10, key=keys[name]))

    expected = run(ticks)[:2]
    assert run(ticks, trouble) == (*expected, {"simulator": 100, **kills})


@pytest.mark.slow
def test_workers_that_stop_past_their_deadline_change_nothing():
    def trouble(made: dict[str, Chaos]) -> None:
        made["simulator"].pause(at(5, 17), seconds=60.0)
        made["detector"].pause(at(3, 9), seconds=60.0)
        made["mapper"].pause(every(4), seconds=0.05)

    expected = run(40)[:2]
    assert run(40, trouble, deadline_s=3.0) == (
        *expected,
        {"simulator": 2, "detector": 2, "tracker": 0, "mapper": 0},
    )


@pytest.mark.slow
def test_links_that_are_slow_cut_or_bring_noise_change_nothing():
    """Noise and what is cut short can be told from messages; a bit that flips within a number cannot."""

    def trouble(made: dict[str, Chaos]) -> None:
        made["simulator"].cut(at(4, 20))
        made["simulator"].cut(at(9, 27), towards="caller")
        made["simulator"].slow(every(7), 0.05)
        made["detector"].garble(at(2, 6), noise(), Key(1))
        made["detector"].garble(at(4), noise(), Key(2), towards="caller")
        made["tracker"].garble(at(5), shortened(), Key(3))
        made["mapper"].garble(at(3), shortened(), Key(4), towards="caller")

    expected = run(40)[:2]
    *got, restarts = run(40, trouble, deadline_s=3.0)
    assert tuple(got) == expected
    assert restarts["simulator"] == 4 and min(restarts.values()) >= 1


def workers_of(pid: int) -> list[int]:
    """The workers that a process has at the moment, also those that are starting."""
    found = []
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if "droidlet_transport.working" in Path(f"/proc/{child}/cmdline").read_text():
                found.append(int(child))
    return found


def told(process: subprocess.Popen[str]) -> str:
    """The digest that a run ends with."""
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return next(line for line in out.splitlines() if line.strip().startswith("digest"))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers of a process by /proc")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_whose_workers_are_killed_from_outside_at_any_moment_says_the_same(seed):
    """Also while they start; one is stopped past its deadline."""
    command = [
        sys.executable,
        "-m",
        "droidlet_style",
        *("run", "robot_assistant", "--say", SAY[0], "--seed", "39", "--quiet"),
    ]
    here = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    placed = ["--place", "process", "--place", "detector=process", "--deadline", "5"]
    there = subprocess.Popen([*command, *placed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    numbers, kills = np.random.default_rng(seed), 0
    while there.poll() is None:
        time.sleep(numbers.uniform(0.05, 2.5))
        for worker in workers_of(there.pid):
            if numbers.random() < 0.6:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGSTOP if kills == 2 else signal.SIGKILL)
                    kills += 1
    assert told(there) == told(here) and kills > 3
