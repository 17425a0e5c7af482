"""What is in a container, and whether one gets at it."""

from __future__ import annotations

from typing import Iterable, Optional, Tuple

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.solids import bottom_m, bounding_solid, crosses, distance_m, part_solids, top_m
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


def walled_off(case: SceneObject, thing: SceneObject, here: Tuple[float, float]) -> bool:
    """Whether a side of a container is on the straight way to what is in it; a chest is open above."""
    if case.class_name == "chest":
        return False
    there = (thing.x_m, thing.y_m)
    sides = (part for part in part_solids(case) if part.low_m < thing.z_m < part.high_m)
    return any(crosses(here, there, side.row) for side in sides)
