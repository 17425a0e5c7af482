"""Plain Python trees (dicts, lists, NumPy's scalars) as values of the codec and back, for interfaces that use them."""

from __future__ import annotations

import struct
from typing import Any, List, Tuple

import numpy as np

from droidlet_schema import EncodeError, FrozenMap, decode, encode
from droidlet_transport.errors import CannotTravel

_MARK = "py:"  # begins the one key of a table that stands for something else
_LIST, _DICT, _SCALAR, _INT, _TEXTS = (_MARK + name for name in ("list", "dict", "scalar", "int", "texts"))
_INT64 = 1 << 63


def to_value(tree: Any, path: str = "the value") -> Any:
    """What the codec encodes, for a tree of dicts, lists, tuples, arrays, NumPy's scalars, texts, numbers, records.

    Raises CannotTravel, with the path, for keys that are neither text nor whole numbers.
    """
    if isinstance(tree, dict):
        return _table(tree, path)
    if isinstance(tree, list):
        return FrozenMap({_LIST: tuple(to_value(item, f"{path}[{n}]") for n, item in enumerate(tree))})
    if type(tree) is tuple:
        return tuple(to_value(item, f"{path}[{n}]") for n, item in enumerate(tree))
    if isinstance(tree, np.generic):
        return FrozenMap({_SCALAR: _array(np.asarray(tree), path)})
    if isinstance(tree, np.ndarray):
        return _array(tree, path)
    if type(tree) is int and not -_INT64 <= tree < _INT64:
        return FrozenMap({_INT: str(tree)})
    return tree


def _table(tree: dict[Any, Any], path: str) -> Any:
    plain = all(type(key) is str and not key.startswith(_MARK) for key in tree)
    if plain and list(tree) == sorted(tree):  # else its order would be lost
        return FrozenMap({key: to_value(item, f"{path}[{key!r}]") for key, item in tree.items()})
    if not all(type(key) in (str, int) for key in tree):
        raise CannotTravel(f"{path} has keys that are neither text nor whole numbers")
    pairs = tuple((key, to_value(item, f"{path}[{key!r}]")) for key, item in tree.items())
    return FrozenMap({_DICT: pairs})


def _array(array: np.ndarray, path: str) -> Any:
    if array.dtype.kind == "U":
        return FrozenMap({_TEXTS: (array.shape, array.dtype.str, tuple(map(str, array.ravel())))})
    if array.dtype.hasobject:
        raise CannotTravel(f"{path} is an array of objects, which have no form on the wire")
    return array


def from_value(value: Any) -> Any:
    """The tree that `to_value` had; its arrays are its own, and can be written to."""
    if isinstance(value, FrozenMap):
        if len(value) == 1:
            ((key, item),) = value.items()
            if isinstance(key, str) and key.startswith(_MARK):
                return _marked(key, item)
        return {key: from_value(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.astype(np.dtype(value.dtype.str))  # a copy, of the type that the name stands for here
    if type(value) is tuple:
        return tuple(map(from_value, value))
    return value


def _marked(key: str, item: Any) -> Any:
    if key == _LIST:
        return [from_value(one) for one in item]
    if key == _DICT:
        return {name: from_value(one) for name, one in item}
    if key == _SCALAR:
        return from_value(item)[()]
    if key == _TEXTS:
        shape, dtype, texts = item
        return np.array(texts, dtype).reshape(shape)
    return int(item)


def to_bytes(tree: Any, path: str) -> List[Any]:
    """A tree as buffers that follow each other: how many, their lengths, themselves. Raises CannotTravel."""
    try:
        frames = [memoryview(frame).cast("B") for frame in encode(to_value(tree, path))]
    except EncodeError as error:
        raise CannotTravel(f"{path} cannot travel: {error}") from None
    head = struct.pack(f"<{len(frames) + 1}Q", len(frames), *(frame.nbytes for frame in frames))
    return [memoryview(head), *frames]


def from_bytes(data: memoryview) -> Any:
    """The tree of such buffers."""
    (count,) = struct.unpack_from("<Q", data)
    lengths: Tuple[int, ...] = struct.unpack_from(f"<{count}Q", data, 8)
    start, frames = 8 * (count + 1), []
    for length in lengths:
        frames.append(bytes(data[start : start + length]))
        start += length
    return from_value(decode(frames))
