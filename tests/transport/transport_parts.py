"""Parts that tests serve from other processes."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import attrs
import numpy as np

from droidlet_schema import FrozenMap, Key, array, record
from droidlet_transport.lending import Lender


def living(kind: type) -> int:
    """How many of a class there are; isinstance would ask weak proxies whose object has gone."""
    gc.collect()
    return sum(type(one) is kind for one in gc.get_objects())


def goes_on(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        told = stat.read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return False
        told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=-1, text=True).stdout.strip()
    return told[:1] not in ("", "Z")


@record
class Counted:
    total: int
    picture: np.ndarray = array("H W", np.uint8)


@record
class Move:
    """By name one of droidlet_schema's, too; by its fields another."""

    by_m: tuple[float, float]


@record
class Summed:
    total: int
    picture: np.ndarray = array("N", np.uint8)

    def __attrs_post_init__(self) -> None:
        if int(self.picture.sum()) != self.total:
            raise ValueError(f"the picture has {int(self.picture.sum())}, not {self.total}")


class Strange(Exception):
    """An error with parameters of its own."""

    def __init__(self, part: type, code: int) -> None:
        self.code = code
        super().__init__(f"{part.__name__} failed with {code}")


@attrs.frozen
class Counter:
    """Adds; and does whatever else a part may do to its process."""

    start: int = 0

    def initial(self, key: Key) -> Counted:
        return Counted(self.start, np.zeros((2, 3), np.uint8))

    def __call__(self, amount: int, state: Counted) -> tuple[int, Counted]:
        return state.total + amount, Counted(state.total + amount, state.picture + np.uint8(1))

    def widen(self, state: Counted) -> tuple[int, Counted]:
        """Adds one, and columns enough to be worth a name."""
        total = state.total + 1
        return total, Counted(total, np.zeros((2, 3000 * total), np.uint8))

    def echo(self, value: object) -> object:
        return value

    def stride(self) -> Move:
        return Move((1.0, 2.0))

    def moved(self, move: Move) -> Move:
        return Move((move.by_m[1], move.by_m[0]))

    def slow_echo(self, seconds: float, value: object) -> object:
        time.sleep(seconds)
        return value

    def where(self) -> int:
        return os.getpid()

    def table(self, actions: dict[str, tuple[int, ...]]) -> FrozenMap[str, int]:
        return FrozenMap({name: sum(numbers) for name, numbers in actions.items()})

    def fail(self, text: str) -> None:
        raise ValueError(text)

    def fail_strangely(self) -> None:
        raise Strange(Counter, 7)

    def picture(self, number: int, length: int) -> np.ndarray:
        return np.full(length, number, np.uint8)

    def summed(self, number: int, length: int) -> Summed:
        return Summed(number * length, self.picture(number, length))

    def fail_with_picture(self, number: int, length: int) -> None:
        error = ValueError("a picture")
        error.picture = self.picture(number, length)  # type: ignore[attr-defined]
        raise error

    def die_while_copying(self, mark: str, length: int) -> np.ndarray:
        """At the first call, dies when its answer has been announced, and its array has not been copied."""
        if not os.path.exists(mark):
            open(mark, "w").close()
            Lender.fill = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
        return self.picture(1, length)

    def copy_slowly(self, seconds: float) -> None:
        """From now on copying an array into a block takes so long."""
        fill = Lender.fill

        def slowly(self: Lender, offset: int, data: memoryview) -> None:
            time.sleep(seconds)
            fill(self, offset, data)

        Lender.fill = slowly

    def chatter(self, size: int) -> None:
        """Writes so many bytes to standard error, and goes on without a word."""
        sys.stderr.write("x" * size)
        sys.stderr.write("that was all")
        sys.stderr.flush()
        time.sleep(60)

    def write_errors_to(self, path: str, size: int) -> None:
        """Has its standard error in a file of its own."""
        with open(path, "wb") as file:
            os.dup2(file.fileno(), 2)
        os.write(2, b"x" * size)

    def lazy(self) -> list[int]:
        return [1, 2]

    def handle(self) -> object:
        return sys.stdout

    def die(self, number: int) -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)

    def die_once(self, mark: str) -> str:
        """Dies at the first call, which leaves a mark."""
        if not os.path.exists(mark):
            open(mark, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    def hang_once(self, mark: str) -> str:
        if not os.path.exists(mark):
            open(mark, "w").close()
            time.sleep(60)
        return "done"

    def append(self, path: str) -> int:
        """An effect: one more line in a file."""
        with open(path, "a") as file:
            file.write("x\n")
        return os.path.getsize(path)

    def append_and_die(self, path: str) -> None:
        self.append(path)
        os.kill(os.getpid(), signal.SIGKILL)

    def die_as_a_parent(self) -> None:
        """Dies, and leaves behind a child that keeps open what it had open."""
        if ctypes.CDLL(None).fork() == 0:  # of which Python knows nothing
            time.sleep(20)
            os._exit(0)
        os.kill(os.getpid(), signal.SIGKILL)

    def split(self) -> int:
        """Forks, and both come back."""
        return os.fork()

    def cancel(self) -> None:
        raise asyncio.CancelledError("given up")

    def hold(self, seconds: int) -> None:
        """Sleeps in native code without giving the interpreter free."""
        ctypes.PyDLL(None).sleep(seconds)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait_for(self, mark: str) -> None:
        """Until there is such a file."""
        while not os.path.exists(mark):
            time.sleep(0.005)


class Door:
    """Opens and closes; how many are open is known."""

    open = 0

    def __init__(self) -> None:
        Door.open += 1

    def knock(self) -> str:
        return "who is there"

    def close(self) -> None:
        Door.open -= 1


def breaks() -> object:
    raise RuntimeError("the lens is missing")


def finds_nobody() -> object:
    raise ConnectionRefusedError(111, "Connection refused")


def refuses() -> Counter:
    sys.stderr.write("the weights are missing\n")
    raise FileNotFoundError("weights.npz")


def add(a: int, b: int) -> int:
    return a + b


def adder():
    return add


def troubled(folder: str, how: int) -> Counter:
    """A part whose start ends by this signal, once for each mark that is left in the folder; each start is logged."""
    with open(os.path.join(folder, "starts"), "a") as file:
        file.write("x")
    for mark in sorted(os.listdir(folder)):
        if mark.startswith("mark"):
            os.unlink(os.path.join(folder, mark))
            os.kill(os.getpid(), how)
            time.sleep(60)
    return Counter()


def quits(folder: str, status: int) -> Counter:
    """A part whose start ends by itself."""
    with open(os.path.join(folder, "starts"), "a") as file:
        file.write("x")
    os._exit(status)


class Messy:
    """Has a folder of its own for as long as it lives."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="droidlet-test-")

    def folder(self) -> str:
        return self._folder.name

    def where(self) -> int:
        return os.getpid()

    def dawdle(self) -> None:
        time.sleep(60)


def nesting():
    """Asks a worker of its own, which lives as long as it is asked."""
    from droidlet_transport.workers import Worker

    with Worker("transport.transport_parts:Counter") as first:  # while it is made itself
        first.call("where")

    def ask(factory: str) -> tuple[int, int]:
        with Worker(factory) as worker:
            return worker.call("where"), os.getpid()

    return ask


def named_memory() -> set[str]:
    """Shared memory that has a name; folders are of other tests."""
    folder = Path("/dev/shm")
    return {path.name for path in folder.iterdir() if not path.is_dir()} if folder.is_dir() else set()


def no_more_than(before: set[str]) -> bool:
    """Whether no more of it has stayed; that of tests that run meanwhile goes again."""
    end = time.monotonic() + 10
    while not named_memory() <= before and time.monotonic() < end:
        time.sleep(0.05)
    return named_memory() <= before
