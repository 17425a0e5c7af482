"""The envelope: a small msgpack table in front of the frames of each message. docs/protocol.md is its page."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Tuple

import attrs
import msgspec

from droidlet_transport.errors import ProtocolError, VersionMismatch
from droidlet_transport.values import Frame, Frames, join, split

VERSION = 1
MOST_HEADER = 1 << 20  # bytes of an envelope
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode


@attrs.frozen
class Request:
    """One call: `client` and `number` name it, `name` the function; left_ms is what is left of its deadline.

    `oldest` is the lowest number whose answer the client still waits for: older answers need not be kept.
    `epoch`, where it is given, is the one server that may carry it out: it was sent to that one before.
    """

    client: bytes
    number: int
    name: str
    values: Tuple[Frames, ...]
    left_ms: Optional[int] = None
    oldest: int = 0
    epoch: Optional[bytes] = None


@attrs.frozen
class Reply:
    """The answer to a request; `kind` is "value", "values" (of a tuple) or "error"."""

    number: int
    kind: str
    values: Tuple[Frames, ...]


def pack_request(request: Request) -> Tuple[Frame, ...]:
    """A request as frames, the envelope first."""
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
    return (_pack(head), *frames)


def pack_reply(reply: Reply) -> Tuple[Frame, ...]:
    """A reply as frames, the envelope first."""
    counts, frames = join(reply.values)
    return (_pack({"v": VERSION, "kind": reply.kind, "id": reply.number, "values": counts}), *frames)


def read_request(frames: Sequence[Frame]) -> Request:
    """The request that frames stand for. Raises ProtocolError."""
    head = _head(frames)
    _expect(head, "kind", ("call",))
    return Request(
        _field(head, "client", bytes),
        _field(head, "id", int),
        _field(head, "name", str),
        tuple(split(head.get("values"), frames[1:])),
        None if head.get("ms") is None else _field(head, "ms", int),
        _field(head, "oldest", int, 0),
        None if head.get("epoch") is None else _field(head, "epoch", bytes),
    )


def read_reply(frames: Sequence[Frame]) -> Reply:
    """The reply that frames stand for. Raises ProtocolError."""
    head = _head(frames)
    _expect(head, "kind", ("value", "values", "error"))
    return Reply(_field(head, "id", int), head["kind"], tuple(split(head.get("values"), frames[1:])))


def number_in(frames: Sequence[Frame]) -> Optional[int]:
    """The number of a request that is wrong otherwise, so that it can be answered at all."""
    try:
        number = _head(frames).get("id")
    except ProtocolError:
        return None
    return number if type(number) is int else None


def _head(frames: Sequence[Frame]) -> Dict[str, Any]:
    if not frames or len(frames[0]) > MOST_HEADER:
        raise ProtocolError(f"a message begins with an envelope of at most {MOST_HEADER} bytes")
    try:
        head = _unpack(frames[0])
    except Exception as error:  # whatever the bytes are
        raise ProtocolError(f"the envelope is no msgpack ({error})") from None
    if not isinstance(head, dict):
        raise ProtocolError(f"the envelope is {type(head).__name__}, not a table")
    if head.get("v") != VERSION:
        raise VersionMismatch(
            f"the other side speaks version {str(head.get('v'))[:20]} of the protocol, this one {VERSION}"
        )
    return head


def _expect(head: Dict[str, Any], name: str, allowed: Tuple[str, ...]) -> None:
    if head.get(name) not in allowed:
        raise ProtocolError(f"{name} is {str(head.get(name))[:40]!r}: expected {' or '.join(allowed)}")


def _field(head: Dict[str, Any], name: str, kind: type, default: Any = None) -> Any:
    value = head.get(name, default)
    if type(value) is not kind or (isinstance(value, int) and value < 0):
        raise ProtocolError(f"{name} is {str(value)[:40]!r}: expected {kind.__name__}")
    return value
