"""Worker processes: started so that they end with this one, and ended so that nothing is left behind."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import weakref
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Dict, Iterator, List, Mapping, Optional, Sequence

import attrs

from droidlet_transport.errors import WorkerFailedToStart
from droidlet_transport.links import Link
from droidlet_transport.loading import LOADING
from droidlet_transport.memories import make_memory
from droidlet_transport.output import make_output, tail
from droidlet_transport.streams import wait_in_slices
from droidlet_transport.working import TERMINATED

_LIKELY = {
    errno.EMFILE: "close workers that are not needed, or allow more (ulimit -n)",
    errno.EAGAIN: "too many processes run, or too few may (ulimit -u)",
    errno.ENOMEM: "there is no memory left, or too little may be used (ulimit -v)",
}
GRACE_S = 2.0  # from being asked to end to being told to
LAST_S = 0.5  # the same, where nobody closed it
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_CODE = "from droidlet_transport.working import main; main()"
# Python puts the folder that it is started in before everything: files there must not take the place of its library's
_LIKE_THIS = """
import sys
if sys.path[0] == "": del sys.path[0]
"""
_LENDING = """
import sys
if sys.path[0] == "": sys.path.append(sys.path.pop(0))
from importlib.machinery import PathFinder
LENT = {lent!r}
class Lent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return PathFinder.find_spec(name, [LENT[name]]) if name in LENT else None
sys.meta_path.insert(0, Lent)
"""


def runs(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has not ended. Unlike `poll` it takes no lock, which an interruption could leave locked for ever."""
    if process.returncode is not None:
        return False
    if sys.platform == "linux":
        with suppress(ChildProcessError):  # somebody has waited for it
            return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    return process.poll() is None


@attrs.define(eq=False)
class Process:
    """One incarnation of a worker."""

    process: subprocess.Popen[bytes]
    link: Link
    lifeline: int  # our end; the worker goes when it closes
    errors: IO[bytes]
    told: bool = False  # whether its options were sent
    owes: Optional[int] = None  # the number of the last request whose answer was not read

    def alive(self) -> bool:
        """Whether it runs, and can be asked."""
        return not self.link.broken and runs(self.process)

    def ended_itself(self) -> bool:
        """Whether it has ended, and no signal did that."""
        return (self.process.poll() or 0) >= 0 and self.process.returncode not in (None, TERMINATED)

    def end(self, grace_s: float, stopped_s: float) -> None:
        """Ends it: by closing, after `grace_s` by SIGTERM, after `stopped_s` by SIGKILL; waits for it, so that none is
        left behind. In a fork of its parent it does nothing.
        """
        if self.lifeline < 0:
            return
        _running.discard(self)
        self.link.close()
        for wait_s, stop in ((grace_s, self.process.terminate), (stopped_s, self.process.kill)):
            try:
                self.process.wait(wait_s)
                break
            except subprocess.TimeoutExpired:
                stop()
        self.process.wait()
        self.leave()

    def leave(self) -> None:
        """Closes all that this process has of it: in a fork of its parent, so that it still ends with its parent."""
        lifeline, self.lifeline = self.lifeline, -1
        self.link.close()
        os.close(lifeline)
        self.errors.close()

    def tail(self) -> str:
        """The end of what it wrote to standard error."""
        with suppress(OSError, ValueError):
            return tail(self.errors.fileno()).decode(errors="replace").strip()
        return ""

    def death(self) -> str:
        """How it ended, in words."""
        if self.link.broken and self.process.poll() is None:
            return "was given up, since a call was interrupted in the middle of a message,"
        try:
            code = self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            return "closed its socket"
        code = -signal.SIGTERM if code == TERMINATED else code
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit status {code}"


_running: weakref.WeakSet[Process] = weakref.WeakSet()


def _leave_all() -> None:
    for process in tuple(_running):
        process.leave()
    _running.clear()


os.register_at_fork(after_in_child=_leave_all)


def start(
    python: str,
    arguments: Sequence[str],
    lent: Optional[Mapping[str, str]],
    also: Sequence[int],
    env: Mapping[str, str],
) -> Process:
    """A worker that serves what the arguments name (see `working.main`). Raises WorkerFailedToStart.

    With `lent`, packages are found in the folder given for each, and nothing else of this Python's is there. The
    descriptors in `also` are inherited too, and `env` goes before the environment's own variables. The options of what
    it makes are the first message that it waits for.
    """
    code = (_LIKE_THIS if lent is None else _LENDING.format(lent=dict(lent))) + _CODE
    flags = ("-P",) if python == sys.executable and sys.version_info >= (3, 11) else ()
    with above_standard(), ExitStack() as undo:
        try:
            ours, theirs = map(undo.enter_context, socket.socketpair())
            read_end, write_end = (_closed_by(undo, end) for end in os.pipe())
            to_worker, from_worker = (_closed_by(undo, make_memory()) for _ in range(2))
            errors = undo.enter_context(make_output())
            inherited = (theirs.fileno(), read_end, to_worker, from_worker)
            process = subprocess.Popen(
                [python, *flags, "-c", code, *map(str, inherited), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env={**_environment(lent is not None), **env},
                pass_fds=(*inherited, *also),
                start_new_session=True,
            )
            undo.callback(process.wait)
            undo.callback(process.kill)
            wait_in_slices(ours)
            link = Link(ours, to_worker, from_worker)
        except OSError as error:
            raise not_started(python, error) from None
        undo.pop_all()
    theirs.close()
    os.close(read_end)
    link.incoming.alive = lambda: runs(process)
    made = Process(process, link, write_end, errors)
    _running.add(made)
    return made


def _closed_by(undo: ExitStack, descriptor: int) -> int:
    undo.callback(os.close, descriptor)
    return descriptor


def not_started(what: str, error: OSError) -> Exception:
    """What is raised where the system does not give what a worker needs."""
    if error.errno is None:  # no error of the system: TimeoutError, say, of a signal's handler
        return error
    likely = f"; {_LIKELY[error.errno]}" if error.errno in _LIKELY else ""
    return WorkerFailedToStart(f"{what} cannot be started: {error.strerror}{likely}")


@contextmanager
def above_standard() -> Iterator[None]:
    """What is opened within it has none of the numbers of the standard streams, which a worker has of its own, where
    this process has closed them.
    """
    taken: List[int] = []
    try:
        with suppress(OSError):  # what follows needs more of them, and says so
            while not taken or taken[-1] <= 2:
                taken.append(os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC))
        yield
    finally:
        for descriptor in taken:
            os.close(descriptor)


def shown(tail: str) -> str:
    """The end of a worker's standard error, as the end of a message."""
    return f"; the end of its standard error:\n{tail}" if tail else ""


def _environment(other: bool) -> Dict[str, str]:
    """This process's, with this one's path unless the packages are lent, numeric libraries at one thread."""
    made = {LOADING: "", **os.environ, **dict.fromkeys(_THREADS, "1")}
    if other:
        made.pop("PYTHONPATH", None)
    else:
        made["PYTHONPATH"] = os.pathsep.join(_folders())
    return made


def _folders() -> List[str]:
    """This process's path; of what is no text nothing is imported."""
    found = [entry for entry in sys.path if isinstance(entry, str)]
    if "" in found:
        with suppress(FileNotFoundError):  # the folder that this process is in is gone
            here = os.getcwd()
            return [entry or here for entry in found]
    return [entry for entry in found if entry]
