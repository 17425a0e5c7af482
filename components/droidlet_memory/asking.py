"""What is at hand while one query is answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from droidlet_memory.schemas import Composition
from droidlet_schema import Filters, MemoryNode, Query

# of filters and clauses inside one another: what lies deeper fits nothing, as the codec carries nothing
# deeper
MAX_DEPTH = 64

Vector = tuple[float, float, float]


class Asking(NamedTuple):
    """The nodes, the query, and how to find what nested filters mean."""

    schema: Composition
    nodes: Sequence[MemoryNode]
    query: Query
    find: Callable[[Filters, Asking], list[MemoryNode]]
    depth: int = 0

    def deeper(self) -> Asking:
        """The same, one level further in."""
        return self._replace(depth=self.depth + 1)

    def found(self, filters: Filters) -> list[MemoryNode]:
        """What filters inside this query fit."""
        return [] if self.depth >= MAX_DEPTH else self.find(filters, self.deeper())

    def pool(self, memory_type: str) -> list[MemoryNode]:
        """The nodes that are asked for under a memory type."""
        types = self.schema.types
        if memory_type == "ALL":
            return list(self.nodes)
        return [node for node in self.nodes if types[node.node_type].asked_as == memory_type]


def position_of(node: MemoryNode) -> Vector | None:
    """Where a node is, metres; None where that is unknown or not finite."""
    return _finite(node.position_m)


def size_of(node: MemoryNode) -> Vector | None:
    """A node's extent along x, y and z, metres, none below 0; None where that is unknown or not finite."""
    size = _finite(node.size_m)
    return None if size is None else (abs(size[0]), abs(size[1]), abs(size[2]))


def _finite(vector: Vector | None) -> Vector | None:
    return vector if vector is not None and all(map(math.isfinite, vector)) else None
