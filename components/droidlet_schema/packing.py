"""Values to plain data and back: one form for the wire, for equality and for digests.

Plain data is None, bool, int, float, str, bytes, lists (tuples), {"$": "Move/1", field: ...} (records), {"map": [[key, value], ...]} (FrozenMaps)
and {"nd": frame, "dtype": "<f4", "shape": [...]} (arrays, whose bytes travel beside it).
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Sequence, Tuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from droidlet_schema.errors import EncodeError, Refused, shown
from droidlet_schema.frozen_map import FrozenMap

MAX_DEPTH = 64
_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
to_msgpack = msgspec.msgpack.Encoder().encode


class Packer:
    """Packs one value; the arrays met on the way are collected in `frames`."""

    def __init__(self, by_digest: bool = False) -> None:
        self.frames: List[Any] = []
        self.by_digest = by_digest  # values that bring their own digest are packed as that

    def pack(self, value: Any, depth: int = 0) -> Any:
        """Plain data for one value. Raises EncodeError for types that have none, and below MAX_DEPTH."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if depth > MAX_DEPTH:
            raise EncodeError(f"values are at most {MAX_DEPTH} levels deep")
        if kind is tuple:
            return [item if type(item) in _PLAIN else self.pack(item, depth + 1) for item in value]
        if kind is np.ndarray:
            return self._array(value)
        if kind is FrozenMap:
            return {"map": [[key, self.pack(item, depth + 1)] for key, item in value.items()]}
        spec = getattr(kind, "__record__", None)
        if spec is None or spec.cls is not kind:
            raise EncodeError(_no_place(value))
        if self.by_digest and spec.own_digest:
            return {"$": spec.tag, "digest": value.__digest__()}
        packed = {"$": spec.tag}
        for name in spec.names:
            item = getattr(value, name)
            packed[name] = item if type(item) in _PLAIN else self.pack(item, depth + 1)
        return packed

    def _array(self, value: NDArray[Any]) -> Dict[str, Any]:
        if value.dtype.kind not in "biufc":
            raise EncodeError(f"arrays of dtype {value.dtype} have no place on the wire")
        if not value.flags.c_contiguous:
            value = np.array(value, order="C")  # not ascontiguousarray: it makes 0-d into 1-d
        if value.dtype.byteorder == ">":
            value = value.astype(value.dtype.newbyteorder("<"))
        self.frames.append(value.reshape(-1).view(np.uint8).data if value.size else b"")
        return {"nd": len(self.frames) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}


def _no_place(value: object) -> str:
    hint = {dict: "; use FrozenMap", list: "; use a tuple", set: "; use a sorted tuple"}.get(type(value), "")
    if isinstance(value, np.generic):
        hint = "; use .item()"
    return f"{shown(value)} of type {type(value).__name__} has no place on the wire{hint}"


def header_of(value: Any, by_digest: bool = False) -> Tuple[bytes, List[Any]]:
    """The msgpack header of a value, and its array frames."""
    packer = Packer(by_digest)
    packed = packer.pack(value)
    try:
        return to_msgpack(packed), packer.frames
    except (OverflowError, UnicodeEncodeError) as error:
        raise EncodeError(f"{shown(value)}: {error}") from None


def canonical(value: Any) -> Tuple[bytes, ...]:
    """The bytes that decide equality: NaN equals NaN, -0.0 is not 0.0, True is not 1."""
    header, frames = header_of(value, by_digest=True)
    return (header, *(bytes(frame) for frame in frames))


def read_array(plain: Any, frames: Sequence[Any]) -> NDArray[Any]:
    """The array that a plain {"nd": ...} stands for, a read-only view of its frame. Raises Refused."""
    if type(plain) is not dict or set(plain) != {"nd", "dtype", "shape"}:
        raise Refused(plain, "expected an array")
    index, shape = plain["nd"], plain["shape"]
    if type(index) is not int or not 0 <= index < len(frames):
        raise Refused(index, f"expected the number of one of {len(frames)} array frames")
    if (
        type(shape) is not list
        or len(shape) > 32
        or not all(type(n) is int and 0 <= n < 2**62 for n in shape)
    ):
        raise Refused(shape, "expected a list of lengths")
    dtype = _wire_dtype(plain["dtype"])
    try:
        size = memoryview(frames[index]).nbytes
    except TypeError:
        raise Refused(type(frames[index]).__name__, "expected array frames of bytes") from None
    count = 1
    for length in shape:
        count *= length
    if count * dtype.itemsize != size:
        raise Refused(size, f"expected {count * dtype.itemsize} bytes for {dtype} of {shape}")
    try:
        return _view(frames[index], dtype, tuple(shape), count)
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused(shape, f"expected a shape that fits in memory ({error})") from None


def _view(frame: Any, dtype: np.dtype[Any], shape: Tuple[int, ...], count: int) -> NDArray[Any]:
    flat = np.frombuffer(frame, dtype=dtype) if count else np.empty(0, dtype=dtype)
    made = flat.reshape(shape)
    made.setflags(write=False)
    return made


_DTYPES = {np.dtype(c).newbyteorder("<").str: np.dtype(c).newbyteorder("<") for c in "?bBhHiIqQefdFD"}


def _wire_dtype(text: Any) -> np.dtype[Any]:
    dtype = _DTYPES.get(text) if isinstance(text, str) else None
    if dtype is None:
        raise Refused(text, "expected a dtype such as '<f4'")
    return dtype


Find = Callable[[str], Any]


def read_any(plain: Any, frames: Sequence[Any], find: Find, depth: int = 0) -> Any:
    """The value of plain data without a declared kind; `find` gives the kind of a record's tag. Raises Refused."""
    if depth > MAX_DEPTH:
        raise Refused(None, f"values are at most {MAX_DEPTH} levels deep")
    if type(plain) in _PLAIN:
        return plain
    if type(plain) is list:
        return tuple(_read_step(item, i, frames, find, depth) for i, item in enumerate(plain))
    if type(plain) is not dict:
        raise Refused(plain, "expected plain data")
    if "$" in plain:
        return find(plain["$"]).read(plain, frames)
    if "nd" in plain:
        return read_array(plain, frames)
    return _read_map(plain, frames, find, depth)


def _read_step(item: Any, step: Any, frames: Sequence[Any], find: Find, depth: int) -> Any:
    try:
        return read_any(item, frames, find, depth + 1)
    except Refused as refused:
        raise refused.inside(step) from None


def _read_map(plain: Dict[Any, Any], frames: Sequence[Any], find: Find, depth: int) -> Any:
    pairs = plain.get("map")
    if len(plain) != 1 or type(pairs) is not list or not all(type(p) is list and len(p) == 2 for p in pairs):
        raise Refused(plain, "expected a record, a map or an array")
    entries = {}
    for key, item in pairs:
        if type(key) not in (int, str) or key in entries:
            raise Refused(key, "expected every key once, int or str")
        entries[key] = _read_step(item, repr(key), frames, find, depth)
    try:
        return FrozenMap(entries)
    except TypeError as error:
        raise Refused(plain, str(error)) from None


def too_deep(plain: Any) -> bool:
    """Whether plain data goes deeper than any value that can be packed; looked at without recursion."""
    stack: List[Tuple[Any, int]] = [(plain, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            return True
        stack.extend((child, depth + 1) for child in _children(item) if type(child) in (list, dict))
    return False


def _children(plain: Any) -> Iterable[Any]:
    if type(plain) is list:
        return plain
    if "nd" in plain:
        return ()
    pairs = plain.get("map")
    if type(pairs) is list and len(plain) == 1:
        return (child for pair in pairs for child in (pair if type(pair) is list else (pair,)))
    return plain.values()
