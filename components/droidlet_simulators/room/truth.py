"""The truth about a flat from above, in cells: what stands there, and in which room; `truth_map` says what is free."""

from __future__ import annotations

import math
from typing import List, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import array, record
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.room.footprint import (
    Row,
    clearance,
    footprint_row,
    make_footprints,
    wall_rows,
)
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.primitives import AGENT, NOTHING, WALL
from droidlet_simulators.room.solids import top_m
from droidlet_simulators.room.world import RoomWorld, robot_row, things_of

_MOST_CELLS = 4096


@record
class TruthCells:
    """A flat in square cells, those of `truth_map`: row 0 lies at the lowest y, column 0 at the lowest x, both at 0.

    A cell is what its middle is. `ids` says what reaches highest there: an object's id, WALL (3), AGENT (4) for a
    robot, NOTHING (0) for bare floor. `rooms` numbers `names`; -1 is in no room.
    """

    cell_m: float
    ids: NDArray[np.int32] = array("H W", np.int32)
    rooms: NDArray[np.int16] = array("H W", np.int16)
    names: Tuple[str, ...] = ()


def truth_cells(world: RoomWorld, cell_m: float = 0.1, limits: Limits = Limits()) -> TruthCells:  # noqa: B008
    """The cells of a world as it is now, by footprints; the limits say how high and wide robots are.

    Raises SimulatorError for cells that are no size, or more than 4096 a side.
    """
    width, depth, _ = world.scene.size_m
    if not (math.isfinite(cell_m) and cell_m > 0):
        raise SimulatorError(f"cell_m is {cell_m}: a finite number above 0")
    columns, rows = math.ceil(width / cell_m - 1e-9), math.ceil(depth / cell_m - 1e-9)
    if max(columns, rows) > _MOST_CELLS:
        raise SimulatorError(f"cell_m is {cell_m}: {columns} x {rows} cells; at most {_MOST_CELLS} a side")
    shape = (rows, columns)
    ids, highest = np.full(shape, NOTHING, np.int32), np.full(shape, -1.0)
    for row, ident, top in _footprints(world, limits):
        window, inside = _cells(row, cell_m, shape)
        shown = inside & (top > highest[window])
        ids[window][shown] = ident
        highest[window][shown] = top
    names = tuple(area.name for area in world.scene.areas)
    return TruthCells(cell_m, ids, _rooms(world, cell_m, shape), names)


def _footprints(world: RoomWorld, limits: Limits) -> List[Tuple[Row, int, float]]:
    """Footprint, id and height of all that stands."""
    scene = world.scene
    tops = [scene.size_m[2]] * 4 + [wall.z1_m for wall in scene.walls]  # the outer walls come first
    found = [(row, WALL, top) for row, top in zip(wall_rows(scene, math.inf), tops)]
    found += [(robot_row(body, limits), AGENT, limits.height_m) for body in world.bodies.values()]
    return found + [(footprint_row(thing), thing.id, top_m(thing)) for thing in things_of(world)]


def _cells(row: Row, cell_m: float, shape: Tuple[int, int]) -> Tuple[Tuple[slice, slice], NDArray[np.bool_]]:
    """The part of the grid round a footprint, and which middles of cells are inside it."""
    reach = math.hypot(row[2], row[3]) + row[5]
    slices = []
    for at, count in ((row[1], shape[0]), (row[0], shape[1])):
        first, last = math.floor((at - reach) / cell_m), math.ceil((at + reach) / cell_m)
        slices.append(slice(min(max(first, 0), count), min(max(last, 0), count)))
    y, x = ((np.arange(s.start, s.stop) + 0.5) * cell_m for s in slices)
    points = np.stack([np.tile(x, len(y)), np.repeat(y, len(x))], axis=1)
    inside = clearance(points, make_footprints([row])) <= 0.0
    return (slices[0], slices[1]), inside.reshape(len(y), len(x))


def _rooms(world: RoomWorld, cell_m: float, shape: Tuple[int, int]) -> NDArray[np.int16]:
    """The number of the room of each cell."""
    rooms = np.full(shape, -1, np.int16)
    y, x = ((np.arange(count) + 0.5) * cell_m for count in shape)
    for number, area in enumerate(world.scene.areas):
        level = (y >= area.y0_m) & (y <= area.y1_m)
        rooms[level[:, None] & (x >= area.x0_m) & (x <= area.x1_m)] = number
    return rooms
