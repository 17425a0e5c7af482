"""Systems that are not as usual: what is missing, forbidden, used up or in the way costs a worker nothing."""

from __future__ import annotations

import errno
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from droidlet_transport import TransportError, Worker, WorkerFailedToStart, contexts, memories, streams
from droidlet_transport.boards import Board, BoardPlan
from droidlet_transport.crew import Crew
from droidlet_transport.lending import Lender
from droidlet_transport.loading import LoadError, is_being_loaded, load
from droidlet_transport.memories import SIZE, Ground, make_memory
from droidlet_transport.output import keep_short, make_output, tail
from droidlet_transport.service import Client, Publisher, Server
from droidlet_transport.spawning import above_standard
from droidlet_transport.specs import ArraySpec
from droidlet_transport.staff import Staff

WALK = "faces.environment_parts:Walk"
COUNTER = "transport.transport_parts:Counter"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="what the kernel is asked for is Linux's")


@contextmanager
def limited(what: int, most: int):
    before = resource.getrlimit(what)
    resource.setrlimit(what, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)


@pytest.fixture
def memory():
    made: list[int] = []

    def make(size: int = SIZE) -> int:
        made.append(make_memory(size))
        return made[-1]

    yield make
    for descriptor in made:
        os.close(descriptor)


def refuses(name: str, flags: int) -> int:
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


@LINUX
def test_a_python_that_does_not_hand_on_memfd_create_has_it_all_the_same(monkeypatch):
    """Builds for older systems do not, such as those that uv and conda install."""
    monkeypatch.delattr(os, "memfd_create")
    create = memories._memfd()
    assert create is not None
    descriptor = create("droidlet", 3)
    assert os.readlink(f"/proc/self/fd/{descriptor}").startswith("/memfd:droidlet")
    os.close(descriptor)
    with pytest.raises(OSError, match="Invalid argument"):
        create("droidlet", 1 << 30)


@pytest.mark.parametrize("memfd", [None, refuses])
def test_where_there_is_no_memfd_or_it_is_refused_memory_is_a_file_without_a_name(memory, monkeypatch, memfd):
    monkeypatch.setattr(memories, "memfd", memfd)
    descriptor = memory()
    about = os.fstat(descriptor)
    assert (about.st_size, about.st_nlink) == (SIZE, 0)
    lender = Lender(descriptor)
    offset = lender.lend(5)
    lender.fill(offset, memoryview(b"hello"))
    assert os.pread(descriptor, 5, offset) == b"hello"


def test_a_memfd_that_fails_for_another_reason_is_an_error(monkeypatch):
    def none_left(name: str, flags: int) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(memories, "memfd", none_left)
    with pytest.raises(OSError, match="Too many open files"):
        make_memory()


def test_where_less_is_allowed_there_is_less(memory):
    with limited(resource.RLIMIT_FSIZE, SIZE // 2):
        assert os.fstat(memory()).st_size == SIZE >> 4
    with limited(resource.RLIMIT_FSIZE, SIZE >> 8):
        assert os.fstat(memory()).st_size == SIZE >> 8
    with limited(resource.RLIMIT_FSIZE, 100), pytest.raises(OSError, match="File too large"):
        memory()


@LINUX
def test_where_this_process_may_look_at_less_there_is_less(memory):
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    with limited(resource.RLIMIT_AS, used + SIZE // 2):
        assert os.fstat(memory()).st_size == SIZE >> 4


def test_a_file_that_the_disk_has_no_room_for_lends_nothing_more(memory, monkeypatch):
    monkeypatch.setattr(memories, "memfd", None)
    lender = Lender(memory(1 << 22))
    with limited(resource.RLIMIT_FSIZE, 1 << 20):
        first = lender.lend(1 << 16)
        assert lender.lend(1 << 20) is None
        second = lender.lend(1 << 16)
    lender.fill(first, memoryview(b"a" * (1 << 16)))
    lender.fill(second, memoryview(b"b" * (1 << 16)))
    assert lender.lend(1 << 20) is not None  # there is room again


def test_a_board_that_the_disk_has_no_room_for_lends_no_slot(memory, monkeypatch):
    monkeypatch.setattr(memories, "memfd", None)
    plan = BoardPlan(1, 1, 1, (), (ArraySpec((1 << 16,), "uint8"),))
    descriptor = memory(1 << 24)
    board, ground = Board(descriptor, plan), Ground(descriptor)
    with limited(resource.RLIMIT_FSIZE, 1 << 16), pytest.raises(OSError, match="No space left"):
        board.begin(ground)
    with limited(resource.RLIMIT_FSIZE, 3 << 19):
        board.begin(ground)
        slots = [board.take() for _ in range(plan.slots)]
    assert slots[:2] == [1, 2] and slots[-1] == 0
    assert board.take() == slots.index(0) + 1  # there is room again
    for leaf in board.observations(1):
        leaf[:] = 7


def test_files_where_it_is_started_lead_no_worker_astray(tmp_path, monkeypatch):
    """Nor does what is no text in the path, of which Python itself takes no notice."""
    for name in ("types", "signal", "numpy", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this is another one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*(entry for entry in sys.path if entry), tmp_path])
    with Worker(COUNTER) as worker:
        assert worker.call("echo", 2) == 2


def test_a_worker_starts_where_the_folder_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with Worker(COUNTER) as worker:
        assert worker.call("echo", 2) == 2


def test_what_a_worker_is_given_has_no_number_of_the_standard_streams():
    kept = os.dup(0)
    os.close(0)
    try:
        with above_standard():
            first, second = os.pipe()
        assert min(first, second) > 2
        os.close(first)
        os.close(second)
        again = os.dup(kept)  # nothing is left taken
        os.close(again)
        assert again == 0
    finally:
        os.dup2(kept, 0)
        os.close(kept)


@pytest.mark.slow
def test_a_worker_and_a_batch_start_where_the_standard_streams_are_closed(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import os, pathlib\n"
        "from droidlet_transport import Worker\n"
        "from droidlet_transport.staff import Staff\n"
        "if __name__ == '__main__':\n"
        "    with Worker('transport.transport_parts:Counter') as worker:\n"
        "        told = worker.call('echo', 2)\n"
        "    Staff(['faces.environment_parts:Walk'] * 2, mode='NextStep', strict=True, workers=2).close()\n"
        "    pathlib.Path(os.environ['TOLD']).write_text(str(told))\n"
    )
    told = tmp_path / "told"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TOLD": str(told)}
    shell = f"exec {sys.executable} {program} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", shell], env=env, timeout=240).returncode == 0
    assert told.read_text() == "2"


def test_a_batch_that_finds_no_descriptors_says_so_and_leaves_nothing():
    def open_now() -> int:
        gc.collect()
        return len(os.listdir("/dev/fd"))

    before, told = open_now(), []
    for free in range(1, 10):
        taken = [os.dup(0) for _ in range(free)]  # that are free below the limit
        most = max(taken) + 1
        for one in taken:
            os.close(one)
        with limited(resource.RLIMIT_NOFILE, most):
            try:  # what earlier tests have left may end just now, and make room
                Staff([WALK] * 2, mode="NextStep", strict=True, workers=1).close()
            except WorkerFailedToStart as error:
                told.append(str(error))
    assert open_now() <= before
    for what in ("a batch", "environments 0, 1", sys.executable):
        text = f"{what} cannot be started: Too many open files; close workers that are not needed"
        assert any(one.startswith(text) for one in told), told


def test_a_batch_whose_memory_is_too_large_says_how_large():
    with (
        limited(resource.RLIMIT_FSIZE, SIZE >> 8),
        pytest.raises(WorkerFailedToStart, match="a batch of [0-9]+ bytes cannot be started: File too large"),
    ):
        Staff([WALK], mode="NextStep", strict=True, workers=1)


def test_whatever_the_system_says_of_a_socket_it_has_ended():
    """Here it says that nobody is there; where memory is short, that there is no room for what is sent."""
    with socket.socket(socket.AF_UNIX) as nobody:
        for use in (
            lambda: streams.send(nobody, b"x"),
            lambda: streams.send_all(nobody, [memoryview(b"x")]),
            lambda: streams.Incoming(nobody).take(1),
        ):
            with pytest.raises(streams.Ended):
                use()


def test_what_a_signals_handler_raises_while_a_socket_is_read_is_raised():
    def late(number: int, frame: object) -> None:
        raise TimeoutError("it takes too long")

    ours, theirs = socket.socketpair()
    before = signal.signal(signal.SIGALRM, late)
    try:
        streams.wait_in_slices(ours)
        with pytest.raises(TimeoutError, match="too long"):
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            streams.Incoming(ours).take(1)
        theirs.sendall(b"y")
        assert streams.Incoming(ours).take(1) == b"y"  # it is none the worse for it
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        ours.close()
        theirs.close()


@LINUX
def test_a_worker_hears_that_its_parent_has_gone_also_where_that_blocks_signals():
    """As programs do that wait for them by sigwait; a thread hands what it blocks on to what it starts."""
    needed = {signal.SIGIO, signal.SIGTERM, signal.SIGCONT, signal.SIGALRM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, needed)
    try:
        with Worker(COUNTER) as worker:
            assert worker.call("echo", 2) == 2
            lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
            blocked = int(next(line for line in lines if line.startswith("SigBlk")).split()[1], 16)
            assert not [number for number in needed if blocked >> (number - 1) & 1]
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@LINUX
def test_what_a_worker_writes_is_on_no_disk():
    """Where one is full, whatever its part prints would raise an error."""
    with make_output() as output:
        assert os.readlink(f"/proc/self/fd/{output.fileno()}").startswith("/memfd:")
        for text in (b"first ", b"and last"):
            os.write(output.fileno(), text)
        assert tail(output.fileno()) == b"first and last"


@LINUX
def test_where_no_thread_may_be_started_sockets_are_refused_and_nothing_ends(monkeypatch):
    """ZeroMQ would end the whole process."""
    monkeypatch.setattr(contexts, "_shared", {})
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    before = threading.stack_size(1 << 30)
    try:
        with limited(resource.RLIMIT_AS, used + (1 << 29)):
            for make in (Server, Publisher):
                with pytest.raises(TransportError, match="no thread more may be started.*ulimit -u"):
                    make({}) if make is Server else make()
            with pytest.raises(TransportError, match="no thread more may be started"):
                Client("tcp://127.0.0.1:1")
            with pytest.raises(TransportError, match="a server of 3 threads cannot be made"):
                Crew(3, refuses, bool, 1)
            descriptor = make_output()
            keep_short(descriptor.fileno())  # nobody looks after it
            descriptor.close()
    finally:
        threading.stack_size(before)
    with Server({}) as server:
        assert server.address


def test_what_is_in_main_is_told_to_be_named_by_its_file():
    with pytest.raises(LoadError, match="__main__ of its own: name the file, file.py:Here"):
        load("__main__:Here")


def test_what_a_signals_handler_raises_while_a_worker_is_started_is_raised():
    class Interrupted:
        """A path that is asked for while the process is started."""

        def __fspath__(self) -> str:
            signal.raise_signal(signal.SIGALRM)
            return sys.executable

    def late(number: int, frame: object) -> None:
        raise TimeoutError("it takes too long")

    before = signal.signal(signal.SIGALRM, late)
    try:
        with Worker(COUNTER, python=Interrupted()) as worker, pytest.raises(TimeoutError, match="too long"):
            worker.call("echo", 2)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_file_is_found_whatever_bytes_are_in_its_name(tmp_path):
    folder = tmp_path / os.fsdecode(b"a \xff'\"")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("names are UTF-8 here")
    (folder / "odd_part.py").write_text("def double(number):\n    return 2 * number\n")
    assert load(f"{folder}/odd_part.py:double")(4) == 8
    assert not is_being_loaded(f"{folder}/odd_part.py:double", b"")
