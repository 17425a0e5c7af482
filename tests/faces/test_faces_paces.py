"""How a batch waits, and over how many processes it is spread, follows from what things take."""

from __future__ import annotations

import os
import time
from typing import Any

import gymnasium
import numpy as np
import pytest

from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from droidlet_transport.paces import EPOCH, SETTLING, TRIES, Pace, Way, ways_for, workers_for
from droidlet_transport.vigils import cores
from droidlet_transport.wakes import ASKS


def test_ways_leave_a_core_for_those_who_sleep():
    assert ways_for(1, 1) == [Way(0, 0)]
    assert ways_for(1, 2) == [Way(0, 0), Way(ASKS, 1)]
    assert ways_for(2, 2) == [Way(0, 0), Way(0, 1)]
    assert ways_for(3, 8) == [Way(0, 0), Way(ASKS, 3)]


def test_processes_are_as_many_as_are_worth_waking():
    assert workers_for(2, 20e-6, 20e-6, cores=2) == 1
    assert workers_for(64, 20e-6, 20e-6, cores=2) == 2  # many short ones are long
    assert workers_for(4, 0.01, 0.01, cores=2) == 2
    assert workers_for(4, 0.01, 0.001, cores=2) == 4
    assert workers_for(4, float("inf"), float("inf"), cores=2) == 2
    assert workers_for(1, 0.01, 0.01, cores=8) == 1


def taken(pace: Pace, ways: list[Way], seconds: list[float], turns: int) -> list[Way]:
    used = []
    for _ in range(turns):
        used.append(pace.way)
        pace.took(seconds[ways.index(pace.way)])
    return used


def test_the_quicker_way_is_taken_and_tried_anew_now_and_then():
    ways = ways_for(2, 2)
    pace = Pace(ways)
    used = taken(pace, ways, [90e-6, 40e-6], EPOCH)
    assert used[:TRIES] == [ways[0]] * TRIES and set(used[TRIES:]) == {ways[1]} and SETTLING < TRIES
    used = taken(pace, ways, [30e-6, 40e-6], EPOCH)  # the machine is another now
    assert set(used[: 2 * TRIES]) == set(ways) and set(used[2 * TRIES :]) == {ways[0]}


def test_what_takes_long_is_not_tried_in_other_ways():
    ways = ways_for(2, 2)
    assert set(taken(Pace(ways), ways, [0.02, 0.001], EPOCH)) == {ways[0]}


class Slow(gymnasium.Env):
    """Takes its time, and little beside it; tells its process."""

    def __init__(self, seconds: float = 0.0, waits: bool = True) -> None:
        self.observation_space = self.action_space = gymnasium.spaces.Discrete(2)
        self.seconds, self.waits, self.pid = seconds, waits, os.getpid()

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        return np.int64(0), {}

    def step(self, action: Any) -> Any:
        end = time.process_time() + self.seconds
        if self.waits:
            time.sleep(self.seconds)
        while not self.waits and time.process_time() < end:
            pass
        return np.int64(1), 0.0, False, False, {}


@pytest.mark.slow  # some processes
def test_short_steps_share_a_process_and_long_ones_do_not():
    for seconds, waits, processes in ((0.0, False, 1), (0.01, False, min(3, cores())), (0.01, True, 3)):
        env = ProcessVectorEnv([("faces.test_faces_paces:Slow", {"seconds": seconds, "waits": waits})] * 3)
        assert len(set(env.get_attr("pid"))) == processes
        env.reset(seed=1)
        assert len(env.step(env.action_space.sample())) == 5
        env.close()
