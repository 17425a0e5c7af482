"""A client's end of a connection: it never waits, so that threads and event loops can each wait in their own way."""

from __future__ import annotations

import functools
import math
import os
import time
from contextlib import suppress
from typing import Generic, List, Optional, Type

from droidlet_transport.calls import Calls, One
from droidlet_transport.contexts import Ending, check_descriptors, shared_context
from droidlet_transport.curve import Keys, NotAllowed, check_address
from droidlet_transport.errors import Closed, DeadlineExceeded
from droidlet_transport.serving import ABOUT
from droidlet_transport.sockets import (
    CUT,
    MOST_AT_ONCE,
    REACHED,
    READY,
    barred,
    connect_again,
    connection,
    connections,
    disconnect,
    receive_frames,
    send_frames,
    waits,
)

DEADLINE_S = 30.0
CONNECT_S = 5.0  # until it is given up to meet somebody; once more as long where somebody listens
CUT_S = 0.5  # after which an effect whose connection has not come back is given up
REACHED_S = 0.05  # until it is looked again whether the other side is there
FOREVER_S = 1e9
_monotonic = time.monotonic


def end_of(deadline_s: float) -> float:
    """When a deadline is over; infinity is a long time. Raises ValueError for what is no number of seconds."""
    if math.isnan(deadline_s):
        raise ValueError("deadline_s is nan: a number of seconds, or infinity")
    return _monotonic() + min(max(deadline_s, -FOREVER_S), FOREVER_S)


class Connection(Generic[One]):
    """Sends calls to the server at an address, reads what comes, and sends again what may be when it was cut.

    Raises NotAllowed, TransportError.
    """

    def __init__(self, address: str, keys: Optional[Keys], kind: Type[One]) -> None:
        check_address(address, keys)
        check_descriptors()
        self.address = address
        self.calls: Calls[One] = Calls(address, kind)
        self.owed: List[One] = []  # to be sent in full, as soon as the socket takes it
        self._lose_at, self._reached = 0.0, False
        self._was_cut, self._has_keys = False, keys is not None
        self._met = False  # whether the server was ever there
        self._meeting: Optional[One] = None  # the question who is there now
        self._barred = ""  # why the server does not let it in
        self._barred_for_good = False
        self._pid, self._leaving, self.closed = os.getpid(), False, False
        self.socket, self.monitor = connection(shared_context(address), address, keys)
        self._end = Ending(self, [functools.partial(disconnect, self.socket, self.monitor)])

    def send(self, call: One, again: bool = False) -> bool:
        """False where nobody is there, or takes no more."""
        sent = send_frames(self.socket, self.calls.message(call, again))
        call.sent = call.sent or sent
        return sent

    def read(self, call: Optional[One] = None) -> None:
        """Takes what has come, much of it at most, or until this call has its answer."""
        for _ in range(MOST_AT_ONCE):
            if call is not None and call.settled:
                break
            frames = receive_frames(self.socket)
            if frames is None:
                break
            unknown = self.calls.take(frames)
            if unknown is not None:
                self.owed.append(unknown)
            if self._meeting is not None and self._meeting.settled:
                self._send_again(self._meeting)
        while self.owed and (
            self.owed[0].request.number not in self.calls.pending or self.send(self.owed[0])
        ):
            self.owed.pop(0)

    @property
    def met(self) -> bool:
        """Whether the server was ever there."""
        return self._met

    @property
    def reached(self) -> bool:
        """Whether it is there, as was noticed last."""
        return self._met and self._reached

    @property
    def has_changed(self) -> bool:
        """Whether the connection has ended or begun since it was last noticed."""
        return waits(self.monitor)

    def notice(self) -> None:
        """The connection has ended, or is there again."""
        event: int = READY
        for event, value in connections(self.monitor):
            self._reached = event in (REACHED, READY)
            if event == CUT:
                self._be_cut()
            elif event == READY:
                self._met, self._barred, self._barred_for_good = True, "", False
                if self._was_cut:
                    self._ask_again()
            elif event != REACHED:
                self._barred, self._barred_for_good = barred(event, value, self._has_keys)
        if event == CUT:
            connect_again(self.socket, self.address)

    def _be_cut(self) -> None:
        self._was_cut = True
        if self._meeting is not None:
            self.calls.drop(self._meeting)
            self._meeting = None
        if not self.calls.again:  # what comes and goes is no connection
            self._lose_at = _monotonic() + CUT_S
        self.calls.again = self.calls.cut()

    def _ask_again(self) -> None:
        """Whoever is there is asked first who it is: it may be another, and that one gets no effects of before."""
        waits(self.socket)  # it lets go of what has ended before anything is sent
        # also what was sent since: for a moment a connection that has ended still takes messages
        self.calls.again = self.calls.repeatable()
        if not self.calls.again:
            return
        self._meeting = self.calls.make(ABOUT, (), max(call.until for call in self.calls.again))
        if not self.send(self._meeting):  # it has ended once more
            self.calls.drop(self._meeting)
            self._meeting = None

    def _send_again(self, meeting: One) -> None:
        self._meeting, about = None, None
        with suppress(Exception):  # a server that says nothing of itself
            about = meeting.outcome()
        self.calls.meet(about)
        again = [call for call in self.calls.again if not call.settled]
        self.calls.again = [call for call in again if not self.send(call, again=True)]

    def connect_until(self, until: float) -> float:
        """How long a call with this end waits for somebody to be there: all of it once the server was met."""
        return until if self._met else min(until, _monotonic() + CONNECT_S)

    @property
    def half_way(self) -> bool:
        """Whether somebody listens there who has not spoken yet: on a bad line that takes its time."""
        return self._reached and not self._met

    def check_barred(self) -> None:
        """Raises NotAllowed where waiting is in vain: the keys do not fit."""
        if self._barred_for_good and not self._met:
            raise NotAllowed(f"{self.address} {self._barred}")

    def nobody(self) -> DeadlineExceeded:
        """For a call that could not be sent."""
        if self._barred:
            return DeadlineExceeded(f"{self.address} {self._barred}")
        return DeadlineExceeded(f"nobody answers at {self.address}: is the server running?")

    def patience_s(self) -> Optional[float]:
        """In how many seconds `give_up` has something to do; None: never, as it is."""
        return max(0.0, self._lose_at - _monotonic()) if self.calls.again else None

    def give_up(self) -> None:
        """Effects whose connection was cut too long ago are lost; but who can be reached is there, if only stopped."""
        calls = self.calls
        if not calls.again or _monotonic() < self._lose_at:
            return
        if self._reached:
            self._lose_at = _monotonic() + REACHED_S
        else:
            calls.lose([one for one in calls.again if one.effect and not one.settled])
            calls.again = [one for one in calls.again if not one.settled]
            self._lose_at = _monotonic() + CONNECT_S

    def check_use(self) -> None:
        """Raises Closed after close(), and in another process than the one that made it."""
        if self._leaving or self.closed:
            raise Closed(f"the client of {self.address} was closed")
        if os.getpid() != self._pid:
            raise Closed(
                f"the client of {self.address} belongs to process {self._pid}; make one in this process"
            )

    def leave(self) -> bool:
        """Whoever waits is to stop; whether there is anything to close in this process."""
        self._leaving = True
        return not self.closed and os.getpid() == self._pid

    def close(self) -> None:
        """Ends it; in another process, and once more, it does nothing."""
        if self.closed or os.getpid() != self._pid:
            return
        self.closed = True
        self._end()
