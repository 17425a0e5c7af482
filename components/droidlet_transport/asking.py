"""Asking a worker: once, or as many of them as it takes."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Any, Callable, Optional, Tuple

from droidlet_transport import streams
from droidlet_transport.envelope import Reply, Request, pack_request, read_reply
from droidlet_transport.errors import (
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    ProtocolError,
    WorkerCrashed,
)
from droidlet_transport.naming import in_full
from droidlet_transport.spawning import Process, shown
from droidlet_transport.values import digest

if TYPE_CHECKING:
    from droidlet_transport.promises import Promise
    from droidlet_transport.workers import Worker

MOST_TRIES = 3  # of a pure call
STOPPED_S = 0.5  # for a worker that is given up to put away what it made
Read = Callable[..., Any]  # of a reply and `settle`
_monotonic = time.monotonic


def insist(
    worker: Worker,
    request: Request,
    deadline_s: Optional[float],
    read: Read,
    promise: Optional[Promise] = None,
) -> Tuple[Reply, Any]:
    """The reply and what is read of it, from as many workers as it takes; for a promise the first of them may have
    been asked.
    """
    last = ""
    for _ in range(MOST_TRIES):
        asked = promise.sent_to if promise is not None else None
        running = asked or worker._process(request.name)
        known = worker._served
        if request.name not in known:
            raise NotServed(
                f"{worker.factory} does not serve {request.name!r}; it serves {', '.join(sorted(known))}"
            )
        until = None if deadline_s is None else _monotonic() + deadline_s
        if promise is not None:
            until, promise = promise.until, None
        try:
            if running is not worker._running:  # it died, and another call found that
                raise streams.Ended()
            return ask(worker, running, request, until, read, asked is not None)
        except streams.Ended:
            last = running.death()
            tail = running.tail()
            if running is worker._running:
                worker._end(0.0, STOPPED_S)
            if known[request.name] == "effect":
                raise OutcomeUnknown(
                    f"the worker of {worker.factory} {last} during {request.name}, an effect: whether it happened "
                    f"is not known{shown(tail)}"
                ) from None
            last += shown(tail)
        except streams.Hung:
            if known[request.name] == "effect":
                raise DeadlineExceeded(
                    f"{request.name} of {worker.factory}, an effect, did not answer within {deadline_s} s: whether "
                    "it happened is not known"
                ) from None
            last = f"did not answer within {deadline_s} s"
            worker._end(0.0, STOPPED_S)
    if last.startswith("did not"):
        raise DeadlineExceeded(f"{request.name} of {worker.factory} {last}, in {MOST_TRIES} workers")
    raise WorkerCrashed(
        f"{request.name} of {worker.factory} killed {MOST_TRIES} workers, the last one {last}\n"
        f"the request's digest is {digest(in_full(request).values)}"
    )


def ask(
    worker: Worker, running: Process, request: Request, until: Optional[float], read: Read, sent: bool = False
) -> Tuple[Reply, Any]:
    """The reply of this process, which may have been `sent` the request, and what is read of it.

    Raises Ended, Hung, and what `read` raises.
    """
    if not sent:
        if running.owes is not None:
            _drop(running, until)
        running.link.send(pack_request(request), until)
        running.owes = request.number
    elif running.owes != request.number:  # whoever read the answer was interrupted then
        running.link.broken = True
        raise streams.Ended()
    settle = functools.partial(running.link.settle, until)
    while True:
        reply = _read(running, until)
        if reply.number == request.number and reply.kind == "unknown":
            running.link.send(pack_request(worker._names.unknown(request)), until)
            running.owes = request.number
        elif reply.number == request.number:
            if reply.kind == "error":  # raised as it is read, so all of it must be there
                settle()
            result = read(reply, settle=settle)
            settle()
            return reply, result


def unanswered(worker: Worker, wait_s: float) -> bool:
    """Whether the answer to a call that was given up, if there is one, is still not there after these seconds."""
    running = worker._running
    if running is None or running.owes is None or worker.waiting:
        return False
    try:
        with worker._alone(wait_s):
            _drop(running, _monotonic() + wait_s)
    except streams.Hung:
        return True
    except streams.Ended:
        pass
    return False


def _drop(running: Process, until: Optional[float]) -> None:
    """Reads the answers to calls that were given up, so that neither side waits for the other to read."""
    while running.owes is not None:
        _read(running, until)


def _read(running: Process, until: Optional[float]) -> Reply:
    link = running.link
    try:
        reply = read_reply(link.receive(until, ahead=True))
        if reply.number == running.owes:
            running.owes = None
        return reply
    except ProtocolError:
        running.process.kill()  # what it says is not to be trusted any more
        running.process.wait()
        raise streams.Ended() from None
    except (streams.Ended, streams.Hung):
        raise
    except BaseException:  # an answer may be lost that is owed
        link.broken = link.broken or not link.incoming.waits
        raise
