"""Laws about what a call returns: nobody's alias, and everything in it survives the codec."""

from __future__ import annotations

from typing import Any, Iterator, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_laws.brief import brief, raised
from droidlet_laws.laws import CODEC, NO_ALIAS, Offence
from droidlet_laws.snapshot import Snapshot, difference
from droidlet_schema import DecodeError, EncodeError, FrozenMap, decode, encode, is_record

_WORK: Any = 10_000
Held = Tuple[str, Snapshot]  # who holds these values, and what they hold


def alias_offences(result: Snapshot, others: List[Held], step: int) -> List[Offence]:
    """Arrays, lists and dicts of a result that somebody else could still write to."""
    for owner, held in others:
        for path, array in result.arrays:
            shared = next((name for name, other in held.arrays if _shared(array, other)), None)
            if shared is not None:
                return [_alias(path, "shares memory with", owner, shared, step)]
        for identity, (path, _) in result.mutables.items():
            if identity in held.mutables:
                return [_alias(path, "is the same object as", owner, held.mutables[identity][0], step)]
    return []


def _alias(path: str, how: str, owner: str, name: str, step: int) -> Offence:
    return Offence.of(NO_ALIAS, f"{path} {how} {owner} {name}, which can be written to", step)


def _shared(first: NDArray[Any], second: NDArray[Any]) -> bool:
    if not np.may_share_memory(first, second) or not (_writable(first) or _writable(second)):
        return False
    try:
        return bool(np.shares_memory(first, second, max_work=_WORK))
    except Exception:  # too hard to tell exactly: their bounds do overlap
        return True


def _writable(value: Any) -> bool:
    """Whether anything along the base chain can be written to."""
    while value is not None:
        if isinstance(value, np.ndarray):
            if value.flags.writeable:
                return True
            value = value.base
        elif isinstance(value, memoryview):
            return not value.readonly
        else:
            return not isinstance(value, bytes)
    return False


def codec_offences(value: Any, path: str, step: int, *, strict: bool) -> Tuple[List[Offence], int]:
    """What of a value does not survive the codec, and how many values were tried. `strict`: all of the value
    must have a place on the wire.
    """
    if strict:
        found = _round_trip(value, path, step)
        return ([found] if found else []), 1
    records = list(_records(value, path, 0))
    offences = [o for o in (_round_trip(item, where, step) for where, item in records) if o is not None]
    return offences[:1], len(records)


def _records(value: Any, path: str, depth: int) -> Iterator[Tuple[str, Any]]:
    """The outermost records in a value."""
    kind = type(value)  # isinstance would ask the object itself
    if "__record__" in vars(kind):
        yield path, value
    elif depth < 8 and issubclass(kind, (tuple, list)):
        for index, item in enumerate(value):
            yield from _records(item, f"{path}[{index}]", depth + 1)
    elif depth < 8 and issubclass(kind, (dict, FrozenMap)):
        for key, item in value.items():
            yield from _records(item, f"{path}[{key!r}]", depth + 1)


def _round_trip(value: Any, path: str, step: int) -> Optional[Offence]:
    try:
        frames = encode(value)
    except EncodeError as error:
        return Offence.of(CODEC, f"{_culprit(value, path)}: {error}", step)
    except Exception as error:
        return Offence.of(CODEC, f"{path}: encoding it raised {raised(error)}", step)
    try:
        back = (
            decode([bytes(f) for f in frames], type(value))
            if is_record(value)
            else decode([bytes(f) for f in frames])
        )
    except DecodeError as error:
        if not is_record(value) and "several records" in str(error):
            return None  # two classes of one name: only who knows the kind can decode it
        return Offence.of(CODEC, f"{path} cannot be decoded: {error}", step)
    if getattr(type(value), "__digest__", None) is not None:
        same = value.__digest__() == back.__digest__()
        return None if same else Offence.of(CODEC, f"{path}: its digest is another after decoding", step)
    found = difference(Snapshot(value, path).leaves, Snapshot(back, path).leaves)
    return (
        None
        if found is None
        else Offence.of(CODEC, f"{found[0]}: {found[1]} before, {found[2]} after decode(encode(...))", step)
    )


def _culprit(value: Any, path: str) -> str:
    """The path of the deepest part that has no place on the wire."""
    parts: List[Tuple[str, Any]] = []
    if is_record(value):
        parts = [(f"{path}.{name}", getattr(value, name)) for name in type(value).__record__.names]
    elif isinstance(value, tuple):
        parts = [(f"{path}[{i}]", item) for i, item in enumerate(value)]
    elif isinstance(value, FrozenMap):
        parts = [(f"{path}[{k!r}]", item) for k, item in value.items()]
    for name, item in parts:
        try:
            encode(item)
        except Exception:
            return _culprit(item, name)
    return f"{path} ({brief(value, 60)})"
