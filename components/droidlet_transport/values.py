"""Values on the wire: each with a header and arrays of its own, so that one nobody here knows can pass through."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence, Tuple

import attrs
import msgspec
import numpy as np

from droidlet_schema import DecodeError, EncodeError, FrozenMap, decode, encode
from droidlet_schema import digest as digest_of
from droidlet_schema.codec import decode_ahead
from droidlet_schema.registry import knows
from droidlet_transport.errors import CannotTravel, ProtocolError

Frame = Any  # bytes, or a read-only memoryview
Frames = Tuple[Frame, ...]
Settle = Callable[[], None]


@attrs.frozen(eq=False)
class Opaque:
    """A record whose class this process has not imported: it can be kept, compared, and sent on."""

    tag: str  # the record's name and version
    frames: Frames = attrs.field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Equal bytes are equal values."""
        if not isinstance(other, Opaque):
            return NotImplemented
        return tuple(map(bytes, self.frames)) == tuple(map(bytes, other.frames))

    def __hash__(self) -> int:
        """As equality has it."""
        return hash((self.tag, tuple(map(bytes, self.frames))))


def frames_of(value: Any, what: str) -> Frames:
    """A value as frames, the header first. Raises CannotTravel, naming it as `what`."""
    if isinstance(value, Opaque):
        return value.frames
    try:
        return encode(_plain(value))
    except EncodeError as error:
        raise CannotTravel(f"{what} cannot travel: {error}") from None


def _plain(value: Any) -> Any:
    """Tables, lists and numbers of numpy's are fine as arguments; they arrive as FrozenMaps, tuples and numbers."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return FrozenMap({key: _plain(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return tuple(_plain(item) for item in value)
    return value


def value_of(frames: Sequence[Frame], settle: Optional[Settle] = None) -> Any:
    """The value that frames stand for; Opaque where it is a record whose class is not imported here.

    With `settle`, the frames that are no bytes need not be there until that has returned; it may be called or not.
    Raises ProtocolError for frames that are no value.
    """
    if settle is not None and type(frames[0]) is not bytes:
        settle()
    try:
        whole = frames if type(frames) is tuple else tuple(frames)
        return decode(whole) if settle is None else decode_ahead(whole, settle)
    except DecodeError as error:
        tag = _unknown_tag(frames)
        if tag:
            return Opaque(tag, tuple(frames))
        raise ProtocolError(f"a value that cannot be read: {error}") from None


def _unknown_tag(frames: Sequence[Frame]) -> str:
    """The tag of a record at the top that nobody here defines, "" for anything else."""
    try:
        plain = msgspec.msgpack.decode(frames[0])
    except Exception:  # whatever the bytes are
        return ""
    tag = plain.get("$") if isinstance(plain, dict) else None
    return tag if isinstance(tag, str) and not knows(tag) else ""


def join(values: Sequence[Frames]) -> Tuple[List[int], List[Frame]]:
    """How many frames each value has, and all frames in a row."""
    return [len(frames) for frames in values], [frame for frames in values for frame in frames]


def split(counts: Sequence[int], frames: Sequence[Frame], least: int = 1) -> List[Frames]:
    """The frames of each value. Raises ProtocolError where the counts do not add up."""
    if sum(counts) != len(frames) or (counts and min(counts) < least):
        raise ProtocolError(f"{len(frames)} frames cannot be parted into values of {str(counts)[:80]} frames")
    found, start = [], 0
    for count in counts:
        found.append(tuple(frames[start : start + count]))
        start += count
    return found


def digest(values: Sequence[Frames]) -> str:
    """A digest of frames, to name a request by."""
    return str(digest_of(tuple(tuple(bytes(frame) for frame in frames) for frames in values)))


__all__ = ["Frames", "Opaque", "digest", "frames_of", "join", "split", "value_of"]
