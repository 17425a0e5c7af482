"""What can be asked of a node: its attributes and linear extents, as values to tell and as quantities to
compare.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from droidlet_memory.asking import Asking, position_of, size_of
from droidlet_memory.references import spots
from droidlet_memory.relations import distance_m, to_front_m, to_left_m
from droidlet_schema import Attribute, LinearExtent, Measured, MemoryNode, Value

Quantity = float | str | None
Measure = Callable[[MemoryNode], Quantity]

_PREDICATES: Mapping[str, str] = MappingProxyType(
    {
        "NAME": "has_name",
        "COLOUR": "has_colour",
        "TAG": "has_tag",
        "ACTION": "has_action",
        "REASON": "has_reason",
    }
)


def told(output: Measured, asking: Asking) -> Callable[[MemoryNode], Value]:
    """How to tell a property of a node: texts joined by ", " but for hidden ones ("_in_view"); LOCATION (x,
    y, z) and SIZE (along x, y, z) in metres.

    HEIGHT, WIDTH (the longer side), X, Y, Z and linear extents are metres; BORN_TIME, MODIFY_TIME and
    VISIT_TIME seconds of the run's clock. What is not known is None.
    """
    if isinstance(output, LinearExtent):
        return extent(output, asking)
    if output == Attribute("LOCATION"):
        return position_of
    return size_of if output == Attribute("SIZE") else quantity(output, asking)


def texts(predicate: str, node: MemoryNode) -> list[str]:
    """All that a predicate says of a node."""
    return [triple.object for triple in node.triples if triple.predicate == predicate]


def quantity(of: Measured, asking: Asking) -> Measure:
    """How to measure a property, to compare and to order by; None for nodes that have it not, and for
    LOCATION, which has no order.

    SIZE is the edge of the cube of the same volume, metres.
    """
    if isinstance(of, LinearExtent):
        return extent(of, asking)
    if not isinstance(of, Attribute):
        return lambda node: None
    predicate = _PREDICATES.get(of.name)
    if predicate is not None:
        return lambda node: ", ".join(t for t in texts(predicate, node) if not t.startswith("_")) or None
    return _NUMBERS.get(of.name, lambda node: None)


def _axis(index: int) -> Measure:
    def along(node: MemoryNode) -> Quantity:
        at = position_of(node)
        return None if at is None else at[index]

    return along


def _of_size(measure: Callable[[float, float, float], float]) -> Measure:
    def measured(node: MemoryNode) -> Quantity:
        size = size_of(node)
        return None if size is None else measure(*size)

    return measured


def cube_edge(x: float, y: float, z: float) -> float:
    """The edge of the cube of the same volume."""
    return math.cbrt(x) * math.cbrt(y) * math.cbrt(z)


_NUMBERS: Mapping[str, Measure] = MappingProxyType(
    {
        "SIZE": _of_size(cube_edge),
        "HEIGHT": _of_size(lambda x, y, z: z),
        "WIDTH": _of_size(lambda x, y, z: max(x, y)),
        "X": _axis(0),
        "Y": _axis(1),
        "Z": _axis(2),
        "BORN_TIME": lambda node: node.created_ns / 1e9,
        "MODIFY_TIME": lambda node: node.updated_ns / 1e9,
        "VISIT_TIME": lambda node: node.attended_ns / 1e9 if node.attended_ns else None,
    }
)


def extent(of: LinearExtent, asking: Asking) -> Callable[[MemoryNode], float | None]:
    """How far a node lies from the source in a direction, metres: signed for LEFT, RIGHT, FRONT, BACK, UP and
    DOWN, else the distance on the floor plan. Of several things that the source may mean the nearest to the
    node counts, never the node itself.
    """
    sources = spots(of.source, asking)
    offset = _OFFSETS.get(of.direction)

    def measured(node: MemoryNode) -> float | None:
        at = position_of(node)
        others = [spot for spot in sources if spot.node_id != node.id]
        if at is None or not others:
            return None
        spot = min(others, key=lambda other: distance_m(at, other))
        value = distance_m(at, spot) if offset is None else offset(at, spot)
        return None if math.isnan(value) else value

    return measured


_OFFSETS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "LEFT": to_left_m,
        "RIGHT": lambda at, spot: -to_left_m(at, spot),
        "FRONT": to_front_m,
        "BACK": lambda at, spot: -to_front_m(at, spot),
        "UP": lambda at, spot: at[2] - spot.at[2],
        "DOWN": lambda at, spot: spot.at[2] - at[2],
    }
)
