"""Where objects and people really are."""

from __future__ import annotations

import math
from typing import Any, Tuple

import numpy as np

from droidlet_geometry import quaternion_to_matrix, yaw_of_quaternion
from droidlet_schema import SceneObject, evolve
from droidlet_simulators.mujoco.indices import ThingIndex
from droidlet_simulators.mujoco.model import Compiled
from droidlet_simulators.mujoco.things import turned_size
from droidlet_simulators.mujoco.world import MjcfScene, MujocoPlan

_UPRIGHT = math.cos(math.radians(0.1))
_SPARE_M = 0.1


def things_in(compiled: Compiled) -> Tuple[SceneObject, ...]:
    """Every object and person as `eyes` has them, by id.

    What has tipped over is given by the upright box around it, turned by its heading.
    """
    return tuple(_thing(compiled.eyes, index) for index in compiled.things)


def _thing(eyes: Any, index: ThingIndex) -> SceneObject:
    if index.qpos >= 0:
        row = eyes.qpos[index.qpos : index.qpos + 7]
        place, turn = row[:3], row[3:]
    elif index.mocap >= 0:
        place, turn = eyes.mocap_pos[index.mocap], eyes.mocap_quat[index.mocap]
    elif not index.own and index.hinge < 0:
        return index.thing  # furniture stands where it was put
    else:
        place, turn = eyes.xpos[index.body], eyes.xquat[index.body]
    return _placed(index, place, turn)


def _placed(index: ThingIndex, place: np.ndarray, turn: np.ndarray) -> SceneObject:
    yaw = float(yaw_of_quaternion(turn))
    size = index.thing.size_m
    axes = quaternion_to_matrix(turn)
    x, y, z = (place + axes @ index.centre_m if index.centre_m.any() else place).tolist()
    if axes[2, 2] < _UPRIGHT:
        c, s = math.cos(yaw), math.sin(yaw)
        size = turned_size(size, np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]) @ axes)
    return evolve(index.thing, x_m=x, y_m=y, z_m=z, yaw_rad=yaw, size_m=size)


def count_inside(plan: MujocoPlan, things: Tuple[SceneObject, ...]) -> int:
    """How many things are in the building, which none leaves: nothing falls through a floor."""
    if isinstance(plan.scene, MjcfScene):
        return len(things)
    x, y, z = plan.scene.size_m
    return sum(
        all(-_SPARE_M <= at <= most + _SPARE_M for at, most in zip((t.x_m, t.y_m, t.z_m), (x, y, z)))
        for t in things
    )
