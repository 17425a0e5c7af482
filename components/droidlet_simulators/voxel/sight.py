"""One ray through the blocks: what somebody looks at, and whether one place can be seen from another."""

from __future__ import annotations

import math
from typing import Callable, Iterator, Optional, Tuple

from droidlet_simulators.voxel.grid import Blocks, Cell
from droidlet_simulators.voxel.looks import LIQUID, PASS, SIGHT
from droidlet_simulators.voxel.table import BLOCKS

Vector = Tuple[float, float, float]
_DRAWN: Tuple[bool, ...] = tuple(int(kind) != PASS for kind in SIGHT[:-1])


def cells_along(origin: Vector, direction: Vector, length: float) -> Iterator[Tuple[Cell, float]]:
    """The cells that a ray crosses, each with how far it enters it, up to a length.

    The direction is a unit vector. Source: Amanatides and Woo, A Fast Voxel Traversal Algorithm for Ray Tracing
    (1987).
    """
    cell = [math.floor(at) for at in origin]
    step = [1 if part > 0 else -1 for part in direction]
    gap = [1 / abs(part) if part else math.inf for part in direction]
    ahead = [
        ((cell[i] + 1 - origin[i]) if direction[i] > 0 else (origin[i] - cell[i])) * gap[i]
        if direction[i]
        else math.inf
        for i in range(3)
    ]
    entered = 0.0
    while entered <= length:
        yield (cell[0], cell[1], cell[2]), entered
        axis = ahead.index(min(ahead))
        entered = ahead[axis]
        if entered == math.inf:
            return
        cell[axis] += step[axis]
        ahead[axis] += gap[axis]


def _first(
    blocks: Blocks, origin: Vector, direction: Vector, length: float, stops: Callable[[int], bool]
) -> Optional[Cell]:
    for cell, _ in cells_along(origin, direction, length):
        if stops(blocks.get(*cell)):
            return cell
    return None


def looked_at(blocks: Blocks, origin: Vector, direction: Vector, length: float) -> Optional[Cell]:
    """The first block along a gaze that one can point at: neither air nor a liquid. None within the length."""
    return _first(blocks, origin, direction, length, lambda state: _DRAWN[state] and not LIQUID[state])


def in_sight(blocks: Blocks, origin: Vector, target: Vector) -> bool:
    """Whether nothing that hides is between two points; glass, water and plants hide nothing."""
    way = [b - a for a, b in zip(origin, target)]
    length = math.hypot(*way)
    if length == 0.0:
        return True
    direction = (way[0] / length, way[1] / length, way[2] / length)
    return _first(blocks, origin, direction, length, lambda state: not BLOCKS[state >> 4].transparent) is None
