"""Values to plain data: one form for the wire, for equality and for digests.

Plain data is None, bool, int, float, str, bytes, lists (tuples), {"$": "Move/1", field: ...} (records),
{"map": [[key, value], ...]} (FrozenMaps) and {"nd": frame, "dtype": "<f4", "shape": [...]} (arrays, whose
bytes travel beside it).
"""

from __future__ import annotations

import enum
import math
from typing import Any, Dict, Iterable, List, Tuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from droidlet_schema.arrays import WIRE_DTYPES
from droidlet_schema.errors import EncodeError, shown
from droidlet_schema.frozen_map import FrozenMap

MAX_DEPTH = 64
TOO_DEEP = f"values are at most {MAX_DEPTH} levels deep"
PLAIN = frozenset({type(None), bool, int, str, bytes})
_ORDINARY = {
    dtype: code for code, dtype in WIRE_DTYPES.items() if dtype.isnative and dtype.char in "?bBhHiIlLqQfd"
}
_to_msgpack = msgspec.msgpack.Encoder().encode


class Packer:
    """Packs one value; the arrays met on the way are collected in `frames`."""

    def __init__(self, by_digest: bool = False, compares: bool = False) -> None:
        self.frames: List[Any] = []
        self.by_digest = by_digest  # values that bring their own digest are packed as that
        self.compares = compares  # and those that nobody here can open as what `__closed__` gives

    def pack(self, value: Any) -> Any:
        """Plain data for any value. Raises EncodeError for types that have none."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is float:
            return value if value == value else math.nan
        if kind is tuple:
            return [self.pack(item) for item in value]
        if kind is np.ndarray:
            return self.array(value)
        if kind is FrozenMap:
            return {"map": [[key, self.pack(item)] for key, item in value.items()]}
        spec = getattr(kind, "__record__", None)
        if spec is None:
            if self.compares and hasattr(kind, "__closed__"):
                return {"closed": kind.__closed__(value)}
            raise EncodeError(_no_place(value))
        return spec.kind.pack(value, self)

    def array(self, value: NDArray[Any]) -> Dict[str, Any]:
        """Plain data for an array, whose bytes become the next frame. Raises EncodeError for its dtype."""
        code = _ORDINARY.get(value.dtype)
        if code is not None and value.ndim and value.size and value.flags.c_contiguous:
            self.frames.append(value.data.cast("B"))
            return {"nd": len(self.frames) - 1, "dtype": code, "shape": list(value.shape)}
        dtype = value.dtype.newbyteorder("<")
        if dtype.str not in WIRE_DTYPES:
            raise EncodeError(f"arrays of dtype {value.dtype} have no place on the wire")
        if not value.flags.c_contiguous:
            value = np.array(value, order="C")  # not ascontiguousarray: it makes 0-d into 1-d
        if value.dtype != dtype:
            value = value.astype(dtype)
        self.frames.append(value.reshape(-1).view(np.uint8).data if value.size else b"")
        return {"nd": len(self.frames) - 1, "dtype": dtype.str, "shape": list(value.shape)}


def _no_place(value: object) -> str:
    advice: Dict[type, str] = {
        dict: "; use FrozenMap",
        list: "; use a tuple",
        set: "; use a sorted tuple",
        np.generic: "; use .item()",
        enum.Enum: "; use its .value",
    }
    kind = type(value)
    declared = hasattr(kind, "__attrs_attrs__") or hasattr(kind, "__dataclass_fields__")
    last = "; write @record above that class" if declared and not hasattr(kind, "__closed__") else ""
    hint = next((said for of, said in advice.items() if isinstance(value, of)), last)
    return f"{shown(value)} of type {type(value).__name__} has no place on the wire{hint}"


def header_of(value: Any, by_digest: bool = False, compares: bool = False) -> Tuple[bytes, List[Any]]:
    """The msgpack header of a value, and its array frames. Raises EncodeError."""
    packer = Packer(by_digest, compares)
    try:
        packed = packer.pack(value)
        if may_be_deep(value) and too_deep(packed):
            raise EncodeError(TOO_DEEP)
        return _to_msgpack(packed), packer.frames
    except (OverflowError, UnicodeEncodeError) as error:
        raise EncodeError(f"{shown(value)}: {error}") from None
    except RecursionError:
        raise EncodeError(TOO_DEEP) from None


def may_be_deep(value: Any) -> bool:
    """Whether the types do not bound the depth: of a value, or of what is in a tuple or a map."""
    kind = type(value)
    if kind is FrozenMap:
        return any(map(_unbounded, set(map(type, value._data.values()))))
    return any(map(_unbounded, set(map(type, value)))) if kind is tuple else _unbounded(kind)


def _unbounded(kind: type) -> bool:
    spec = getattr(kind, "__record__", None)
    return spec.recursive if spec is not None else kind in (tuple, FrozenMap)


def canonical(value: Any) -> Tuple[bytes, ...]:
    """The bytes that decide equality: NaN equals NaN, -0.0 is not 0.0, True is not 1. Raises EncodeError."""
    header, frames = header_of(value, by_digest=True, compares=True)
    return (header, *(bytes(frame) for frame in frames))


def too_deep(plain: Any) -> bool:
    """Whether plain data goes deeper than any value may; looked at without recursion."""
    stack: List[Tuple[Any, int]] = [(plain, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            return True
        stack.extend((child, depth + 1) for child in children(item) if type(child) in (list, dict))
    return False


def children(plain: Any) -> Iterable[Any]:
    """What is directly in plain data; of a map, its keys too."""
    if type(plain) is list:
        return plain
    if type(plain) is not dict or "nd" in plain:
        return ()
    pairs = plain.get("map")
    if type(pairs) is list and len(plain) == 1:
        return [child for pair in pairs for child in (pair if type(pair) is list else (pair,))]
    return plain.values()
