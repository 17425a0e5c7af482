"""JSON Schema of the wire's header, derived from the declared fields, for programs in other languages."""

from __future__ import annotations

import base64
from typing import Any, Callable, Dict, List

from droidlet_schema import kinds, scalars
from droidlet_schema.errors import SchemaError
from droidlet_schema.fields import kind_of
from droidlet_schema.levels import records_in
from droidlet_schema.scalars import Kind

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = Dict[str, Any]


def json_schema(kind: Any) -> Schema:
    """The schema (draft 2020-12) of the header of a record class or any other field type.

    Records are objects with "$": "Name/version", tuples are arrays, FrozenMaps {"map": [[key, value],
    ...]}, arrays {"nd": frame, "dtype": "<f4", "shape": [...]} whose bytes travel beside the header; every
    record stands in "$defs" under its name and version. Where the header is written as JSON, bytes are
    base64 text; msgpack holds them as they are, and NaN and infinities, which JSON has no numbers for.
    Raises SchemaError for what is no field type, and for two records of one name and version.
    """
    wanted = kind if isinstance(kind, Kind) else kind_of(kind)
    definitions: Schema = {}
    for one in records_in(wanted).values():
        if one.spec.tag in definitions:
            raise SchemaError(f"two records are named {one.spec.tag}: give one another name or version")
        definitions[one.spec.tag] = _record(one)
    return {"$schema": _DIALECT, **_of(wanted), "$defs": definitions}


def _of(kind: Kind) -> Schema:
    for kind_class, make in _MAKERS.items():
        if isinstance(kind, kind_class):
            return make(kind)
    return dict(_SCALARS[type(kind)])


_SCALARS: Dict[type, Schema] = {
    scalars.NoneKind: {"type": "null"},
    scalars.BoolKind: {"type": "boolean"},
    scalars.IntKind: {"type": "integer", "minimum": scalars.INT_MIN, "maximum": scalars.INT_MAX},
    scalars.FloatKind: {"type": "number"},
    scalars.StrKind: {"type": "string"},
    scalars.BytesKind: {"type": "string", "contentEncoding": "base64"},
}


def _record(kind: kinds.RecordKind) -> Schema:
    spec = kind.spec
    text = (kind.cls.__doc__ or "").strip().split("\n")[0]
    return {
        "type": "object",
        **({"description": text} if text else {}),
        "properties": {"$": {"const": spec.tag}, **{name: _of(k) for name, k in spec.kinds.items()}},
        "required": ["$", *spec.required],
        "additionalProperties": False,
    }


def _reference(kind: kinds.RecordKind) -> Schema:
    return {"$ref": "#/$defs/" + kind.spec.tag.replace("~", "~0").replace("/", "~1")}


def _array(kind: kinds.ArrayKind) -> Schema:
    return _closed(
        nd={"type": "integer", "minimum": 0, "description": "the number of its frame behind the header"},
        dtype={"const": kind.dtype.str},
        shape=_shape(kind),
        description=f"{kind.dtype} {kind.shape or 'without axes'}".strip(),
    )


def _shape(kind: kinds.ArrayKind) -> Schema:
    length = {"type": "integer", "minimum": 0}
    if kind.pattern and kind.pattern[0] == "...":
        return {"type": "array", "items": length, "minItems": len(kind.pattern) - 1}
    axes = [{"const": a} if isinstance(a, int) else {**length, "title": a} for a in kind.pattern]
    return _places(axes)


def _map(kind: kinds.MapKind) -> Schema:
    return _closed(map={"type": "array", "items": _places([_of(kind.key), _of(kind.value)])})


def _closed(description: str = "", **properties: Schema) -> Schema:
    said = {"description": description} if description else {}
    return {
        "type": "object",
        **said,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _places(items: List[Schema]) -> Schema:
    """An array with one schema per place (draft 2020-12 refuses an empty prefixItems)."""
    places: Schema = {"prefixItems": items} if items else {}
    return {"type": "array", **places, "items": False, "minItems": len(items)}


def _literal(kind: scalars.LiteralKind) -> Schema:
    return {"enum": [base64.b64encode(v).decode() if isinstance(v, bytes) else v for v in kind.values]}


_MAKERS: Dict[type, Callable[[Any], Schema]] = {
    kinds.RecordKind: _reference,
    kinds.ArrayKind: _array,
    kinds.MapKind: _map,
    kinds.UnionKind: lambda kind: {"anyOf": [_of(k) for k in kind.members]},
    kinds.TupleKind: lambda kind: _places([_of(k) for k in kind.items]),
    kinds.SequenceKind: lambda kind: {"type": "array", "items": _of(kind.item)},
    scalars.LiteralKind: _literal,
}
