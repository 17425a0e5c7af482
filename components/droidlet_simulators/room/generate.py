"""Seeded furnished rooms and flats in which everything can be reached."""

from __future__ import annotations

import math
from typing import List, Optional, Union

import numpy as np

from droidlet_schema import Key, Pose2, SceneObject, evolve
from droidlet_simulators.errors import SceneError
from droidlet_simulators.room.classes import CLASSES
from droidlet_simulators.room.footprint import Footprints, clearance, make_footprints
from droidlet_simulators.room.furnish import furnish, wishes
from droidlet_simulators.room.layout import MOST_ROOMS, Layout, make_layout
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.room.reach import Ground, shortfall, survey
from droidlet_simulators.scene import Scene, Walker

_TRIES = 60
_FROM_DOOR_M = 0.9  # where people neither stand nor turn
_PERSON_SPARE_M = 0.42
_START_SPARE_M = 0.40
_SHIRTS = ("red", "green", "blue", "yellow", "orange", "purple", "pink", "cyan", "white", "grey")


def make_scene(
    seed: Union[int, Key],
    *,
    rooms: Optional[int] = None,
    people: int = 1,
    duplicates: int = 0,
) -> Scene:
    """A furnished flat; the same seed and options always give the same one.

    `rooms` is 1 to 4 (None: drawn), `people` 0 to 4 of which some walk, `duplicates` how many pairs of class
    and colour occur twice. A robot of radius 0.3 m gets to every room and to 0.75 m of every thing.
    Raises SceneError for options out of range.
    """
    key = _key_of(seed)
    _check(rooms, people, duplicates)
    for attempt in key.split(_TRIES):
        rng = attempt.generator()
        count = int(rng.integers(1, MOST_ROOMS + 1)) if rooms is None else rooms
        scene = _try(count, people, duplicates, rng)
        if scene is not None:
            return scene
    raise SceneError(
        f"seed {key.words[0]}: no reachable flat in {_TRIES} tries; try another seed or fewer people"
    )


def _key_of(seed: Union[int, Key]) -> Key:
    if isinstance(seed, Key):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise SceneError(f"seed is {seed!r}: a whole number or a Key")
    return Key((seed % 2**64, seed // 2**64 % 2**64))


def _check(rooms: Optional[int], people: int, duplicates: int) -> None:
    if rooms is not None and not _between(rooms, 1, MOST_ROOMS):
        raise SceneError(f"rooms is {rooms!r}: a flat has 1 to {MOST_ROOMS} rooms")
    if not _between(people, 0, 4):
        raise SceneError(f"people is {people!r}: a flat has room for 0 to 4")
    if not _between(duplicates, 0, 4):
        raise SceneError(f"duplicates is {duplicates!r}: 0 to 4 pairs may occur twice")


def _between(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _try(rooms: int, people: int, duplicates: int, rng: np.random.Generator) -> Optional[Scene]:
    """One draw, or None when something cannot be reached."""
    layout = make_layout(rooms, rng)
    large, small = wishes(rooms, duplicates, rng)
    things = furnish(layout, large, small, rng)
    if len(things) < len(large) + len(small) - 1:
        return None
    scene = Scene(
        layout.size_m, layout.areas, layout.walls, layout.doorways, tuple(things), (), Pose2(0.0, 0.0, 0.0)
    )
    ground = survey(scene)
    walkers = _people(layout, ground, len(things), people, rng)
    standing = [w.body for w in walkers if len(w.route) == 1]
    if len(walkers) < people or shortfall(scene, standing) is not None:
        return None
    start = _start(survey(scene, standing), walkers, rng)
    return None if start is None else evolve(scene, people=tuple(walkers), start=start)


def _open_cells(layout: Layout, ground: Ground, spare_m: float) -> np.ndarray:
    """Reached cells (P, 2) with room around them and away from doorways."""
    points = ground.points_m[ground.reached & (ground.clearance_m >= spare_m)]
    return points[clearance(points, _door_zones(layout)) > 0]


def _door_zones(layout: Layout) -> Footprints:
    return make_footprints([(d.x_m, d.y_m, 0.0, 0.0, 0.0, _FROM_DOOR_M) for d in layout.doorways])


def _people(
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


def _start(ground: Ground, walkers: List[Walker], rng: np.random.Generator) -> Optional[Pose2]:
    """Where the robot begins: with room around it and away from people."""
    people = make_footprints([(x, y, 0.0, 0.0, 0.0, 1.0) for w in walkers for x, y in w.route])
    points = ground.points_m[ground.reached & (ground.clearance_m >= _START_SPARE_M)]
    points = points[clearance(points, people) > 0]
    if len(points) == 0:
        return None
    x, y = points[int(rng.integers(len(points)))]
    return Pose2(round(float(x), 4), round(float(y), 4), round(float(rng.uniform(-math.pi, math.pi)), 4))
