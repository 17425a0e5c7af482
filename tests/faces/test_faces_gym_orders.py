"""Resets that fail, are late, or come after the end; workers that die: what follows is as SyncVectorEnv has it."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_transport import Closed, DeadlineExceeded, TransportError
from droidlet_transport.faces.gym.batches import factory_of
from droidlet_transport.faces.gym.stepping import make
from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from faces.gym_equality import same
from faces.gym_parts import Moody

MOODY = "faces.gym_parts:Moody"
FIRST = np.array([True, False])


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(mode, marks=() if mode == AutoresetMode.NEXT_STEP else pytest.mark.slow, id=mode.value)
        for mode in AutoresetMode
    ],
)
def pair(request):
    kinds = [{}, {"length": 9, "number": 1}]
    here = SyncVectorEnv([partial(Moody, **kind) for kind in kinds], autoreset_mode=request.param)
    there = ProcessVectorEnv([(MOODY, kind) for kind in kinds], autoreset_mode=request.param, workers=1)
    yield here, there
    there.close()


def both(pair: Any, **given: Any) -> None:
    here, there = pair
    options = given.pop("options", None)
    same(*(env.reset(**given, options=options and dict(options)) for env in (here, there)))


def stepped(pair: Any, steps: int) -> None:
    here, there = pair
    for _ in range(steps):
        same(*(env.step(np.array([0, 1])) for env in (here, there)))


def test_steps_are_steps_after_a_reset_that_was_late(pair, tmp_path):
    here, there = pair
    gate = tmp_path / "gate"
    both(pair, seed=1)
    stepped(pair, 1)
    there.deadline_s = 0.1
    with pytest.raises(DeadlineExceeded, match="environments 0, 1 did not answer reset in time"):
        there.reset(options={"gate": str(gate)})
    there.deadline_s = 60.0
    gate.touch()
    expected = here.reset(options={"gate": str(gate)})[0]
    assert np.array_equal(there.step_wait()[0], expected)  # it goes on waiting
    stepped(pair, 3)


def test_steps_are_steps_after_a_reset_that_failed(pair):
    both(pair, seed=1)
    stepped(pair, 3)  # the first one's episode is over
    for env in pair:
        with pytest.raises(ValueError, match="not today"):
            env.reset(options={"fail": 0})
    stepped(pair, 4)


def test_steps_are_steps_after_a_masked_reset_that_failed(pair):
    both(pair, seed=1)
    stepped(pair, 3)
    for env in pair:
        with pytest.raises(ValueError, match="not today"):
            env.reset(options={"fail": 0, "reset_mask": FIRST})
    stepped(pair, 3)
    both(pair, options={"reset_mask": FIRST})
    stepped(pair, 2)


outcomes = st.lists(
    st.tuples(
        st.sampled_from(["step"] * 4 + ["reset", "fail"]),
        st.sampled_from([None, (True, False), (False, True)]),
        st.integers(0, 1),
    ),
    min_size=3,
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes=outcomes)
def test_whatever_fails_the_rest_is_as_in_one_process(pair, outcomes):
    here, there = pair
    both(pair, seed=1)
    for what, mask, number in outcomes:
        options = {} if mask is None else {"reset_mask": np.array(mask)}
        if what == "fail" and (mask is None or mask[number]):
            for env in pair:
                with pytest.raises(ValueError, match="not today"):
                    env.reset(options={**options, "fail": number})
        elif what != "step":
            both(pair, options=options)
        elif here.autoreset_mode == AutoresetMode.DISABLED and here._autoreset_envs.any():
            with pytest.raises(gymnasium.error.ResetNeeded):
                there.step(np.array([0, 1]))
            both(pair, options={"reset_mask": here._autoreset_envs.copy()})
        else:
            stepped(pair, 1)


def test_a_child_that_is_forked_does_not_step_its_parents_environments(pair):
    here, there = pair
    both(pair, seed=1)
    there.step_async(np.array([0, 1]))
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:  # whatever happens, it does not go on here
        for ask in (lambda: there.step_wait(), lambda: there.step(np.array([0, 1])), there.reset):
            try:
                ask()
                os.write(tell, b"stepped ")
            except Closed as error:
                os.write(tell, b"Closed " if "belong to process" in str(error) else b"other ")
        there.close()
        os._exit(0)
    os.close(tell)
    assert os.waitpid(child, 0)[1] == 0 and os.read(told, 100).split() == [b"Closed"] * 3
    os.close(told)
    same(here.step(np.array([0, 1])), there.step_wait())
    stepped(pair, 2)


def test_those_that_take_the_place_of_dead_ones_are_reset_and_have_what_was_set():
    there = ProcessVectorEnv([MOODY] * 4, workers=2)
    there.reset()
    there.set_attr("tag", ["a", "b", "c", "d"])
    there.set_attr("length", 5)
    there.set_attr("tag", ["a", "b", "x", "y"])
    there.step(np.zeros(4, np.int64))
    os.kill(there._team.members[1].worker.pid, signal.SIGKILL)
    with pytest.raises(TransportError, match="environments 2, 3"):
        for _ in range(2):
            there.step(np.zeros(4, np.int64))
    seen = there.reset(options={"reset_mask": np.array([True, False, False, False])})[0]
    assert seen[:, 1].tolist() == [2, 1, 1, 1] and seen[:, 0].tolist()[2:] == [0, 0]
    assert there.get_attr("tag") == ("a", "b", "x", "y") and there.get_attr("length") == (5,) * 4
    assert there.step(np.zeros(4, np.int64))[0][:, 0].tolist()[2:] == [1, 1]
    there.step_async(np.zeros(4, np.int64))
    there.close()
    for ask in (
        there.step_wait,
        there.reset,
        lambda: there.get_attr("tag"),
        lambda: there.set_attr("tag", 1),
    ):
        with pytest.raises(Closed):
            ask()


@pytest.mark.parametrize("workers", [0, -1])
def test_there_is_at_least_one_worker(workers):
    with pytest.raises(ValueError, match=f"workers is {workers}: how many processes share"):
        ProcessVectorEnv([MOODY], workers=workers)


def test_what_a_module_registers_is_found_by_its_name():
    name, options = factory_of("faces.gym_parts:own_namespace/Moody-v0")
    assert name == "droidlet_transport.faces.gym.stepping:make" and isinstance(
        make(**options).unwrapped, Moody
    )
    with pytest.raises(gymnasium.error.NamespaceNotFound, match="write 'module:nowhere/Moody-v0' for"):
        make("nowhere/Moody-v0")
