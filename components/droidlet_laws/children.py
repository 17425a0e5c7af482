"""Persistent child processes that run the same trajectories under other hash seeds, threads and clocks."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import IO, Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import attrs
import msgspec

from droidlet_laws import wire
from droidlet_laws.laws import NotCheckable
from droidlet_laws.shapes import Arguments
from droidlet_schema import Key

_THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
_monotonic = time.monotonic


@attrs.frozen
class Setting:
    """What is different about a child; `memory` is the byte by which the C library fills new memory (glibc)."""

    hash_seed: str
    threads: int
    shift: bool
    memory: int = 0

    def __str__(self) -> str:
        """How the child is set, in words."""
        clock = ", shifted clock" if self.shift else ""
        return f"PYTHONHASHSEED={self.hash_seed}, {self.threads} BLAS thread{'s' * (self.threads > 1)}{clock}"


FILLED = 0x5A
PLAIN = Setting("0", 1, False)
USUAL = (PLAIN, Setting("1", 2, True), Setting("random", 1, False, FILLED))


class ChildFailed(Exception):
    """A child that could not load the component, died or hung; `what` says which."""


class Child:
    """One child process; the component is loaded in it once."""

    def __init__(self, setting: Setting, names: Sequence[str], timeout_s: float) -> None:
        self.setting, self.timeout_s = setting, timeout_s
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        start = "from droidlet_laws.child import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=_environment(setting),
            start_new_session=True,
        )
        self._send({"do": "load", "names": list(names), "path": _path(), "shift": setting.shift})
        self.loaded = False

    def wait_loaded(self) -> None:
        """Waits until the component is made. Raises ChildFailed."""
        if not self.loaded:
            self._receive("loading the component")
            self.loaded = True

    def start(self, items: bytes) -> None:
        """Sends a request made by `request`, without waiting for the answer."""
        self.wait_loaded()
        self._write(items)

    def answer(self, what: str) -> Dict[str, Any]:
        """The answer to the last request. Raises ChildFailed."""
        return self._receive(what)

    def _send(self, message: Dict[str, Any]) -> None:
        self._write(msgspec.msgpack.encode(message))

    def _write(self, data: bytes) -> None:
        stream = self.process.stdin
        try:
            if stream is not None:
                stream.write(struct.pack("<Q", len(data)) + data)
                stream.flush()
        except BrokenPipeError:
            pass  # it died; reading the answer says of what

    def _receive(self, what: str) -> Dict[str, Any]:
        until = _monotonic() + self.timeout_s
        head = self._read(8, until, what)
        reply: Dict[str, Any] = msgspec.msgpack.decode(self._read(struct.unpack("<Q", head)[0], until, what))
        if "error" in reply:
            raise ChildFailed(f"a child process ({self.setting}), {what}: {reply['error']}")
        return reply

    def _read(self, size: int, until: float, what: str) -> bytes:
        parts: List[bytes] = []
        stream = self.process.stdout
        while stream is not None and size:
            ready = select.select([stream], [], [], max(0.0, until - _monotonic()))[0]
            if not ready:
                raise ChildFailed(
                    f"a child process ({self.setting}) hung: {what} did not end within {self.timeout_s:g} s"
                )
            part = os.read(stream.fileno(), min(size, 1 << 20))
            if not part:
                raise ChildFailed(f"a child process ({self.setting}) died {what}: {self._death()}")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _death(self) -> str:
        code = self.process.wait()
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        self.errors.seek(0)
        last = self.errors.read()[-2000:].decode(errors="replace").strip().splitlines()
        return f"{how}" + (f", {last[-1]}" if last else "")

    def end(self) -> None:
        """Kills it and all that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()


def _environment(setting: Setting) -> Dict[str, str]:
    made = dict(os.environ)
    made.update({name: str(setting.threads) for name in _THREADS})
    made["PYTHONHASHSEED"] = setting.hash_seed
    if setting.memory:
        made["MALLOC_PERTURB_"] = str(setting.memory)
    made["PYTHONPATH"] = os.pathsep.join(_path())
    made["PYTHONDONTWRITEBYTECODE"] = "1"
    made["DROIDLET_LAWS_CHILD"] = (
        "1"  # a script that checks itself when imported must not start children without end
    )
    return made


def _path() -> List[str]:
    return [entry or os.getcwd() for entry in sys.path]


@contextmanager
def children(settings: Sequence[Setting], names: Sequence[str], timeout_s: float) -> Iterator[List[Child]]:
    """Starts children, all at once; they are killed at the end, whatever happens."""
    started: List[Child] = []
    try:
        for setting in settings:
            started.append(Child(setting, names, timeout_s))
        yield started
    finally:
        for child in started:
            child.end()


def request(items: Sequence[Any], key: Key, timeout_s: float, at: int = -1) -> bytes:
    """A request to run one trajectory. Raises wire.CannotTravel."""
    message = {
        "do": "run",
        "items": wire.pack([tuple(i) if type(i) is Arguments else i for i in items]),
        "marked": [type(i) is Arguments for i in items],
        "key": wire.pack(key),
        "timeout_s": timeout_s,
        "at": at,
    }
    return msgspec.msgpack.encode(message)


def run_all(
    started: Sequence[Child], requests: Sequence[bytes], tell: Callable[[str], None] = lambda text: None
) -> List[List[Tuple[str, ...]]]:
    """The digests per child and trajectory; the children work at the same time. Raises ChildFailed."""
    found: List[List[Tuple[str, ...]]] = [[] for _ in started]
    for number, data in enumerate(requests):
        tell(f"trajectory {number + 1} of {len(requests)} in other processes")
        for child in started:
            child.start(data)
        for child, digests in zip(started, found, strict=True):
            digests.append(tuple(child.answer(f"running trajectory {number + 1}")["digests"]))
    return found


def leaves(child: Child, items: Sequence[Any], key: Key, at: int, timeout_s: float) -> Dict[str, str]:
    """Everything that the outcome of one call says in a child. Raises ChildFailed."""
    child.start(request(items, key, timeout_s, at))
    answer: Dict[str, str] = child.answer("running a trajectory again")["leaves"]
    return answer


def refuse_inside_child() -> Optional[NotCheckable]:
    """Why no check can be made here, if this is a child of a check."""
    if os.environ.get("DROIDLET_LAWS_CHILD") != "1":
        return None
    return NotCheckable(
        'this is a child of a check: put the check under `if __name__ == "__main__":`, '
        "so that importing does not start it"
    )
