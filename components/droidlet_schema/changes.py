"""A value as what has changed since another one: what is the very same object in both does not travel again.

Only for two sides that both hold the other value, the base. Records, FrozenMaps and tuples of one length are gone into;
"same" means the same object, which costs nothing to see and is enough, since a pure function that changes one part of a
state hands on the others. Plain data of a change is one of

    {"new": plain}                               something else, in full
    {"fields": {name: change}}                   a record of the base's class
    {"entries": [[key, change]], "gone": [key]}  a FrozenMap; entries that the base lacks are new
    {"items": [[index, change]]}                 a tuple of the base's length
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import msgspec

from droidlet_schema import kinds
from droidlet_schema.errors import DecodeError, EncodeError, Refused, join_path
from droidlet_schema.frames import Frames
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.packing import MAX_DEPTH, TOO_DEEP, Packer, may_be_deep, too_deep
from droidlet_schema.scalars import Kind

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode
_MISSING: Any = object()


def encode_change(value: Any, base: Any) -> Tuple[Any, ...]:
    """What has changed since the base, as frames: the header, then one per array. Both are records of one class.

    Raises EncodeError for records nested deeper than any value may be.
    """
    packer = Packer()
    change = _change(value, base, value.__record__.kind, packer, 0)
    if _is_too_deep(value):
        raise EncodeError(TOO_DEEP)
    return (_pack(change), *packer.frames)


def decode_change(frames: Sequence[Any], base: Any, settle: Optional[Callable[[], None]] = None) -> Any:
    """The value that a change makes of the base; parts that are the same are the base's own objects.

    `settle` is as in `codec.decode_ahead`. Raises DecodeError for whatever bytes that are no change of this base.
    """
    try:
        plain = _unpack(frames[0])
    except Exception as error:  # whatever the bytes are
        raise DecodeError("", frames, f"expected a change ({error})") from None
    try:
        arrays = Frames(tuple(frames[1:]), settle)
        made = _changed(plain, base, base.__record__.kind, arrays)
        arrays.finish()
        if _is_too_deep(made):  # only a record that can hold itself has to be looked through
            raise Refused("...", TOO_DEEP)
    except Refused as refused:
        raise DecodeError(join_path(refused.path), refused.value, refused.reason) from None
    except RecursionError:
        raise DecodeError("", "...", TOO_DEEP) from None
    return made


def _is_too_deep(record: Any) -> bool:
    return may_be_deep(record) and too_deep(record.__record__.kind.pack(record, Packer()))


def _change(value: Any, base: Any, kind: Kind, packer: Packer, depth: int) -> Dict[str, Any]:
    if depth > MAX_DEPTH:
        raise EncodeError(TOO_DEEP)
    inside = _member(kind, base.__class__)
    if type(value) is not type(base) or inside is None:
        return {"new": kind.pack(value, packer)}
    if isinstance(inside, kinds.RecordKind):
        spec = inside.spec
        pairs = zip(spec.kinds.items(), spec.values_of(value), spec.values_of(base))
        return {"fields": {n: _change(v, b, of, packer, depth + 1) for (n, of), v, b in pairs if v is not b}}
    if isinstance(inside, kinds.MapKind):
        before = base._data
        entries = [
            [key, _change(item, before.get(key, _MISSING), inside.value, packer, depth + 1)]
            for key, item in value.items()
            if item is not before.get(key, _MISSING)
        ]
        return {"entries": entries, "gone": [key for key in base if key not in value]}
    if len(value) != len(base):
        return {"new": kind.pack(value, packer)}
    items = enumerate(zip(value, base))
    of_items = _item_kinds(inside, len(base))
    return {
        "items": [[n, _change(v, b, of_items[n], packer, depth + 1)] for n, (v, b) in items if v is not b]
    }


def _changed(plain: Any, base: Any, kind: Kind, frames: Frames) -> Any:
    if type(plain) is not dict:
        raise Refused(plain, "expected a change")
    if len(plain) == 1 and "new" in plain:
        return kind.read(plain["new"], frames)
    inside = _member(kind, base.__class__)
    if isinstance(inside, kinds.RecordKind) and len(plain) == 1 and "fields" in plain:
        return _changed_record(plain["fields"], base, inside, frames)
    if isinstance(inside, kinds.MapKind) and plain.keys() == {"entries", "gone"}:
        return _changed_map(plain, base, inside, frames)
    if isinstance(inside, (kinds.SequenceKind, kinds.TupleKind)) and plain.keys() == {"items"}:
        items, of = list(base), _item_kinds(inside, len(base))
        for n, change in _pairs(plain["items"]):
            if type(n) is not int or not 0 <= n < len(items):
                raise Refused(n, f"expected the place of one of {len(items)} items")
            items[n] = _step(change, items[n], of[n], frames, n)
        return tuple(items)
    raise Refused(plain, f"expected a change of {kind.name}")


def _changed_record(plain: Any, base: Any, kind: kinds.RecordKind, frames: Frames) -> Any:
    spec = kind.spec
    if type(plain) is not dict or not plain.keys() <= spec.kinds.keys():
        raise Refused(plain, f"expected changed fields of {spec.tag}")
    if not plain:
        return base
    made = spec.empty()
    for name, _, _, put in spec.places:
        value = getattr(base, name)
        put(made, _step(plain[name], value, spec.kinds[name], frames, name) if name in plain else value)
    kind.finish(made, plain, frames)
    return made


def _changed_map(plain: Any, base: Any, kind: kinds.MapKind, frames: Frames) -> Any:
    entries, gone = dict(base._data), plain["gone"]
    if type(gone) is not list:
        raise Refused(gone, "expected the keys that are gone")
    for key in gone:
        if type(key) not in (int, str) or entries.pop(key, _MISSING) is _MISSING:
            raise Refused(key, "expected a key that the base has")
    for key, change in _pairs(plain["entries"]):
        read = kind.key.read(key, frames)
        entries[read] = _step(change, entries.get(read, _MISSING), kind.value, frames, repr(read))
    return FrozenMap._checked(entries, kind)


def _step(change: Any, base: Any, kind: Kind, frames: Frames, step: Any) -> Any:
    try:
        return _changed(change, base, kind, frames)
    except Refused as refused:
        raise refused.inside(step) from None


def _pairs(plain: Any) -> List[Any]:
    if type(plain) is not list or not all(type(pair) is list and len(pair) == 2 for pair in plain):
        raise Refused(plain, "expected pairs")
    return plain


@functools.lru_cache(maxsize=4096)
def _member(kind: Kind, of: type) -> Optional[Kind]:
    """The kind that a base of this type is of, if it is one to go into."""
    members = kind.members if isinstance(kind, kinds.UnionKind) else (kind,)
    fitting = [one for one in members if of in one.python_types]
    gone_into = (kinds.RecordKind, kinds.MapKind, kinds.SequenceKind, kinds.TupleKind)
    return fitting[0] if len(fitting) == 1 and isinstance(fitting[0], gone_into) else None


def _item_kinds(kind: Any, length: int) -> Sequence[Kind]:
    return kind.items if isinstance(kind, kinds.TupleKind) else (kind.item,) * length
