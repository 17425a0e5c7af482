"""encode and decode: a value as a small msgpack header, with its arrays as raw frames beside it."""

from __future__ import annotations

from collections.abc import Sequence as SequenceType
from typing import Any, Callable, Dict, Optional, Sequence, Tuple, Type, TypeVar, Union, overload

import msgspec

from droidlet_schema import registry
from droidlet_schema.errors import DecodeError, Refused, join_path
from droidlet_schema.fields import kind_of
from droidlet_schema.frames import Frames
from droidlet_schema.levels import Levels
from droidlet_schema.packing import TOO_DEEP, children, header_of, too_deep
from droidlet_schema.scalars import Kind
from droidlet_schema.unpacking import read_any

T = TypeVar("T")
Bytes = Union[bytes, memoryview]
_from_msgpack = msgspec.msgpack.Decoder().decode
_known: Dict[Any, Tuple[Kind, bool]] = {}  # a hint's kind, and whether its values may be deep: found out once


def encode(value: Any) -> Tuple[Bytes, ...]:
    """A value as frames: the header, then one per array (its own memory where that is contiguous, no copy).

    Takes records, tuples, FrozenMaps, arrays and scalars. Raises EncodeError for anything else.
    """
    header, frames = header_of(value)
    return (header, *frames)


@overload
def decode(frames: Sequence[Bytes]) -> Any: ...


@overload
def decode(frames: Sequence[Bytes], kind: Type[T]) -> T: ...


@overload
def decode(frames: Sequence[Bytes], kind: Any) -> Any: ...


def decode(frames: Sequence[Bytes], kind: Optional[Any] = None) -> Any:
    """The value that `encode` made frames of; arrays are read-only views of their frames.

    `kind` is a record class or any field type (`tuple[Pose, ...]`); None looks records up by name among
    those imported. Whatever the bytes, it gives a value or raises DecodeError with the path of what is
    wrong. Frames that somebody could still write to (a bytearray) are copied. Raises SchemaError for a
    `kind` that is none.
    """
    return _decoded(frames, None if kind is None else _kind(kind), None)


def decode_ahead(frames: Sequence[Bytes], settle: Callable[[], None]) -> Any:
    """As `decode`, of frames of which only the header need be there yet.

    `settle` waits for the others; it is called, perhaps more than once, before anything looks into an array: where a
    record checks itself, or an array is copied. What it raises goes through.
    """
    return _decoded(frames, None, settle)


def _decoded(frames: Any, known: Optional[Tuple[Kind, bool]], settle: Optional[Callable[[], None]]) -> Any:
    try:
        plain = _header(frames)
        wanted, deep = known or _found(plain)
        if deep and too_deep(plain):
            raise Refused("...", TOO_DEEP)
        arrays = Frames(frames[1:] if type(frames) is tuple else tuple(frames)[1:], settle)
        value = read_any(plain, arrays) if wanted is None else wanted.read(plain, arrays)
        arrays.finish()
    except Refused as refused:
        raise DecodeError(join_path(refused.path), refused.value, refused.reason) from None
    except RecursionError:
        raise DecodeError("", "...", TOO_DEEP) from None
    return value


def _header(frames: Any) -> Any:
    if type(frames) is not tuple and (
        isinstance(frames, (bytes, bytearray, memoryview, str)) or not isinstance(frames, SequenceType)
    ):
        raise Refused(frames, "expected a sequence of frames, the header first")
    if not frames:
        raise Refused(frames, "expected a header")
    try:
        return _from_msgpack(frames[0])
    except RecursionError:
        raise Refused("...", TOO_DEEP) from None
    except Exception as error:  # whatever the bytes are
        raise Refused(frames[0], f"expected a msgpack header ({error})") from None


def _found(plain: Any) -> Tuple[Optional[Kind], bool]:
    """The kind of plain data, None where any may be in it, and whether that may be deep."""
    if type(plain) is not dict or "$" not in plain:
        return None, any(map(_unbounded, children(plain)))
    kind = registry.find(plain["$"], plain)
    return kind, kind.spec.recursive


def _unbounded(plain: Any) -> bool:
    """Whether plain data may be deep: all but scalars, arrays, and records whose fields' types bound it."""
    if type(plain) is not dict:
        return type(plain) is list
    if "$" not in plain:
        return "nd" not in plain
    try:
        return registry.find(plain["$"], plain).spec.recursive
    except Refused:  # told when it is read, with its place
        return True


def _kind(hint: Any) -> Tuple[Kind, bool]:
    try:
        return _known[hint]
    except (KeyError, TypeError):  # new, or not hashable and so no kind
        kind = kind_of(hint)
    _known[hint] = (kind, Levels().unbounded(kind))
    return _known[hint]
