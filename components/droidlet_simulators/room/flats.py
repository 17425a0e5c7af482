"""Flats with many rooms, doors, and containers with things in them; everything is reached once doors are open."""

from __future__ import annotations

import math
from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from droidlet_schema import Pose2, SceneObject, evolve
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.fixtures import door_zones, front_zone, make_doors, make_leaves
from droidlet_simulators.room.footprint import gaps, make_footprints
from droidlet_simulators.room.furnish import furnish, put_on_floor, rim_points
from droidlet_simulators.room.hinges import leaf_at
from droidlet_simulators.room.layout import Layout, make_layout
from droidlet_simulators.room.leaves import swings_freely
from droidlet_simulators.room.many_rooms import FEWEST, make_hall_layout
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.room.reach import shortfall, survey
from droidlet_simulators.room.settle import begin_at, settle_people
from droidlet_simulators.room.stocking import stock
from droidlet_simulators.room.variety import draw_looks
from droidlet_simulators.room.wishes import Wish, make_wish, many_wishes, wishes
from droidlet_simulators.scene import Gesture, Scene, Walker

_CASES = ("fridge", "cupboard", "chest")
_STOCK = ("cup", "bottle", "book", "cup")
_EACH = 2  # things to each container
_STRIDE_M = 1.2
_GESTURES = ("wave", "point", "raise")


class Extras(NamedTuple):
    """What a flat has besides furniture."""

    doors: bool
    containers: int
    limbs: bool
    looks: bool


def try_flat(
    rooms: int, people: int, duplicates: int, extras: Extras, rng: np.random.Generator
) -> Optional[Scene]:
    """One draw, or None when something cannot be reached or opened."""
    many = rooms >= FEWEST
    layout = make_hall_layout(rooms, rng) if many else make_layout(rooms, rng)
    if extras.doors:
        layout = layout._replace(zones=door_zones(layout.doorways))
    large, small = (many_wishes if many else wishes)(rooms, duplicates, rng)
    things = _furnished(layout, large, small, extras.containers, rng)
    if things is None:
        return None
    leaves = make_leaves(things[: extras.containers], FIRST_OBJECT + len(things))
    if extras.doors:
        leaves += make_doors(layout.doorways, layout.areas, FIRST_OBJECT + len(things) + len(leaves), rng)
    scene = Scene(
        layout.size_m,
        layout.areas,
        layout.walls,
        layout.doorways,
        tuple(things),
        (),
        Pose2(0.0, 0.0, 0.0),
        leaves=leaves,
    )
    if not all(swings_freely(scene, leaf) for leaf in leaves):
        return None
    peopled = _peopled(scene, layout, people, extras.limbs, rng)
    return (
        evolve(peopled, looks=draw_looks(peopled, rng)) if peopled is not None and extras.looks else peopled
    )


def _furnished(
    layout: Layout, large: List[Wish], small: List[Wish], containers: int, rng: np.random.Generator
) -> Optional[List[SceneObject]]:
    """Containers first, then furniture, then what stands on and in it; None when too little found a place."""
    rooms = tuple(area for area in layout.areas if area.name != "hall")
    inside = layout._replace(areas=rooms)
    cases: List[SceneObject] = []
    for number in range(containers):
        wish = make_wish(_CASES[number % len(_CASES)], {}, rng)
        for index in rng.permutation(len(rooms)):
            case = put_on_floor(wish, KINDS[wish.name], rooms[int(index)], inside, cases, rng)
            if case is not None and _clear(case, cases):
                cases.append(case)
                inside = inside._replace(zones=(*inside.zones, front_zone(case)))
                break
    if len(cases) < containers:
        return None
    things = furnish(inside, large, small, rng, cases)
    if len(things) - containers < 0.9 * (len(large) + len(small)) - 1:
        return None
    wished = [make_wish(_STOCK[i % len(_STOCK)], {}, rng) for i in range(_EACH * containers)]
    stored = stock(wished, things, FIRST_OBJECT + len(things), rng) if containers else []
    return [*things, *stored]


def _clear(case: SceneObject, others: Sequence[SceneObject]) -> bool:
    """Whether nothing stands before a container."""
    zone = make_footprints([front_zone(case)])
    return all(bool((gaps(rim_points(other), zone)[0] > 0).all()) for other in others)


def _peopled(
    scene: Scene, layout: Layout, people: int, limbs: bool, rng: np.random.Generator
) -> Optional[Scene]:
    """The scene with people and a start; None when the open doors or people keep anything from being reached."""
    ajar = [leaf_at(leaf, 1.0) for leaf in scene.leaves]
    ways = [leaf_at(leaf, float(leaf.container is None)) for leaf in scene.leaves]
    taken = len(scene.objects) + len(scene.leaves)
    walkers = settle_people(layout, survey(scene, ajar), taken, people, rng)
    standing = [walker.body for walker in walkers if len(walker.route) == 1]
    if len(walkers) < people:
        return None
    if shortfall(scene, [*ajar, *standing]) is not None or shortfall(scene, [*ways, *standing]) is not None:
        return None
    start = begin_at(survey(scene, [*ajar, *standing]), walkers, rng)
    if start is None:
        return None
    if limbs:
        walkers = [_with_limbs(walker, rng) for walker in walkers]
    return evolve(scene, people=tuple(walkers), start=start)


def _with_limbs(walker: Walker, rng: np.random.Generator) -> Walker:
    """The person with a stride, and with gestures now and then in the first minutes."""
    gestures: List[Gesture] = []
    time_s = float(rng.uniform(1.0, 6.0))
    while time_s < 180.0:
        kind = _GESTURES[int(rng.integers(len(_GESTURES)))]
        until, side = time_s + float(rng.uniform(2.0, 5.0)), ("left", "right")[int(rng.integers(2))]
        gestures.append(Gesture(kind, round(time_s, 2), round(until, 2), side, _target(walker, kind, rng)))
        time_s = until + float(rng.uniform(3.0, 15.0))
    return evolve(walker, stride_m=_STRIDE_M, gestures=tuple(gestures))


def _target(walker: Walker, kind: str, rng: np.random.Generator) -> Optional[Tuple[float, float, float]]:
    """What somebody points at, somewhere around; None for other gestures."""
    if kind != "point":
        return None
    angle, away = float(rng.uniform(-math.pi, math.pi)), float(rng.uniform(1.0, 4.0))
    x, y = walker.body.x_m + away * math.cos(angle), walker.body.y_m + away * math.sin(angle)
    return (round(x, 2), round(y, 2), round(float(rng.uniform(0.0, 1.5)), 2))
