"""Where a door or a lid is when it is open so far."""

from __future__ import annotations

import math

from droidlet_schema import SceneObject, evolve
from droidlet_simulators.scene import Leaf


def leaf_at(leaf: Leaf, part: float) -> SceneObject:
    """The leaf when it is open by a part of its swing, 0 shut and 1 open.

    A lid lies until it is open, and then stands upright: things here are turned about the vertical only.
    """
    if part == 0.0:
        return leaf.body
    if leaf.body.class_name == "lid":
        return leaf.body if part < 1.0 else _upright(leaf.body)
    return _turned(leaf.body, part * leaf.swing_rad)


def _turned(door: SceneObject, angle_rad: float) -> SceneObject:
    half, old, new = door.size_m[1] / 2, door.yaw_rad, door.yaw_rad + angle_rad
    x = door.x_m + half * (math.sin(old) - math.sin(new))
    y = door.y_m - half * (math.cos(old) - math.cos(new))
    return evolve(door, x_m=x, y_m=y, yaw_rad=math.remainder(new, 2 * math.pi))


def _upright(lid: SceneObject) -> SceneObject:
    deep, wide, thick = lid.size_m
    back = thick / 2 - deep / 2
    x, y = lid.x_m + back * math.cos(lid.yaw_rad), lid.y_m + back * math.sin(lid.yaw_rad)
    return evolve(lid, x_m=x, y_m=y, z_m=lid.z_m - thick / 2 + deep / 2, size_m=(thick, wide, deep))
