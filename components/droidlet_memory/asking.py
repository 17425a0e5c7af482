"""What is at hand while one query is answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, get_args

from droidlet_memory.schemas import Composition
from droidlet_schema import Filters, MemoryNode, MemoryType, Query

# of filters and clauses inside one another: what lies deeper fits nothing, as the codec carries nothing
# deeper
MAX_DEPTH = 64
MEMORY_TYPES = frozenset(get_args(MemoryType))

Vector = tuple[float, float, float]


class Asking(NamedTuple):
    """The nodes, the query, and how to find what nested filters mean."""

    schema: Composition
    nodes: Sequence[MemoryNode]
    query: Query
    find: Callable[[Filters, Asking], list[MemoryNode]]
    depth: int = 0
    pools: Callable[[str], Sequence[MemoryNode]] | None = None  # those of a memory type, where nodes are many

    def deeper(self) -> Asking:
        """The same, one level further in."""
        return self._replace(depth=self.depth + 1)

    def found(self, filters: Filters) -> list[MemoryNode]:
        """What filters inside this query fit."""
        return [] if self.depth >= MAX_DEPTH else self.find(filters, self.deeper())

    def pool(self, memory_type: str) -> Sequence[MemoryNode]:
        """The nodes that are asked for under a memory type."""
        if self.pools is not None:
            return self.pools(memory_type)
        types = asked_types(self.schema, memory_type)
        return self.nodes if types is None else [node for node in self.nodes if node.node_type in types]


def asked_types(schema: Composition, memory_type: str) -> frozenset[str] | None:
    """The node types that a memory type means; None: all. The name of a node type means it and those below."""
    if memory_type == "ALL":
        return None
    types = schema.types
    if memory_type in MEMORY_TYPES:
        return frozenset(name for name, facts in types.items() if facts.asked_as == memory_type)
    return frozenset(name for name, facts in types.items() if memory_type in facts.lineage)


def position_of(node: MemoryNode) -> Vector | None:
    """Where a node is, metres; None where that is unknown or not finite."""
    return _finite(node.position_m)


def size_of(node: MemoryNode) -> Vector | None:
    """A node's extent along x, y and z, metres, none below 0; None where that is unknown or not finite."""
    size = _finite(node.size_m)
    return None if size is None else (abs(size[0]), abs(size[1]), abs(size[2]))


def _finite(vector: Vector | None) -> Vector | None:
    return vector if vector is not None and all(map(math.isfinite, vector)) else None
