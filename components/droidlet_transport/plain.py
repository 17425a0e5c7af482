"""Plain Python trees (dicts, lists, NumPy's scalars) as values of the codec and back, for interfaces that use them."""

from __future__ import annotations

import enum
import os
import struct
from collections.abc import Mapping, Sequence
from typing import Any, List, Tuple

import numpy as np

from droidlet_schema import DecodeError, EncodeError, FrozenMap, decode, encode
from droidlet_transport.errors import CannotTravel, ProtocolError
from droidlet_transport.likenesses import named_of, parts_of_named, parts_of_quaternions, quaternions_of

_MARK = "py:"  # begins the one key of a table that stands for something else
_LIST, _DICT, _SCALAR, _INT, _TEXTS = (_MARK + name for name in ("list", "dict", "scalar", "int", "texts"))
_NAMED, _TURNS = _MARK + "named", _MARK + "quaternions"
_ARRAY = "__array__", "dtype", "shape"  # what another package's array has
_PLAIN = frozenset((str, float, bool, bytes, type(None)))
_INT64 = 1 << 63
_MOST_BITS = 1 << 13  # of a whole number: reading the digits of a longer one takes ever longer
_MOST_TEXTS, _MOST_RATIO = 1 << 24, 256  # bytes of an array of texts; or this many for each that came


def to_value(tree: Any, path: str = "the value") -> Any:
    """What the codec encodes, for a tree of dicts, lists, tuples, arrays, NumPy's scalars, texts, numbers, records.

    What is like one of these travels as it: another Mapping as a dict, another Sequence as a list, an enum's member as
    its value, a path as text, another package's array (PyTorch's, JAX's) as NumPy's. Named tuples keep their names,
    NumPy's quaternions are quaternions where the other side has the package.

    Raises CannotTravel, with the path, for keys that are neither text nor whole numbers.
    """
    if type(tree) in _PLAIN:
        return tree
    if isinstance(tree, dict):
        return _table(tree, path)
    if isinstance(tree, list):
        return FrozenMap({_LIST: _each(tree, path)})
    if type(tree) is tuple:
        return _each(tree, path)
    if isinstance(tree, np.ndarray):
        return _array(tree, path)
    if type(tree) is int:
        return tree if -_INT64 <= tree < _INT64 else FrozenMap({_INT: _digits(tree, path)})
    return _like(tree, path)


def _digits(number: int, path: str) -> str:
    if number.bit_length() > _MOST_BITS:
        raise CannotTravel(f"{path} is a number of {number.bit_length()} bits, at most {_MOST_BITS} travel")
    return str(number)


def _each(items: Any, path: str) -> Tuple[Any, ...]:
    return tuple(to_value(item, f"{path}[{n}]") for n, item in enumerate(items))


def _like(tree: Any, path: str) -> Any:
    """What is like one of the plain ones, as that one; records and the codec's own tables stay what they are."""
    turns = parts_of_quaternions(tree)
    if turns is not None:
        return FrozenMap({_TURNS: turns})
    if isinstance(tree, np.generic):
        return FrozenMap({_SCALAR: _array(np.asarray(tree), path)})
    if isinstance(tree, FrozenMap):
        return tree
    if isinstance(tree, enum.Enum):
        return to_value(tree.value, path)
    if isinstance(tree, os.PathLike):
        return os.fspath(tree)
    kind: Any
    for kind in (str, bytes, int, float):
        if isinstance(tree, kind):
            return to_value(kind(tree), path)
    if isinstance(tree, tuple):
        named = parts_of_named(tree)
        return _each(tree, path) if named is None else FrozenMap({_NAMED: (*named, _each(tree, path))})
    if isinstance(tree, Mapping):
        return _table(dict(tree.items()), path)
    if isinstance(tree, Sequence) and not isinstance(tree, (bytearray, memoryview)):
        return to_value(list(tree), path)
    return _array_of(tree, path) if all(hasattr(type(tree), name) for name in _ARRAY) else tree


def _table(tree: Any, path: str) -> Any:
    if not all(type(key) in (str, int) for key in tree):
        tree = {_key(key): item for key, item in tree.items()}
    plain = all(type(key) is str and not key.startswith(_MARK) for key in tree)
    if plain and list(tree) == sorted(tree):  # else its order would be lost
        return FrozenMap({key: to_value(item, f"{path}[{key!r}]") for key, item in tree.items()})
    if not all(type(key) in (str, int) for key in tree):
        raise CannotTravel(f"{path} has keys that are neither text nor whole numbers")
    pairs = tuple((key, to_value(item, f"{path}[{key!r}]")) for key, item in tree.items())
    return FrozenMap({_DICT: pairs})


def _key(key: Any) -> Any:
    """A member of an enum, or a text of another class, as what it stands for."""
    key = key.value if isinstance(key, enum.Enum) else key
    return str(key) if isinstance(key, str) else key


def _array_of(tensor: Any, path: str) -> Any:
    """Another package's array. Raises CannotTravel where it is in another memory, or of a type that NumPy has not."""
    try:
        made = np.asarray(tensor)
    except Exception as error:
        raise CannotTravel(f"{path} is {type(tensor).__name__}, which gives no array: {error}") from None
    return _array(made, path)


def _array(array: np.ndarray, path: str) -> Any:
    if array.dtype.kind == "U":
        texts = tuple(map(str, array.ravel()))
        if _too_large(array.nbytes, texts):
            raise CannotTravel(f"{path} is {array.nbytes} bytes of short texts: make a list of it")
        return FrozenMap({_TEXTS: (array.shape, array.dtype.str, texts)})
    turns = parts_of_quaternions(array)
    if turns is not None:
        return FrozenMap({_TURNS: turns})
    if array.dtype.hasobject:
        raise CannotTravel(f"{path} is an array of objects, which have no form on the wire")
    return array


def _too_large(size: int, texts: Sequence[str]) -> bool:
    return size > max(_MOST_TEXTS, _MOST_RATIO * sum(map(len, texts)))


def from_value(value: Any, writable: bool = True) -> Any:
    """The tree that `to_value` had; its arrays are its own, and can be written to. Unless `writable`, arrays are not
    copied, but stay as they came, read-only. Raises ProtocolError for what `to_value` never makes.
    """
    if isinstance(value, FrozenMap):
        if len(value) == 1:
            ((key, item),) = value.items()
            if isinstance(key, str) and key.startswith(_MARK):
                try:
                    return _marked(key, item, writable)
                except ProtocolError:
                    raise
                except Exception as error:  # whatever the other side sends
                    raise ProtocolError(f"{key!r} cannot be read: {str(error)[:200]}") from None
        return {key: from_value(item, writable) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        # a copy, of the type that the name stands for here
        return value.astype(np.dtype(value.dtype.str)) if writable else value
    if type(value) is tuple:
        return tuple([from_value(item, writable) for item in value])
    return value


def _marked(key: str, item: Any, writable: bool) -> Any:
    if key == _LIST:
        return [from_value(one, writable) for one in item]
    if key == _DICT:
        return {name: from_value(one, writable) for name, one in item}
    if key == _SCALAR:
        return from_value(item)[()]
    if key == _TEXTS:
        shape, dtype, texts = item
        kind = np.dtype(dtype)
        if kind.kind != "U" or _too_large(kind.itemsize * len(texts), texts):
            raise ValueError(f"{len(texts)} texts of {dtype}")
        return np.array(texts, kind).reshape(shape)
    if key == _NAMED:
        module, name, fields, values = item
        return named_of(module, name, fields, from_value(values, writable))
    if key == _TURNS:
        return quaternions_of(item)
    if key != _INT or type(item) is not str or len(item) > _MOST_BITS:
        raise ValueError("it is nothing that is known here")
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
    """The tree of such buffers. Raises ProtocolError for what `to_bytes` did not make."""
    try:
        (count,) = struct.unpack_from("<Q", data)
        lengths: Tuple[int, ...] = struct.unpack_from(f"<{count}Q", data, 8)
    except (struct.error, OverflowError, MemoryError) as error:
        raise ProtocolError(f"buffers that are none: {error}") from None
    start, frames = 8 * (count + 1), []
    for length in lengths:
        frames.append(bytes(data[start : start + length]))
        start += length
    try:
        return from_value(decode(frames))
    except DecodeError as error:
        raise ProtocolError(f"buffers that cannot be read: {error}") from None
