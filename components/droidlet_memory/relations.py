"""What "left of", "near" and "between" mean: how well a node stands in a relation to a place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from droidlet_memory.asking import Asking, Vector, position_of, size_of
from droidlet_memory.references import Spot, nearest, spots
from droidlet_schema import Location, MemoryNode, ReferenceObject

CLEAR, LOOSE, NOT = 2, 1, 0
"""How well a relation holds. Of the nodes that fit otherwise those count that stand in it clearly; where none
does, loosely.
"""

NEAR_M, NEARBY_M = 1.0, 2.5  # gap between the edges: near, and loosely near
ASIDE_M = 0.05  # less is not beside
ON_M, ABOVE_M = 0.1, 0.5  # gap between the edges on the floor plan: on or under, and loosely so
INSIDE_M = 0.05  # a middle may stick out this far
MOST_BETWEEN = 12  # places on either side


class Place(NamedTuple):
    """A node's middle and half its extent."""

    at: Vector
    half: Vector


Relation = Callable[[Place, Spot, "float | None"], int]


def related(nodes: Sequence[MemoryNode], location: Location, asking: Asking) -> list[MemoryNode]:
    """Of these nodes those that stand best in the relation, in their order.

    Of each reference any thing that fits it may be meant; of several references the relation must hold to
    each (BETWEEN: to two).
    """
    wanted = location.references or (ReferenceObject(special="AGENT"),)
    references = [spots(reference, asking, location.frame) for reference in wanted]
    graded = [(_grade(node, location, references, asking), node) for node in nodes]
    best = max((grade for grade, _ in graded), default=NOT)
    return [node for grade, node in graded if grade == best] if best != NOT else []


def _grade(node: MemoryNode, location: Location, references: list[list[Spot]], asking: Asking) -> int:
    at, size = position_of(node), size_of(node) or (0.0, 0.0, 0.0)
    if at is None:
        return NOT
    place = Place(at, (size[0] / 2, size[1] / 2, size[2] / 2))
    others = [[spot for spot in found if spot.node_id != node.id] for found in references]
    if location.relative_direction == "BETWEEN":
        return _between(place, [nearest(found, asking.query.viewer, MOST_BETWEEN) for found in others])
    relation = _RELATIONS.get(location.relative_direction or "NEAR", _near)
    return min(
        max((relation(place, spot, location.distance_m) for spot in found), default=NOT) for found in others
    )


def gap_m(place: Place, spot: Spot) -> float:
    """The distance between the edges of two boxes on the floor plan; 0 where they overlap."""
    x, y = (abs(place.at[i] - spot.at[i]) - place.half[i] - spot.half[i] for i in (0, 1))
    return math.hypot(max(0.0, x), max(0.0, y))


def distance_m(at: Vector, spot: Spot) -> float:
    """The distance between the middles on the floor plan."""
    return math.hypot(at[0] - spot.at[0], at[1] - spot.at[1])


def to_front_m(at: Vector, spot: Spot) -> float:
    """How far a point lies to the front of a spot; below 0 behind it."""
    return (at[0] - spot.at[0]) * spot.front[0] + (at[1] - spot.at[1]) * spot.front[1]


def to_left_m(at: Vector, spot: Spot) -> float:
    """How far a point lies to the left of a spot; below 0 to its right."""
    return (at[0] - spot.at[0]) * spot.left[0] + (at[1] - spot.at[1]) * spot.left[1]


def _near(place: Place, spot: Spot, wanted_m: float | None) -> int:
    gap = gap_m(place, spot)
    if wanted_m is not None:
        return CLEAR if gap <= wanted_m else NOT
    return CLEAR if gap <= NEAR_M else LOOSE if gap <= NEARBY_M else NOT


def _away(place: Place, spot: Spot, wanted_m: float | None) -> int:
    if wanted_m is not None:
        return CLEAR if _about(place, spot, wanted_m) else NOT
    return CLEAR if gap_m(place, spot) > NEARBY_M else NOT


def _about(place: Place, spot: Spot, wanted_m: float | None) -> bool:
    return wanted_m is None or abs(distance_m(place.at, spot) - wanted_m) <= max(0.5, 0.25 * abs(wanted_m))


def _side(
    along: Callable[[Vector, Spot], float], across: Callable[[Vector, Spot], float], sign: int
) -> Relation:
    def side(place: Place, spot: Spot, wanted_m: float | None) -> int:
        ahead = sign * along(place.at, spot)
        if not ahead > ASIDE_M or not _about(place, spot, wanted_m):
            return NOT
        beside = (
            spot.node_id is None or gap_m(place, spot) <= NEARBY_M
        )  # of a thing, not of a person or a point
        return CLEAR if beside and ahead >= abs(across(place.at, spot)) else LOOSE

    return side


def _over(sign: int) -> Relation:
    def over(place: Place, spot: Spot, wanted_m: float | None) -> int:
        if not sign * (place.at[2] - spot.at[2]) > 0 or not _about(place, spot, wanted_m):
            return NOT
        gap = gap_m(place, spot)
        return CLEAR if gap <= ON_M else LOOSE if gap <= ABOVE_M else NOT

    return over


def _inside(place: Place, spot: Spot, wanted_m: float | None) -> int:
    return CLEAR if all(abs(place.at[i] - spot.at[i]) <= spot.half[i] + INSIDE_M for i in range(3)) else NOT


def _outside(place: Place, spot: Spot, wanted_m: float | None) -> int:
    return CLEAR - _inside(place, spot, wanted_m)


_RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        "LEFT": _side(to_left_m, to_front_m, 1),
        "RIGHT": _side(to_left_m, to_front_m, -1),
        "FRONT": _side(to_front_m, to_left_m, 1),
        "BACK": _side(to_front_m, to_left_m, -1),
        "UP": _over(1),
        "DOWN": _over(-1),
        "INSIDE": _inside,
        "OUTSIDE": _outside,
        "AWAY": _away,
    }
)  # NEAR, AROUND, CLOCKWISE, ANTICLOCKWISE and no direction at all: near


def _between(place: Place, references: list[list[Spot]]) -> int:
    if len(references) > 1:
        pairs = [(one, two) for one in references[0] for two in references[1]]
    else:
        pairs = [(one, two) for i, one in enumerate(references[0]) for two in references[0][i + 1 :]]
    return max((_on_the_way(place.at, one.at, two.at) for one, two in pairs), default=NOT)


def _on_the_way(at: Vector, one: Vector, two: Vector) -> int:
    dx, dy = two[0] - one[0], two[1] - one[1]
    long = math.hypot(dx, dy)
    if not 0 < long < math.inf:
        return NOT
    along = ((at[0] - one[0]) * dx + (at[1] - one[1]) * dy) / long / long
    aside = abs((at[0] - one[0]) * dy - (at[1] - one[1]) * dx) / long
    if 0.1 <= along <= 0.9 and aside <= max(0.5, long / 4):
        return CLEAR
    return LOOSE if 0 < along < 1 and aside <= max(0.75, long / 2) else NOT
