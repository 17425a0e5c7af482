"""Linear extents: how far things lie from one another, and in which direction."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from droidlet_memory.asking import Asking, Vector, position_of
from droidlet_memory.references import Spot, nearest, spots
from droidlet_memory.relations import distance_m, to_front_m, to_left_m
from droidlet_memory.units import LENGTHS
from droidlet_schema import LinearExtent, MemoryNode


def extent(of: LinearExtent, asking: Asking) -> Callable[[MemoryNode], float | None]:
    """How far a node lies from the source in a direction: signed for LEFT, RIGHT, FRONT, BACK, UP and DOWN,
    else the distance on the floor plan. Of several things that the source may mean the nearest to the node
    counts, never the node itself.

    With a destination it is that of the destination nearest to the agent, for every node the same. In
    metres, or in `unit`s; None where something is not known, and for a unit that is no length.
    """
    unit_m = 1.0 if of.unit is None else LENGTHS.get(of.unit)
    if unit_m is None:
        return _unknown
    sources = spots(of.source, asking, of.frame)
    if of.destination is not None:
        ends = nearest(spots(of.destination, asking), asking.query.viewer, 1)
        fixed = _measured(of, ends[0].at, ends[0].node_id, sources, unit_m) if ends else None
        return lambda node: fixed
    return lambda node: _measured(of, position_of(node), node.id, sources, unit_m)


def _unknown(node: MemoryNode) -> None:
    return None


def _measured(
    of: LinearExtent, at: Vector | None, node_id: str | None, sources: Sequence[Spot], unit_m: float
) -> float | None:
    others = [spot for spot in sources if node_id is None or spot.node_id != node_id]
    if at is None or not others:
        return None
    spot = min(others, key=lambda other: distance_m(at, other))
    offset = _OFFSETS.get(of.direction)
    value = distance_m(at, spot) if offset is None else offset(at, spot)
    return None if math.isnan(value) else value / unit_m


_OFFSETS: Mapping[str, Callable[[Vector, Spot], float]] = MappingProxyType(
    {
        "LEFT": to_left_m,
        "RIGHT": lambda at, spot: -to_left_m(at, spot),
        "FRONT": to_front_m,
        "BACK": lambda at, spot: -to_front_m(at, spot),
        "UP": lambda at, spot: at[2] - spot.at[2],
        "DOWN": lambda at, spot: spot.at[2] - at[2],
    }
)
