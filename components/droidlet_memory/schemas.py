"""Schemas as data: which types of node there are, what may be said of them, and how schemas compose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from droidlet_memory.errors import SchemasError, did_you_mean
from droidlet_schema import FrozenMap, MemoryType, record


@record
class NodeType:
    """A type of node. Queries find it under `asked_as`, its own or that of the nearest type above."""

    name: str
    parent: str | None = None
    asked_as: MemoryType | None = None
    tags: tuple[str, ...] = ()  # what holds of every such node and of those of the types below


@record
class Schema:
    """A named set of node types and predicates; `needs` names the schemas that it builds on."""

    name: str
    needs: tuple[str, ...] = ()
    node_types: tuple[NodeType, ...] = ()
    predicates: tuple[str, ...] = ()


@record
class TypeFacts:
    """What a composition knows of one node type: itself and the types above it, and all that it has from
    them.
    """

    lineage: tuple[str, ...]  # the type itself first
    asked_as: MemoryType
    tags: tuple[str, ...]


@record
class Composition:
    """Schemas put together."""

    names: tuple[str, ...]
    types: FrozenMap[str, TypeFacts]
    predicates: FrozenMap[str, Literal[True]]

    def is_a(self, node_type: str, above: str) -> bool:
        """Whether a node type is another one or lies below it."""
        facts = self.types.get(node_type)
        return facts is not None and above in facts.lineage

    def below(self, node_type: str) -> frozenset[str]:
        """A node type and those below it; none for an unknown one."""
        return frozenset(name for name, facts in self.types.items() if node_type in facts.lineage)


def compose(schemas: Iterable[Schema]) -> Composition:
    """Puts schemas together, in any order. Raises SchemasError naming both sides of what does not fit."""
    wanted = tuple(schemas)
    _check_names(wanted)
    types: dict[str, NodeType] = {}
    owner: dict[str, str] = {}
    for schema in wanted:
        for node_type in schema.node_types:
            if node_type.name in owner:
                raise SchemasError(
                    f"node type {node_type.name!r} is defined twice, by schema {owner[node_type.name]!r} "
                    f"and by schema {schema.name!r}"
                )
            types[node_type.name], owner[node_type.name] = node_type, schema.name
    facts = {name: _facts(name, types, owner) for name in types}
    predicates: dict[str, Literal[True]] = {p: True for schema in wanted for p in schema.predicates}
    return Composition(tuple(sorted(s.name for s in wanted)), FrozenMap(facts), FrozenMap(predicates))


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


def _facts(name: str, types: dict[str, NodeType], owner: dict[str, str]) -> TypeFacts:
    lineage = [name]
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
    asked: MemoryType = next((a for t in lineage if (a := types[t].asked_as) is not None), "ALL")
    tags = sorted({tag for t in lineage for tag in types[t].tags})
    return TypeFacts(tuple(lineage), asked, tuple(tags))
