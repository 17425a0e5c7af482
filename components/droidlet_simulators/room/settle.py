"""Where people stand and walk in a furnished flat, and where the robot begins."""

from __future__ import annotations

import math
from typing import List, Optional

import numpy as np

from droidlet_schema import Pose2, SceneObject
from droidlet_simulators.room.classes import CLASSES
from droidlet_simulators.room.footprint import Footprints, clearance, make_footprints
from droidlet_simulators.room.layout import Layout
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.room.reach import Ground
from droidlet_simulators.scene import Walker

_FROM_DOOR_M = 0.9  # where people neither stand nor turn
_PERSON_SPARE_M = 0.42
_START_SPARE_M = 0.40
_SHIRTS = ("red", "green", "blue", "yellow", "orange", "purple", "pink", "cyan", "white", "grey")


def _open_cells(layout: Layout, ground: Ground, spare_m: float) -> np.ndarray:
    """Reached cells (P, 2) with room around them and away from doorways."""
    points = ground.points_m[ground.reached & (ground.clearance_m >= spare_m)]
    return points[clearance(points, _door_zones(layout)) > 0]


def _door_zones(layout: Layout) -> Footprints:
    return make_footprints([(d.x_m, d.y_m, 0.0, 0.0, 0.0, _FROM_DOOR_M) for d in layout.doorways])


def settle_people(
    layout: Layout, ground: Ground, things: int, count: int, rng: np.random.Generator
) -> List[Walker]:
    """People in different colours; about half stand, the rest walk straight between points."""
    cells = _open_cells(layout, ground, _PERSON_SPARE_M)
    shirts = rng.permutation(_SHIRTS)
    walkers: List[Walker] = []
    for number in range(count):
        taken = make_footprints([(x, y, 0.0, 0.0, 0.0, 1.2) for w in walkers for x, y in w.route])
        free = cells[clearance(cells, taken) > 0] if walkers else cells
        if len(free) == 0:
            break
        route = [free[int(rng.integers(len(free)))]]
        if rng.random() < 0.5:
            route += _stroll(route[0], free, layout, ground, rng)
        body = _body(FIRST_OBJECT + things + number, str(shirts[number]), route, rng)
        points = tuple((round(float(p[0]), 4), round(float(p[1]), 4)) for p in route)
        walkers.append(Walker(body, points, round(float(rng.uniform(0.3, 0.6)), 2)))
    return walkers


def _body(ident: int, colour: str, route: List[np.ndarray], rng: np.random.Generator) -> SceneObject:
    x, y, z = CLASSES["person"].size_m
    yaw = round(float(rng.uniform(-math.pi, math.pi)), 4)
    if len(route) > 1:
        yaw = math.atan2(route[1][1] - route[0][1], route[1][0] - route[0][0])
    at = (round(float(route[0][0]), 4), round(float(route[0][1]), 4))
    return SceneObject(ident, "person", colour, at[0], at[1], z / 2, yaw, (x, y, z))


def _stroll(
    start: np.ndarray, cells: np.ndarray, layout: Layout, ground: Ground, rng: np.random.Generator
) -> List[np.ndarray]:
    """One or two more points, each in a straight free line from the last and the last from the first."""
    points = [start]
    for index in rng.permutation(len(cells))[:60]:
        point = cells[int(index)]
        if all(_free_line(end, point, layout, ground) for end in (points[-1], start)):
            points.append(point)
        if len(points) == 3:
            break
    return points[1:]


def _free_line(a: np.ndarray, b: np.ndarray, layout: Layout, ground: Ground) -> bool:
    """Whether a person can walk straight from a to b, at least 1 m apart, without standing in a doorway."""
    length = float(np.hypot(*(b - a)))
    if length < 1.0:
        return False
    steps = a + np.linspace(0.0, 1.0, int(length / 0.05) + 2)[:, None] * (b - a)
    cells = (steps / 0.1).astype(np.int64)
    index = cells[:, 1] * ground.shape[1] + cells[:, 0]
    free = ground.clearance_m[index] >= CLEAR_WALK_M
    return bool(free.all() and (clearance(steps, _door_zones(layout)) > 0).all())


CLEAR_WALK_M = 0.36
"""What a walking person keeps from everything that stands."""


def begin_at(ground: Ground, walkers: List[Walker], rng: np.random.Generator) -> Optional[Pose2]:
    """Where the robot begins: with room around it and away from people."""
    people = make_footprints([(x, y, 0.0, 0.0, 0.0, 1.0) for w in walkers for x, y in w.route])
    points = ground.points_m[ground.reached & (ground.clearance_m >= _START_SPARE_M)]
    points = points[clearance(points, people) > 0]
    if len(points) == 0:
        return None
    x, y = points[int(rng.integers(len(points)))]
    return Pose2(round(float(x), 4), round(float(y), 4), round(float(rng.uniform(-math.pi, math.pi)), 4))
