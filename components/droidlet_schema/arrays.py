"""Array fields: a shape pattern and a dtype, and the rule of who may still write."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.errors import Refused, SchemaError

ShapePattern = Tuple[Union[int, str], ...]


def parse_shape(pattern: str) -> ShapePattern:
    """ "H W 3" -> ("H", "W", 3). A name binds within one record, "_" fits any length, "..." (first only) any number of axes."""
    axes: Tuple[Union[int, str], ...] = ()
    for position, word in enumerate(pattern.split()):
        if word.isdigit():
            axes += (int(word),)
        elif word.isidentifier() or (word == "..." and position == 0):
            axes += (word,)
        else:
            raise SchemaError(
                f"array({pattern!r}): {word!r} is no axis; write a number, a name, _ or a leading ..."
            )
    return axes


def parse_dtype(dtype: Any) -> np.dtype[Any]:
    """The dtype in little-endian order. Raises SchemaError for object, structured, text and time dtypes."""
    parsed = np.dtype(dtype)
    if parsed.kind not in "biufc" or parsed.itemsize > 16 or parsed.type in (np.longdouble, np.clongdouble):
        raise SchemaError(f"array(..., {dtype!r}): only bool, int, uint, float and complex of fixed size")
    return parsed.newbyteorder("<")


def fits_shape(shape: Tuple[int, ...], pattern: ShapePattern, bound: Dict[str, int]) -> Optional[str]:
    """None if the shape fits the pattern under the names bound so far (which grow), else the reason."""
    if pattern and pattern[0] == "...":
        pattern = pattern[1:]
        shape_end = shape[len(shape) - len(pattern) :] if len(shape) >= len(pattern) else shape
    else:
        shape_end = shape
    if len(shape_end) != len(pattern):
        return f"expected {len(pattern)} axes ({_text(pattern)}), got shape {shape}"
    for length, axis in zip(shape_end, pattern):
        wanted = axis if isinstance(axis, int) else bound.setdefault(axis, length) if axis != "_" else length
        if wanted != length:
            named = "" if isinstance(axis, int) else f" ({axis} is {wanted} in an array before)"
            return f"expected shape {_text(pattern)}{named}, got {shape}"
    return None


def _text(pattern: ShapePattern) -> str:
    return " ".join(map(str, pattern)) or "of no axis"


def take_ownership(value: NDArray[Any]) -> NDArray[Any]:
    """The same array, set read-only, if it owns its memory; a copy, if anybody could still write to that memory."""
    if value.base is None and value.flags.owndata:
        value.setflags(write=False)
        return value
    if not _frozen_below(value):
        value = np.array(value, order="C", copy=True)
        value.setflags(write=False)
    return value


def _frozen_below(value: NDArray[Any]) -> bool:
    below: Any = value
    while isinstance(below, np.ndarray):
        if below.flags.writeable:
            return False
        if below.base is None:
            return bool(below.flags.owndata)
        below = below.base
    if isinstance(below, memoryview):
        return below.readonly and not isinstance(below.obj, (bytearray, np.ndarray))
    return isinstance(below, bytes)


def check_array(value: object, dtype: np.dtype[Any], pattern: ShapePattern) -> NDArray[Any]:
    """The array, owned. Raises Refused for anything but an ndarray of this dtype and shape."""
    if type(value) is not np.ndarray:
        raise Refused(value, f"expected a numpy array of {dtype} {_text(pattern)}")
    if value.dtype != dtype:
        raise Refused(value, f"expected dtype {dtype} (arrays are never cast: use .astype)")
    reason = fits_shape(value.shape, pattern, {})
    if reason:
        raise Refused(value, reason)
    return take_ownership(value)
