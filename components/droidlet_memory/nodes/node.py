"""What every node class inherits, and the way between its values and the nodes that parts exchange."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Optional, Protocol, TypeVar

from droidlet_memory.errors import SchemasError
from droidlet_memory.field_types import read, stored
from droidlet_memory.kinds import type_text
from droidlet_memory.schemas import ROOT, Composition, FieldType, NodeType
from droidlet_schema import (
    ArrayValue,
    DecodeError,
    FrozenMap,
    MemoryNode,
    MemoryType,
    RecordError,
    Triple,
    Value,
    fields_of,
    record,
)
from droidlet_schema.scalars import Kind

Vector = tuple[float, float, float]
NOTHING: Mapping[str, str] = MappingProxyType({})


@record(open=True, name="memory.Node")
class Node:
    """Anything remembered. Times are nanoseconds of the run's clock, lengths metres of the world frame."""

    TAGS: ClassVar[tuple[str, ...]] = ()  # what holds of every such node
    ASKED_AS: ClassVar[MemoryType | None] = None
    SAID_AS: ClassVar[Mapping[str, str]] = NOTHING  # field -> predicate
    ONE_PER: ClassVar[str | None] = None  # a field: for each of its values there is one node

    id: str
    created_ns: int = 0
    updated_ns: int = 0
    attended_ns: int = 0
    position_m: Optional[tuple[float, float, float]] = None
    size_m: Optional[tuple[float, float, float]] = None  # along the world's x, y, z
    triples: tuple[Triple, ...] = ()


N = TypeVar("N", bound=Node)
COMMON = fields_of(Node)


class Known(Protocol):
    """The part of a memory that `get` asks."""

    @property
    def schema(self) -> Composition:
        """Its schemas."""

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""


def spec_of(kind: type) -> Any:
    """What the schema package knows of a record class."""
    return kind.__dict__["__record__"]


def node_type(kind: type[Node]) -> NodeType:
    """A node class as data. Raises SchemasError for what is none, or has fields that no node can have."""
    if not isinstance(kind, type) or not issubclass(kind, Node):
        raise SchemasError(f"{_name(kind)} is no node class: inherit from Node or one below it")
    if "__record__" not in kind.__dict__:
        raise SchemasError(f"node class {_name(kind)} is no record: write @record above it")
    if kind is Node:
        return NodeType(ROOT, asked_as="ALL")
    above = next(base for base in kind.__mro__[1:] if "__record__" in base.__dict__)
    said, known = _own(kind, "SAID_AS", NOTHING), set(fields_of(above))
    spec = spec_of(kind)
    unknown = [name for name in said if name not in spec.names]
    if unknown:
        raise SchemasError(f"node class {_name(kind)}: SAID_AS names {unknown[0]!r}, which is no field of it")
    fields = tuple(
        FieldType(name, type_text(field_kind), name in spec.required, said.get(name))
        for name, field_kind in spec.kinds.items()
        if name not in known or name in said or field_kind is not spec_of(above).kinds[name]
    )
    return NodeType(
        type_name(kind),
        type_name(above),
        _own(kind, "ASKED_AS", None),
        tuple(_own(kind, "TAGS", ())),
        fields,
        _own(kind, "ONE_PER", None),
    )


def type_name(kind: type[Node]) -> str:
    """The name of a node class's type."""
    return ROOT if kind is Node else kind.__name__


def _own(kind: type[Node], name: str, default: Any) -> Any:
    return kind.__dict__.get(name, default)


def _name(kind: object) -> str:
    return getattr(kind, "__name__", repr(kind))


def memory_node(value: Node) -> MemoryNode:
    """A value of a node class as the node that parts exchange; fields beyond those of every node become
    properties. Raises EncodeError for a record among them that has no place on the wire.
    """
    kind = type(value)
    spec = spec_of(kind)
    properties: dict[str, Value] = {}
    for name in spec.names[len(COMMON) :]:
        held = getattr(value, name)
        if held is not None or _default(spec, name) is not None:
            properties[name] = stored(held)
    return MemoryNode(
        value.id,
        type_name(kind),
        value.created_ns,
        value.updated_ns,
        value.attended_ns,
        value.position_m,
        value.size_m,
        value.triples,
        FrozenMap(properties),
    )


def _default(spec: Any, name: str) -> Any:
    declared = spec.declared[name]
    return getattr(declared, "default", declared)


def typed(node: MemoryNode, kind: type[N]) -> N:
    """A node as a value of its class: the inverse of `memory_node`. Raises TypeError where it is of another
    type, RecordError where a property does not fit (no memory holds such a node under the class's schema).
    """
    if node.node_type != type_name(kind):
        raise TypeError(f"{node.id} is a {node.node_type}, not a {type_name(kind)}")
    return _made(node, kind)


def get(memory: Known, node_id: str, kind: type[N]) -> N | None:
    """The node of an id as a value of a class; None where there is none, or one that is neither of this type
    nor of one below it. Of a node of a type below it the value has what the class knows of it.
    """
    node = memory.node(node_id)
    if node is None or not memory.schema.is_a(node.node_type, type_name(kind)):
        return None
    return _made(node, kind)


def _made(node: MemoryNode, kind: type[N]) -> N:
    spec = spec_of(kind)
    fields: dict[str, Any] = {name: getattr(node, name) for name in COMMON}
    for name in spec.names[len(COMMON) :]:
        if name in node.properties:
            fields[name] = _read(node.properties[name], spec.kinds[name], name, kind)
    return kind(**fields)


def _read(value: Value, field_kind: Kind, name: str, kind: type[Node]) -> Any:
    if isinstance(value, ArrayValue) and ArrayValue in field_kind.python_types:
        return value
    try:
        return read(value, bytes in field_kind.python_types)
    except DecodeError as error:
        raise RecordError(type_name(kind), (name,), value, f"these bytes are no value ({error})") from None
