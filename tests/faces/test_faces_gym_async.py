"""What code that was written for Gymnasium's own processes asks: resets in two halves, its errors, spaces and specs."""

from __future__ import annotations

import multiprocessing

import gymnasium
import numpy as np
import pytest
from gymnasium import error, spaces

from droidlet_transport import CannotTravel, Closed, DeadlineExceeded, TransportError
from droidlet_transport.faces.gym.spaces import SpaceError, sent_of
from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from droidlet_transport.specs import SpecError
from faces.gym_parts import Unknown

MOODY = "faces.gym_parts:own_namespace/Moody-v0"
STILL = np.zeros(2, np.int64)


@pytest.fixture(scope="module")
def moody():
    made = ProcessVectorEnv([(MOODY, {"length": 9})] * 2, workers=1)
    yield made
    made.close()


def test_a_reset_may_be_begun_and_waited_for(moody, tmp_path):
    gate = tmp_path / "gate"
    moody.reset_async(seed=[1, 2], options={"gate": str(gate)})
    for kind in (multiprocessing.TimeoutError, DeadlineExceeded):
        with pytest.raises(kind, match="environments 0, 1 did not answer reset in time"):
            moody.reset_wait(timeout=0.0)
    gate.touch()
    seen, infos = moody.reset_wait(timeout=60.0)
    assert seen[:, 0].tolist() == [0, 0] and infos == {}
    moody.reset_async()
    moody.reset_async(options={"reset_mask": np.array([True, False])})  # what is under way is given up
    assert (moody.reset_wait()[0] - seen)[:, 1].tolist() == [2, 1]


def test_errors_are_of_gymnasiums_classes_too(moody):
    moody.reset()
    for wait, what in ((moody.reset_wait, "reset"), (moody.step_wait, "step")):
        for kind in (error.NoAsyncCallError, TransportError):
            with pytest.raises(kind, match=f"no {what} is under way") as caught:
                wait()
            assert caught.value.name == what
    for begin, what in ((moody.reset_async, "reset"), (lambda: moody.step_async(STILL), "step")):
        begin()
        for kind in (error.AlreadyPendingCallError, TransportError):
            with pytest.raises(kind, match="is under way") as caught:
                moody.step_async(STILL)
            assert caught.value.name == what
        moody.step_wait()


def test_spaces_and_specs_are_told(moody):
    here = gymnasium.make(MOODY, length=9)
    assert moody.get_attr("observation_space") == (here.observation_space,) * 2
    assert moody.call("action_space") == (spaces.Discrete(3),) * 2
    spec = moody.get_attr("spec")[1]
    assert type(spec) is type(here.spec) and spec.id == "own_namespace/Moody-v0"
    assert spec.kwargs == {"length": 9} and spec.entry_point == here.spec.entry_point
    assert gymnasium.make(spec).unwrapped.length == 9
    with pytest.raises(CannotTravel, match="^spec cannot travel: Callable found in Any-v0 for entry_point"):
        sent_of(gymnasium.envs.registration.EnvSpec("Any-v0", lambda: None), "spec")
    with pytest.raises(SpaceError, match="^observation_space is Unknown"):
        sent_of(Unknown(), "observation_space")


@pytest.mark.slow  # some processes
def test_environments_that_are_no_batch_and_one_that_was_closed_are_told_as_gymnasium_tells_them():
    for other, told in (
        ("CartPole-v1", "has other specs"),
        ("faces.gym_parts:Further", "different' allows other bounds"),
    ):
        for kind in (RuntimeError, SpecError):
            with pytest.raises(kind, match=told):
                ProcessVectorEnv(["faces.gym_parts:Moody", other], workers=1)
    made = ProcessVectorEnv(
        ["faces.gym_parts:Moody", "faces.gym_parts:Further"], observation_mode="different"
    )
    made.close()
    for kind in (error.ClosedEnvironmentError, Closed):
        with pytest.raises(kind, match="the environments were closed"):
            made.reset()
