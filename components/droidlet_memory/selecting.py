"""Selectors: which of the nodes that fit."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from droidlet_memory.asking import Asking
from droidlet_memory.attributes import Quantity
from droidlet_memory.measuring import quantity
from droidlet_schema import LinearExtent, MemoryNode, ReferenceObject, Selector

FROM_AGENT = LinearExtent("AWAY", ReferenceObject(special="AGENT"))
"""What MIN and MAX compare unless told: the distance from the agent."""

MOST_DRAWS = 1000  # of the same thing over again


def select(nodes: Sequence[MemoryNode], selector: Selector | None, asking: Asking) -> list[MemoryNode]:
    """The nodes chosen, in the selector's order, else in the order of ids.

    MIN and MAX order by the attribute (ties by id), leave out nodes that have it not, and give `count` of
    them (one unless told) from the ordinal-th on. RANDOM draws `count` (one unless told) by the selector's
    seed, else the query's: adding a node changes no other node's luck. ALL gives `count` or every one, in
    the order of ids or, with an attribute, from the least to the greatest and then those that have it not.

    `same` ALLOWED draws each at RANDOM from all nodes; REQUIRED gives the first one chosen, `count` times
    (one unless told): at most MOST_DRAWS.
    """
    if selector is None:
        return list(nodes)
    count = selector.count
    if selector.same == "REQUIRED":
        return _ranked(nodes, selector, asking)[:1] * _times(count)
    if selector.quantity == "RANDOM" and selector.same == "ALLOWED":
        return (
            [_drawn(nodes, _seed(selector, asking), draw) for draw in range(_times(count))] if nodes else []
        )
    if count is None and selector.quantity != "ALL":
        count = 1
    return _first(_ranked(nodes, selector, asking), count)


def _ranked(nodes: Sequence[MemoryNode], selector: Selector, asking: Asking) -> list[MemoryNode]:
    if selector.quantity == "RANDOM":
        seed = _seed(selector, asking)
        return sorted(nodes, key=lambda node: _lot(seed, 0, node))
    if selector.quantity == "ALL":
        return _ordered(nodes, selector, asking, False)
    return _ordered(nodes, selector, asking, True)[max(0, selector.ordinal - 1) :]


def _first(nodes: list[MemoryNode], count: int | None) -> list[MemoryNode]:
    return nodes if count is None else nodes[: max(0, count)]


def _times(count: int | None) -> int:
    return 1 if count is None else min(max(0, count), MOST_DRAWS)


def _seed(selector: Selector, asking: Asking) -> int:
    return asking.query.seed if selector.seed is None else selector.seed


def _drawn(nodes: Sequence[MemoryNode], seed: int, draw: int) -> MemoryNode:
    return min(nodes, key=lambda node: _lot(seed, draw, node))


def _lot(seed: int, draw: int, node: MemoryNode) -> bytes:
    """A node's luck in a draw: the least wins."""
    again = f"{draw} " if draw else ""
    return hashlib.blake2b(f"{seed} {again}{node.id}".encode(), digest_size=16).digest()


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


def _rank(value: Quantity) -> tuple[int, float, str]:
    """Numbers before texts."""
    return (1, 0.0, value.casefold()) if isinstance(value, str) else (0, value or 0.0, "")
