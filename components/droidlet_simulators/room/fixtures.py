"""Doors for doorways, and doors and lids for containers."""

from __future__ import annotations

import math
from typing import List, Sequence, Tuple

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.footprint import Row
from droidlet_simulators.scene import Area, Doorway, Leaf

DOOR_M = 0.06  # thick
_GAP_M = 0.04  # on each side of a door, so that it clears the wall as it swings
_TALL_M = 2.03
_LID_M = 0.03
_DEEP_M = 1.2  # what stays free on both sides of a doorway with a door
_HALF = math.pi / 2


def make_doors(
    doorways: Sequence[Doorway], areas: Sequence[Area], first_id: int, rng: np.random.Generator
) -> Tuple[Leaf, ...]:
    """A brown or white door in each doorway; it swings into the room, never into the hall, and half are open."""
    leaves: List[Leaf] = []
    for doorway in doorways:
        c, s = math.cos(doorway.yaw_rad), math.sin(doorway.yaw_rad)
        ahead = _name_at(areas, doorway.x_m + 0.4 * c, doorway.y_m + 0.4 * s) != "hall"
        yaw = doorway.yaw_rad + (math.pi if rng.random() < 0.5 else 0.0)
        same = abs(yaw - doorway.yaw_rad) < 1.0
        # a positive swing goes to the door's own back
        swing = -_HALF if ahead == same else _HALF
        size = (DOOR_M, doorway.width_m - 2 * _GAP_M, _TALL_M)
        colour = ("brown", "white")[int(rng.integers(2))]
        place = (doorway.x_m, doorway.y_m, _TALL_M / 2, math.remainder(yaw, 2 * math.pi))
        body = SceneObject(first_id + len(leaves), "door", colour, *place, size)
        leaves.append(Leaf(body, swing, None, bool(rng.random() < 0.5)))
    return tuple(leaves)


def door_zones(doorways: Sequence[Doorway]) -> Tuple[Row, ...]:
    """What furniture leaves free for doors."""
    return tuple((d.x_m, d.y_m, _DEEP_M, d.width_m / 2 + 0.1, d.yaw_rad, 0.0) for d in doorways)


def _name_at(areas: Sequence[Area], x: float, y: float) -> str:
    for area in areas:
        if area.x0_m <= x <= area.x1_m and area.y0_m <= y <= area.y1_m:
            return area.name
    return ""


def make_leaves(cases: Sequence[SceneObject], first_id: int) -> Tuple[Leaf, ...]:
    """The doors and lids of containers, all shut, in the containers' colours."""
    leaves: List[Leaf] = []
    for case in cases:
        for place, size, name, swing in _parts(case):
            c, s = math.cos(case.yaw_rad), math.sin(case.yaw_rad)
            u, v, z, turned = place
            x, y = case.x_m + c * u - s * v, case.y_m + s * u + c * v
            yaw = math.remainder(case.yaw_rad + turned, 2 * math.pi)
            body = SceneObject(first_id + len(leaves), name, case.colour, x, y, z, yaw, size)
            leaves.append(Leaf(body, swing, case.id))
    return tuple(leaves)


_Part = Tuple[Tuple[float, float, float, float], Tuple[float, float, float], str, float]


def _parts(case: SceneObject) -> List[_Part]:
    """Place (x, y in the container's frame, z, turn), size, class and swing of each leaf of a container."""
    deep, wide, tall = case.size_m
    bottom = case.z_m - tall / 2
    if case.class_name == "chest":
        return [((0.0, 0.0, bottom + tall + _LID_M / 2, 0.0), (deep, wide, _LID_M), "lid", _HALF)]
    front, middle = deep / 2 + DOOR_M / 2 + 0.002, bottom + tall / 2
    if case.class_name == "fridge":
        return [((front, 0.0, middle, 0.0), (DOOR_M, wide, tall), "door", -_HALF)]
    half = (DOOR_M, wide / 2 - 0.002, tall)
    return [
        ((front, -wide / 4, middle, 0.0), half, "door", -_HALF),
        ((front, wide / 4, middle, math.pi), half, "door", _HALF),
    ]


def front_zone(case: SceneObject) -> Row:
    """The floor before a container that its doors and whoever opens them need."""
    deep, wide = case.size_m[0] / 2, case.size_m[1] / 2
    ahead = 0.9 if KINDS[case.class_name].surface or case.class_name == "chest" else 1.1
    c, s = math.cos(case.yaw_rad), math.sin(case.yaw_rad)
    middle = deep + ahead / 2
    return (case.x_m + c * middle, case.y_m + s * middle, ahead / 2, wide + 0.2, case.yaw_rad, 0.0)
