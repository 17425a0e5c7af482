"""Calls to a worker whose answers are not waited for yet: in the order of asking, one under way at a time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Optional

from droidlet_transport import streams
from droidlet_transport.asking import insist
from droidlet_transport.envelope import Reply, Request, pack_request, read_reply
from droidlet_transport.errors import Closed, ProtocolError, TransportError, WorkerFailedToStart
from droidlet_transport.replies import result_of
from droidlet_transport.spawning import Process

if TYPE_CHECKING:
    from droidlet_transport.workers import Worker

_monotonic = time.monotonic


class Promise:
    """The answer to one call, whenever it comes; calling it is `result()`.

    The next call is sent when the answer before it was read, so neither side ever waits for the other to read.
    """

    def __init__(
        self, worker: Worker, request: Request, deadline_s: Optional[float], until: Optional[float]
    ) -> None:
        self._worker, self.request, self.deadline_s, self.until = worker, request, deadline_s, until
        self.sent_to: Optional[Process] = None  # the process that was asked
        self._reply: Optional[Reply] = None
        self._error: Optional[BaseException] = None

    def done(self) -> bool:
        """Whether nothing is to be waited for: the answer has come, or the worker that was asked has died, and `result`
        tells that, or asks another one; never waits.
        """
        turn = self._worker._turn
        if not turn.lock.acquire(blocking=False):
            return self._settled()  # as far as is known: another thread waits
        try:
            turn.owner = threading.get_ident()
            return self._look() or died(self._worker)
        finally:
            turn.give()

    def _look(self) -> bool:
        while self._worker.waiting and not self._settled():
            reply = _take(self._worker)
            if reply is None:
                break
            first = self._worker.waiting[0]
            if reply.number != first.request.number:  # it comes to a call that was given up
                continue
            if reply.kind == "unknown" and first.request.known:
                first.request = self._worker._names.unknown(first.request)
                _send(self._worker)
            else:
                first._reply = reply
                _next(self._worker)
        return self._settled()

    def result(self) -> Any:
        """What the function returned; what it raised is raised, and what the worker's own `call` raises."""
        with self._worker._alone(self.deadline_s):
            return self._result()

    def _result(self) -> Any:
        settle(self._worker, self)
        if self._reply is None:
            raise self._error or Closed(f"{self.request.name} was given up")
        request, reply = self.request, self._reply
        result = result_of(reply, request.arguments)
        if self._worker._served.get(request.name) == "pure" and request.arguments:
            self._worker._names.answered(
                request, result if reply.kind == "values" else (result,), reply.values
            )
        return result

    __call__ = result

    def _settled(self) -> bool:
        return self._reply is not None or self._error is not None


def died(worker: Worker) -> bool:
    """Whether its process was ready once, and is not there any more, or can be asked no more."""
    return worker._ready is not None and not worker._ready.alive()


def add(worker: Worker, promise: Promise) -> Promise:
    """Sends the call, or puts it behind those that are under way."""
    worker.waiting.append(promise)
    if len(worker.waiting) == 1:
        _send(worker)
    return promise


def settle(worker: Worker, promise: Optional[Promise] = None) -> None:
    """Waits until this call has ended, or all."""
    while worker.waiting and not (promise is not None and promise._settled()):
        first = worker.waiting[0]
        try:
            if not first._settled():  # else whoever waited was interrupted then
                first._reply, _ = insist(worker, first.request, first.deadline_s, _nothing, first)
        except Exception as error:
            first._error = error
        _next(worker)


def _nothing(reply: Reply, settle: Any) -> None:
    """What is read of a reply that waits for `result`: nothing yet."""


def _next(worker: Worker) -> None:
    worker.waiting.popleft()
    _send(worker)


def _send(worker: Worker) -> None:
    """Sends the first that waits; a failure is found when its answer is waited for.

    One whose process could not be started has ended with that: nobody starts it twice for one call.
    """
    while worker.waiting:
        promise = worker.waiting[0]
        try:
            before = _monotonic()
            running = worker._process()
            if promise.until is not None:  # starting a process is not the call's doing
                promise.until += _monotonic() - before
            if promise.request.name in worker._served:
                _ask(running, promise)
        except WorkerFailedToStart as error:
            promise._error = error
            worker.waiting.popleft()
            continue
        except (streams.Ended, streams.Hung, TransportError):
            pass
        return


def _ask(running: Process, promise: Promise) -> None:
    """Sends it. Whatever interrupts that, it counts as sent, and is never sent twice to the same process."""
    message = pack_request(promise.request)
    try:
        running.owes = promise.request.number
        promise.sent_to = running
        running.link.send(message, promise.until)
    except streams.Ended:
        raise
    except BaseException:
        running.link.broken = True
        raise


def _take(worker: Worker) -> Optional[Reply]:
    """A reply that is here; None where there is none yet, or none will come."""
    asked = worker.waiting[0].sent_to
    if asked is None or asked is not worker._running:
        return None
    try:
        if asked.link.readable():
            reply = read_reply(asked.link.receive(_monotonic()))
            if reply.number == asked.owes:
                asked.owes = None
            return reply
    except ProtocolError:
        asked.link.broken = True  # what it says is not to be trusted any more
    except (streams.Ended, streams.Hung):
        pass
    return None
