"""One environment in a process of its own: as if it were here, and no end of it hurts the caller."""

from __future__ import annotations

import copy
import os
import pickle
import signal
import time
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    OutcomeUnknown,
    RemoteError,
    WorkerCrashed,
    WorkerFailedToStart,
)
from droidlet_transport.environments import spec_of
from droidlet_transport.faces.process_environment import ProcessEnvironment
from droidlet_transport.specs import ArraySpec
from faces.environment_parts import Walk

WALK, ODD = "faces.environment_parts:Walk", "faces.environment_parts:Odd"
ACTION = {"go": np.zeros(2, np.float32), "turn": np.int64(3)}


@pytest.fixture(scope="module")
def odd():
    with ProcessEnvironment(ODD, {"at": 0}) as made:
        made.reset(seed=1)
        yield made


def same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (np.ndarray, np.generic)):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return repr(one) == repr(other)


def test_it_steps_as_the_environment_does_here():
    here = Walk(length=3)
    with ProcessEnvironment(WALK, {"length": 3}).start() as there:
        assert there.pid != os.getpid()
        assert same(there.reset(seed=4), here.reset(seed=4))
        for _ in range(3):
            got, expected = there.step(ACTION), here.step(ACTION)
            assert same(got, expected) and got[0]["picture"].flags.writeable
        assert there.specs() == {"observation": here.observation_spec, "action": here.action_spec}
        assert there.note == "a note" and there.steps == 3 and there.observation_spec == here.observation_spec
    assert there.close() is None  # again
    with pytest.raises(Closed):
        there.step(ACTION)
    with ProcessEnvironment(WALK) as never_started:
        pass
    assert never_started.pid is None


def test_promises_belong_to_their_requests(odd):
    answers = [odd.call("echo", number) for number in range(6)]
    failing = odd.call("fail", "no way")
    stepping = odd.step(ACTION, blocking=False)
    assert [answer() for answer in reversed(answers)] == [5, 4, 3, 2, 1, 0]
    assert answers[3].result() == 3 and answers[3].done()
    assert len(stepping.result()) == 5 and odd.reset(blocking=False)()[1] == {}
    with pytest.raises(OSError, match="no way") as caught:
        failing()
    assert "in fail" in caught.value.remote_traceback


def test_asking_for_what_is_not_there_leaves_the_process_alive(odd):
    pid = odd.pid
    assert not hasattr(odd, "nothing_of_this_name") and not hasattr(odd, "_private")
    with pytest.raises(AttributeError, match="object has no attribute 'fly'"):
        odd.fly()
    assert not hasattr(odd, "rng")  # it is there, but has no form on the wire
    with pytest.raises(CannotTravel, match="the result of rng cannot travel: Generator"):
        odd.rng  # noqa: B018
    with pytest.raises(CannotTravel, match=r"^argument 0\['a'\]\[1\] of echo cannot travel: <object"):
        odd.call("echo", {"a": [2**80, object()]})
    with pytest.raises(CannotTravel, match=r"^argument 'two'\[0\] of echo cannot travel: <object"):
        odd.echo(1, two=[object()])
    with pytest.raises(CannotTravel, match=r"^the result\['a'\]\[0\] of unfit cannot travel: <object"):
        odd.unfit()
    assert odd.sleep(0.0) == 0.0 and odd.echo(1, two=2) == (1, {"two": 2}) and odd.pid == pid


def test_an_attribute_that_is_set_is_set_there(odd):
    odd.note = {"words": ["a", "b"]}
    odd.weight = np.float32(2.5)  # a new one
    assert odd.note == {"words": ["a", "b"]} and type(odd.weight) is np.float32
    assert odd.echo(1) == 1 and "note" not in vars(odd)
    for own in ("step", "pid", "close"):
        with pytest.raises(AttributeError, match=f"{own} is ProcessEnvironment's own"):
            setattr(odd, own, 3)
    with pytest.raises(CannotTravel, match=r"^note\['of'\] cannot travel: <object"):
        odd.note = {"of": object()}
    odd._mine = 3
    assert odd._mine == 3 and odd.note == {"words": ["a", "b"]}


def test_what_it_is_made_by_is_a_name_and_there_is_no_second_one_of_it(odd):
    with pytest.raises(TypeError, match="factory is .*write module:name .a lambda has none"):
        ProcessEnvironment(lambda: None)  # type: ignore[arg-type]
    with pytest.raises(CannotTravel, match=rf"^options\['at'\]\[0\] of {ODD} cannot travel: <object"):
        ProcessEnvironment(ODD, {"at": [object()]})
    for double in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(
            TypeError, match="ProcessEnvironment holds a process .* neither copied nor pickled"
        ):
            double(odd)
    assert odd.echo(1) == 1


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.sampled_from([np.float32(1.5), np.int8(-3), np.bool_(True), np.float64("nan")])
    | st.sampled_from(["<U3", "f4", "?", "c16"]).map(
        lambda dtype: np.ones((2, 0, 3) if dtype == "f4" else 2, dtype)
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.just("py:list") | st.integers(-9, 9), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=plain)
def test_plain_values_come_back_as_they_went(odd, tree):
    assert same(odd.echo(tree), tree)


@pytest.mark.slow  # some processes
def test_errors_of_making_resetting_and_stepping_come_with_class_and_place():
    with (
        ProcessEnvironment(ODD, {"what": "init"}) as environment,
        pytest.raises(WorkerFailedToStart, match="KeyError: 'no such map'"),
    ):
        environment.start()
    with ProcessEnvironment(ODD, {"what": "reset"}) as environment:
        with pytest.raises(ValueError, match="the world is flat") as caught:
            environment.reset()
        assert "in reset" in caught.value.remote_traceback
        assert environment.note == "a note"  # it is alive
    with ProcessEnvironment(ODD, {"what": "raise"}) as environment:
        environment.reset()
        environment.step(ACTION)
        with pytest.raises(ZeroDivisionError, match="lost my way"):
            environment.step(ACTION)
        assert environment.step(ACTION)[1] == 3.0


def test_a_killed_process_is_an_error_within_a_second_and_never_asked_twice():
    for _ in range(3):  # a machine that others use may take longer than a second, but not each time
        with ProcessEnvironment(ODD, {"what": "none"}) as environment:
            environment.reset()
            environment.number = 7
            sleeping, queued = environment.call("sleep", 60.0), environment.step(ACTION, blocking=False)
            os.kill(environment.pid, signal.SIGKILL)
            started = time.monotonic()
            with pytest.raises(
                OutcomeUnknown, match=f"^the worker of {ODD} was killed by signal 9 during sleep: "
            ):
                sleeping.result()
            took_s = time.monotonic() - started
            with pytest.raises(
                WorkerCrashed, match=f"^the worker of {ODD} was killed by signal 9 before this call"
            ):
                queued.result()
            for _ in range(2):
                with pytest.raises(WorkerCrashed):
                    environment.step(ACTION)
            dead = environment.pid
            environment.reset(seed=2)
            assert environment.pid != dead and environment.step(ACTION)[1] == 1.0
            assert environment.number == 7  # as it was set
        with ProcessEnvironment(ODD, {"what": "exit"}) as environment:
            environment.reset()
            environment.step(ACTION)
            with pytest.raises(OutcomeUnknown, match="ended with exit status 3"):
                environment.step(ACTION)
        if took_s < 1.0:
            break
    else:
        pytest.fail(f"it took {took_s:.1f} s")


@pytest.mark.slow  # some processes
def test_a_hanging_one_misses_its_deadline_begins_anew_and_closes_all_the_same():
    with ProcessEnvironment(ODD, {"what": "hang", "at": 1}, deadline_s=3.0) as environment:
        environment.reset()
        environment.note = "as set"
        with pytest.raises(DeadlineExceeded, match=rf"^step of {ODD} did not answer within 3.0 s: whether"):
            environment.step(ACTION)
        hung = environment.pid
        environment.reset()
        assert environment.pid != hung and environment.note == "as set" and environment.steps == 0
        with pytest.raises(ProcessLookupError):
            os.kill(hung, 0)
        with pytest.raises(DeadlineExceeded):
            environment.step(ACTION)
        pid, started = environment.pid, time.monotonic()
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow  # it waits
def test_one_that_was_late_goes_on_where_it_answers_after_all():
    with ProcessEnvironment(ODD, {"what": "none"}, deadline_s=2.0) as environment:
        environment.reset()
        pid = environment.pid
        with pytest.raises(DeadlineExceeded, match=f"^sleep of {ODD} did not answer"):
            environment.sleep(2.3)
        environment.reset()
        assert environment.pid == pid and environment.step(ACTION)[1] == 1.0


@pytest.mark.slow  # an interpreter with packages of its own may have to be made
def test_another_interpreter_is_lent_what_it_needs(python39):
    with ProcessEnvironment(WALK, {"length": 2}, python=str(python39)) as environment:
        assert same(environment.reset(seed=4), Walk().reset(seed=4))
        with pytest.raises((AttributeError, RemoteError)):
            environment.nothing()


class Bounded:
    """As other people's specs are."""

    def __init__(self, shape: object, dtype: object) -> None:
        self.shape, self.dtype, self.minimum = shape, dtype, 0


def test_other_peoples_specs_are_read_by_shape_and_type():
    class Env:
        action_spec = Bounded((), np.int64)

        def observation_spec(self) -> Any:
            return OrderedDict(board=Bounded((3, 4), np.dtype("float32")), more=[ArraySpec((2,), "uint8")])

    assert spec_of(Env(), "action") == ArraySpec((), "int64")
    assert spec_of(Env(), "observation") == {
        "board": ArraySpec((3, 4), "float32"),
        "more": (ArraySpec((2,), "uint8"),),
    }
    for odd in (Bounded((), np.dtype("U3")), Bounded(3, np.float32), Bounded((3,), "wide"), "text"):
        Env.action_spec = odd
        assert spec_of(Env(), "action") is odd


def test_specs_of_what_has_none_is_an_error(odd):
    assert isinstance(odd.specs()["action"]["turn"], ArraySpec)
    with (
        ProcessEnvironment("transport.transport_parts:Counter") as environment,
        pytest.raises(ValueError, match="Counter has neither observation_spec nor observation_space"),
    ):
        environment.specs()
