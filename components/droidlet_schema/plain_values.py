"""Values as people write them by hand, in JSON or TOML files: fields by name, defaults left out.

The form is led by the declared types: a record is a table of its fields, and says which one it is ("$") only
where several could stand; a tuple is a list, a FrozenMap a table (a list of [key, value] where keys are neither
text nor whole numbers), an array {"shape": [...], "items": [...]}, bytes base64 text. Whole numbers will do for
floats, and the texts "nan", "inf" and "-inf" (JSON has no such numbers).
"""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any, Callable, Dict, List, Tuple, Type, TypeVar

import numpy as np

from droidlet_schema import registry
from droidlet_schema.digest import digest
from droidlet_schema.errors import DecodeError, EncodeError, RecordError, Refused, join_path
from droidlet_schema.fields import kind_of
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.kinds import ArrayKind, MapKind, RecordKind, SequenceKind, TupleKind, UnionKind
from droidlet_schema.record import is_record
from droidlet_schema.scalars import BytesKind, FloatKind, IntKind, Kind, NoneKind, StrKind

T = TypeVar("T")
MOST_LEVELS = 64
_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def to_plain(value: Any) -> Dict[str, Any]:
    """A record as a table that JSON can hold; fields that are at their default are left out.

    Raises EncodeError for what is no record, and for one whose table would be read as another value: where a
    field takes both text and bytes, say.
    """
    if not is_record(value):
        raise EncodeError(f"{type(value).__name__} is no record: only records have a plain form of their own")
    kind = vars(type(value))["__record__"].kind
    plain = _fields(kind, value)
    try:
        same = bool(_read(kind, plain, 0) == value)
    except Refused as refused:
        raise EncodeError(f"at {join_path(refused.path)}: {refused.reason}") from None
    if not same:
        raise EncodeError(
            f"this {kind.name} has no plain form: a field of it takes values that look the same there"
        )
    return plain


def from_plain(data: Any, kind: Type[T]) -> T:
    """The record that a table of its fields stands for.

    `data` is what JSON or TOML give: tables, lists, texts, numbers. Raises DecodeError(path, value, cause).
    """
    try:
        made: T = _read(kind_of(kind), data, 0)
    except Refused as refused:
        raise DecodeError(join_path(refused.path), refused.value, refused.reason) from None
    return made


def named_in(data: Any, default: Type[Any]) -> Type[Any]:
    """The record class that a table names by "$", `default` where it names none. Raises DecodeError."""
    tag = data.get("$") if isinstance(data, dict) else None
    if tag is None:
        return default
    try:
        return registry.find(tag if isinstance(tag, str) and "/" in tag else f"{tag}/1").cls
    except Refused as refused:
        raise DecodeError("$", refused.value, refused.reason) from None


def _fields(kind: RecordKind, value: Any) -> Dict[str, Any]:
    return {
        name: _write(of, getattr(value, name))
        for name, of in kind.spec.kinds.items()
        if not _is_default(kind.cls, name, getattr(value, name))
    }


def _is_default(cls: type, name: str, value: Any) -> bool:
    default = next(a.default for a in cls.__attrs_attrs__ if a.name == name)  # type: ignore[attr-defined]
    if type(default) is not type(value):
        return False
    return bool(digest(default) == digest(value))


def _write(kind: Kind, value: Any) -> Any:
    if isinstance(kind, UnionKind):
        return _write_member(kind, value)
    for known, write in _WRITERS.items():
        if isinstance(kind, known):
            return write(kind, value)
    return value


def _write_member(kind: UnionKind, value: Any) -> Any:
    member = _member_of(kind, value)
    plain = _write(member, value)
    if isinstance(member, RecordKind) and sum(isinstance(m, RecordKind) for m in kind.members) > 1:
        return {"$": member.spec.tag, **plain}
    return plain


def _member_of(kind: UnionKind, value: Any) -> Kind:
    for member in kind.members:
        if type(value) in member.python_types:
            try:
                member.check(value)
            except Refused:
                continue
            return member
    return kind.members[0]


def _write_float(kind: Kind, value: Any) -> Any:
    return value if math.isfinite(value) else repr(value)


def _write_map(kind: MapKind, value: Any) -> Any:
    if _has_names(kind.key):
        return {str(key): _write(kind.value, item) for key, item in value.items()}
    return [[_write(kind.key, key), _write(kind.value, item)] for key, item in value.items()]


def _has_names(kind: Kind) -> bool:
    return isinstance(kind, (StrKind, IntKind))


def _write_array(kind: ArrayKind, value: Any) -> Any:
    items = value.ravel().tolist()
    if value.dtype.kind == "f":
        items = [_write_float(kind, item) for item in items]
    elif value.dtype.kind not in "biu":
        raise EncodeError(f"an array of {value.dtype} has no plain form")
    return {"shape": list(value.shape), "items": items}


_WRITERS: Dict[type, Callable[[Any, Any], Any]] = {
    RecordKind: _fields,
    SequenceKind: lambda kind, value: [_write(kind.item, item) for item in value],
    TupleKind: lambda kind, value: [_write(of, item) for of, item in zip(kind.items, value)],
    MapKind: _write_map,
    ArrayKind: _write_array,
    FloatKind: _write_float,
    BytesKind: lambda kind, value: base64.b64encode(value).decode(),
}


def _read(kind: Kind, data: Any, level: int) -> Any:
    if level > MOST_LEVELS:
        raise Refused(data, f"more than {MOST_LEVELS} levels deep")
    for known, read in _READERS.items():
        if isinstance(kind, known):
            return read(kind, data, level + 1)
    return kind.check(data)


def _read_record(kind: RecordKind, data: Any, level: int) -> Any:
    spec = kind.spec
    if not isinstance(data, dict):
        raise Refused(data, f"expected a table of the fields of {spec.name}")
    if data.get("$", spec.tag) not in (spec.tag, spec.name):
        raise Refused(data["$"], f"expected the record {spec.tag}")
    values: Dict[str, Any] = {}
    for name, item in data.items():
        if name == "$":
            continue
        if name not in spec.kinds:
            raise Refused(item, f"{spec.name} has no such field; it has {', '.join(spec.names)}", (name,))
        values[name] = _inside(name, spec.kinds[name], item, level)
    missing = [name for name in spec.required if name not in values]
    if missing:
        raise Refused(data, f"{spec.name} lacks {', '.join(missing)}")
    try:
        return kind.cls(**values)
    except RecordError as error:
        raise Refused(error.value, error.reason, error.path) from None
    except (ValueError, TypeError) as error:
        raise Refused(data, f"{spec.name}: {error}") from None


def _inside(step: Any, kind: Kind, item: Any, level: int) -> Any:
    try:
        return _read(kind, item, level)
    except Refused as refused:
        raise refused.inside(step) from None


def _read_union(kind: UnionKind, data: Any, level: int) -> Any:
    records = [member for member in kind.members if isinstance(member, RecordKind)]
    if isinstance(data, dict) and "$" in data:
        for member in records:
            if data["$"] in (member.spec.tag, member.spec.name):
                return _read(member, data, level)
        raise Refused(data["$"], "expected " + kind.name)
    if data is None and any(isinstance(member, NoneKind) for member in kind.members):
        return None
    if isinstance(data, dict) and len(records) == 1:
        return _read(records[0], data, level)
    if isinstance(data, dict) and len(records) > 1:
        raise Refused(
            data, "say which record it is: " + " or ".join(f'"$": "{m.spec.name}"' for m in records)
        )
    refusals: List[Refused] = []
    for either in kind.members:
        try:
            return _read(either, data, level)
        except Refused as refused:
            refusals.append(refused)
    raise refusals[-1] if len(kind.members) == 2 else Refused(data, "expected " + kind.name)


def _list(kind: Kind, data: Any) -> List[Any]:
    if isinstance(data, (list, tuple)):
        return list(data)
    raise Refused(data, "expected a list, for " + kind.name)


def _read_sequence(kind: SequenceKind, data: Any, level: int) -> Tuple[Any, ...]:
    return tuple(_inside(n, kind.item, item, level) for n, item in enumerate(_list(kind, data)))


def _read_tuple(kind: TupleKind, data: Any, level: int) -> Tuple[Any, ...]:
    items = _list(kind, data)
    if len(items) != len(kind.items):
        raise Refused(data, f"expected {len(kind.items)} items, got {len(items)}")
    return tuple(_inside(n, of, item, level) for n, (of, item) in enumerate(zip(kind.items, items)))


def _read_map(kind: MapKind, data: Any, level: int) -> Any:
    if isinstance(data, dict) and _has_names(kind.key):
        pairs = [(_key(kind.key, name), item) for name, item in data.items()]
    else:
        pairs = [_pair(kind, pair, n, level) for n, pair in enumerate(_list(kind, data))]
    entries = {key: _inside(str(key), kind.value, item, level) for key, item in pairs}
    if len(entries) != len(pairs):
        raise Refused(data, "expected every key once")
    return FrozenMap(entries)


def _pair(kind: MapKind, pair: Any, number: int, level: int) -> Tuple[Any, Any]:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise Refused(pair, "expected [key, value]", (number,))
    return _inside(number, kind.key, pair[0], level), pair[1]


def _key(kind: Kind, name: str) -> Any:
    if isinstance(kind, IntKind):
        try:
            return kind.check(int(name))
        except ValueError:
            raise Refused(name, "expected a whole number for a key") from None
    return kind.check(name)


def _read_array(kind: ArrayKind, data: Any, level: int) -> Any:
    if not isinstance(data, dict) or set(data) != {"shape", "items"}:
        raise Refused(data, 'expected {"shape": [...], "items": [...]}')
    try:
        shape = tuple(int(length) for length in data["shape"])
        items = [_WORDS.get(item, item) if isinstance(item, str) else item for item in data["items"]]
        made = np.array(items, dtype=kind.dtype).reshape(shape)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(data["items"], f"no array of {kind.dtype}: {error}") from None
    if made.dtype.kind != "f" and made.ravel().tolist() != items:
        raise Refused(data["items"], f"numbers that {kind.dtype} cannot hold")
    return kind.check(made)


def _read_float(kind: FloatKind, data: Any, level: int) -> Any:
    return kind.check(_WORDS.get(data, data) if isinstance(data, str) else data)


def _read_bytes(kind: BytesKind, data: Any, level: int) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Refused(data, "expected base64 text") from None


_READERS: Dict[type, Callable[[Any, Any, int], Any]] = {
    RecordKind: _read_record,
    UnionKind: _read_union,
    SequenceKind: _read_sequence,
    TupleKind: _read_tuple,
    MapKind: _read_map,
    ArrayKind: _read_array,
    FloatKind: _read_float,
    BytesKind: _read_bytes,
}
