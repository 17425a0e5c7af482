"""Putting furniture, small things and people into a flat."""

from __future__ import annotations

import math
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.footprint import footprint_row, gaps, make_footprints
from droidlet_simulators.room.layout import Layout
from droidlet_simulators.room.parts import Kind
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.room.solids import bounding_solid, holds
from droidlet_simulators.room.wishes import Wish
from droidlet_simulators.scene import Area

_BESIDE_M = 0.12  # between two things
_DOOR_DEPTH_M = 0.9  # kept free on both sides of a doorway
_TRIES = 40

Place = Tuple[float, float, float]  # x, y, yaw


def furnish(
    layout: Layout,
    large: List[Wish],
    small: List[Wish],
    rng: np.random.Generator,
    before: Sequence[SceneObject] = (),
) -> List[SceneObject]:
    """The things that found a place, after those that were there before; what does not fit is left out."""
    things: List[SceneObject] = list(before)
    order = sorted(large, key=lambda wish: -KINDS[wish.name].size_m[0] * KINDS[wish.name].size_m[1])
    load = {area.name: 0.0 for area in layout.areas}
    for wish in order:
        kind = KINDS[wish.name]
        areas = sorted(layout.areas, key=lambda a: load[a.name] / _floor(a))
        for area in areas:
            found = put_on_floor(wish, kind, area, layout, things, rng)
            if found is not None:
                things.append(found)
                load[area.name] += kind.size_m[0] * kind.size_m[1] + 0.5
                break
    for wish in small:
        found = _put_small(wish, layout, things, rng)
        if found is not None:
            things.append(found)
    return things


def _floor(area: Area) -> float:
    return (area.x1_m - area.x0_m) * (area.y1_m - area.y0_m)


def _put_small(
    wish: Wish, layout: Layout, things: List[SceneObject], rng: np.random.Generator
) -> Optional[SceneObject]:
    kind = KINDS[wish.name]
    if kind.place == "top" and rng.random() < 0.75:
        found = _put_on_top(wish, kind, things, rng)
        if found is not None:
            return found
    for area in [layout.areas[int(i)] for i in rng.permutation(len(layout.areas))]:
        found = put_on_floor(wish, kind, area, layout, things, rng)
        if found is not None:
            return found
    return None


def _put_on_top(
    wish: Wish, kind: Kind, things: List[SceneObject], rng: np.random.Generator
) -> Optional[SceneObject]:
    """On a table or cabinet, apart from what stands there already."""
    bases = [t for t in things if KINDS[t.class_name].surface]
    for index in rng.permutation(len(bases)):
        base = bases[int(index)]
        for _ in range(_TRIES // 4):
            u, v = (
                float(rng.uniform(-0.5, 0.5)) * (s - max(kind.size_m[:2]) - 0.08) for s in base.size_m[:2]
            )
            c, s = math.cos(base.yaw_rad), math.sin(base.yaw_rad)
            place = (
                base.x_m + c * u - s * v,
                base.y_m + s * u + c * v,
                float(rng.uniform(-math.pi, math.pi)),
            )
            thing = _thing(wish, kind, place, base.z_m + base.size_m[2] / 2, len(things))
            others = [t for t in things if t.z_m - t.size_m[2] / 2 > base.z_m]
            whole = holds(bounding_solid(base).row, bounding_solid(thing).row)  # no corner sticks out
            if whole and _apart(thing, others, _BESIDE_M / 2):
                return thing
    return None


def put_on_floor(
    wish: Wish, kind: Kind, area: Area, layout: Layout, things: List[SceneObject], rng: np.random.Generator
) -> Optional[SceneObject]:
    """On the floor of one room, by the rule of its class."""
    choose = _PLACES[kind.place]
    size = (kind.size_m[0] * wish.scale, kind.size_m[1] * wish.scale)
    for _ in range(_TRIES):
        place = choose(size, area, rng)
        thing = _thing(wish, kind, place, 0.0, len(things))
        if _inside(thing, area) and _apart(thing, things, _BESIDE_M) and not _blocks_door(thing, layout):
            return thing
    return None


def _thing(wish: Wish, kind: Kind, place: Place, bottom: float, count: int) -> SceneObject:
    size = tuple(round(s * wish.scale, 4) for s in kind.size_m)
    x, y, yaw = (round(v, 4) for v in place)
    z = bottom + size[2] / 2
    return SceneObject(
        FIRST_OBJECT + count, wish.name, wish.colour, x, y, z, yaw, (size[0], size[1], size[2])
    )


def _against_wall(size: Tuple[float, float], area: Area, rng: np.random.Generator) -> Place:
    """Its back against a random wall."""
    side = int(rng.integers(4))
    yaw = (0.0, math.pi / 2, math.pi, -math.pi / 2)[side]
    gap, half = size[0] / 2 + 0.03, size[1] / 2 + 0.05
    along_x = side % 2 == 1
    low, high = (area.x0_m, area.x1_m) if along_x else (area.y0_m, area.y1_m)
    at = float(rng.uniform(low + half, max(high - half, low + half)))
    if along_x:
        return at, area.y0_m + gap if side == 1 else area.y1_m - gap, yaw
    return area.x0_m + gap if side == 0 else area.x1_m - gap, at, yaw


def _in_corner(size: Tuple[float, float], area: Area, rng: np.random.Generator) -> Place:
    gap = max(size) / 2 + float(rng.uniform(0.05, 0.15))
    x = area.x0_m + gap if rng.random() < 0.5 else area.x1_m - gap
    y = area.y0_m + gap if rng.random() < 0.5 else area.y1_m - gap
    return x, y, 0.0


def _freely(size: Tuple[float, float], area: Area, rng: np.random.Generator) -> Place:
    """Somewhere in the room, turned anyhow."""
    gap = max(size) / 2 + 0.05
    x = float(rng.uniform(area.x0_m + gap, max(area.x1_m - gap, area.x0_m + gap)))
    y = float(rng.uniform(area.y0_m + gap, max(area.y1_m - gap, area.y0_m + gap)))
    return x, y, float(rng.uniform(-math.pi, math.pi))


_PLACES: Dict[str, Callable[[Tuple[float, float], Area, np.random.Generator], Place]] = {
    "wall": _against_wall,
    "corner": _in_corner,
    "free": _freely,
    "floor": _freely,
    "top": _freely,
}


def _corners(thing: SceneObject) -> np.ndarray:
    """Corners, middles of sides and centre of a footprint, (9, 2)."""
    steps = np.array([(i, j) for i in (-1.0, 0.0, 1.0) for j in (-1.0, 0.0, 1.0)])
    dx, dy = steps[:, 0] * thing.size_m[0] / 2, steps[:, 1] * thing.size_m[1] / 2
    c, s = math.cos(thing.yaw_rad), math.sin(thing.yaw_rad)
    return np.stack([thing.x_m + c * dx - s * dy, thing.y_m + s * dx + c * dy], axis=1)


def _inside(thing: SceneObject, area: Area) -> bool:
    low, high = np.array([area.x0_m, area.y0_m]), np.array([area.x1_m, area.y1_m])
    points = _corners(thing)
    return bool((points > low).all() and (points < high).all())


def _apart(thing: SceneObject, others: Sequence[SceneObject], gap_m: float) -> bool:
    """Whether no footprint is nearer than the gap; rectangles are compared by points along their edges."""
    if not others:
        return True
    mine = make_footprints([footprint_row(thing)])
    theirs = make_footprints([footprint_row(other) for other in others])
    if bool((gaps(rim_points(thing), theirs)[0] < gap_m).any()):
        return False
    return all(bool((gaps(rim_points(other), mine)[0] >= gap_m).all()) for other in others)


def rim_points(thing: SceneObject) -> np.ndarray:
    """Points along a footprint's edge and its centre, (P, 2)."""
    kind = KINDS[thing.class_name]
    if kind.round:
        return np.array([[thing.x_m, thing.y_m]])
    ticks = np.linspace(-1.0, 1.0, 7)
    edge = [(t, side) for t in ticks for side in (-1.0, 1.0)] + [
        (side, t) for t in ticks for side in (-1.0, 1.0)
    ]
    points = np.array([*edge, (0.0, 0.0)])
    dx, dy = points[:, 0] * thing.size_m[0] / 2, points[:, 1] * thing.size_m[1] / 2
    c, s = math.cos(thing.yaw_rad), math.sin(thing.yaw_rad)
    return np.stack([thing.x_m + c * dx - s * dy, thing.y_m + s * dx + c * dy], axis=1)


def _blocks_door(thing: SceneObject, layout: Layout) -> bool:
    """Whether it stands in the way of a doorway, or where something else is to stay free."""
    ways = [(d.x_m, d.y_m, _DOOR_DEPTH_M, d.width_m / 2 + 0.1, d.yaw_rad, 0.0) for d in layout.doorways]
    if not ways and not layout.zones:
        return False
    zones = make_footprints((*ways, *layout.zones))
    reach = 0.0 if not KINDS[thing.class_name].round else max(thing.size_m[:2]) / 2
    return bool((gaps(rim_points(thing), zones)[0] < reach).any())
