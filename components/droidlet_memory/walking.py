"""Paths from node to node: along what they say of one another, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from droidlet_memory.asking import Asking, in_order
from droidlet_schema import MemoryNode, PathStep


def reached(path: Sequence[PathStep], node: MemoryNode, asking: Asking) -> list[MemoryNode]:
    """The nodes that a path leads to, in the order of ids, each once."""
    found = [node]
    for step in path:
        found = in_order(there for here in found for there in _next(step, here, asking))
    return found


def named_by(node: MemoryNode, predicate: str) -> set[str]:
    """The texts that a node says by a predicate or holds as a property, among them ids of other nodes."""
    said = {triple.object for triple in node.triples if triple.predicate == predicate}
    value = node.properties.get(predicate)
    several = value if isinstance(value, tuple) else (value,)
    return said | {text for text in several if isinstance(text, str)}


def _next(step: PathStep, node: MemoryNode, asking: Asking) -> Iterable[MemoryNode]:
    if step.inverse:
        naming = asking.world.naming(node.id)
        return (other for other in naming if node.id in named_by(other, step.predicate))
    ahead = (asking.world.node(node_id) for node_id in named_by(node, step.predicate))
    return (other for other in ahead if other is not None)
