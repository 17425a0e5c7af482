"""Values that both sides know travel as a name: a world goes to its simulator once, not at every step.

A value is named by the request that it went with first: that request's number and a place, counted from 0 for the
arguments and from -1 downwards for the results. Numbers never come again and belong to one client, so a name means one
value for ever, and costs nothing to make. A digest of the bytes would name it too, but reading an array for it takes
ten times as long as moving it through shared memory.

The one who asks (`Names`) looks for arguments that it has seen before: the very same objects, since records never
change. What came back once will come back again, so from then on the request says `keep`, and the one who answers
(`Known`) holds the values at those places, the last that were asked for. Later requests give the name in `known` in
place of the frames. Where the other side does not know it (it is another process by now, or has let go of it) it
answers "unknown", has carried nothing out, and is sent the bytes. So a name is good for speed alone. It is used where
the other side is sure to understand it: between a parent and its workers.

Where an argument has a name, both sides hold that very value. So a result of its class is told as what has changed
since (`droidlet_schema.changes`), if the request allows it: the scene in a world, the chunks in which nobody dug, stay
where they are. Such a value begins with a byte that msgpack never has, then the argument's place.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from typing import Any, Dict, List, Optional, Sequence, Tuple

import attrs
from msgspec.structs import replace

from droidlet_schema import DecodeError
from droidlet_schema.changes import decode_change, encode_change
from droidlet_transport.envelope import Name, Request
from droidlet_transport.errors import ProtocolError
from droidlet_transport.values import Frames, Opaque, Settle, frames_of, value_of

SMALLEST = 1 << 10  # bytes of a value that is worth a name
CHEAP = 1 << 16  # bytes of an argument that is kept before it has come back
MOST_KNOWN = 256  # values that a service holds, all of them together within:
MOST_BYTES = 1 << 27
_CHANGE = b"\xc1"
_Place = Tuple[str, int]  # of a function, and of its argument or result


@attrs.define
class _Seen:
    """A value that went with a call, for as long as it lives here."""

    value: Any  # a weak reference to it
    name: Name
    place: _Place
    kept: bool  # whether the other side was asked to know it


class Names:
    """What one client has seen, and what its other side knows of that."""

    def __init__(self) -> None:
        self._seen: Dict[int, _Seen] = {}  # by the object's id
        self._back: Dict[str, Tuple[int, ...]] = {}  # the places of results that came back, by function

    def request(self, client: bytes, number: int, function: str, arguments: Tuple[Any, ...]) -> Request:
        """A request, with names for those arguments that the other side knows. Raises CannotTravel."""
        known: List[Name] = []
        keep: List[int] = []
        values: List[Frames] = []
        for n, argument in enumerate(arguments):
            seen = self._find(argument)
            if seen is not None and seen.kept:
                known.append(seen.name)
                values.append(())
                continue
            values.append(_frames(function, n, argument))
            size = _size(argument, values[-1])
            if seen is not None:
                self._comes_back(*seen.place)
            if seen is not None or SMALLEST <= size <= CHEAP:
                keep.append(n)
            if size >= SMALLEST:
                self._note(argument, (number, n), (function, n), n in keep)
        keep += self._back.get(function, ())
        return Request(
            client,
            number,
            function,
            tuple(values),
            oldest=number,
            known=tuple(known),
            keep=tuple(keep),
            arguments=arguments,
            changes=bool(known) and Opaque not in map(type, arguments),
        )

    def answered(self, request: Request, results: Sequence[Any], values: Sequence[Frames]) -> None:
        """Takes note of the results of a call."""
        for n, (result, frames) in enumerate(zip(results, values)):
            place = -1 - n
            if _size(result, frames) >= (1 if place in request.keep else SMALLEST):
                self._note(result, (request.number, place), (request.name, place), place in request.keep)

    def forget(self) -> None:
        """The other side knows nothing any more."""
        for seen in self._seen.values():
            seen.kept = False

    def _comes_back(self, function: str, place: int) -> None:
        places = self._back.get(function, ())
        if place < 0 and place not in places:
            self._back[function] = (*places, place)

    def _find(self, value: Any) -> Optional[_Seen]:
        seen = self._seen.get(id(value))
        return seen if seen is not None and seen.value() is value else None

    def _note(self, value: Any, name: Name, place: _Place, kept: bool) -> None:
        found, all_seen = id(value), self._seen

        def gone(reference: Any) -> None:
            last = all_seen.get(found)
            if last is not None and last.value is reference:
                del all_seen[found]

        all_seen[found] = _Seen(weakref.ref(value, gone), name, place, kept)


def plain_request(client: bytes, number: int, function: str, arguments: Tuple[Any, ...]) -> Request:
    """A request without names. Raises CannotTravel."""
    values = tuple([_frames(function, n, argument) for n, argument in enumerate(arguments)])
    return Request(client, number, function, values, oldest=number, arguments=arguments)


def in_full(request: Request) -> Request:
    """The same request without names. Raises CannotTravel."""
    values = [
        frames or _frames(request.name, n, request.arguments[n]) for n, frames in enumerate(request.values)
    ]
    return replace(request, values=tuple(values), known=(), changes=False)


def _frames(function: str, n: int, argument: Any) -> Frames:
    return frames_of(argument, f"argument {n} of {function}")


def told(request: Request, arguments: Sequence[Any], result: Any) -> Frames:
    """A result as frames: where it may be, as what has changed since a named argument. Raises CannotTravel."""
    kind = type(result)
    if request.changes and hasattr(kind, "__record__"):
        for n, (argument, frames) in enumerate(zip(arguments[:256], request.values)):
            if not frames and type(argument) is kind:
                head, *rest = encode_change(result, argument)
                return (_CHANGE + bytes((n,)) + head, *rest)
    return frames_of(result, f"the result of {request.name}")


def understood(frames: Frames, arguments: Sequence[Any], settle: Optional[Settle] = None) -> Any:
    """The value that frames stand for, perhaps as a change of an argument; `settle` as in `value_of`.

    Raises ProtocolError.
    """
    head = frames[0]
    if settle is not None and type(head) is not bytes:
        settle()
    if head[:1] != _CHANGE:
        return value_of(frames, settle)
    place = head[1] if len(head) > 1 else len(arguments)
    if place >= len(arguments) or not hasattr(type(arguments[place]), "__record__"):
        raise ProtocolError(f"a change of argument {place}, which is no record that was sent")
    try:
        return decode_change((head[2:], *frames[1:]), arguments[place], settle)
    except DecodeError as error:
        raise ProtocolError(f"a change that cannot be read: {error}") from None


class Known:
    """What a service holds for its clients, the last that was asked for; for one thread at a time."""

    def __init__(self) -> None:
        self._held: OrderedDict[Tuple[bytes, Name], Tuple[Any, int]] = (
            OrderedDict()
        )  # values, with their bytes
        self._size = 0

    def find(self, client: bytes, names: Sequence[Name]) -> Optional[List[Any]]:
        """The values of these names; None where one of them is not known."""
        keys = [(client, name) for name in names]
        if not all(key in self._held for key in keys):
            return None
        for key in keys:
            self._held.move_to_end(key)
        return [self._held[key][0] for key in keys]

    def keep(self, client: bytes, name: Name, value: Any, frames: Frames) -> None:
        """Holds a value, in place of those that were longest not asked for."""
        size = _size(value, frames)
        if not size:
            return
        self._size += size - self._held.pop((client, name), (None, 0))[1]
        self._held[client, name] = (value, size)
        while len(self._held) > MOST_KNOWN or self._size > MOST_BYTES:
            self._size -= self._held.popitem(last=False)[1][1]


def _size(value: Any, frames: Frames) -> int:
    """The bytes of a value that may have a name: one that never changes and can be referred to weakly; else 0."""
    if not hasattr(type(value), "__record__") and type(value) is not Opaque:
        return 0
    return sum([len(frame) for frame in frames])
