"""Schemas put together; what does not fit is one error that names both sides."""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_memory.errors import SchemasError, did_you_mean
from droidlet_memory.field_types import check_type, is_text
from droidlet_memory.schemas import ROOT, Composition, FieldType, NodeType, Predicate, Schema, TypeFacts
from droidlet_schema import FrozenMap, MemoryNode, MemoryType, fields_of

RESERVED = frozenset(fields_of(MemoryNode))


class Parts:
    """What the schemas bring, each with the schema that brings it; lives only while they are composed."""

    def __init__(self, schemas: tuple[Schema, ...]) -> None:
        self.types: dict[str, NodeType] = {}
        self.predicates: dict[str, Predicate] = {}
        self.type_owner: dict[str, str] = {}
        self.predicate_owner: dict[str, str] = {}
        for schema in schemas:
            for node_type in schema.node_types:
                self._add_type(node_type, schema.name)
            for given in schema.predicates:
                self._add_predicate(Predicate(given) if isinstance(given, str) else given, schema.name)

    def _add_type(self, node_type: NodeType, schema: str) -> None:
        owner = self.type_owner.get(node_type.name)
        if owner is not None:
            raise SchemasError(
                f"node type {node_type.name!r} is defined twice, by schema {owner!r} and by schema {schema!r}"
            )
        self.types[node_type.name], self.type_owner[node_type.name] = node_type, schema

    def _add_predicate(self, predicate: Predicate, schema: str) -> None:
        owner = self.predicate_owner.setdefault(predicate.name, schema)
        known = self.predicates.setdefault(predicate.name, predicate)
        if known != predicate:
            raise SchemasError(
                f"predicate {predicate.name!r} is defined in two ways, by schema {owner!r} as "
                f"{_predicate_text(known)} and by schema {schema!r} as {_predicate_text(predicate)}"
            )


def compose(schemas: Iterable[Schema]) -> Composition:
    """Puts schemas together, in any order. Raises SchemasError naming both sides of what does not fit."""
    wanted = tuple(sorted(schemas, key=lambda schema: schema.name))
    _check_names(wanted)
    parts = Parts(wanted)
    facts = {name: _facts(name, parts) for name in parts.types}
    for predicate in parts.predicates.values():
        _check_predicate(predicate, parts)
    return Composition(
        tuple(schema.name for schema in wanted),
        FrozenMap(facts),
        FrozenMap(parts.predicates),
        FrozenMap({schema.name: schema.version for schema in wanted}),
        FrozenMap({schema.name: schema.migrations for schema in wanted if schema.migrations}),
    )


def _check_names(schemas: tuple[Schema, ...]) -> None:
    names = [s.name for s in schemas]
    for name in names:
        if names.count(name) > 1:
            raise SchemasError(f"schema {name!r} is named {names.count(name)} times: name each schema once")
    for schema in schemas:
        for need in schema.needs:
            if need not in names:
                raise SchemasError(
                    f"schema {schema.name!r} needs schema {need!r}: add it to {', '.join(names)}"
                )
        late = [m.from_version for m in schema.migrations if not 0 < m.from_version < schema.version]
        twice = len({m.from_version for m in schema.migrations}) < len(schema.migrations)
        if late or twice:
            raise SchemasError(
                f"schema {schema.name!r} has version {schema.version} and migrations from the versions "
                f"{', '.join(str(m.from_version) for m in schema.migrations)}: one is from each version below it"
            )


def _facts(name: str, parts: Parts) -> TypeFacts:
    lineage = _lineage(name, parts)
    types = [parts.types[t] for t in lineage]
    asked: MemoryType = next((t.asked_as for t in types if t.asked_as is not None), "ALL")
    tags = sorted({tag for t in types for tag in t.tags})
    fields: dict[str, FieldType] = {}
    for above in reversed(types):
        _add_fields(above, fields, types, parts)
    one_per = next((t.one_per for t in types if t.one_per is not None), None)
    if one_per is not None and (one_per not in fields or fields[one_per].type != "str"):
        raise SchemasError(
            f"node type {name!r} of schema {parts.type_owner[name]!r} is one per {one_per!r}: a field of type str"
        )
    required = tuple(sorted(field.name for field in fields.values() if field.required))
    owner = parts.type_owner[name]
    return TypeFacts(tuple(lineage), asked, tuple(tags), FrozenMap(fields), required, one_per, owner)


def _lineage(name: str, parts: Parts) -> list[str]:
    lineage, types, owner = [name], parts.types, parts.type_owner
    while (parent := types[lineage[-1]].parent) is not None:
        below = lineage[-1]
        if parent not in types:
            raise SchemasError(
                f"node type {below!r} of schema {owner[below]!r} lies below the unknown {parent!r}"
                + did_you_mean(parent, types)
            )
        if parent in lineage:
            raise SchemasError(
                f"node types {below!r} (schema {owner[below]!r}) and {parent!r} (schema {owner[parent]!r}) "
                "lie below one another"
            )
        lineage.append(parent)
    return lineage


def _add_fields(
    node_type: NodeType, fields: dict[str, FieldType], types: list[NodeType], parts: Parts
) -> None:
    """Adds a type's own fields to those from above. Raises SchemasError for one that they have otherwise."""
    where = _where(node_type.name, parts)
    for field in node_type.fields:
        known = fields.setdefault(field.name, field)
        if known != field:
            above = next(t.name for t in types if known in t.fields)
            raise SchemasError(
                f"field {field.name!r} of {where} is {_field_text(field)}, but {_where(above, parts)} has it "
                f"as {_field_text(known)}"
            )
        if field.name in RESERVED:
            raise SchemasError(
                f"field {field.name!r} of {where}: every node has {field.name!r}, as MemoryNode has it"
            )
        if field.said_as is not None:
            _check_said(field, where, parts)
        check_type(field.type)


def _check_said(field: FieldType, where: str, parts: Parts) -> None:
    if field.said_as not in parts.predicates:
        raise SchemasError(
            f"field {field.name!r} of {where} is said as the unknown {field.said_as!r}"
            + did_you_mean(str(field.said_as), parts.predicates)
        )
    if not is_text(field.type):
        raise SchemasError(
            f"field {field.name!r} of {where} is said as {field.said_as!r}, but is no text: {field.type}"
        )


def _check_predicate(predicate: Predicate, parts: Parts) -> None:
    for name in (predicate.about, predicate.to):
        if name not in (None, ROOT) and name not in parts.types:
            raise SchemasError(
                f"predicate {predicate.name!r} of schema {parts.predicate_owner[predicate.name]!r} is "
                f"{_predicate_text(predicate)}, and {name!r} is unknown"
                + did_you_mean(str(name), parts.types)
            )


def _where(name: str, parts: Parts) -> str:
    return f"node type {name!r} (schema {parts.type_owner[name]!r})"


def _field_text(field: FieldType) -> str:
    needed = "required " if field.required else ""
    return f"{needed}{field.type}" + (f", said as {field.said_as!r}" if field.said_as else "")


def _predicate_text(predicate: Predicate) -> str:
    return f"about {predicate.about}, to {predicate.to or 'texts'}"
