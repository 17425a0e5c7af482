"""Starting a worker until it is ready: what something else has ended is started again, what ends itself is told."""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING

from droidlet_transport import streams
from droidlet_transport.asking import STOPPED_S, ask
from droidlet_transport.envelope import Request
from droidlet_transport.errors import WorkerFailedToStart
from droidlet_transport.replies import result_of
from droidlet_transport.serving import DESCRIBE
from droidlet_transport.spawning import Process, shown

if TYPE_CHECKING:
    from droidlet_transport.workers import Worker

MOST_STARTS = 30  # in a row, none of which became ready
MOST_CRASHES = 3  # the same, where the last one ended by a signal of its own making
CRASHES = tuple(
    -number for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
)
NEEDED = ("numpy", "attr", "attrs", "msgspec")
PATIENCES = 3  # in all; each is `start_s`, the time that one of them may take
_monotonic = time.monotonic


def ready(worker: Worker) -> Process:
    """The process that runs once it has said what it serves.

    One that a signal ends before that, or that says nothing for `start_s`, is started again: it was asked nothing yet.
    One that ends itself would do so again. Raises WorkerFailedToStart.
    """
    begun, starts = _monotonic(), 0
    while starts < MOST_STARTS:
        starts += 1
        running = worker._begun()
        if running is worker._ready:
            return running
        try:
            describe = Request(worker._client, 0, DESCRIBE, ())
            _, served = ask(worker, running, describe, _monotonic() + worker.start_s, result_of)
        except (streams.Ended, streams.Hung) as error:
            hung = isinstance(error, streams.Hung)
            how = f"was not ready after {worker.start_s:g} s" if hung else running.death()
            own, code = not hung and running.ended_itself(), running.process.returncode
            tail = running.tail()
            worker._end(0.0, STOPPED_S)
        else:
            worker._served, worker._ready = served, running
            return running
        late = _monotonic() - begun >= PATIENCES * worker.start_s
        crashed = code in CRASHES and starts >= MOST_CRASHES
        if own or crashed or late or worker._inherit:  # whose descriptors its maker may have closed
            break
    times = f", {starts} times in a row" if starts > 1 else ""
    raise WorkerFailedToStart(
        f"the worker of {worker.factory} {how}{times}{shown(tail)}{_likely(worker.python, tail)}"
    )


def _likely(python: str, tail: str) -> str:
    """What another interpreter lacks, if that is why; "" where it is something else."""
    if python == sys.executable:
        return ""
    last = tail.rstrip().rpartition("\n")[2]
    if last.startswith("ModuleNotFoundError") and last.endswith(tuple(f"'{name}'" for name in NEEDED)):
        return f"\nlikely {python} lacks what every worker needs: {python} -m pip install numpy attrs msgspec"
    if "operand type(s) for |" in last or last == "ImportError: No module named machinery":
        return f"\nlikely {python} is too old for it: a worker needs Python 3.9, and most parts 3.11"
    return ""


__all__ = ["ready"]
