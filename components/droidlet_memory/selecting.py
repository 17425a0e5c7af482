"""Selectors: which of the nodes that fit."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from droidlet_memory.asking import Asking
from droidlet_memory.attributes import Quantity, quantity
from droidlet_schema import LinearExtent, MemoryNode, ReferenceObject, Selector

FROM_AGENT = LinearExtent("AWAY", ReferenceObject(special="AGENT"))
"""What MIN and MAX compare unless told: the distance from the agent."""


def select(nodes: Sequence[MemoryNode], selector: Selector | None, asking: Asking) -> list[MemoryNode]:
    """The nodes chosen, in the selector's order, else in the order of ids.

    MIN and MAX order by the attribute (ties by id), leave out nodes that have it not, and give `count` of
    them (one unless told) from the ordinal-th on. RANDOM draws by the query's seed: adding a node changes no
    other node's luck. ALL gives `count` or every one, in the order of ids or, with an attribute, from the
    least to the greatest and then those that have it not.
    """
    if selector is None:
        return list(nodes)
    if selector.quantity == "RANDOM":
        seed = asking.query.seed
        return _first(
            sorted(nodes, key=lambda node: _lot(seed, node)), 1 if selector.count is None else selector.count
        )
    if selector.quantity == "ALL":
        return _first(_ordered(nodes, selector, asking, False), selector.count)
    ranked = _ordered(nodes, selector, asking, True)
    return _first(ranked[max(0, selector.ordinal - 1) :], 1 if selector.count is None else selector.count)


def _first(nodes: list[MemoryNode], count: int | None) -> list[MemoryNode]:
    return nodes if count is None else nodes[: max(0, count)]


def _lot(seed: int, node: MemoryNode) -> bytes:
    return hashlib.blake2b(f"{seed} {node.id}".encode(), digest_size=16).digest()


def _ordered(
    nodes: Sequence[MemoryNode], selector: Selector, asking: Asking, only_known: bool
) -> list[MemoryNode]:
    of = selector.attribute or (FROM_AGENT if only_known else None)
    if of is None:
        return list(nodes)
    measure = quantity(of, asking)
    ranked = [(measure(node), node) for node in nodes]
    known = [(value, node) for value, node in ranked if not _unknown(value)]
    known.sort(key=lambda pair: _rank(pair[0]), reverse=False)
    if selector.quantity == "MAX":  # stable: ties stay in the order of ids
        known.sort(key=lambda pair: _rank(pair[0]), reverse=True)
    unknown = [] if only_known else [node for value, node in ranked if _unknown(value)]
    return [node for _, node in known] + unknown


def _unknown(value: Quantity) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _rank(value: Quantity) -> tuple[float, str]:
    return (0.0, value.casefold()) if isinstance(value, str) else (value or 0.0, "")
