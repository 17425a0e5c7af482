"""A world from above: a plan for pages and people, and the map that a robot should come to know."""

from __future__ import annotations

import math
from typing import Tuple

import numpy as np

from droidlet_schema import OccupancyMap
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.room.camera import Camera, make_lens
from droidlet_simulators.room.eyes import drawn_by
from droidlet_simulators.room.footprint import clearance, make_footprints, object_rows, wall_rows
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.primitives import NOTHING, WALL
from droidlet_simulators.room.stage import stage_of
from droidlet_simulators.room.world import RoomWorld, standing_of

_MOST_PIXELS = 4096
_LINTEL_M = 1.0  # walls that begin higher than this are over doorways, and are left out
_DOWN = np.array(
    [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]]
)  # columns: right, down the picture, forward


def top_view(
    world: RoomWorld,
    px_per_m: float = 50.0,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    renderer: str = "numpy",
) -> Tuple[np.ndarray, np.ndarray]:
    """The picture (H, W, 3) uint8 of a flat from above, and what each pixel shows (H, W) int32, north (+y) on top.

    The pixel in row r and column c shows the column of the world at x = (c + 0.5) / px_per_m and
    y = size_m[1] - (r + 0.5) / px_per_m. Robots are drawn, too, as large as the simulator's limits say.

    Raises SimulatorError for a scale that is no number above 0, or gives more than 4096 pixels a side.
    """
    width_m, depth_m, height_m = world.scene.size_m
    width, height = _cells(width_m, px_per_m, "px_per_m"), _cells(depth_m, px_per_m, "px_per_m")
    lens = make_lens(width, height, px_per_m, px_per_m, 0.0, 0.0, "orthographic")
    above = Camera(np.array([0.0, depth_m, height_m + 1.0]), _DOWN)
    stage = stage_of(world, limits).whole()
    prims = stage.prims
    lintel = (prims.ident == WALL) & (prims.centre_m[:, 2] - prims.half_m[:, 2] > _LINTEL_M)
    shot = stage._replace(prims=prims.take(~lintel), camera=above)
    picture = drawn_by(renderer)(lens, [shot], ("rgb", "semantic"))[0]
    rgb = np.array(picture.rgb)
    rgb[picture.semantic == NOTHING] = 255
    return rgb, picture.semantic


def truth_map(
    world: RoomWorld,
    cell_m: float = 0.05,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> OccupancyMap:
    """What really is in a robot's way: 1 where a wall, thing, person or door covers a cell's middle, else -1.

    Only what is between the floor and the robot's height counts; robots do not. The map begins at the origin.

    Raises SimulatorError for a cell that is no number above 0, or gives more than 4096 cells a side.
    """
    if not (math.isfinite(cell_m) and cell_m > 0):
        raise SimulatorError(f"cell_m is {cell_m}: a finite number above 0")
    width_m, depth_m, _ = world.scene.size_m
    columns, rows = _cells(width_m, 1.0 / cell_m, "cell_m"), _cells(depth_m, 1.0 / cell_m, "cell_m")
    x, y = np.meshgrid((np.arange(columns) + 0.5) * cell_m, (np.arange(rows) + 0.5) * cell_m)
    solid = wall_rows(world.scene, limits.height_m) + object_rows(standing_of(world), limits.height_m)
    covered = np.empty((rows, columns), bool)
    prints = make_footprints(solid)
    for row in range(rows):  # a row at a time: every point is held against every footprint
        covered[row] = clearance(np.stack([x[row], y[row]], axis=-1), prints) <= 0.0
    return OccupancyMap(np.where(covered, 1, -1).astype(np.int8), 0.0, 0.0, cell_m)


def _cells(length_m: float, per_m: float, name: str) -> int:
    """How many pixels or cells a length takes."""
    if not (math.isfinite(per_m) and per_m > 0):
        raise SimulatorError(f"{name} is {per_m}: a finite number above 0")
    count = math.ceil(length_m * per_m - 1e-9)
    if count > _MOST_PIXELS:
        raise SimulatorError(f"{name} gives {count} a side in this flat: at most {_MOST_PIXELS}")
    return count
