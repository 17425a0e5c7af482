"""What is at hand while one query is answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, get_args

from droidlet_memory.mentioning import texts_of
from droidlet_memory.ordering import by_number
from droidlet_memory.schemas import Composition
from droidlet_schema import Filters, MemoryNode, MemoryType, Moment, Query

# of filters, clauses and walks inside one another: what lies deeper fits nothing, as the codec carries
# nothing deeper
MAX_DEPTH = 64

MEMORY_TYPES = frozenset(get_args(MemoryType))
Vector = tuple[float, float, float]


class World(Protocol):
    """Where nodes are found: plain nodes (`Nodes`), or whatever answers these from an index."""

    @property
    def schema(self) -> Composition:
        """What the node types mean."""

    def pool(self, memory_type: str) -> Sequence[MemoryNode]:
        """The nodes that are asked for under a memory type, or of a node type and the types below it."""

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""

    def naming(self, node_id: str) -> Sequence[MemoryNode]:
        """The nodes with a triple whose object, or a property that, is this id."""

    def saying(self, text: str) -> Sequence[MemoryNode]:
        """The nodes with a triple whose object is this very text, and perhaps others."""

    def at(self, time_ns: int) -> World:
        """The world as it was at a time of the run's clock."""


class Nodes:
    """A world of plain nodes. `past` gives those of a time; without it only the present is known."""

    def __init__(
        self,
        schema: Composition,
        nodes: Mapping[str, MemoryNode] | Iterable[MemoryNode],
        past: Callable[[int], Mapping[str, MemoryNode]] | None = None,
    ) -> None:
        self.schema = schema
        self._past = past
        self._nodes = nodes if isinstance(nodes, Mapping) else {node.id: node for node in nodes}
        self._named: dict[str, list[MemoryNode]] | None = None

    def pool(self, memory_type: str) -> list[MemoryNode]:
        """By memory type, else by node type."""
        types = asked_types(self.schema, memory_type)
        return [node for node in self._nodes.values() if types is None or node.node_type in types]

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""
        return self._nodes.get(node_id)

    def naming(self, node_id: str) -> list[MemoryNode]:
        """Looks through all nodes once, then from a table."""
        if self._named is None:
            self._named = {}
            for node in self._nodes.values():
                for text in set(texts_of(node)):
                    self._named.setdefault(text, []).append(node)
        return self._named.get(node_id, [])

    def saying(self, text: str) -> list[MemoryNode]:
        """From the same table."""
        return self.naming(text)

    def at(self, time_ns: int) -> Nodes:
        """The nodes of then; those of now where the past is not known."""
        return self if self._past is None else Nodes(self.schema, self._past(time_ns))


def asked_types(schema: Composition, memory_type: str) -> frozenset[str] | None:
    """The node types that a memory type means; None: all. The name of a node type means it and those below."""
    if memory_type == "ALL":
        return None
    types = schema.types
    if memory_type in MEMORY_TYPES:
        return frozenset(name for name, facts in types.items() if facts.asked_as == memory_type)
    return frozenset(name for name, facts in types.items() if memory_type in facts.lineage)


class Asking(NamedTuple):
    """The world, the query, and how to find what nested filters mean."""

    world: World
    query: Query
    find: Callable[[Filters, Asking], list[MemoryNode]]
    present: World
    depth: int = 0

    @property
    def too_deep(self) -> bool:
        """Whether nothing fits any more."""
        return self.depth > MAX_DEPTH

    def deeper(self) -> Asking:
        """The same, one level further in."""
        return self._replace(depth=self.depth + 1)

    def found(self, filters: Filters) -> list[MemoryNode]:
        """What filters inside this query fit."""
        return [] if self.too_deep else self.find(filters, self.deeper())

    def during(self, filters: Filters) -> Asking:
        """The same at the time that filters ask about, if they do."""
        if filters.at_time is None:
            return self
        return self._replace(world=self.present.at(ns_of(filters.at_time, self.query)))


def ns_of(moment: Moment, query: Query) -> int:
    """A moment on the run's clock, ns."""
    return query.now_ns - moment.ns if moment.ago else moment.ns


def in_order(nodes: Iterable[MemoryNode]) -> list[MemoryNode]:
    """Nodes in the order of ids, each once."""
    return sorted({node.id: node for node in nodes}.values(), key=by_number)


def saying(nodes: Iterable[MemoryNode], texts: frozenset[str]) -> list[MemoryNode]:
    """Those of which one of these very texts is said, in the order of ids."""
    return in_order(node for node in nodes if any(triple.object in texts for triple in node.triples))


def position_of(node: MemoryNode) -> Vector | None:
    """Where a node is, metres; None where that is unknown or not finite."""
    return _finite(node.position_m)


def size_of(node: MemoryNode) -> Vector | None:
    """A node's extent along x, y and z, metres, none below 0; None where that is unknown or not finite."""
    size = _finite(node.size_m)
    return None if size is None else (abs(size[0]), abs(size[1]), abs(size[2]))


def _finite(vector: Vector | None) -> Vector | None:
    return vector if vector is not None and all(map(math.isfinite, vector)) else None
