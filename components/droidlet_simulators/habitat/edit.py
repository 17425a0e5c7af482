"""Adding, moving and removing things: each returns a new world."""

from __future__ import annotations

import math
from typing import Sequence, Tuple

from droidlet_geometry import yaw_of_quaternion
from droidlet_schema import Pose, SceneObject, evolve
from droidlet_simulators.asked import as_object_id
from droidlet_simulators.errors import PlacementError, UnknownObject
from droidlet_simulators.habitat.checks import check_id, check_pose, check_thing
from droidlet_simulators.habitat.first import rigid_of
from droidlet_simulators.habitat.sensing import things_of
from droidlet_simulators.habitat.values import HabitatJoints, HabitatRigid, HabitatWorld


def _by_id(rigids: Sequence[HabitatRigid]) -> Tuple[HabitatRigid, ...]:
    return tuple(sorted(rigids, key=lambda rigid: rigid.thing.id))


def add_object(world: HabitatWorld, thing: SceneObject, dynamics: bool) -> HabitatWorld:
    """The world with one more object. Raises PlacementError."""
    check_thing(thing, world.scene)
    check_id(thing.id, [other.id for other in things_of(world)])
    return evolve(world, rigids=_by_id((*world.rigids, rigid_of(thing, dynamics))))


def move_object(world: HabitatWorld, ident: int, pose: Pose) -> HabitatWorld:
    """The world with one object elsewhere, at rest. Raises UnknownObject or PlacementError."""
    _known(world, ident)
    falling = any(rigid.thing.id == ident and rigid.motion == "dynamic" for rigid in world.rigids)
    check_pose(pose, upright=not falling)
    yaw = float(yaw_of_quaternion([pose.qw, pose.qx, pose.qy, pose.qz]))

    def moved(thing: SceneObject) -> SceneObject:
        new = evolve(thing, x_m=pose.x_m, y_m=pose.y_m, z_m=pose.z_m, yaw_rad=yaw)
        check_thing(new, world.scene)
        return new

    still = (0.0, 0.0, 0.0)
    rigids = tuple(
        evolve(rigid, thing=moved(rigid.thing), pose=pose, velocity_m_s=still, turning_rad_s=still)
        if rigid.thing.id == ident
        else rigid
        for rigid in world.rigids
    )
    articulated = tuple(
        evolve(one, thing=moved(one.thing)) if one.thing.id == ident else one for one in world.articulated
    )
    return evolve(world, rigids=rigids, articulated=articulated)


def remove_object(world: HabitatWorld, ident: int) -> HabitatWorld:
    """The world without one object. Raises UnknownObject."""
    _known(world, ident)
    rigids = tuple(rigid for rigid in world.rigids if rigid.thing.id != ident)
    articulated = tuple(one for one in world.articulated if one.thing.id != ident)
    return evolve(world, rigids=rigids, articulated=articulated)


def move_joints(world: HabitatWorld, ident: int, positions: Sequence[float]) -> HabitatWorld:
    """The world with a thing's joints elsewhere, at rest. Raises UnknownObject or PlacementError."""
    wanted = tuple(float(p) for p in positions)
    made = tuple(_turned(one, wanted) if one.thing.id == ident else one for one in world.articulated)
    if made == world.articulated and ident not in [one.thing.id for one in made]:
        known = ", ".join(str(one.thing.id) for one in made) or "none"
        raise UnknownObject(f"id is {ident!r}: no such thing with joints; there are {known}")
    return evolve(world, articulated=made)


def _turned(one: HabitatJoints, wanted: Tuple[float, ...]) -> HabitatJoints:
    if len(wanted) != len(one.positions) or not all(map(math.isfinite, wanted)):
        raise PlacementError(
            f"positions are {wanted}: {len(one.positions)} finite numbers, one for each joint of {one.thing.id}"
        )
    return evolve(one, positions=wanted, velocities=(0.0,) * len(one.velocities))


def _known(world: HabitatWorld, ident: int) -> None:
    idents = [thing.id for thing in things_of(world)]
    if as_object_id(ident) not in idents:
        raise UnknownObject(f"id is {ident!r}: no such object; there are {', '.join(map(str, idents))}")
