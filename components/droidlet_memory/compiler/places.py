"""Where something can be at all: boxes that the R-trees look into. They hold a little too much, never too
little: coordinates in them are rounded outwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from droidlet_memory.asking import Asking
from droidlet_memory.compiler.pieces import ALWAYS, BY_PLACE, Finder, Piece, either
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import Sql
from droidlet_memory.references import Spot, spots
from droidlet_memory.relations import ABOVE_M, INSIDE_M, NEARBY_M
from droidlet_schema import Location

NEAR = (None, "NEAR", "AROUND", "CLOCKWISE", "ANTICLOCKWISE")
REACHES: Mapping[str, float] = MappingProxyType({"INSIDE": INSIDE_M, "UP": ABOVE_M, "DOWN": ABOVE_M})
"""How far beyond a reference's edges a middle (INSIDE) or an edge may lie."""
FARTHEST = 3e38  # of coordinates, which an R-tree keeps in 32 bits
SLACK = 1e-6  # of a coordinate: more than what rounding does to it
SIDES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "GREATER_THAN": ("1 >= ?",),
        "GREATER_THAN_EQUAL": ("1 >= ?",),
        "LESS_THAN": ("0 <= ?",),
        "LESS_THAN_EQUAL": ("0 <= ?",),
        "EQUAL": ("1 >= ?", "0 <= ?"),
    }
)
"""What holds of the two ends of a box along an axis where it holds of its middle."""


def around(location: Location, asking: Asking, scope: Scope) -> Piece:
    """What may stand in a relation to the first reference; the relation itself is judged node by node."""
    direction = location.relative_direction
    if direction in NEAR:
        reach = NEARBY_M if location.distance_m is None else max(0.0, location.distance_m)
    elif direction in REACHES:
        reach = REACHES[direction]
    else:
        return ALWAYS
    if not location.references:
        return ALWAYS
    return either([_near(spot, reach, scope) for spot in spots(location.references[0], asking)])


def _near(spot: Spot, reach: float, scope: Scope) -> Piece:
    x, y = (spot.half[i] + reach + SLACK * (1.0 + abs(spot.at[i])) for i in (0, 1))
    given = (spot.at[0] - x, spot.at[0] + x, spot.at[1] - y, spot.at[1] + y)
    if not _within(given):
        return ALWAYS
    keys = boxes(("x1 >= ?", "x0 <= ?", "y1 >= ?", "y0 <= ?"), given, scope)
    return Piece(Sql("{key} IN ") + keys.bracketed(), True, Finder(BY_PLACE, keys))


def along(
    axis: str, comparison: str, value: float, tested: Piece, scope: Scope, allowed: float = 0.0
) -> Piece:
    """A comparison of a coordinate, found among the boxes where it may hold."""
    ends = SIDES.get(comparison)
    if ends is None:
        return tested
    slack = max(0.0, allowed) + 2 * SLACK * (1.0 + abs(value))
    given = tuple(value - slack if end.startswith("1") else value + slack for end in ends)
    if not _within(given):
        return tested
    keys = boxes([axis + end for end in ends], given, scope)
    return tested._replace(finder=Finder(BY_PLACE, keys, tested.test))


def _within(bounds: Sequence[float]) -> bool:
    """Whether boxes reach so far: what lies beyond has ends that are infinite."""
    return all(abs(bound) < FARTHEST for bound in bounds)


def boxes(inside: Sequence[str], given: tuple[float, ...], scope: Scope) -> Sql:
    """SELECT of the nodes whose boxes meet some bounds."""
    bounds = " AND ".join(inside)
    keys = Sql(f"SELECT node FROM places WHERE {bounds}", given)
    if not scope.newest:
        then = Sql(f"SELECT version FROM past_places WHERE {bounds} AND since <= :at AND last >= :at", given)
        keys += Sql(" UNION ALL SELECT node FROM past WHERE version IN ") + then.bracketed()
    return keys
