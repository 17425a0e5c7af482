"""Workers: calls are as if the part were here; whatever a worker does, the caller goes on or is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from droidlet_schema import Chat, FrozenMap, Key, Move, Observation
from droidlet_schema.strategies import of
from droidlet_transport import starting
from droidlet_transport.errors import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    RemoteError,
    WorkerCrashed,
    WorkerFailedToStart,
)
from droidlet_transport.workers import Worker
from transport import transport_parts
from transport.transport_parts import Counted, Counter, goes_on

COUNTER = "transport.transport_parts:Counter"


@pytest.fixture(scope="module")
def worker():
    with Worker(COUNTER, {"start": 5}) as made:
        yield made


def gone(pid: int) -> bool:
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_stepped_part_is_called_as_if_it_were_here(worker):
    here, state, there = Counter(5), Counter(5).initial(Key(0)), worker.call("initial", Key(0))
    assert there == state
    for amount in (1, 2, 3):
        expected, state = here(amount, state)
        got, there = worker.call("__call__", amount, there)
        assert (got, there) == (expected, state)
    assert not there.picture.flags.writeable
    assert worker.call(".value", "start") == 5 and worker.call("where") == worker.pid != os.getpid()


def test_tables_and_lists_may_be_arguments(worker):
    assert worker.call("table", {"b": (1, 2), "a": [3]}) == FrozenMap({"a": 3, "b": 3})
    assert worker.call("lazy") == (1, 2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=of(Observation) | of(Chat) | of(tuple[int, ...]))
def test_any_value_comes_back_as_it_went(worker, value):
    assert worker.call("echo", value) == value


def test_a_record_may_have_the_name_of_another_one(worker):
    own = transport_parts.Move((1.0, 2.0))
    assert worker.call("moved", own) == transport_parts.Move((2.0, 1.0))
    assert worker.call("echo", (own, Move(1.5))) == (own, Move(1.5))


def test_a_large_array_comes_back(worker):
    picture = np.arange(5_000_000, dtype=np.float64).reshape(1000, 5000)
    assert np.array_equal(worker.call("echo", picture), picture)


def test_any_number_of_results_comes_back(worker):
    numbers = tuple(range(70_000))
    assert worker.call("echo", numbers) == numbers


@pytest.mark.slow
def test_any_number_of_arrays_comes_back(worker):
    arrays = tuple(np.full(3, n) for n in range(70_000))
    back = worker.call("echo", (1, arrays))[1]
    assert all(map(np.array_equal, back, arrays))


def test_a_fork_that_comes_back_answers_nothing_and_ends(worker):
    child = worker.call("split")
    assert child > 0 and worker.call("echo", child) == child
    assert any(not goes_on(child) or time.sleep(0.02) for _ in range(500))


def test_what_is_no_exception_of_a_program_is_told_and_ends_nothing(worker):
    pid = worker.pid
    with pytest.raises(RemoteError, match="CancelledError: given up"):
        worker.call("cancel")
    assert worker.call("where") == pid


def test_what_is_raised_there_is_raised_here(worker):
    with pytest.raises(ValueError, match="out of milk") as caught:
        worker.call("fail", "out of milk")
    assert "in fail" in caught.value.remote_traceback
    with pytest.raises(transport_parts.Strange, match="Counter failed with 7") as strange:
        worker.call("fail_strangely")
    assert strange.value.code == 7
    with pytest.raises(NotServed, match="does not serve 'fly'; it serves .*append"):
        worker.call("fly")
    with pytest.raises(AttributeError, match="no value 'end'; it has start, and the functions .*echo, "):
        worker.call(".value", "end")
    with pytest.raises(CannotTravel, match="the result of handle cannot travel"):
        worker.call("handle")
    with pytest.raises(CannotTravel, match="argument 0 of echo cannot travel"):
        worker.call("echo", object())
    assert worker.call("echo", "still here") == "still here"


def test_bad_and_good_calls_in_turn_stay_paired(worker):
    for number in range(100):
        with pytest.raises(ValueError, match=f"^{number}$"):
            worker.call("fail", str(number))
        assert worker.call("echo", number) == number


def test_an_error_whose_class_is_not_here_comes_with_all_that_travels():
    program = textwrap.dedent("""
        import sys
        from droidlet_transport.workers import Worker
        from droidlet_transport.errors import RemoteError
        with Worker("transport.transport_parts:Counter") as worker:
            try:
                worker.call("fail_strangely")
            except RemoteError as error:
                print(error.class_name, error.attributes["code"], "in fail_strangely" in error.traceback)
            world = worker.call("initial", __import__("droidlet_schema").Key(0))
            print(world.tag, worker.call("__call__", 2, world)[0], "transport.transport_parts" in sys.modules)
            theirs = worker.call("stride")  # a record whose name one of droidlet_schema's has here
            print(theirs.tag, worker.call("moved", worker.call("moved", theirs)) == theirs)
    """)
    path = os.pathsep.join([entry for entry in sys.path if entry])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        "transport.transport_parts:Strange 7 True",
        "Counted/1 2 False",
        "Move/1 True",
    ], done


def test_a_pure_call_survives_the_death_of_its_worker(tmp_path):
    with Worker(COUNTER) as worker:
        first = worker.call("where")
        assert worker.call("die_once", str(tmp_path / "mark")) == "done"
        assert worker.call("where") != first and worker.restarts == 1 and gone(first)
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.call("echo", 1) == 1


def test_a_pure_call_that_misses_its_deadline_is_asked_again(tmp_path):
    with Worker(COUNTER) as worker:
        assert worker.call("hang_once", str(tmp_path / "mark"), deadline_s=1.0) == "done"
        os.kill(worker.pid, signal.SIGSTOP)
        assert worker.call("echo", 2, deadline_s=1.0) == 2
        with pytest.raises(DeadlineExceeded, match="did not answer within 0.2 s, in 3 workers"):
            worker.call("sleep", 30.0, deadline_s=0.2)
        assert worker.call("echo", 3) == 3


def test_a_poison_request_ends_after_three_workers():
    with Worker(COUNTER) as worker:
        with pytest.raises(
            WorkerCrashed, match="killed 3 workers, the last one was killed by signal 11"
        ) as caught:
            worker.call("die", int(signal.SIGSEGV))
        assert "the request's digest is" in str(caught.value)
        assert worker.call("echo", "fine") == "fine"


def test_an_effect_is_never_tried_again(tmp_path):
    path = str(tmp_path / "log")
    with Worker(COUNTER, effects=True) as worker:
        assert worker.call("append", path) == 2
        with pytest.raises(OutcomeUnknown, match="was killed by signal 9 during append_and_die"):
            worker.call("append_and_die", path)
        assert Path(path).read_text() == "x\nx\n"
        with pytest.raises(DeadlineExceeded, match="whether it happened is not known"):
            worker.call("sleep", 1.0, deadline_s=0.1)
        assert worker.call("append", path) == 6


def test_a_worker_that_cannot_start_says_why():
    with pytest.raises(WorkerFailedToStart, match="(?s)exit status 1.*the weights are missing.*weights.npz"):
        Worker("transport.transport_parts:refuses").call("where")
    with pytest.raises(WorkerFailedToStart, match="no module transport.nowhere"):
        Worker("transport.nowhere:x").call("where")
    with pytest.raises(WorkerFailedToStart, match="cannot be started: No such file"):
        Worker(COUNTER, python="/no/such/python").call("where")
    for last, likely in (
        ("ModuleNotFoundError: No module named 'attrs'", "/other/python -m pip install numpy attrs msgspec"),
        ("TypeError: unsupported operand type(s) for |: 'type' and 'NoneType'", "a worker needs Python 3.9"),
        ("ModuleNotFoundError: No module named 'mine'", ""),
        ("", ""),
    ):
        assert likely in starting._likely("/other/python", f"Traceback ...\n{last}\n")
        assert bool(starting._likely("/other/python", last)) is bool(likely)
        assert starting._likely(sys.executable, last) == ""
    with pytest.raises(TypeError, match="a lambda has none"):
        Worker(lambda: Counter())  # type: ignore[arg-type]


def test_a_plain_function_is_served_by_its_maker():
    with Worker("transport.transport_parts:adder") as worker:
        assert worker.call("__call__", 2, 3) == 5
        assert dict(worker.served()) == {"__call__": "pure", ".value": "pure"}


def test_closing_ends_the_worker_and_is_final():
    worker = Worker(COUNTER)
    pid = worker.call("where")
    worker.close()
    worker.close()
    assert gone(pid)
    with pytest.raises(Closed):
        worker.call("where")


def test_a_fork_of_the_caller_must_make_its_own(worker):
    worker.call("where")
    pid = os.fork()
    if pid == 0:
        try:
            worker.call("where")
        except Closed:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert worker.call("echo", 1) == 1


@pytest.mark.parametrize(
    ("how", "busy"),
    [
        ("kill", False),
        ("kill", True),
        ("exception", False),
        ("normal", False),
        pytest.param("exception", True, marks=pytest.mark.slow),
        pytest.param("normal", True, marks=pytest.mark.slow),
    ],
)
def test_a_worker_goes_when_its_parent_goes(how, busy, tmp_path):
    call = "worker.start('hold', 60); assert worker._running.owes" if busy else ""
    program = textwrap.dedent(f"""
        import os, sys, time
        from droidlet_transport.workers import Worker
        worker = Worker("{COUNTER}")
        print(worker.call("where"), flush=True)
        {call}
        time.sleep(0.3)
        if {how!r} == "kill":
            os.kill(os.getpid(), 9)
        if {how!r} == "exception":
            raise KeyboardInterrupt
    """)
    path = os.pathsep.join([entry for entry in sys.path if entry])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert gone(int(done.stdout)), done.stderr


def test_what_a_worker_makes_is_read_only_and_typed(worker):
    state = worker.call("initial", Key(1))
    assert type(state) is Counted
    with pytest.raises(ValueError, match="read-only"):
        state.picture[0, 0] = 1


def test_a_signal_that_interrupts_no_wait_still_ends_it():
    program = textwrap.dedent("""
        import signal, threading, time
        from droidlet_transport.workers import Worker

        def elsewhere():
            waits.wait()
            time.sleep(0.3)  # the main thread waits in the system by now
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)

        waits = threading.Event()
        threading.Thread(target=elsewhere, daemon=True).start()
        with Worker("transport.transport_parts:Counter") as worker:
            worker.call("where")
            waits.set()
            begun = time.monotonic()
            try:
                worker.call("sleep", 20.0)
            except KeyboardInterrupt:
                print("interrupted", time.monotonic() - begun < 10)
            worker.close(0.1)
    """)
    path = os.pathsep.join([entry for entry in sys.path if entry])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.stdout, done.stderr) == ("interrupted True\n", "")
