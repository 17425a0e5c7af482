"""Calls to a service at an address, each with a deadline; repeated where that does no harm."""

from __future__ import annotations

import os
import time
import uuid
from typing import Any, Dict, List, Mapping, Optional

import zmq

from droidlet_transport.envelope import Reply, Request, pack_request, read_reply
from droidlet_transport.errors import Closed, DeadlineExceeded, NotServed, OutcomeUnknown, ProtocolError
from droidlet_transport.replies import result_of
from droidlet_transport.serving import DESCRIBE
from droidlet_transport.sockets import Keys, check_address, guard_client, make_socket, memory
from droidlet_transport.values import frames_of

DEADLINE_S = 30.0
CONNECT_S = 5.0
_monotonic = time.monotonic


class Pending:
    """The answer to one request, which is on its way; `result` waits for it."""

    def __init__(self, client: Client, request: Request, until: float) -> None:
        self._client, self.request, self.until = client, request, until
        self._reply: Optional[Reply] = None

    def done(self) -> bool:
        """Whether the answer is here."""
        self._client._take(0.0)
        return self._reply is not None

    def result(self) -> Any:
        """What the function returned; what it raised is raised. Raises DeadlineExceeded, OutcomeUnknown, Closed."""
        while self._reply is None:
            self._client._wait_for(self)
        return result_of(self._reply)


class Client:
    """Calls functions of a Server. Use it from the thread and process that made it.

    A server that dies and comes back at its address is asked again, as long as the deadline allows: at once for what
    is pure; an effect only if it has not been sent, since nobody would know whether it happened.

    Raises NotAllowed.
    """

    def __init__(self, address: str, *, deadline_s: float = DEADLINE_S, keys: Optional[Keys] = None) -> None:
        check_address(address, keys)
        self.address, self.deadline_s = address, deadline_s
        self._pid = os.getpid()
        self._id = uuid.uuid4().bytes
        self._number = 0
        self._pending: Dict[int, Pending] = {}
        self._served: Optional[Mapping[str, str]] = None
        self._closed = False
        self._lost: List[int] = []
        self._context: Any = zmq.Context()
        self._socket: Any = make_socket(self._context, zmq.DEALER)
        self._socket.immediate = 1  # nothing is queued for a server that is not there
        if keys is not None:
            guard_client(self._socket, keys)
        self._monitor: Any = self._socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._socket.connect(address)

    def call(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> Any:
        """What the function of that name returns there; what it raises, raised here.

        Raises DeadlineExceeded, OutcomeUnknown (the server went away during an effect), NotServed, CannotTravel,
        ProtocolError, Closed.
        """
        return self.start(name, *arguments, deadline_s=deadline_s).result()

    def start(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> Pending:
        """Sends a call without waiting for the answer. Raises as `call` does, but for what the function raises."""
        self._check_use()
        until = _monotonic() + (self.deadline_s if deadline_s is None else deadline_s)
        if name != DESCRIBE and name not in self.served():
            raise NotServed(
                f"{self.address} does not serve {name!r}; it serves {', '.join(sorted(self.served()))}"
            )
        values = tuple(frames_of(one, f"argument {n} of {name}") for n, one in enumerate(arguments))
        self._number += 1
        left_ms = max(0, int((until - _monotonic()) * 1000))
        oldest = min(self._pending, default=self._number)
        request = Request(self._id, self._number, name, values, left_ms, oldest)
        pending = Pending(self, request, until)
        self._send(pending)
        self._pending[request.number] = pending
        return pending

    def served(self) -> Mapping[str, str]:
        """What the server serves, "pure" or "effect" by name; asked once. Raises DeadlineExceeded."""
        if self._served is None:
            self._served = self.start(DESCRIBE, deadline_s=min(self.deadline_s, CONNECT_S)).result()
        return self._served or {}

    def _send(self, pending: Pending) -> None:
        left = pending.until - _monotonic()
        if left <= 0 or not self._socket.poll(int(left * 1000) + 1, zmq.POLLOUT):
            raise DeadlineExceeded(f"nobody answers at {self.address}: is the server running?")
        self._socket.send_multipart(pack_request(pending.request), copy=False)

    def _wait_for(self, pending: Pending) -> None:
        self._check_use()
        left = pending.until - _monotonic()
        if left <= 0:
            self._pending.pop(pending.request.number, None)
            raise DeadlineExceeded(
                f"{pending.request.name} at {self.address} did not answer in time{self._unknown(pending)}"
            )
        self._take(left)
        if pending._reply is None and self._was_cut():
            self._cut()

    def _take(self, wait_s: float) -> None:
        """Reads what has come."""
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._monitor, zmq.POLLIN)
        poller.poll(int(wait_s * 1000) + (wait_s > 0))
        while self._socket.poll(0):
            frames = self._socket.recv_multipart(copy=False)
            try:
                reply = read_reply([memory(frame) for frame in frames])
            except ProtocolError:
                continue  # nobody waits for what cannot be read; the deadline tells
            pending = self._pending.pop(reply.number, None)
            if pending is not None:
                pending._reply = reply

    def _was_cut(self) -> bool:
        cut = False
        while self._monitor.poll(0):
            self._monitor.recv_multipart()
            cut = True
        return cut

    def _cut(self) -> None:
        """The server has gone: what is pure is sent again, of an effect the outcome is unknown."""
        for number, pending in sorted(self._pending.items()):
            if self._unknown(pending):
                del self._pending[number]
                raise OutcomeUnknown(
                    f"the connection to {self.address} was cut during {pending.request.name}, an effect: whether it "
                    "happened is not known"
                )
            self._send(pending)

    def _unknown(self, pending: Pending) -> str:
        kind = (self._served or {}).get(pending.request.name, "pure")
        return ": an effect, so whether it happened is not known" if kind == "effect" else ""

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
