"""Values that both sides know travel as a name: a world goes to its simulator once, not at every step.

A value is named by the request that it went with first: that request's number and a place, counted from 0 for the
arguments and from -1 downwards for the results. Numbers never come again and belong to one client, so a name means one
value for ever, and costs nothing to make. A digest of the bytes would name it too, but reading an array for it takes
longer than moving it.

The one who asks (`Names`) looks for arguments that it has seen before: the very same objects, since records never
change; and, of those without arrays, equal ones, found by the bytes that would go. What came back once will come back
again, so from then on the request says `keep`, and the one who answers (`known.Known`) holds the values at those
places, the last that were asked for. Later requests give the name in `known` in place of the frames. Where the other
side does not know it (it is another process by now, or has let go of it) it answers "unknown", has carried nothing
out, and is sent the bytes. So a name is good for speed alone. Only pure functions are asked by name, and only where
the other side says that it understands it.

A request that goes once more, because its connection was cut, goes in full, and asks for no result to be kept: it may
be carried out twice, and the name would be that of either result.

Where an argument has a name, both sides hold that very value. So a result of its class is told as what has changed
since (`droidlet_schema.changes`), if the request allows it: the scene in a world, the chunks in which nobody dug, stay
where they are. Such a value begins with a byte that msgpack never has, then the argument's place.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from typing import Any, Callable, Container, Dict, List, Optional, Sequence, Tuple

import attrs
from msgspec.structs import replace

from droidlet_schema import DecodeError
from droidlet_schema.changes import decode_change, encode_change
from droidlet_transport.envelope import Name, Request
from droidlet_transport.errors import ProtocolError
from droidlet_transport.known import size_of
from droidlet_transport.values import Frames, Opaque, Settle, frames_of, value_of

SMALLEST = 1 << 10  # bytes of a value that is worth a name
CHEAP = 1 << 16  # bytes of an argument that is kept before it has come back
MOST_EQUAL = 64  # values without arrays of which the bytes are remembered
_CHANGE = b"\xc1"
_Place = Tuple[str, int]  # of a function, and of its argument or result


@attrs.define(eq=False)
class _Named:
    """What a value that went with a call is called, whatever object it is here."""

    name: Name
    place: _Place
    kept: bool  # whether the other side was asked to know it


@attrs.define
class _Seen:
    """An object that went with a call, for as long as it lives here."""

    value: Any  # a weak reference to it
    named: _Named


def _frames(function: str, n: int, argument: Any) -> Frames:
    return frames_of(argument, f"argument {n}", function)


class Names:
    """What one client has seen, and what its other side knows of that.

    `frames` makes the frames of an argument. A value whose request is in `under_way` has no name yet.
    """

    def __init__(self, frames: Callable[[str, int, Any], Frames] = _frames) -> None:
        self.under_way: Container[int] = ()  # empty where requests are carried out in the order of asking
        self._frames = frames
        self._seen: Dict[int, _Seen] = {}  # by the object's id
        self._equal: OrderedDict[bytes, _Named] = (
            OrderedDict()
        )  # by the header, of values that are nothing else
        self._back: Dict[str, Tuple[int, ...]] = {}  # the places of results that came back, by function

    def request(
        self,
        client: bytes,
        number: int,
        function: str,
        arguments: Tuple[Any, ...],
        oldest: Optional[int] = None,
    ) -> Request:
        """A request, with names for those arguments that the other side knows. Raises CannotTravel."""
        known: List[Name] = []
        keep: List[int] = []
        values: List[Frames] = []
        for n, argument in enumerate(arguments):
            named = self._find(argument)
            if named is None or not self._good(named, number):
                frames = self._frames(function, n, argument)
                named = self._take_note(argument, frames, named, (number, n), function, keep)
            else:
                frames = ()
            if named is not None:
                known.append(named.name)
                frames = ()
            values.append(frames)
        keep += self._back.get(function, ())
        return Request(
            client,
            number,
            function,
            tuple(values),
            oldest=number if oldest is None else oldest,
            known=tuple(known),
            keep=tuple(keep),
            arguments=arguments,
            changes=bool(known) and Opaque not in map(type, arguments),
        )

    def _take_note(
        self,
        argument: Any,
        frames: Frames,
        named: Optional[_Named],
        name: Name,
        function: str,
        keep: List[int],
    ) -> Optional[_Named]:
        """Of an argument that has no good name, unless that of an equal one, which is given back."""
        size = size_of(argument, frames)
        if named is None and size < SMALLEST:
            return None
        small = size <= CHEAP and len(frames) == 1 and type(frames[0]) is bytes
        if named is None and small:
            named = self._equal.get(frames[0])
            if named is not None:
                self._note(argument, named)
                if self._good(named, name[0]):
                    return named
        if named is None:
            named = _Named(name, (function, name[1]), size <= CHEAP)
            self._note(argument, named)
        elif named.kept:  # its request is under way
            return None
        else:
            self._comes_back(*named.place)
            named.name, named.place, named.kept = name, (function, name[1]), True
        if named.kept:
            keep.append(name[1])
        if small:
            self._equal[frames[0]] = named
            if len(self._equal) > MOST_EQUAL:
                self._equal.popitem(last=False)
        return None

    def answered(self, request: Request, results: Sequence[Any], values: Sequence[Frames]) -> None:
        """Takes note of the results of a call."""
        for n, (result, frames) in enumerate(zip(results, values)):
            place = -1 - n
            if size_of(result, frames) >= (1 if place in request.keep else SMALLEST):
                named = _Named((request.number, place), (request.name, place), place in request.keep)
                self._note(result, named)

    def unknown(self, request: Request) -> Request:
        """The same request in full, since the other side does not know its names. Raises CannotTravel."""
        keep, names = list(request.keep), iter(request.known)
        for n, (argument, frames) in enumerate(zip(request.arguments, request.values)):
            name = next(names) if not frames else None
            named = self._find(argument) if name else None
            if named is not None and named.name == name:
                named.name, named.kept = (request.number, n), True
                keep.append(n)
        return replace(in_full(request), keep=tuple(keep))

    def forget(self) -> None:
        """The other side knows nothing any more."""
        for seen in list(self._seen.values()):
            seen.named.kept = False
        self._equal.clear()

    def _good(self, named: _Named, number: int) -> bool:
        """Whether the other side knows it before it reads the request of this number."""
        return named.kept and named.name[0] != number and named.name[0] not in self.under_way

    def _comes_back(self, function: str, place: int) -> None:
        places = self._back.get(function, ())
        if place < 0 and place not in places:
            self._back[function] = (*places, place)

    def _find(self, value: Any) -> Optional[_Named]:
        seen = self._seen.get(id(value))
        return seen.named if seen is not None and seen.value() is value else None

    def _note(self, value: Any, named: _Named) -> None:
        found, all_seen = id(value), self._seen

        def gone(reference: Any) -> None:
            last = all_seen.get(found)
            if last is not None and last.value is reference:
                del all_seen[found]

        all_seen[found] = _Seen(weakref.ref(value, gone), named)


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


def once_more(request: Request) -> Request:
    """The same request for a connection that was cut: in full, and no result is kept. Raises CannotTravel."""
    return replace(in_full(request), keep=tuple([place for place in request.keep if place >= 0]))


def told(request: Request, arguments: Sequence[Any], result: Any) -> Frames:
    """A result as frames: where it may be, as what has changed since a named argument. Raises CannotTravel."""
    kind = type(result)
    if request.changes and hasattr(kind, "__record__"):
        for n, (argument, frames) in enumerate(zip(arguments[:256], request.values)):
            if not frames and type(argument) is kind:
                head, *rest = encode_change(result, argument)
                return (_CHANGE + bytes((n,)) + head, *rest)
    return frames_of(result, "the result", request.name)


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
