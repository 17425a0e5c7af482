"""What a client has asked, and what becomes of it when answers come or the connection ends; without any socket."""

from __future__ import annotations

import math
import time
import uuid
from typing import Any, Dict, Generic, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar

from msgspec.structs import replace

from droidlet_transport.call import Call
from droidlet_transport.envelope import Request, number_in, pack_request, read_reply
from droidlet_transport.errors import (
    CannotTravel,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    ProtocolError,
    TransportError,
    VersionMismatch,
    WorkerCrashed,
)
from droidlet_transport.naming import Names, in_full, once_more
from droidlet_transport.owning import check_size, own
from droidlet_transport.pressing import CODEC, Press, Rate, codecs
from droidlet_transport.serving import ABOUT, DESCRIBE
from droidlet_transport.values import Frame, Frames, digest, frames_of

MOST_PENDING = 500  # calls on their way; a server may drop answers to whoever has more
MOST_ENDED = 4  # servers that a pure call may have seen the end of
KINDS = ("pure", "effect")  # of what is served
_SMALL = {bool, int, float, str, type(None)}  # what has no name
_monotonic = time.monotonic
One = TypeVar("One", bound=Call)


class Calls(Generic[One]):
    """The calls of one client to the server at an address; with `stays`, effects go to the first one there alone."""

    def __init__(self, address: str, kind: Type[One]) -> None:
        self.address, self._kind = address, kind
        self.stays = False
        self._first: Optional[bytes] = None  # the epoch of the server that it stays with
        self.pending: Dict[int, One] = {}
        self.again: List[One] = []  # to be sent once more when there is a connection
        self.served: Optional[Mapping[str, str]] = None  # None: not asked, or another may be there by now
        self.about: Mapping[str, Any] = {}
        self._id = uuid.uuid4().bytes
        self._number = 0
        self._epoch: Optional[bytes] = None  # of the server
        self._most_bytes: Optional[int] = None
        self._undoes: Sequence[str] = ()  # what the server can undo
        self._press = Press()
        self._rate = Rate()
        self._names = Names(_frames)
        self._knows = False  # whether the server understands names

    def meet(self, about: Any) -> None:
        """What a server says of itself; garbage is as good as nothing."""
        self.about = about if isinstance(about, Mapping) else {}
        epoch, most = self.about.get("epoch"), self.about.get("most_bytes")
        if self._epoch not in (None, epoch):
            self._meet_another()
        if epoch is None or epoch != self._epoch:
            self._names.forget()
        self._epoch = epoch if isinstance(epoch, bytes) else None
        self._knows = self.about.get("knows") is True
        self._names.under_way = () if self.about.get("in_order") is True else self.pending
        if self.stays and self._first is None:
            self._first = self._epoch
        self._most_bytes = most if type(most) is int and most > 0 else None
        undoes = self.about.get("undoes")
        self._undoes = undoes if isinstance(undoes, tuple) else ()

    def learn(self, served: Any) -> None:
        """What a server says that it serves. Raises ProtocolError."""
        if not isinstance(served, Mapping) or not all(
            isinstance(name, str) and isinstance(kind, str) and kind in KINDS for name, kind in served.items()
        ):
            raise ProtocolError(
                f"{self.address} says that it serves {str(served)[:80]}: expected a table from each name to "
                f"{' or '.join(KINDS)}"
            )
        self.served = served

    def _meet_another(self) -> None:
        """The server that had what is to be sent again is no more: effects are lost, and a pure call may be why."""
        self.lose([call for call in self.again if call.effect and not call.settled])
        first = next((call for call in self.again if not call.settled), None)
        if first is None or first.request.name in (ABOUT, DESCRIBE):
            return
        first.endings += 1
        if first.endings >= MOST_ENDED:
            ended = (
                f"{first.endings} servers at {self.address} ended while {first.request.name} was under way"
            )
            named = f"the request's digest is {digest(in_full(first.request).values)}"
            self._fail([first], WorkerCrashed(f"{ended}, so it is not sent to another\n{named}"))

    def make(
        self, name: str, arguments: Tuple[Any, ...], until: float, keywords: Tuple[str, ...] = ()
    ) -> One:
        """A call, which is to be sent; the last arguments have these names. Raises NotServed, CannotTravel,
        WorkerCrashed.
        """
        kind = "pure" if name in (DESCRIBE, ABOUT) else (self.served or {}).get(name)
        if kind is None:
            there = ", ".join(sorted(self.served or ()))
            raise NotServed(f"{self.address} does not serve {name!r}; it serves {there}")
        if kind == "effect" and self._first not in (None, self._epoch):
            raise WorkerCrashed(
                f"the server at {self.address} is another one than before, so the state of what it served is lost: "
                f"{name} was not carried out"
            )
        if keywords and self.about.get("keywords") is not True:
            by_name = ", ".join(keywords)
            raise CannotTravel(f"{name} is called with {by_name} by name, which {self.address} cannot read")
        number = self._number = self._number + 1  # also where it is never sent: it names what it was made for
        oldest = next(iter(self.pending), number)
        named = self._knows and kind == "pure" and not _SMALL.issuperset(map(type, arguments))
        if named:
            request = self._names.request(self._id, number, name, arguments, oldest)
        else:
            values = tuple([_frames(name, n, one) for n, one in enumerate(arguments)])
            request = Request(self._id, number, name, values, None, oldest)
        if keywords:
            request = replace(request, keywords=keywords)
        self._check_size(request)
        call = self.pending[number] = self._kind(request, kind == "effect", until)
        if named:
            call.names, call.by_name = self._names, bool(request.known)
        return call

    def _check_size(self, request: Request) -> None:
        frames = [frame for frames in request.values for frame in frames]
        check_size(f"the call of {request.name}", frames, self._most_bytes)

    def message(self, call: One, again: bool = False) -> Tuple[Frame, ...]:
        """The frames to send, the first time or once more."""
        left_ms = None if call.until == math.inf else max(0, int((call.until - _monotonic()) * 1000))
        only = (self._first or (self._epoch if again else None)) if call.effect else None
        if again and call.names is not None:
            call.request = once_more(call.request)
        call.alone_at = _monotonic() if len(self.pending) == 1 and not again else 0.0
        name, rate = call.request.name, int(self._rate.bytes_per_s)
        offer = ([*codecs()], rate) if rate and codecs() else None
        request = replace(call.request, left_ms=left_ms, epoch=only, press=offer)
        if offer is None or CODEC not in self._undoes:
            return pack_request(request)
        return pack_request(request, lambda frames: self._press.press(name, frames, rate))

    def take(self, frames: Sequence[Frame]) -> Optional[One]:
        """A message of the server. What cannot be read fails the call that it answers, or nothing.

        A call that is given back is to be sent now: in full, for the server does not know a name in it.
        """
        now = _monotonic()
        try:
            reply = read_reply(frames)
        except VersionMismatch as error:
            self._fail(list(self.pending.values()), error)
            return None
        except ProtocolError as error:
            self._fail(
                [call for call in self.pending.values() if call.request.number == number_in(frames)], error
            )
            return None
        call = self.pending.pop(reply.number, None)
        if call is None:
            return None
        if reply.kind == "unknown" and call.by_name:
            self.pending[reply.number] = call
            return self._in_full(call)
        call.arrive(reply)
        if reply.us is not None and call.alone_at and not self.pending:
            self._rate.learn(frames, now - call.alone_at - reply.us * 1e-6)
        return None

    def _in_full(self, call: One) -> Optional[One]:
        call.by_name = False
        if not call.request.known:  # it went once more, in full, before this answer came
            return None
        try:
            call.request = self._names.unknown(call.request)
            self._check_size(call.request)
        except CannotTravel as error:
            self._fail([call], error)
            return None
        return call

    def drop(self, call: One) -> None:
        """A call that could not be sent."""
        self.pending.pop(call.request.number, None)

    def cut(self) -> List[One]:
        """The connection has ended: which calls to send again once there is another.

        An effect may be sent again to the very server that has it already, for that gives its first answer again.
        """
        self.served = None
        calls = [call for call in self.pending.values() if call.sent]
        if self._epoch is None:
            self.lose([call for call in calls if call.effect])
        return [call for call in calls if not call.settled]

    def repeatable(self) -> List[One]:
        """The calls that were sent and may be sent once more: what is pure, and effects that their server knows."""
        known = self._epoch is not None
        return [call for call in self.pending.values() if call.sent and (known or not call.effect)]

    def lose(self, calls: Sequence[One]) -> None:
        """Of these effects nobody can know any more whether they happened."""
        for call in calls:
            text = f"the connection to {self.address} was cut during {call.request.name}, an effect: "
            self._fail([call], OutcomeUnknown(f"{text}whether it happened is not known"))

    def too_late(self, call: One) -> None:
        """A call whose time is over."""
        effect = ": an effect, so whether it happened is not known" if call.effect else ""
        text = f"{call.request.name} at {self.address} did not answer in time{effect}"
        self._fail([call], DeadlineExceeded(text))

    def _fail(self, calls: Sequence[One], error: TransportError) -> None:
        for call in calls:
            self.pending.pop(call.request.number, None)
            call.fail(error)


def _frames(function: str, n: int, argument: Any) -> Frames:
    return own(frames_of(argument, f"argument {n}", function))  # as it is now: it may go once more
