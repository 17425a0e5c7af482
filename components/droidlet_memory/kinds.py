"""The types of a record class's fields, as the texts that schemas hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from droidlet_schema import ArrayValue, kinds, scalars
from droidlet_schema.scalars import Kind

_SCALARS: Mapping[type, str] = MappingProxyType(
    {
        scalars.NoneKind: "None",
        scalars.BoolKind: "bool",
        scalars.IntKind: "int",
        scalars.FloatKind: "float",
        scalars.StrKind: "str",
        scalars.BytesKind: "bytes",
    }
)


def type_text(kind: Kind) -> str:
    """The text of a field's kind, as `field_types` reads it."""
    if isinstance(kind, kinds.UnionKind):
        return " | ".join(type_text(member) for member in kind.members)
    if isinstance(kind, scalars.LiteralKind):
        return f"Literal[{', '.join(map(repr, kind.values))}]"
    if isinstance(kind, kinds.ArrayKind):
        return f"array[{kind.dtype.str!r}, {kind.shape!r}]"
    if isinstance(kind, kinds.RecordKind) and kind.cls is ArrayValue:
        return "ArrayValue"
    if isinstance(kind, kinds.RecordKind):
        return f"record[{kind.spec.tag!r}]"
    if isinstance(kind, kinds.SequenceKind):
        return f"tuple[{type_text(kind.item)}, ...]"
    if isinstance(kind, kinds.TupleKind):
        return f"tuple[{', '.join(map(type_text, kind.items)) or '()'}]"
    if isinstance(kind, kinds.MapKind):
        return f"FrozenMap[{type_text(kind.key)}, {type_text(kind.value)}]"
    return _SCALARS[type(kind)]
