"""Containers that hold records which nobody here knows: the records stay closed, all around them is read."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence, Tuple

import msgspec

from droidlet_schema import FrozenMap
from droidlet_schema.packing import too_deep
from droidlet_transport.errors import ProtocolError

_pack, _unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
Closed = Callable[[Dict[Any, Any]], bool]  # of a record's plain data
Read = Callable[[Tuple[Any, ...]], Any]
Write = Callable[[Any], Sequence[Any]]


def read_around(frames: Sequence[Any], read: Read, closed: Closed) -> Any:
    """A tuple or a table whose items are what `read` makes of their own frames, where there is a record among them
    that is `closed`. Raises ProtocolError for others.
    """
    try:
        plain = _unpack(frames[0])
        if not _is_container(plain) or too_deep(plain) or not _is_in(plain, closed):
            raise ProtocolError("neither a list nor a map with a record that is not known")
        left = dict(enumerate(frames[1:]))
        made = _opened(plain, left, read)
        if left:
            raise ProtocolError(f"{len(left)} arrays that are nowhere in it")
        return made
    except (msgspec.DecodeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise ProtocolError(f"a value that cannot be read: {error}") from None


def _is_container(plain: Any) -> bool:
    return isinstance(plain, list) or isinstance(plain, dict) and set(plain) == {"map"}


def _is_in(plain: Any, closed: Closed) -> bool:
    """Whether a closed record is in containers; looked at without recursion."""
    waiting = [plain]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if "$" in one and closed(one):
                return True
            if _is_container(one):
                waiting += [item for _, item in one["map"]]
    return False


def _opened(plain: Any, left: Dict[int, Any], read: Read) -> Any:
    """`left` are the arrays that were not taken; each is taken once."""
    if isinstance(plain, list):
        return tuple(_opened(item, left, read) for item in plain)
    if _is_container(plain):
        entries = {key: _opened(item, left, read) for key, item in plain["map"]}
        if len(entries) != len(plain["map"]):
            raise ProtocolError("a key that is there twice")
        return FrozenMap(entries)
    own: List[Any] = []
    header = _pack(_renumbered(plain, lambda n: _moved(own, left.pop(n))))
    return read((header, *own))


def write_around(value: Any, write: Write, closed: type) -> Tuple[Any, ...]:
    """The frames of a container, from those that `write` makes of its items; what is `closed` goes as it came.

    Raises TypeError where nothing is, and what `write` raises.
    """
    if not holds(value, closed):
        raise TypeError("there is nothing closed in it")
    arrays: List[Any] = []
    header = _pack(_closed(value, arrays, write))
    return (header, *arrays)


def holds(value: Any, closed: type) -> bool:
    """Whether something closed is in a container, or in one of its containers."""
    if isinstance(value, (dict, FrozenMap)):
        return any(holds(item, closed) for item in value.values())
    if type(value) in (list, tuple):
        return any(holds(item, closed) for item in value)
    return isinstance(value, closed)


def _closed(value: Any, arrays: List[Any], write: Write) -> Any:
    if isinstance(value, (dict, FrozenMap)):
        return {"map": [[key, _closed(item, arrays, write)] for key, item in FrozenMap(value).items()]}
    if type(value) in (list, tuple):
        return [_closed(item, arrays, write) for item in value]
    header, *own = write(value)
    return _renumbered(_unpack(header), lambda n: _moved(arrays, own[n]))


def _moved(arrays: List[Any], array: Any) -> int:
    arrays.append(array)
    return len(arrays) - 1


def _renumbered(plain: Any, number: Callable[[int], int]) -> Any:
    """The same header, its arrays with other numbers."""
    if isinstance(plain, list):
        return [_renumbered(item, number) for item in plain]
    if not isinstance(plain, dict):
        return plain
    if "nd" in plain and "$" not in plain:
        return {**plain, "nd": number(plain["nd"])}
    return {key: _renumbered(item, number) for key, item in plain.items()}
