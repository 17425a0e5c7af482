"""Where a relation can hold at all: boxes that the R-tree looks into."""

from __future__ import annotations

from droidlet_memory.asking import Asking
from droidlet_memory.compiler.pieces import ALWAYS, BY_PLACE, Finder, Piece, either
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import Sql
from droidlet_memory.references import Spot, spots
from droidlet_memory.relations import ABOVE_M, INSIDE_M, NEARBY_M
from droidlet_schema import Location

REACHES = {"INSIDE": INSIDE_M, "UP": ABOVE_M, "DOWN": ABOVE_M}
"""How far beyond a reference's edges a middle (INSIDE) or an edge may lie."""
NEAR = (None, "NEAR", "AROUND", "CLOCKWISE", "ANTICLOCKWISE")


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
    return either([_box(spot, reach, scope) for spot in spots(location.references[0], asking)])


def _box(spot: Spot, reach: float, scope: Scope) -> Piece:
    x, y = (spot.half[i] + reach for i in (0, 1))
    inside = "x1 >= ? AND x0 <= ? AND y1 >= ? AND y0 <= ?"
    given = (spot.at[0] - x, spot.at[0] + x, spot.at[1] - y, spot.at[1] + y)
    keys = Sql(f"SELECT node FROM places WHERE {inside}", given)
    if not scope.newest:
        then = Sql(f"SELECT version FROM past_places WHERE {inside} AND since <= :at AND last >= :at", given)
        keys += Sql(" UNION ALL SELECT node FROM past WHERE version IN ") + then.bracketed()
    return Piece(Sql("{key} IN ") + keys.bracketed(), True, Finder(BY_PLACE, keys))
