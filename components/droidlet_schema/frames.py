"""The array frames of a message while it is read: each is taken once, none is left over."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.arrays import MAX_AXES, WIRE_DTYPES, take_ownership
from droidlet_schema.errors import Refused

_KEYS = {"nd", "dtype", "shape"}
_INT = frozenset((int,))
_WRITABLE = (np.ndarray, bytearray)  # perhaps: what lies below a read-only view of one must be looked at


class Frames:
    """The frames behind a header. Raises Refused for one that is no bytes.

    Where their bytes may not all be there yet, `settle` waits for them; it is called before anything looks into one.
    """

    def __init__(self, items: Sequence[Any], settle: Optional[Callable[[], None]] = None) -> None:
        self.settle = settle
        self._views: List[memoryview] = []
        for index, item in enumerate(items):
            try:
                view = memoryview(item)
            except TypeError:
                raise Refused(item, f"expected array frame {index} to be bytes") from None
            if not view.c_contiguous:
                raise Refused(item, f"expected array frame {index} to be contiguous bytes")
            self._views.append(view)
        self._items = items
        self._taken: Set[int] = set()

    def ordinary(self, plain: Any, code: str, dtype: np.dtype[Any]) -> Optional[NDArray[Any]]:
        """What `array` gives, in a third of the time, where it is of this dtype and nothing is unusual; else None."""
        if type(plain) is not dict or len(plain) != 3:
            return None
        try:
            index, shape, name = plain["nd"], plain["shape"], plain["dtype"]
            if name != code or type(index) is not int or index < 0 or index in self._taken:
                return None
            view = self._views[index]
            if type(shape) is not list or not view.readonly or isinstance(view.obj, _WRITABLE):
                return None
            made: NDArray[Any] = np.ndarray(shape, dtype, view)
        except Exception:  # `array` says what is wrong
            return None
        size = view.nbytes
        if made.nbytes != size or not size or not _INT.issuperset(map(type, shape)):
            return None
        self._taken.add(index)
        return made

    def array(self, plain: Any) -> NDArray[Any]:
        """The array that a plain {"nd": ...} stands for, a read-only view of its frame. Raises Refused.

        The bytes are copied only if somebody could still write to them.
        """
        if self.settle is not None:
            self.settle()
        if type(plain) is not dict or plain.keys() != _KEYS:
            raise Refused(plain, "expected an array")
        index, dtype, shape = self._take(plain["nd"]), _dtype(plain["dtype"]), _shape(plain["shape"])
        count = 1
        for length in shape:
            count *= length
        if count * dtype.itemsize != self._views[index].nbytes:
            wanted = f"expected {count * dtype.itemsize} bytes for {dtype} of shape {shape}"
            raise Refused(self._views[index].nbytes, wanted)
        flat = np.frombuffer(self._items[index], dtype=dtype) if count else np.empty(0, dtype=dtype)
        try:
            made = flat.reshape(shape)
        except ValueError as error:
            raise Refused(shape, f"expected a shape that fits in memory ({error})") from None
        return take_ownership(made)

    def _take(self, index: Any) -> int:
        if type(index) is not int or not 0 <= index < len(self._views):
            raise Refused(index, f"expected the number of one of {len(self._views)} array frames")
        if index in self._taken:
            raise Refused(index, "expected every array frame once")
        self._taken.add(index)
        return index

    def finish(self) -> None:
        """Raises Refused if a frame was not taken."""
        if len(self._taken) < len(self._views):
            raise Refused(len(self._views), f"expected {len(self._taken)} array frames")


def _dtype(text: Any) -> np.dtype[Any]:
    dtype = WIRE_DTYPES.get(text) if isinstance(text, str) else None
    if dtype is None:
        raise Refused(text, "expected a dtype such as '<f4'")
    return dtype


def _shape(lengths: Any) -> Tuple[int, ...]:
    if type(lengths) is list and len(lengths) <= MAX_AXES:
        for length in lengths:
            if type(length) is not int or not 0 <= length < 2**62:
                break
        else:
            return tuple(lengths)
    raise Refused(lengths, f"expected at most {MAX_AXES} lengths")
