"""What is in a container, and whether one gets at it."""

from __future__ import annotations

import math
from typing import Iterable, Optional, Tuple

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.solids import bottom_m, bounding_solid, distance_m, top_m
from droidlet_simulators.room.world import RoomWorld


def container_of(thing: SceneObject, things: Iterable[SceneObject]) -> Optional[SceneObject]:
    """The container in which the middle of a thing is, if it is in one."""
    for case in things:
        if KINDS[case.class_name].container and case.id != thing.id:
            level = bottom_m(case) < thing.z_m < top_m(case)
            if level and distance_m((thing.x_m, thing.y_m), bounding_solid(case).row) < 0.0:
                return case
    return None


def is_open(world: RoomWorld, ident: int) -> bool:
    """Whether every door and lid of a container is at least half open."""
    return all(
        world.swings[leaf.body.id].part >= (1.0 if leaf.body.class_name == "lid" else 0.5)
        for leaf in world.scene.leaves
        if leaf.container == ident
    )


def before(case: SceneObject, here: Tuple[float, float]) -> bool:
    """Whether a hand at this place gets into an open container: from its front, or into a chest from all sides."""
    if case.class_name == "chest":
        return True
    ahead = math.cos(case.yaw_rad) * (here[0] - case.x_m) + math.sin(case.yaw_rad) * (here[1] - case.y_m)
    return ahead > case.size_m[0] / 2
