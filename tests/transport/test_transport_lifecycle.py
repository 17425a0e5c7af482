"""The beginning and the end of a worker: whoever kills it whenever, it is there again, and leaves nothing behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress

import numpy as np
import pytest

from droidlet_style.placement import place
from droidlet_transport import starting
from droidlet_transport.errors import DeadlineExceeded, WorkerFailedToStart
from droidlet_transport.workers import Worker
from transport.transport_parts import goes_on, named_memory, no_more_than

PARTS = "transport.transport_parts:"


def marked(folder, count: int) -> dict[str, object]:
    for n in range(count):
        (folder / f"mark{n}").touch()
    return {"folder": str(folder), "how": int(signal.SIGKILL)}


@pytest.mark.parametrize("options", [{}, {"effects": True, "again": False}], ids=str)
def test_a_start_that_a_signal_ends_is_repeated_whatever_the_part(options, tmp_path):
    with Worker(PARTS + "troubled", marked(tmp_path, 2), **options) as worker:
        assert worker.call("echo", 1) == 1
        assert worker.start("echo", 2).result() == 2
    assert (tmp_path / "starts").read_text() == "xxx"


def test_a_start_that_stops_is_given_up_and_repeated(tmp_path):
    made = {**marked(tmp_path, 1), "how": int(signal.SIGSTOP)}
    with place(PARTS + "troubled", "process", made, deadline_s=20.0, start_s=2.5) as part:
        assert part.echo(1) == 1
    assert len((tmp_path / "starts").read_text()) >= 2


def test_starts_that_always_end_by_a_signal_end_in_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "MOST_STARTS", 2)
    with (
        Worker(PARTS + "troubled", marked(tmp_path, 5)) as worker,
        pytest.raises(WorkerFailedToStart, match="was killed by signal 9, 2 times in a row"),
    ):
        worker.call("echo", 1)


def test_a_start_that_ends_itself_is_told_at_once(tmp_path):
    with (
        Worker(PARTS + "quits", {"folder": str(tmp_path), "status": 9}) as worker,
        pytest.raises(WorkerFailedToStart, match="ended with exit status 9$"),
    ):
        worker.call("echo", 1)
    assert (tmp_path / "starts").read_text() == "x"


def test_where_there_is_no_room_for_another_worker_it_is_told_and_nothing_is_left_open():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = os.listdir("/dev/fd")
    first = os.open(os.devnull, os.O_RDONLY)
    os.close(first)
    for room in range(9):  # from no descriptor at all to one too few for the process itself
        with Worker(PARTS + "Counter") as worker:
            resource.setrlimit(resource.RLIMIT_NOFILE, (first + room, hard))
            try:
                with pytest.raises(WorkerFailedToStart, match="cannot be started: Too many open files"):
                    worker.call("where")
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert os.listdir("/dev/fd") == before


class Killer:
    """Kills a worker at moments that it knows nothing of, at most so far apart, until so many have been hit."""

    def __init__(self, worker: Worker, kills: int, seed: int, gap_s: float) -> None:
        self._gap_s = gap_s
        self.kills, self.starting = 0, 0
        self._worker, self._most, self._numbers = worker, kills, np.random.default_rng(seed)
        self.thread = threading.Thread(target=self._kill)
        self.thread.start()

    def _kill(self) -> None:
        end = time.monotonic() + 120
        while self.kills < self._most and time.monotonic() < end:
            time.sleep(self._numbers.uniform(0.0, self._gap_s))
            running = self._worker._running
            if running is not None and running.process.returncode is None:
                ready = running is self._worker._ready
                with suppress(ProcessLookupError):
                    os.kill(running.process.pid, signal.SIGKILL)
                    self.kills, self.starting = self.kills + 1, self.starting + (not ready)


def killed_at_random(kills: int, seed: int) -> Killer:
    with Worker(PARTS + "Counter") as worker:
        begun = time.monotonic()
        worker.call("where")
        killer = Killer(worker, kills, seed, 3 * (time.monotonic() - begun))
        number = 0
        while killer.thread.is_alive():
            assert worker.call("echo", number) == number
            number += 1
        assert worker.call("echo", "and on") == "and on"
    return killer


def test_a_worker_that_is_killed_at_random_also_while_it_starts_costs_nothing():
    assert killed_at_random(4, seed=1).kills == 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_worker_that_is_killed_at_random_for_a_long_time_costs_nothing(seed):
    killer = killed_at_random(40, seed)
    assert killer.kills == 40 and killer.starting > 5


def run(program: str, *arguments: str, **more) -> subprocess.Popen[str]:
    path = os.pathsep.join([entry for entry in sys.path if entry])
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def gone(pid: int, within_s: float = 20.0) -> bool:
    end = time.monotonic() + within_s
    while goes_on(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not goes_on(pid)


def test_a_worker_ends_with_its_parent_though_a_fork_of_that_lives_on():
    program = """
        import os, time
        from droidlet_transport.workers import Worker
        worker = Worker("transport.transport_parts:Counter")
        print(worker.call("where"), flush=True)
        child = os.fork()
        if child == 0:
            os.close(1)
            os.close(2)
            time.sleep(120)
            os._exit(0)
        print(child, flush=True)
        worker.call("echo", 1)
        os.kill(os.getpid(), 9)
    """
    told = run(program).communicate(timeout=60)[0]
    worker, child = map(int, told.split())
    try:
        assert gone(worker) and not gone(child, 0.1)
    finally:
        os.kill(child, signal.SIGKILL)


ENDS = {
    "normally": "",
    "by an exception": "raise ValueError",
    "by Ctrl-C": "os.kill(os.getpid(), signal.SIGINT); signal.pause()",
    "by SIGTERM": "os.kill(os.getpid(), signal.SIGTERM); signal.pause()",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "killed when its worker was stopped": "os.kill(worker.pid, signal.SIGSTOP); os.kill(os.getpid(), signal.SIGKILL)",
}
STOPPED = ["killed when its worker was stopped"] if sys.platform == "linux" else []  # a Mac lets nobody go on


@pytest.mark.parametrize(
    "ends",
    [
        ("normally", "killed", *STOPPED),
        pytest.param(("by an exception", "by Ctrl-C", "by SIGTERM"), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_what_a_worker_has_made_is_gone_when_it_ends_however_its_parent_ends(ends):
    """All at a time: each ends while its worker waits for a request."""
    before = named_memory()
    program = """
        import os, signal, sys, time
        from droidlet_transport.workers import Worker
        worker = Worker("transport.transport_parts:Messy")
        print(worker.call("where"), worker.call("folder"), flush=True)
        time.sleep(0.5)  # it waits for a request by now
        exec(sys.argv[1])
    """
    for running in [run(program, ENDS[end]) for end in ends]:
        pid, folder = running.communicate(timeout=60)[0].split()
        assert gone(int(pid)) and not os.path.exists(folder), running.args[-1]
    assert no_more_than(before)


@pytest.mark.slow
def test_a_worker_that_was_stopped_in_a_call_ends_with_its_parent():
    program = """
        import os, signal, time
        from droidlet_transport.workers import Worker
        worker = Worker("transport.transport_parts:Messy")
        print(worker.call("where"), flush=True)
        asked = worker.start("dawdle")
        time.sleep(0.5)  # it is in the call by now
        os.kill(worker.pid, signal.SIGSTOP)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    assert gone(int(run(program).communicate(timeout=60)[0]))


def test_what_a_worker_has_made_is_gone_when_it_is_given_up_in_a_call():
    with Worker(PARTS + "Messy") as worker:
        folders = [worker.call("folder")]
        with pytest.raises(DeadlineExceeded):
            worker.call("dawdle", deadline_s=0.2)
        folders.append(worker.call("folder"))
        os.kill(worker.pid, signal.SIGTERM)
        folders.append(worker.call("folder"))
    assert len(set(folders)) == 3 and not any(map(os.path.exists, folders))


def test_a_script_that_places_itself_is_told_of_the_guard(tmp_path):
    worker, vector = tmp_path / "worker.py", tmp_path / "vector.py"
    worker.write_text(
        textwrap.dedent("""
            from droidlet_transport import Worker
            with Worker(__file__ + ":dict") as worker:
                worker.call("keys")
        """)
    )
    vector.write_text(
        textwrap.dedent("""
            from droidlet_transport.faces.process_environment import ProcessEnvironment
            with ProcessEnvironment(__file__ + ":dict") as environment:
                environment.keys()
        """)
    )
    for script in (worker, vector):
        done = run("import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')", str(script))
        told = done.communicate(timeout=60)[1]
        assert done.returncode == 1 and 'below if __name__ == "__main__":' in told.splitlines()[-1]


def test_workers_of_workers_are_none_of_it():
    with Worker(PARTS + "nesting") as worker:
        inner, outer = worker.call("__call__", PARTS + "Counter")
        assert inner != outer == worker.pid


@pytest.mark.slow
def test_a_start_that_crashes_is_repeated_less_often(tmp_path):
    made = {**marked(tmp_path, 5), "how": int(signal.SIGSEGV)}
    with (
        Worker(PARTS + "troubled", made) as worker,
        pytest.raises(WorkerFailedToStart, match="was killed by signal 11, 3 times in a row"),
    ):
        worker.call("echo", 1)
