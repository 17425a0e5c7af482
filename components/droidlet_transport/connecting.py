"""A client's end of a connection: it never waits, so that threads and event loops can each wait in their own way."""

from __future__ import annotations

import functools
import os
import time
from typing import Generic, List, Optional, Type

from droidlet_transport.calls import Calls, One
from droidlet_transport.contexts import Ending, check_descriptors, shared_context
from droidlet_transport.errors import Closed
from droidlet_transport.sockets import (
    CUT,
    READY,
    Keys,
    check_address,
    connect_again,
    connection,
    connections,
    disconnect,
    receive_frames,
    send_frames,
    waits,
)

DEADLINE_S = 30.0
CONNECT_S = 5.0
CUT_S = 0.5  # after which an effect whose connection has not come back is given up
REACHED_S = 0.05  # until it is looked again whether the other side is there
_monotonic = time.monotonic


class Connection(Generic[One]):
    """Sends calls to the server at an address, reads what comes, and sends again what may be when it was cut.

    Raises NotAllowed, TransportError.
    """

    def __init__(self, address: str, keys: Optional[Keys], kind: Type[One]) -> None:
        check_address(address, keys)
        check_descriptors()
        self.address = address
        self.calls: Calls[One] = Calls(address, kind)
        self.again: List[One] = []  # to be sent once more when there is a connection
        self.owed: List[One] = []  # to be sent in full, as soon as the socket takes it
        self._lose_at, self._reached = 0.0, False
        self._was_cut = False
        self._pid, self.closed = os.getpid(), False
        self.socket, self.monitor = connection(shared_context(), address, keys)
        self._end = Ending(self, [functools.partial(disconnect, self.socket, self.monitor)])

    def send(self, call: One, again: bool = False) -> bool:
        """False where nobody is there, or takes no more."""
        sent = send_frames(self.socket, self.calls.message(call, again))
        call.sent = call.sent or sent
        return sent

    def read(self, call: Optional[One] = None) -> None:
        """Takes all that has come, or until this call has its answer."""
        while not (call is not None and call.settled):
            frames = receive_frames(self.socket)
            if frames is None:
                break
            unknown = self.calls.take(frames)
            if unknown is not None:
                self.owed.append(unknown)
        while self.owed and (
            self.owed[0].request.number not in self.calls.pending or self.send(self.owed[0])
        ):
            self.owed.pop(0)

    @property
    def has_changed(self) -> bool:
        """Whether the connection has ended or begun since it was last noticed."""
        return waits(self.monitor)

    def notice(self) -> None:
        """The connection has ended, or is there again."""
        event: int = READY
        for event in connections(self.monitor):
            self._reached = event != CUT
            if event == CUT:
                self._was_cut = True
                if not self.again:  # what comes and goes is no connection
                    self._lose_at = _monotonic() + CUT_S
                self.again = self.calls.cut()
            elif event == READY and self._was_cut:
                waits(self.socket)  # it lets go of what has ended before anything is sent
                # also what was sent since: for a moment a connection that has ended still takes messages
                self.again = [call for call in self.calls.repeatable() if not self.send(call, again=True)]
        if event == CUT:
            connect_again(self.socket, self.address)

    def patience_s(self) -> Optional[float]:
        """In how many seconds `give_up` has something to do; None: never, as it is."""
        return max(0.0, self._lose_at - _monotonic()) if self.again else None

    def give_up(self) -> None:
        """Effects whose connection was cut too long ago are lost; but who can be reached is there, if only stopped."""
        if not self.again or _monotonic() < self._lose_at:
            return
        if self._reached:
            self._lose_at = _monotonic() + REACHED_S
        else:
            self.calls.lose([one for one in self.again if one.effect and not one.settled])
            self.again = [one for one in self.again if not one.settled]
            self._lose_at = _monotonic() + CONNECT_S

    def check_use(self) -> None:
        """Raises Closed after close(), and in another process than the one that made it."""
        if self.closed:
            raise Closed(f"the client of {self.address} was closed")
        if os.getpid() != self._pid:
            raise Closed(
                f"the client of {self.address} belongs to process {self._pid}; make one in this process"
            )

    def close(self) -> None:
        """Ends it; in another process, and once more, it does nothing."""
        if self.closed or os.getpid() != self._pid:
            return
        self.closed = True
        self._end()
