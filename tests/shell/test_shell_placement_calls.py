"""What holds for every call of a placed part: its deadline, its arguments by name, its state, its thread."""

from __future__ import annotations

import inspect
import os
import signal
import threading
import time

import numpy as np
import pytest

from droidlet_style.placement import place
from droidlet_style.placement import process as in_process
from droidlet_style.placing import placed_parts
from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    TransportError,
    Worker,
    WorkerCrashed,
    asking,
    pure,
    table_of,
)
from droidlet_transport.parts import DEADLINE_S, Part
from droidlet_transport.service import Server
from shell.placed import Tally

TALLY = "shell.placed:Tally"


class Serving:
    """A server in a thread, which can be put in the place of another one."""

    def __init__(self, table, address="tcp://127.0.0.1:0"):
        self.server = Server(table, address)
        self.address = self.server.address
        self.thread = threading.Thread(target=self.server.serve)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.server.stop()
        self.thread.join(10)
        self.server.close()


@pytest.fixture(scope="module")
def process():
    with place(TALLY, "process", {"n": 3}) as part:
        yield part


@pytest.fixture
def far():
    with Serving(table_of(Tally(3))) as serving, place("", serving.address) as part:
        yield part


@pytest.fixture
def thread():
    with place(TALLY, "thread", {"n": 3}) as part:
        yield part


@pytest.fixture(params=["inline", "thread", "process", "far"])
def part(request):
    return (
        place(TALLY, "inline", {"n": 3})
        if request.param == "inline"
        else request.getfixturevalue(request.param)
    )


def test_every_call_has_an_end_where_nothing_is_said():
    for call, name in ((place, "deadline_s"), (placed_parts, "deadline_s"), (Worker.call, "deadline_s")):
        assert inspect.signature(call).parameters[name].default == DEADLINE_S
    assert inspect.signature(Worker.start).parameters["deadline_s"].default == DEADLINE_S
    assert 0 < DEADLINE_S < 600

    asked = []

    class Listener:
        def call(self, name, *arguments, deadline_s):
            asked.append(deadline_s)

        def served(self):
            return {"add": "pure"}

    Part(Listener()).add()
    Part(Listener(), None).add()
    assert asked == [DEADLINE_S, None]


def test_a_part_that_hangs_is_an_error_at_the_deadline_at_every_place():
    with Serving(table_of(Tally())) as serving:
        for where in ("thread", "process", serving.address):
            before = time.monotonic()
            with place(TALLY, where, deadline_s=0.3, effects=True) as part:
                with pytest.raises(DeadlineExceeded, match="sleep.* did not answer"):
                    part.sleep(0.5)
                assert time.monotonic() - before < 20, where


def test_no_deadline_is_one_that_is_asked_for(far):
    with Serving(table_of(Tally(3))) as serving:
        for where in ("thread", serving.address):
            with place(TALLY, where, deadline_s=None) as part:
                assert part.add(0) >= 0


def test_arguments_have_their_names_at_every_place(part):
    assert part.add(amount=0) == 3 and part.add(0, times=2) == 3
    assert part.echo(value=1) == (1, None)
    assert part.echo(1, deadline_s=5) == (1, 5)
    assert part.echo(deadline_s=(1, "b"), value="v") == ("v", (1, "b"))
    with pytest.raises(TypeError, match="unexpected keyword argument 'wrong'"):
        part.add(wrong=1)
    with pytest.raises(TypeError, match="multiple values for argument 'amount'"):
        part.add(1, amount=1)


def test_a_function_has_its_arguments_by_name_too():
    with (
        Serving({"__call__": pure(lambda a, b=0: (a, b))}) as serving,
        place("", serving.address) as function,
    ):
        assert function(b=1, a=2) == (2, 1)


def test_a_server_that_reads_no_names_is_not_sent_any(far):
    client = far._caller
    client._calls.about = {**client.about(), "keywords": False}
    with pytest.raises(CannotTravel, match="echo is called with value by name, which tcp://.* cannot read"):
        far.echo(value=1)
    assert far.echo(1) == (1, None)


@pytest.mark.parametrize("part", ["thread", "process", "far"], indirect=True)
def test_a_part_that_is_no_function_says_what_it_serves(part):
    with pytest.raises(NotServed, match="does not serve '__call__'; it serves .value, add, echo"):
        part()


def test_what_a_property_raises_is_raised_when_it_is_asked_for(part):
    with pytest.raises(LookupError, match="not calibrated yet"):
        part.calibration  # noqa: B018
    with pytest.raises(AttributeError, match="later"):
        part.later  # noqa: B018


def test_what_a_part_has_is_not_set_from_elsewhere(thread):
    with pytest.raises(AttributeError, match="n cannot be set"):
        thread.n = 5
    assert thread.n == 3


def test_in_a_thread_errors_are_those_of_any_place(thread):
    late = place(TALLY, "thread", deadline_s=0.05)
    with late, pytest.raises(DeadlineExceeded, match="sleep of shell.placed:Tally"):
        late.sleep(0.3)
    with pytest.raises(Closed, match="the thread of shell.placed:Tally was closed"):
        late.where()
    with pytest.raises(TimeoutError, match="mine") as raised:
        thread.late()
    assert not isinstance(raised.value, DeadlineExceeded)


def test_a_call_that_was_given_up_before_its_turn_is_not_carried_out():
    with place(TALLY, "thread", deadline_s=0.1, effects=True) as part:
        with pytest.raises(DeadlineExceeded):
            part.sleep(0.5)
        with pytest.raises(DeadlineExceeded):
            part.add()
        part._deadline_s = 10.0
        assert part.n == 0


def test_a_thread_that_hangs_does_not_hold_up_its_end():
    part = place(TALLY, "thread", deadline_s=0.05)
    with pytest.raises(DeadlineExceeded):
        part.sleep(60.0)
    before = time.monotonic()
    part._caller.close(grace_s=0.1)
    assert time.monotonic() - before < 20


def test_values_of_a_part_with_a_state_are_as_they_are_now():
    with Serving(table_of(Tally(), effects=True)) as serving:
        for where in ("thread", "process", serving.address):
            with place(TALLY, where, effects=True) as part:
                assert [part.add(), part.n, part.add(), part.n] == [1, 1, 2, 2], where


def test_a_state_that_died_between_two_calls_is_told_at_every_call():
    with place(TALLY, "process", effects=True) as part:
        assert (part.add(), part.add()) == (1, 2)
        os.kill(part.where(), signal.SIGKILL)
        part._caller._running.process.wait(20)
        for _ in range(2):
            with pytest.raises(
                WorkerCrashed, match="killed by signal 9 before this call, and its state with it"
            ):
                part.add()
            with pytest.raises(WorkerCrashed):
                part.n  # noqa: B018


def test_a_state_at_an_address_is_not_taken_for_that_of_the_next_server():
    with Serving(table_of(Tally(), effects=True)) as first, place("", first.address) as part:
        assert (part.add(), part.add()) == (1, 2)
        first.__exit__()
        other = Tally()
        with Serving(table_of(other, effects=True), first.address):
            for _ in range(3):
                with pytest.raises((WorkerCrashed, OutcomeUnknown), match="another one than before|has gone"):
                    part.add()
            with pytest.raises(WorkerCrashed, match="the state of what it served is lost: .value was not"):
                part.n  # noqa: B018
            assert other.n == 0
            with place("", first.address) as again:
                assert again.add() == 1


def test_a_pure_part_at_an_address_outlives_its_server():
    with Serving(table_of(Tally(3))) as first, place("", first.address) as part:
        assert part.add(0) == 3
        first.__exit__()
        with Serving(table_of(Tally(4)), first.address):
            assert part.add(0) == 4


def test_options_may_be_whatever_arguments_may_be():
    weights = np.arange(300_000, dtype=np.float32).reshape(300, 1000)
    with place(
        TALLY, "process", {"n": np.int64(3), "weights": {"w": [weights, np.bool_(True)], "t": "x" * 200_000}}
    ) as part:
        assert part.add() == 4 and part.weights["t"] == "x" * 200_000
        array, flag = part.weights["w"]
        assert np.array_equal(array, weights) and flag is True
        os.kill(part.where(), signal.SIGKILL)
        assert part.add(2) == 5 and np.array_equal(part.weights["w"][0], weights)  # the next one is told, too


def test_options_that_cannot_travel_are_told_by_their_place():
    with pytest.raises(
        CannotTravel, match=r"options\['weights'\]\[0\] of shell.placed:Tally cannot travel: <object"
    ):
        place(TALLY, "process", {"weights": [object()]})


def test_a_process_has_variables_of_its_own(monkeypatch):
    monkeypatch.setenv("OF_THIS_ONE", "here")
    monkeypatch.delenv("OF_THAT_ONE", raising=False)
    wanted = {"OF_THAT_ONE": "egl", "OMP_NUM_THREADS": "2"}
    for where in (in_process(wanted), "process OF_THAT_ONE=egl OMP_NUM_THREADS=2"):
        with place(TALLY, where) as part:
            for name, value in {**wanted, "OF_THIS_ONE": "here"}.items():
                assert part.variable(name) == value
    assert "OF_THAT_ONE" not in os.environ


def test_calls_of_several_threads_take_turns(process, far):
    for part in (process, far):
        wrong = []

        def call(k, part=part, wrong=wrong):
            try:
                for n in range(100):
                    value = (k, n, "x" * (n * 50))
                    if part.echo(value) != (value, None) or part.n != 3:
                        wrong.append(value)
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=call, args=(k,), daemon=True) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not wrong and not any(thread.is_alive() for thread in threads)


def test_a_thread_that_calls_again_and_again_lets_others_have_their_turn(process):
    stop, calls = threading.Event(), []

    def call():
        while not stop.is_set():
            process.add(0)
            calls.append(1)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    try:
        for n in range(20):
            before = len(calls)
            assert process.echo(n) == (n, None)
            assert len(calls) - before < 20
    finally:
        stop.set()
        thread.join(30)


def test_waiting_for_a_turn_ends_at_the_deadline_and_within_a_call_at_once(monkeypatch):
    with Worker(TALLY) as worker:
        began, go_on, told = threading.Event(), threading.Event(), []
        ask = asking.ask

        def slow(*arguments, **options):
            began.set()
            go_on.wait(30)
            try:
                worker.call("add")
            except TransportError as error:
                told.append(str(error))
            return ask(*arguments, **options)

        worker.served()
        monkeypatch.setattr(asking, "ask", slow)
        thread = threading.Thread(target=worker.call, args=("add", 0), daemon=True)
        thread.start()
        began.wait(30)
        with pytest.raises(
            DeadlineExceeded, match="another thread used the worker of shell.placed:Tally for 0.05 s"
        ):
            worker.call("add", deadline_s=0.05)
        go_on.set()
        thread.join(30)
        assert told == [
            f"the worker of {TALLY} is called within a call of its own, by a signal handler or a finalizer"
        ]


def test_a_turn_that_an_interrupt_left_taken_is_given_on(process):
    turn = process._caller._turn
    assert turn.lock.acquire(False)  # and a signal came
    assert process.echo(1) == (1, None)
    assert not turn.lock.locked() and turn.owner is None and turn.queued == 0
    assert process.echo(2) == (2, None)


def test_promises_may_be_waited_for_in_another_thread():
    with Worker(TALLY) as worker:
        promises = [worker.start("echo", n) for n in range(50)]
        found = {}

        def wait(mine):
            for promise in mine:
                promise.done()
                found[promise.request.number] = promise.result()

        threads = [threading.Thread(target=wait, args=(promises[k::2],), daemon=True) for k in range(2)]
        for thread in threads:
            thread.start()
        assert worker.call("echo", "between") == ("between", None)
        for thread in threads:
            thread.join(60)
        assert [found[promise.request.number] for promise in promises] == [(n, None) for n in range(50)]


def test_closing_ends_the_call_of_another_thread_and_starts_nothing():
    worker = Worker(TALLY)
    worker.begin()
    worker.served()
    ended = []

    def call():
        try:
            worker.call("sleep", 60.0)
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    while worker._running.owes is None:  # until the call is under way
        time.sleep(0.001)
    worker.close(grace_s=0.1)
    thread.join(30)
    assert [type(error) for error in ended] == [Closed] and worker.pid is None
