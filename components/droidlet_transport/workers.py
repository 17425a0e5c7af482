"""A worker process and calls to it: started when first needed, started again and asked again when it dies."""

from __future__ import annotations

import functools
import math
import os
import sys
import threading
import time
import uuid
import weakref
from collections import deque
from contextlib import contextmanager, suppress
from typing import Any, Deque, Iterator, Mapping, Optional, Sequence, Tuple

from msgspec.structs import replace

from droidlet_transport import streams
from droidlet_transport.asking import STOPPED_S, insist
from droidlet_transport.envelope import Request
from droidlet_transport.errors import (
    Closed,
    DeadlineExceeded,
    TransportError,
    WorkerCrashed,
    WorkerFailedToStart,
)
from droidlet_transport.loading import is_being_loaded
from droidlet_transport.naming import Names, plain_request
from droidlet_transport.owning import own
from droidlet_transport.parts import DEADLINE_S
from droidlet_transport.promises import Promise, add, settle
from droidlet_transport.replies import result_of
from droidlet_transport.spawning import GRACE_S, LAST_S, Process, start
from droidlet_transport.starting import ready
from droidlet_transport.turns import Quick
from droidlet_transport.values import frames_of

START_S = 60.0  # for loading what is served
_monotonic = time.monotonic
_this_thread = threading.get_ident


class Worker:
    """A process that serves one part; calls look like calls of the part.

    `factory` is "module:name" or "file.py:name", called there with `options`; nothing of it is imported here.
    `lent` are the packages, by name with the folder that holds each, that an interpreter of other packages is
    lent; None: it is of the same kind as this one, and searches this one's path. `effects` says that calls must
    not be carried out twice. `inherit` are descriptors that it has under the same numbers. Where it has a state that
    dies with it, `again=False` says that no other is started when it is dead: calls then raise WorkerCrashed. `env` are
    variables of its environment, beside this process's own. Calls of several threads take turns, each waiting for
    no longer than its deadline, which then counts anew. Use it from the process that made it.
    """

    def __init__(
        self,
        factory: str,
        options: Optional[Mapping[str, Any]] = None,
        *,
        python: str = sys.executable,
        lent: Optional[Mapping[str, str]] = None,
        effects: bool = False,
        start_s: float = START_S,
        inherit: Sequence[int] = (),
        again: bool = True,
        env: Optional[Mapping[str, str]] = None,
    ) -> None:
        if not isinstance(factory, str):
            raise TypeError(
                f"factory is {factory!r}: a worker finds it by name, so write module:name (a lambda has none)"
            )
        self.factory, self.python, self.effects, self.start_s = factory, python, effects, start_s
        self._lent = None if lent is None else dict(lent)
        self._inherit, self._again = tuple(inherit), again
        self._env = dict(env or {})
        self._options = tuple(map(bytes, frames_of(dict(options or {}), "options", factory)))
        self._pid = os.getpid()
        self._turn = Quick()  # of one call; the other threads' wait
        self._client = uuid.uuid4().bytes
        self._number = 0
        self._names = Names()
        self._running: Optional[Process] = None
        self._ready: Optional[Process] = None  # the one that has said what it serves
        self._served: Mapping[str, str] = {}
        self.waiting: Deque[Promise] = deque()  # the first one is under way
        self._closed = False
        self.restarts = 0
        self._cleaner: Any = None

    def call(
        self,
        name: str,
        *arguments: Any,
        deadline_s: Optional[float] = DEADLINE_S,
        keywords: Optional[Mapping[str, Any]] = None,
    ) -> Any:
        """What the function of that name returns there; what it raises, raised here. `keywords` are arguments by name.

        A pure call whose worker dies or misses the deadline is sent to a new worker, at most 3 times. Raises
        WorkerCrashed, DeadlineExceeded, OutcomeUnknown (an effect whose worker died), WorkerFailedToStart, NotServed,
        CannotTravel, Closed.
        """
        self._check_use()
        turn = self._turn
        if turn.queued or not turn.lock.acquire(False):
            self._take_turn(deadline_s)
        try:
            turn.owner = _this_thread()
            pure = self._served.get(name) == "pure"
            if keywords:
                arguments = (*arguments, *keywords.values())
            request = self._request(name, arguments, pure)
            if keywords:
                request = replace(request, keywords=tuple(keywords))
            if self.waiting:
                settle(self)
            reply, result = insist(
                self, request, deadline_s, functools.partial(result_of, arguments=arguments)
            )
            if pure and arguments:  # what depends on nothing is no state that goes round
                self._names.answered(request, result if reply.kind == "values" else (result,), reply.values)
            return result
        finally:
            turn.owner = None
            turn.lock.release()

    def _take_turn(self, deadline_s: Optional[float]) -> None:
        """Waits until no other thread calls. Raises DeadlineExceeded, TransportError within a call of this thread."""
        if self._turn.is_mine:
            raise TransportError(
                f"the worker of {self.factory} is called within a call of its own, by a signal handler or a finalizer"
            )
        if not self._turn.wait(math.inf if deadline_s is None else _monotonic() + deadline_s):
            raise DeadlineExceeded(
                f"another thread used the worker of {self.factory} for {deadline_s} s: make one for each thread"
            )

    @contextmanager
    def _alone(self, deadline_s: Optional[float] = DEADLINE_S) -> Iterator[None]:
        """Within it no other thread calls. Raises as `_take_turn` does."""
        turn = self._turn
        if turn.queued or not turn.lock.acquire(False):
            self._take_turn(deadline_s)
        try:
            turn.owner = _this_thread()
            yield
        finally:
            turn.owner = None
            turn.lock.release()

    def start(self, name: str, *arguments: Any, deadline_s: Optional[float] = DEADLINE_S) -> Promise:
        """Asks without waiting for the answer; `result()` of what it returns waits, and raises as `call` does.

        Calls are carried out in the order of asking, with the arguments as they are now; their answers may be asked for
        in any.
        """
        self._check_use()
        with self._alone(deadline_s):
            request = self._request(name, arguments, self._served.get(name) == "pure")
            values = tuple([own(frames) for frames in request.values])  # as they are now, whenever they go
            request = replace(request, values=values)
            until = None if deadline_s is None else _monotonic() + deadline_s
            return add(self, Promise(self, request, deadline_s, until))

    def begin(self) -> None:
        """Starts the process without waiting until it is ready; the first call waits. Raises WorkerFailedToStart."""
        self._check_use()
        with self._alone():
            self._begun()

    def _request(self, name: str, arguments: Tuple[Any, ...], named: bool = False) -> Request:
        self._number += 1
        make = self._names.request if named else plain_request
        return make(self._client, self._number, name, arguments)

    def served(self) -> Mapping[str, str]:
        """What the worker serves, "pure" or "effect" by name; starts it if need be."""
        self._check_use()
        if not self._served:
            with self._alone():
                self._process()
        return self._served

    @property
    def pid(self) -> Optional[int]:
        """The process id of the worker that runs now, None where there is none."""
        return self._running.process.pid if self._running else None

    def close(self, grace_s: float = GRACE_S) -> None:
        """Ends the worker and waits for it, killing it after twice `grace_s`; closing again does nothing.

        Another thread's call that lasts longer than `grace_s` ends with the worker.
        """
        self._closed = True
        if os.getpid() != self._pid:
            return
        mine = self._turn.is_mine  # in a signal handler
        held = not mine and self._turn.wait(_monotonic() + grace_s)
        running = self._running
        if not held and running is not None:
            running.process.kill()
            held = not mine and self._turn.wait(_monotonic() + GRACE_S)
        try:
            if held:
                self._turn.owner = _this_thread()
            self._end(grace_s, grace_s)
        finally:
            if held:
                self._turn.give()

    def __enter__(self) -> Worker:
        """Itself; started when first called."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()

    def _check_use(self) -> None:
        if self._closed:
            raise Closed(f"the worker of {self.factory} was closed")
        if os.getpid() != self._pid:
            raise Closed(
                f"the worker of {self.factory} belongs to process {self._pid}; make one in this process"
            )

    def _begun(self) -> Process:
        """The worker that runs, started if there is none, perhaps not ready yet. Raises WorkerFailedToStart."""
        if self._running is not None and self._running.told and self._running.alive():
            return self._running
        gone = self._ready.death() if self._ready is not None and not self._again else None
        if self._running is not None and (
            self._running is self._ready or self._running.link.broken or not self._running.told
        ):
            self._end(0.0, STOPPED_S)
        if gone is not None:
            raise WorkerCrashed(
                f"the worker of {self.factory} {gone} before this call, and its state with it"
            )
        if self._running is None:
            self._check_end()
            kind = "effects" if self.effects else "pure"
            arguments = [self.factory, kind]
            if self._closed:  # by another thread, while this one waited
                raise Closed(f"the worker of {self.factory} was closed")
            self._names.forget()
            self._running = running = start(self.python, arguments, self._lent, self._inherit, self._env)
            self.restarts += self._served != {}
            self._cleaner = weakref.finalize(self, running.end, LAST_S, LAST_S)
            with suppress(streams.Ended, streams.Hung):  # whoever waits for it finds that
                running.link.send(self._options, _monotonic() + self.start_s)
            running.told = True
        return self._running

    def _check_end(self) -> None:
        """Whether starting one comes to an end. Raises WorkerFailedToStart."""
        if is_being_loaded(self.factory, self._options[0]):
            raise WorkerFailedToStart(
                f"the worker of {self.factory} would be started by what it loads itself, and so on without end: "
                'put what starts workers below if __name__ == "__main__":'
            )

    def _process(self, name: str = "") -> Process:
        """The worker that runs and is ready; for a pure function it may have died, which asking it finds as well.

        Raises WorkerFailedToStart.
        """
        running = self._running
        if running is None or running.link.broken or self._served.get(name) != "pure":
            running = self._begun()
        if running is self._ready:
            return running
        return ready(self)

    def _end(self, grace_s: float, stopped_s: float) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            self._cleaner.detach()
            running.end(grace_s, stopped_s)
