"""The envelope: a small msgpack table in front of the frames of each message. docs/protocol.md is its page."""

from __future__ import annotations

from typing import Annotated, Any, Callable, Dict, List, Literal, Optional, Sequence, Tuple, Type

import msgspec
from msgspec import Meta, Struct

from droidlet_transport.errors import ProtocolError, VersionMismatch
from droidlet_transport.pressing import Pressed, restored
from droidlet_transport.values import Frame, Frames, join, split

VERSION = 1
MOST_HEADER = 1 << 20  # bytes of an envelope
Name = Tuple[int, int]  # of a value: the number of the request that it went with first, and its place there
Pressing = Callable[[Sequence[Frame]], Tuple[List[Frame], List[Pressed]]]
Count = Annotated[int, Meta(ge=0)]
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode


class Request(Struct, frozen=True):  # not attrs: made at every call, and this takes a tenth of the time
    """One call: `client` and `number` name it, `name` the function; left_ms is what is left of its deadline.

    `oldest` is the lowest number whose answer the client still waits for: older answers need not be kept.
    `epoch`, where it is given, is the one server that may carry it out: it was sent to that one before.
    A value without frames is one that the other side knows: `known` has the names of these, in order. `keep` are the
    places of values that it is asked to know from now on (see `naming`); with `changes` it may tell a result as what
    has changed since a named argument. `arguments` is what the values are made of, and does not travel.
    """

    client: bytes
    number: int
    name: str
    values: Tuple[Frames, ...]
    left_ms: Optional[int] = None
    oldest: int = 0
    epoch: Optional[bytes] = None
    known: Tuple[Name, ...] = ()
    keep: Tuple[int, ...] = ()
    arguments: Tuple[Any, ...] = ()
    changes: bool = False
    press: Optional[Tuple[List[str], int]] = (
        None  # what the answer may be pressed by; the rate, in bytes per second
    )
    keywords: Tuple[str, ...] = ()  # the names of the last values, which are arguments by name


class Reply(Struct, frozen=True):
    """The answer to a request; `kind` is "value", "values" (of a tuple), "error", or "unknown": the request has a name
    that the other side does not know, and nothing was carried out. `us` are the microseconds that it took there.
    """

    number: int
    kind: str
    values: Tuple[Frames, ...]
    us: Optional[int] = None


class _RequestHead(Struct):
    v: Literal[1]
    kind: Literal["call"]
    client: bytes
    id: Count
    name: str
    values: List[Count]
    oldest: Count = 0
    ms: Optional[Count] = None
    epoch: Optional[bytes] = None
    known: Tuple[Tuple[int, int], ...] = ()
    keep: Tuple[int, ...] = ()
    changes: bool = False
    press: Optional[Tuple[List[str], Count]] = None
    pressed: Tuple[Tuple[Count, str, Count], ...] = ()
    keywords: Tuple[str, ...] = ()


class _ReplyHead(Struct):
    v: Literal[1]
    kind: Literal["value", "values", "error", "unknown"]
    id: Count
    values: List[Count]
    us: Optional[Count] = None
    pressed: Tuple[Tuple[Count, str, Count], ...] = ()


_read_request = msgspec.msgpack.Decoder(_RequestHead).decode
_read_reply = msgspec.msgpack.Decoder(_ReplyHead).decode


def pack_request(request: Request, press: Optional[Pressing] = None) -> Tuple[Frame, ...]:
    """A request as frames, the envelope first; those behind it as `press` leaves them."""
    counts, frames = join(request.values)
    head: Dict[str, Any] = {
        "v": VERSION,
        "kind": "call",
        "client": request.client,
        "id": request.number,
        "name": request.name,
        "values": counts,
        "oldest": request.oldest,
    }
    if request.left_ms is not None:
        head["ms"] = request.left_ms
    if request.epoch is not None:
        head["epoch"] = request.epoch
    if request.known:
        head["known"] = request.known
    if request.keep:
        head["keep"] = request.keep
    if request.changes:
        head["changes"] = True
    if request.press is not None:
        head["press"] = request.press
    if request.keywords:
        head["keywords"] = request.keywords
    frames = _pressed(head, frames, press)
    return (_pack(head), *frames)


def pack_reply(
    reply: Reply, press: Optional[Pressing] = None, took_us: Optional[Callable[[], int]] = None
) -> Tuple[Frame, ...]:
    """A reply as frames, the envelope first; those behind it as `press` leaves them. `took_us` is asked last."""
    counts, frames = join(reply.values)
    head: Dict[str, Any] = {"v": VERSION, "kind": reply.kind, "id": reply.number, "values": counts}
    frames = _pressed(head, frames, press)
    if took_us is not None:
        head["us"] = took_us()
    return (_pack(head), *frames)


def _pressed(head: Dict[str, Any], frames: List[Frame], press: Optional[Pressing]) -> List[Frame]:
    if press is None:
        return frames
    frames, pressed = press(frames)
    if pressed:
        head["pressed"] = pressed
    return frames


def read_request(frames: Sequence[Frame], most_bytes: Optional[int] = None) -> Request:
    """The request that frames stand for; none of them has more bytes. Raises ProtocolError."""
    head: _RequestHead = _head(frames, _read_request, _RequestHead)
    behind = restored(frames[1:], head.pressed, most_bytes) if head.pressed else frames[1:]
    values = split(head.values, behind, 0)
    if values.count(()) != len(head.known):
        raise ProtocolError(f"{len(head.known)} names for {values.count(())} values without frames")
    named = (head.known, head.keep, (), head.changes)
    called = (head.client, head.id, head.name, tuple(values), head.ms, head.oldest, head.epoch)
    if head.keywords and not len(set(head.keywords)) == len(head.keywords) <= len(values):
        raise ProtocolError(f"{len(values)} values cannot have the names {str(head.keywords)[:80]}")
    return Request(*called, *named, head.press, head.keywords)


def read_reply(frames: Sequence[Frame]) -> Reply:
    """The reply that frames stand for. Raises ProtocolError."""
    head: _ReplyHead = _head(frames, _read_reply, _ReplyHead)
    behind = restored(frames[1:], head.pressed, None) if head.pressed else frames[1:]
    return Reply(head.id, head.kind, tuple(split(head.values, behind)), head.us)


def number_in(frames: Sequence[Frame]) -> Optional[int]:
    """The number of a request that is wrong otherwise, so that it can be answered at all."""
    try:
        number = _any_table(frames).get("id")
    except ProtocolError:
        return None
    return number if type(number) is int and number >= 0 else None


def _head(frames: Sequence[Frame], read: Any, kind: Type[Struct]) -> Any:
    """The envelope, as this kind of it. Raises ProtocolError, VersionMismatch."""
    if frames and len(frames[0]) <= MOST_HEADER:
        try:
            return read(frames[0])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
    try:
        return msgspec.convert(_table(frames), kind)
    except msgspec.ValidationError as error:
        raise ProtocolError(f"an envelope that is none: {error}") from None


def _table(frames: Sequence[Frame]) -> Dict[str, Any]:
    head = _any_table(frames)
    if head.get("v") != VERSION:
        raise VersionMismatch(
            f"the other side speaks version {str(head.get('v'))[:20]} of the protocol, this one {VERSION}"
        )
    return head


def _any_table(frames: Sequence[Frame]) -> Dict[str, Any]:
    """The envelope, of whatever version."""
    if not frames or len(frames[0]) > MOST_HEADER:
        raise ProtocolError(f"a message begins with an envelope of at most {MOST_HEADER} bytes")
    try:
        head = _unpack(frames[0])
    except Exception as error:  # whatever the bytes are
        raise ProtocolError(f"the envelope is no msgpack ({error})") from None
    if not isinstance(head, dict):
        raise ProtocolError(f"the envelope is {type(head).__name__}, not a table")
    return head
