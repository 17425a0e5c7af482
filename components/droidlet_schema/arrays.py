"""Array fields: a shape pattern and a dtype, and the rule of who may still write."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.errors import Refused, SchemaError

ShapePattern = Tuple[Union[int, str], ...]
WIRE_DTYPES: Dict[str, np.dtype[Any]] = {
    np.dtype(code).newbyteorder("<").str: np.dtype(code).newbyteorder("<") for code in "?bBhHiIqQefdFD"
}
MAX_AXES = 32


def parse_shape(pattern: str) -> ShapePattern:
    """The axes of a pattern: "H W 3" -> ("H", "W", 3).

    A name binds within one record, "_" fits any length, "..." (first only) any number of axes. Raises
    SchemaError.
    """
    if not isinstance(pattern, str):
        raise SchemaError(f'array({pattern!r}): the shape is a text such as "H W 3"')
    axes: Tuple[Union[int, str], ...] = ()
    for position, word in enumerate(pattern.split()):
        if word.isascii() and word.isdigit():
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
    try:
        made = WIRE_DTYPES.get(np.dtype(dtype).newbyteorder("<").str)
    except TypeError:
        made = None
    if made is None or dtype is None:
        raise SchemaError(f"array(..., {dtype!r}): only bool, int, uint, float and complex of fixed size")
    return made


def fits_shape(shape: Tuple[int, ...], pattern: ShapePattern, bound: Dict[str, int]) -> Optional[str]:
    """None if the shape fits the pattern under the names bound so far (which grow), else the reason."""
    ending = shape
    if pattern and pattern[0] == "...":
        pattern = pattern[1:]
        ending = shape[max(0, len(shape) - len(pattern)) :]
    if len(ending) != len(pattern):
        return f"expected {len(pattern)} axes ({_text(pattern)}), got shape {shape}"
    for length, axis in zip(ending, pattern):
        if isinstance(axis, int):
            wanted, named = axis, ""
        elif axis == "_":
            continue
        else:
            wanted = bound.setdefault(axis, length)
            named = f" with {axis} = {wanted} as before"
        if wanted != length:
            return f"expected shape {_text(pattern)}{named}, got {shape}"
    return None


def _text(pattern: ShapePattern) -> str:
    return " ".join(map(str, pattern)) or "of no axis"


def take_ownership(value: NDArray[Any]) -> NDArray[Any]:
    """The same array, set read-only, if it owns its memory; a copy, if somebody could still write to it.

    Views made of an array before it is handed over stay as writable as they are: numpy does not say who has
    one.
    """
    if value.base is None and value.flags.owndata:
        value.setflags(write=False)
        return value
    if not _frozen_below(value):
        value = np.array(value, order="C", copy=True)
        value.setflags(write=False)
    return value


def _frozen_below(value: Any) -> bool:
    """Whether nobody can write below a view: it is of bytes, a frozen array, or memory lent read-only."""
    below = value
    while isinstance(below, np.ndarray):
        if below.flags.writeable:
            return False
        if below.base is None:
            return bool(below.flags.owndata)
        below = below.base
    if isinstance(below, memoryview):
        owner = below.obj
        if isinstance(owner, np.ndarray):
            return below.readonly and _frozen_below(owner)
        return below.readonly and not isinstance(owner, bytearray)
    return isinstance(below, bytes)


def check_array(value: object, dtype: np.dtype[Any], pattern: ShapePattern) -> NDArray[Any]:
    """The array, owned. Raises Refused for anything but an ndarray of this dtype and shape."""
    if type(value) is not np.ndarray:
        hint = "; np.asarray makes a plain one" if isinstance(value, np.ndarray) else ""
        raise Refused(value, f"expected a numpy array of {dtype}, shape {_text(pattern)}{hint}")
    check_dtype_and_shape(value, dtype, pattern)
    return take_ownership(value)


def check_dtype_and_shape(value: NDArray[Any], dtype: np.dtype[Any], pattern: ShapePattern) -> None:
    """Raises Refused for an array of another dtype or of a shape that does not fit."""
    if value.dtype != dtype:
        raise Refused(value, f"expected dtype {dtype} (arrays are never cast: use .astype)")
    reason = fits_shape(value.shape, pattern, {})
    if reason:
        raise Refused(value, reason)
