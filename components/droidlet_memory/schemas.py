"""Schemas as data: which types of node there are, what may be said of them, and how schemas compose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from droidlet_memory.field_types import refusal
from droidlet_memory.steps import Migration
from droidlet_schema import FrozenMap, MemoryNode, MemoryType, Triple, Value, record

if TYPE_CHECKING:
    from droidlet_memory.nodes import Node

ROOT = "Memory"
"""The node type above all others."""


@record
class FieldType:
    """A field of a node type: a property that its nodes may have, or must."""

    name: str
    type: str  # as in an annotation: "float | None"; see `field_types`
    required: bool = False
    said_as: str | None = None  # the predicate by which its text (or each of its texts) is said of the node


@record
class NodeType:
    """A type of node. Queries find it under `asked_as`, its own or that of the nearest type above."""

    name: str
    parent: str | None = None
    asked_as: MemoryType | None = None
    tags: tuple[str, ...] = ()  # what holds of every such node and of those of the types below
    fields: tuple[FieldType, ...] = ()  # its own; it has those of the types above, too
    one_per: str | None = (
        None  # a field: for each of its values there is one node, called "attention/<value>"
    )


@record
class Predicate:
    """What may be said of nodes, of a type and of those below it."""

    name: str
    about: str = ROOT
    to: str | None = None  # the type of the nodes whose ids are its objects; None: its objects are texts


@record
class Schema:
    """A named set of node types and predicates; `needs` names the schemas that it builds on.

    `Schema.of` makes one of node classes. A file that was made under an older `version` is brought to this
    one by the `migrations` when it is opened.
    """

    name: str
    needs: tuple[str, ...] = ()
    node_types: tuple[NodeType, ...] = ()
    predicates: tuple[str | Predicate, ...] = ()
    version: int = 1
    migrations: tuple[Migration, ...] = ()

    @staticmethod
    def of(
        name: str,
        *,
        needs: Iterable[str] = ("base",),
        nodes: Iterable[type[Node]] = (),
        predicates: Iterable[str | Predicate] = (),
        version: int = 1,
        migrations: Iterable[Migration] = (),
    ) -> Schema:
        """A schema of node classes. Raises SchemasError for a class that is none, or holds what no node can."""
        from droidlet_memory.nodes import node_type

        types = tuple(node_type(kind) for kind in nodes)
        return Schema(name, tuple(needs), types, tuple(predicates), version, tuple(migrations))


@record
class TypeFacts:
    """What a composition knows of one node type: itself and the types above it, and all that it has from
    them.
    """

    lineage: tuple[str, ...]  # the type itself first
    asked_as: MemoryType
    tags: tuple[str, ...]
    fields: FrozenMap[str, FieldType] = FrozenMap()
    required: tuple[str, ...] = ()  # of these
    one_per: str | None = None
    schema: str = ""  # that defines it


@record
class Composition:
    """Schemas put together, by `compose`."""

    names: tuple[str, ...]
    types: FrozenMap[str, TypeFacts]
    predicates: FrozenMap[str, Predicate]
    versions: FrozenMap[str, int] = FrozenMap()  # of the schemas, by name
    migrations: FrozenMap[str, tuple[Migration, ...]] = FrozenMap()

    def is_a(self, node_type: str, above: str) -> bool:
        """Whether a node type is another one or lies below it."""
        facts = self.types.get(node_type)
        return facts is not None and above in facts.lineage

    def below(self, node_type: str) -> frozenset[str]:
        """A node type and those below it; none for an unknown one."""
        return frozenset(name for name, facts in self.types.items() if node_type in facts.lineage)

    def said(self, node: MemoryNode) -> tuple[Triple, ...]:
        """What a node's properties say of it, by the fields that are `said_as` a predicate."""
        if not node.properties:
            return ()
        fields = self.types[node.node_type].fields
        said = {f: fields[f].said_as for f in node.properties if f in fields}
        return texts_said({f: predicate for f, predicate in said.items() if predicate}, node.properties)

    def misfit(self, node: MemoryNode) -> tuple[str, Value, str] | None:
        """The first property that does not fit the node's type, as its name, its value and what is wrong;
        None where all do. The type has to be known.
        """
        facts = self.types[node.node_type]
        if not node.properties and not facts.required and facts.one_per is None:
            return None
        for name, value in node.properties.items():
            field = facts.fields.get(name)
            if field is None:
                return name, value, f"a {node.node_type} has no such field; it has {_listed(facts.fields)}"
            wrong = refusal(field.type, value)
            if wrong is not None:
                return name, value, f"expected {field.type}, and {wrong}"
        for name in facts.required:
            if name not in node.properties:
                return name, None, f"a {node.node_type} needs this field, {facts.fields[name].type}"
        if facts.one_per is not None:
            single = node.properties.get(facts.one_per)
            wanted = f"{node.node_type.lower()}/{single if isinstance(single, str) else ''}"
            if node.id != wanted:
                return facts.one_per, single, f"there is one {node.node_type} for each: its id is {wanted!r}"
        return None


def texts_said(said_as: Mapping[str, str], properties: Mapping[str, Value]) -> tuple[Triple, ...]:
    """What properties say by the predicates of their fields: a text once, several texts each."""
    return tuple(
        Triple(predicate, text)
        for field, predicate in said_as.items()
        for text in _texts(properties.get(field))
    )


def _texts(value: Value) -> Iterator[str]:
    texts = value if isinstance(value, tuple) else (value,)
    return (text for text in texts if isinstance(text, str) and text)


def _listed(fields: FrozenMap[str, FieldType]) -> str:
    return ", ".join(fields) or "none"
