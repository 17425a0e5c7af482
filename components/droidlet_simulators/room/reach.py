"""Which parts of a flat a round robot gets to, on a fine grid."""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.room.footprint import (
    Footprints,
    clearance,
    footprint_row,
    make_footprints,
    object_rows,
    wall_rows,
)
from droidlet_simulators.scene import Area, Scene

CLEARANCE_M = 0.30
"""Generated flats can be walked everywhere by a disc of this radius."""
ROBOT_HEIGHT_M = 1.2
NEAR_M = 0.75
"""Every thing can be approached to this distance from its edge."""
_CELL_M = 0.1


class Ground(NamedTuple):
    """Grid cells of the floor: middles, room to spare, and the connected part that counts."""

    points_m: np.ndarray  # (ny * nx, 2)
    clearance_m: np.ndarray  # (ny * nx,)
    reached: np.ndarray  # (ny * nx,) bool
    shape: tuple[int, int]


def survey(scene: Scene, extra: Sequence[SceneObject] = ()) -> Ground:
    """The floor of a scene; `reached` is the largest connected part with the needed clearance."""
    nx, ny = (int(s / _CELL_M) for s in scene.size_m[:2])
    x, y = (np.arange(nx) + 0.5) * _CELL_M, (np.arange(ny) + 0.5) * _CELL_M
    points = np.stack([np.tile(x, ny), np.repeat(y, nx)], axis=1)
    spare = clearance(points, _obstacles(scene, extra))
    free = (spare >= CLEARANCE_M).reshape(ny, nx)
    return Ground(points, spare, _largest(free).reshape(-1), (ny, nx))


def _obstacles(scene: Scene, extra: Sequence[SceneObject]) -> Footprints:
    things = (*scene.objects, *extra)
    return make_footprints(wall_rows(scene, ROBOT_HEIGHT_M) + object_rows(things, ROBOT_HEIGHT_M))


def _largest(free: np.ndarray) -> np.ndarray:
    """The largest 4-connected region of a boolean grid."""
    best, left = np.zeros_like(free), free.copy()
    while int(left.sum()) > int(best.sum()):
        seed = np.zeros_like(free)
        seed.reshape(-1)[int(np.argmax(left))] = True
        region = _flood(seed, free)
        left &= ~region
        if int(region.sum()) > int(best.sum()):
            best = region
    return best


def _flood(seed: np.ndarray, free: np.ndarray) -> np.ndarray:
    """All that is connected to the seed, grown by one cell in four directions until nothing changes."""
    region, size = seed, 0
    while int(region.sum()) > size:
        size = int(region.sum())
        grown = region.copy()
        grown[1:] |= region[:-1]
        grown[:-1] |= region[1:]
        grown[:, 1:] |= region[:, :-1]
        grown[:, :-1] |= region[:, 1:]
        region = grown & free
    return region


def shortfall(scene: Scene, extra: Sequence[SceneObject] = ()) -> Optional[str]:
    """None when every room and thing can be reached, else what cannot, in one sentence."""
    ground = survey(scene, extra)
    free = ground.clearance_m >= CLEARANCE_M
    if int(ground.reached.sum()) < 0.97 * int(free.sum()):
        return "part of the floor is cut off"
    for area in scene.areas:
        if not bool((ground.reached & in_area(ground.points_m, area)).any()):
            return f"the {area.name} cannot be entered"
    for thing in (*scene.objects, *extra):
        if not can_approach(scene, ground, thing):
            return f"the {thing.colour} {thing.class_name} (id {thing.id}) cannot be approached"
    return None


def can_approach(scene: Scene, ground: Ground, thing: SceneObject) -> bool:
    """Whether the robot can stand in the thing's own room, near its edge."""
    point = np.array([[thing.x_m, thing.y_m]])
    rooms = [a for a in scene.areas if bool(in_area(point, a)[0])]
    if not rooms:
        return False
    near = clearance(ground.points_m, make_footprints([footprint_row(thing)])) <= NEAR_M
    return bool((near & ground.reached & in_area(ground.points_m, rooms[0])).any())


def in_area(points_m: np.ndarray, area: Area) -> np.ndarray:
    """Which points (P, 2) lie in a room."""
    x, y = points_m[:, 0], points_m[:, 1]
    return np.asarray((x >= area.x0_m) & (x <= area.x1_m) & (y >= area.y0_m) & (y <= area.y1_m))
