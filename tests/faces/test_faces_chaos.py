"""Trouble on cue for whatever has a worker: environments in a process, simulators, runtimes, batches."""

from __future__ import annotations

import numpy as np
import pytest

from droidlet_simulators import RoomSimulator
from droidlet_style.placement import INLINE
from droidlet_style.runtime import Runtime
from droidlet_transport import OutcomeUnknown, TransportError
from droidlet_transport.faces.parallel_environment import ParallelEnvironment
from droidlet_transport.faces.process_environment import ProcessEnvironment
from droidlet_transport.faces.simulator import RemoteSimulator
from droidlet_transport.testing import Chaos, at, every

WALK = "faces.environment_parts:Walk"
ONE = {"go": np.zeros(2, np.float32), "turn": np.int64(0)}
TWO = {"go": np.zeros((2, 2), np.float32), "turn": np.zeros(2, np.int64)}


def test_an_environment_in_a_process_and_the_one_that_takes_its_place():
    with ProcessEnvironment(WALK) as environment:
        environment.reset()
        with Chaos(environment) as chaos:
            chaos.kill(at(2, 4))  # a step of the first process, and one of the second
            for _ in range(2):
                with pytest.raises(OutcomeUnknown, match="killed by signal 9 during step: "):
                    for _ in range(3):
                        environment.step(ONE)
                environment.reset()
            assert chaos.done == 2
        assert [environment.step(ONE)[1] for _ in range(3)] == [1.0, 2.0, 3.0]


@pytest.mark.slow  # some processes
def test_the_turns_of_one_worker_of_a_batch():
    with ParallelEnvironment([WALK] * 2, workers=2) as environment:
        with pytest.raises(ValueError, match="number is None: which worker of the batch, from 0 to 1"):
            Chaos(environment)
        environment.reset()
        with Chaos(environment, 1) as chaos:
            chaos.kill(every(3))
            chaos.pause(at(2), 0.05)
            for _ in range(2):
                with pytest.raises(OutcomeUnknown, match="^environment 1: .* killed by signal 9 during step"):
                    for _ in range(4):
                        environment.step(TWO)
                environment.reset()
            assert chaos.done == 3 and chaos.calls == 7
        assert environment.step(TWO).reward.tolist() == [1.0, 1.0]


@pytest.mark.slow  # some processes
def test_simulators_and_runtimes():
    with RemoteSimulator("droidlet_simulators:RoomSimulator") as room, Chaos(room) as chaos:
        chaos.kill(at(1))
        assert room.spec == RoomSimulator().spec and chaos.done == 1
    with (
        Runtime({"_target_": "faces.chaos_parts:Still"}, {"_target_": "faces.chaos_parts:Plain"}) as runtime,
        Chaos(runtime) as chaos,
    ):
        chaos.kill(at(2))
        runtime.step()
        with pytest.raises(TransportError, match="killed by signal 9"):
            runtime.step()


def test_what_has_no_worker_is_refused():
    for nothing in (RoomSimulator(), object(), INLINE):
        with pytest.raises(TypeError, match=f"there is none in {type(nothing).__name__}"):
            Chaos(nothing)
    with (
        ProcessEnvironment(WALK) as environment,
        pytest.raises(ValueError, match="only batches have several"),
    ):
        Chaos(environment, 1)
