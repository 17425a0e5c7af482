"""Calls to a service at an address, each with a deadline; repeated where that does no harm."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import Any, List, Mapping, Optional

import zmq

from droidlet_transport.calls import MOST_PENDING, Call, Calls
from droidlet_transport.errors import Closed, DeadlineExceeded, NotServed, RemoteError
from droidlet_transport.serving import ABOUT, DESCRIBE
from droidlet_transport.sockets import (
    Keys,
    check_address,
    connect_again,
    connection,
    connections,
    receive_frames,
    send_frames,
    waits,
)

DEADLINE_S = 30.0
CONNECT_S = 5.0
CUT_S = 0.5  # after which an effect whose connection has not come back is given up
_monotonic = time.monotonic


class Pending(Call):
    """The answer to one call of a client, whenever it comes; calling it is `result()`."""

    __slots__ = ("_client",)
    _client: Client

    def done(self) -> bool:
        """Whether the call has ended; never waits for it."""
        if not self.settled:
            self._client._look(0.0)
        return self.settled

    def result(self) -> Any:
        """What the function returned; what it raised is raised. Raises DeadlineExceeded, OutcomeUnknown, Closed."""
        while not self.settled:
            self._client._wait_for(self)
        return self.outcome()

    __call__ = result


class Client:
    """Calls functions of a Server. Use it from the thread and process that made it.

    A server that dies and comes back at its address is asked again, as long as the deadline allows, for what is pure.
    An effect is asked for again only of the same server after its connection was cut, for it gives its first answer
    again; of another one nobody would know whether it happened.

    Raises NotAllowed.
    """

    def __init__(self, address: str, *, deadline_s: float = DEADLINE_S, keys: Optional[Keys] = None) -> None:
        check_address(address, keys)
        self.address, self.deadline_s = address, deadline_s
        self._pid = os.getpid()
        self._calls: Calls[Pending] = Calls(address, Pending)
        self._again: List[Pending] = []  # to be sent once more when there is a connection
        self._lose_at = 0.0
        self._closed = False
        self._context: Any = zmq.Context()
        self._socket, self._monitor = connection(self._context, address, keys)
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)

    def call(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> Any:
        """What the function of that name returns there; what it raises, raised here.

        Raises DeadlineExceeded, OutcomeUnknown (the server went away during an effect), NotServed, CannotTravel,
        ProtocolError, Closed.
        """
        return self.start(name, *arguments, deadline_s=deadline_s).result()

    def start(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> Pending:
        """Sends a call without waiting for the answer; waits where 500 calls are on their way.

        Raises as `call` does, but for what the function raises.
        """
        self._check_use()
        until = _monotonic() + (self.deadline_s if deadline_s is None else deadline_s)
        if waits(self._monitor):
            self._look(0.0)
        if self._calls.served is None:
            self._meet(until)
        while len(self._calls.pending) >= MOST_PENDING and _monotonic() < until:
            self._look(until - _monotonic())
        return self._start(name, arguments, until)

    def _start(self, name: str, arguments: Any, until: float) -> Pending:
        call = self._calls.make(name, arguments, until)
        call._client = self
        self._send(call)
        return call

    def served(self) -> Mapping[str, str]:
        """What the server serves, "pure" or "effect" by name. Raises DeadlineExceeded, ProtocolError."""
        self._check_use()
        if self._calls.served is None:
            self._meet(_monotonic() + self.deadline_s)
        return self._calls.served or {}

    def about(self) -> Mapping[str, Any]:
        """What the server says of itself: its name, its versions of the protocol, what it can; {} if it does not.

        Raises DeadlineExceeded, ProtocolError.
        """
        self.served()
        return self._calls.about

    def _meet(self, until: float) -> None:
        about, describe = [self._start(name, (), until) for name in (ABOUT, DESCRIBE)]
        served = describe.result()
        with suppress(NotServed, RemoteError):  # a server that says nothing of itself
            self._calls.meet(about.result())
        self._calls.served = served

    def _send(self, call: Pending) -> None:
        message = self._calls.message(call)
        while not send_frames(self._socket, message):
            left = min(call.until - _monotonic(), CONNECT_S)
            if left <= 0 or not self._socket.poll(int(left * 1000) + 1, zmq.POLLOUT):
                self._calls.drop(call)
                raise DeadlineExceeded(f"nobody answers at {self.address}: is the server running?")

    def _wait_for(self, call: Pending) -> None:
        self._check_use()
        left = call.until - _monotonic()
        if left <= 0:
            self._look(0.0)
            if not call.settled:
                self._calls.too_late(call)
        else:
            self._look(left, call)

    def _look(self, wait_s: float, call: Optional[Pending] = None) -> None:
        """Waits for what comes, and reads it all, or until the call has its answer."""
        if self._again:
            wait_s = min(wait_s, max(0.0, self._lose_at - _monotonic()))
        if self._monitor in dict(self._poller.poll(int(wait_s * 1000) + (wait_s > 0))):
            self._notice()
        while not (call is not None and call.settled):
            frames = receive_frames(self._socket)
            if frames is None:
                break
            self._calls.take(frames)
        if self._again and _monotonic() >= self._lose_at:
            self._calls.lose([one for one in self._again if one.effect and not one.settled])
            self._again = [one for one in self._again if not one.settled]
            self._lose_at = _monotonic() + CONNECT_S

    def _notice(self) -> None:
        """The connection has ended, or is there again."""
        connected = True
        for connected in connections(self._monitor):
            if not connected:
                if not self._again:  # what comes and goes is no connection
                    self._lose_at = _monotonic() + CUT_S
                self._again = self._calls.cut()
            else:
                self._again = [call for call in self._again if not self._sent_again(call)]
        if not connected:
            connect_again(self._socket, self.address)

    def _sent_again(self, call: Pending) -> bool:
        return call.settled or send_frames(self._socket, self._calls.message(call, again=True))

    def _check_use(self) -> None:
        if self._closed:
            raise Closed(f"the client of {self.address} was closed")
        if os.getpid() != self._pid:
            raise Closed(
                f"the client of {self.address} belongs to process {self._pid}; make one in this process"
            )

    def close(self) -> None:
        """Ends the connection; closing again does nothing."""
        if self._closed or os.getpid() != self._pid:
            return
        self._closed = True
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(0)
        self._context.term()

    def __enter__(self) -> Client:
        """Itself; connected when first called."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()
