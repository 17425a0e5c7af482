"""encode and decode: a value as a small msgpack header, with its arrays as raw frames beside it."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple, Type, TypeVar, Union, overload

import msgspec

from droidlet_schema import registry
from droidlet_schema.errors import DecodeError, Refused, join_path
from droidlet_schema.fields import kind_of
from droidlet_schema.kinds import Kind
from droidlet_schema.packing import header_of, read_any, too_deep

T = TypeVar("T")
Bytes = Union[bytes, memoryview]
_kinds: dict = {}  # type: ignore[type-arg]  # type -> kind, so that a kind is made once


def encode(value: Any) -> Tuple[Bytes, ...]:
    """A value as frames: the header, then one frame per array (its memory, not a copy, where it is contiguous).

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

    `kind` is a record class or any field type (`tuple[Pose, ...]`); None looks records up by name among those imported. Whatever the bytes,
    it gives a value or raises DecodeError with the path of what is wrong.
    """
    if isinstance(frames, (bytes, memoryview, bytearray, str)) or len(frames) == 0:
        raise DecodeError("", frames, "expected a sequence of frames, the header first")
    wanted = None if kind is None else _kind(kind)
    try:
        plain = msgspec.msgpack.decode(frames[0])
    except Exception as error:  # whatever the bytes are
        raise DecodeError("", bytes(frames[0])[:40] if frames[0] else b"", f"not msgpack ({error})") from None
    try:
        if too_deep(plain):
            raise Refused("...", "expected a value of fewer levels")
        return (
            read_any(plain, frames[1:], registry.find) if wanted is None else wanted.read(plain, frames[1:])
        )
    except Refused as refused:
        raise DecodeError(join_path(refused.path), refused.value, refused.reason) from None
    except RecursionError:
        raise DecodeError("", "...", "expected a value of fewer levels") from None


def _kind(wanted: Any) -> Kind:
    try:
        if wanted not in _kinds:
            _kinds[wanted] = kind_of(wanted)
        return _kinds[wanted]  # type: ignore[no-any-return]
    except TypeError:
        return kind_of(wanted)
