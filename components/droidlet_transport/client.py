"""Calls to a service at an address, each with a deadline; repeated where that does no harm."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Mapping, Optional, Tuple

import zmq

from droidlet_transport import connecting
from droidlet_transport.call import Call, Keywords, saying_nothing
from droidlet_transport.calls import MOST_PENDING
from droidlet_transport.connecting import DEADLINE_S, FOREVER_S, Connection, end_of
from droidlet_transport.curve import Keys
from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.serving import ABOUT, DESCRIBE
from droidlet_transport.streams import SLICE_S
from droidlet_transport.turns import Turn

_monotonic = time.monotonic


class Pending(Call):
    """The answer to one call of a client, whenever it comes; calling it is `result()`."""

    __slots__ = ("_client",)
    _client: Client

    def done(self) -> bool:
        """Whether the call has ended; never waits for it."""
        if not self.settled:
            self._client._glance()
        return self.settled

    def result(self) -> Any:
        """What the function returned; what it raised is raised.

        Raises DeadlineExceeded, OutcomeUnknown, WorkerCrashed, Closed.
        """
        if not self.settled:
            self._client._finish(self)
        return self.outcome()

    __call__ = result


class Client:
    """Calls functions of a Server. Use it from the process that made it; of several threads one at a time is served,
    and the others wait for their turn, as long as their deadlines allow: make one for each thread that is to call at
    the same time.

    A server that dies and comes back at its address is asked again, as long as the deadline allows, for what is pure.
    An effect is asked for again only of the same server after its connection was cut, for it gives its first answer
    again; of another one nobody would know whether it happened. With `stays` it asks effects only of the server that
    it met first, since a state is gone with its server.

    A pure call that was under way when four servers in a row ended is WorkerCrashed. A server that was never there is
    waited for 5 s, 10 s where somebody listens, one that was is waited for until the deadline.

    Raises NotAllowed, TransportError.
    """

    def __init__(
        self,
        address: str,
        *,
        deadline_s: float = DEADLINE_S,
        keys: Optional[Keys] = None,
        stays: bool = False,
    ) -> None:
        self.address, self.deadline_s = address, deadline_s
        self._turn = Turn()
        self._connection = Connection(address, keys, Pending)
        self._calls, self._socket = self._connection.calls, self._connection.socket
        self._calls.stays = stays
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._connection.monitor, zmq.POLLIN)

    def call(
        self, name: str, *arguments: Any, deadline_s: Optional[float] = None, keywords: Keywords = None
    ) -> Any:
        """What the function of that name returns there; what it raises, raised here. `keywords` are arguments by name.

        Raises DeadlineExceeded, OutcomeUnknown (the server went away during an effect), WorkerCrashed (a pure call
        that no server survives; one that `stays` where the server is another one by now), NotServed, NotAllowed (keys
        that do not fit), CannotTravel, ProtocolError, Closed.
        """
        return self.start(name, *arguments, deadline_s=deadline_s, keywords=keywords).result()

    def start(
        self, name: str, *arguments: Any, deadline_s: Optional[float] = None, keywords: Keywords = None
    ) -> Pending:
        """Sends a call without waiting for the answer; waits where 500 calls are on their way.

        Raises as `call` does, but for what the function raises.
        """
        self._connection.check_use()
        until = end_of(self.deadline_s if deadline_s is None else deadline_s)
        self._take_turn(until)
        try:
            if self._connection.has_changed:
                self._look(0.0)
            if self._calls.served is None:
                self._meet(until)
            while len(self._calls.pending) >= MOST_PENDING and _monotonic() < until:
                self._look(until - _monotonic())
            if keywords:
                return self._start(name, (*arguments, *keywords.values()), until, tuple(keywords))
            return self._start(name, arguments, until)
        finally:
            self._turn.give()

    def _start(self, name: str, arguments: Any, until: float, keywords: Tuple[str, ...] = ()) -> Pending:
        call = self._calls.make(name, arguments, until, keywords)
        call._client = self
        self._send(call)
        return call

    def served(self) -> Mapping[str, str]:
        """What the server serves, "pure" or "effect" by name. Raises DeadlineExceeded, ProtocolError."""
        self._connection.check_use()
        until = end_of(self.deadline_s)
        self._take_turn(until)
        try:
            if self._calls.served is None:
                self._meet(until)
            return self._calls.served or {}
        finally:
            self._turn.give()

    def about(self) -> Mapping[str, Any]:
        """What the server says of itself: its name, its versions of the protocol, what it can; {} if it does not.

        Raises DeadlineExceeded, ProtocolError.
        """
        self.served()
        return self._calls.about

    def _meet(self, until: float) -> None:
        about, describe = [self._start(name, (), until) for name in (ABOUT, DESCRIBE)]
        served = describe.result()
        with saying_nothing():
            self._calls.meet(about.result())
        self._calls.learn(served)

    def there(self, wait_s: float = 0.0) -> bool:
        """Whether a server is connected, as far as is known; only the first is waited for, so long. Raises Closed."""
        until = _monotonic() + wait_s
        self._glance()
        while not self._connection.met and _monotonic() < until:
            with suppress(DeadlineExceeded):
                self._take_turn(until)
                try:
                    self._look(max(0.0, until - _monotonic()))
                finally:
                    self._turn.give()
        return self._connection.reached

    def hurry(self, deadline_s: float) -> None:
        """Calls that are on their way have this much time left, if not less. May be called from any thread."""
        until = _monotonic() + deadline_s
        for call in tuple(self._calls.pending.values()):
            call.until = min(call.until, until)

    def _send(self, call: Pending) -> None:
        if self._connection.send(call):
            return
        until = self._connection.connect_until(call.until)
        latest = until + connecting.CONNECT_S
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLOUT)
        poller.register(self._connection.monitor, zmq.POLLIN)
        try:
            while not self._connection.send(call):
                if self._connection.has_changed:
                    self._connection.notice()
                    self._connection.check_barred()
                    continue
                left = min(until, call.until) - _monotonic()
                if left <= 0 and until < latest and self._connection.half_way:
                    until = latest
                    continue
                if left <= 0:
                    raise self._connection.nobody()
                poller.poll(int(min(left, SLICE_S) * 1000) + 1)
                self._connection.check_use()
        except BaseException:
            self._calls.drop(call)
            raise

    def _take_turn(self, until: float) -> None:
        if not self._turn.take(until):
            raise DeadlineExceeded(
                f"another thread uses the client of {self.address}, and did so until now: make one for each thread"
            )

    def _glance(self) -> None:
        """Reads what is here, where no other thread does."""
        self._connection.check_use()
        if self._turn.take(0.0):
            try:
                self._look(0.0)
            finally:
                self._turn.give()

    def _finish(self, call: Pending) -> None:
        self._connection.check_use()
        try:
            self._take_turn(call.until)
        except DeadlineExceeded:
            if call.settled:  # the other thread has read it
                return
            raise
        try:
            while not call.settled:
                self._wait_for(call)
        finally:
            self._turn.give()

    def _wait_for(self, call: Pending) -> None:
        self._connection.check_use()
        left = call.until - _monotonic()
        if left <= 0:
            self._look(0.0)
            if not call.settled:
                self._calls.too_late(call)
        else:
            self._look(left, call)

    def _look(self, wait_s: float, call: Optional[Pending] = None) -> None:
        """Waits a moment for what comes, and reads it all, or until the call has its answer."""
        patience_s = self._connection.patience_s()
        if patience_s is not None:
            wait_s = min(wait_s, patience_s)
        wait_s = min(wait_s, SLICE_S)  # so that a signal that interrupts no wait is found soon
        ready = self._poller.poll(int(wait_s * 1000) + (wait_s > 0))
        if any(one is not self._socket for one, _ in ready):
            self._connection.notice()
        self._connection.read(call)
        self._connection.give_up()

    def close(self) -> None:
        """Ends the connection, and what other threads wait for; closing again does nothing."""
        if self._connection.leave():
            self._turn.take(FOREVER_S + _monotonic())  # whoever waits for an answer looks up soon
            try:
                self._connection.close()
            finally:
                self._turn.give()

    def __enter__(self) -> Client:
        """Itself; connected when first called."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


__all__ = ["DEADLINE_S", "Client", "Pending"]
