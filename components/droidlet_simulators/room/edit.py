"""Adding, moving and removing things: each returns a new world."""

from __future__ import annotations

import math
from typing import Tuple

import numpy as np

from droidlet_geometry import yaw_of_quaternion
from droidlet_schema import Pose, SceneObject, evolve
from droidlet_simulators.errors import PlacementError, UnknownObject
from droidlet_simulators.room.classes import check_names
from droidlet_simulators.room.footprint import (
    clearance,
    footprint_row,
    make_footprints,
    object_rows,
    wall_rows,
)
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.room.world import RoomWorld, people_of, robot_row, things_of

_UPRIGHT = 1e-6
_DISTINCT = 2**31  # semantic images are int32


def depth_inside(world: RoomWorld, limits: Limits) -> float:
    """How deep the robots are inside walls, things, people or each other, metres; 0.0 when they are not."""
    rows = wall_rows(world.scene, limits.height_m) + object_rows(things_of(world), limits.height_m)
    deepest = 0.0
    for agent, body in world.bodies.items():
        others = tuple(robot_row(b, limits) for a, b in world.bodies.items() if a != agent)
        spare = clearance(np.array([[body.x_m, body.y_m]]), make_footprints(rows + others))[0]
        deepest = max(deepest, limits.radius_m - float(spare))
    return deepest


def add_object(world: RoomWorld, thing: SceneObject, limits: Limits) -> RoomWorld:
    """The world with one more object. Raises UnknownObject (class, colour) or PlacementError."""
    check_thing(thing, world.scene.size_m)
    taken = {other.id for other in things_of(world)}
    if thing.id in taken:
        raise PlacementError(
            f"id is {thing.id}: another object has it; the next free one is {max(taken) + 1}"
        )
    _check_bodies(world, thing, limits)
    objects = tuple(sorted((*world.scene.objects, thing), key=lambda t: t.id))
    return evolve(world, scene=evolve(world.scene, objects=objects))


def move_object(world: RoomWorld, ident: int, pose: Pose, limits: Limits) -> RoomWorld:
    """The world with one object or person elsewhere. Raises UnknownObject or PlacementError."""
    old = _find(world, ident)
    if abs(pose.qx) > _UPRIGHT or abs(pose.qy) > _UPRIGHT:
        raise PlacementError(f"pose is {pose}: things stand upright here, so qx and qy must be 0")
    yaw = float(yaw_of_quaternion([pose.qw, pose.qx, pose.qy, pose.qz]))
    new = evolve(old, x_m=pose.x_m, y_m=pose.y_m, z_m=pose.z_m, yaw_rad=yaw)
    check_thing(new, world.scene.size_m)
    _check_bodies(world, new, limits)
    if old.class_name != "person" or all(w.body.id != ident for w in world.scene.people):
        objects = tuple(new if t.id == ident else t for t in world.scene.objects)
        return evolve(world, scene=evolve(world.scene, objects=objects))
    index = [w.body.id for w in world.scene.people].index(ident)
    walker = evolve(world.scene.people[index], body=new)
    people = (*world.scene.people[:index], walker, *world.scene.people[index + 1 :])
    at = evolve(world.strolls[index], x_m=new.x_m, y_m=new.y_m, yaw_rad=yaw)
    strolls = (*world.strolls[:index], at, *world.strolls[index + 1 :])
    return evolve(world, scene=evolve(world.scene, people=people), strolls=strolls)


def remove_object(world: RoomWorld, ident: int) -> RoomWorld:
    """The world without one object or person. Raises UnknownObject."""
    _find(world, ident)
    objects = tuple(t for t in world.scene.objects if t.id != ident)
    kept = [i for i, w in enumerate(world.scene.people) if w.body.id != ident]
    people = tuple(world.scene.people[i] for i in kept)
    strolls = tuple(world.strolls[i] for i in kept)
    return evolve(world, scene=evolve(world.scene, objects=objects, people=people), strolls=strolls)


def check_thing(thing: SceneObject, scene_size_m: Tuple[float, float, float]) -> None:
    """Raises UnknownObject or PlacementError for a thing that cannot be in any world of that size."""
    check_names(thing)
    if not FIRST_OBJECT <= thing.id < _DISTINCT:
        raise PlacementError(f"id is {thing.id}: ids below {FIRST_OBJECT} mean floor, walls and nothing")
    numbers = (thing.x_m, thing.y_m, thing.z_m, thing.yaw_rad, *thing.size_m)
    if not all(math.isfinite(n) for n in numbers) or min(thing.size_m) <= 0:
        raise PlacementError(f"object {thing.id} has place and size {numbers}: finite, sizes above 0")
    place = (thing.x_m, thing.y_m, thing.z_m)
    if not all(0 <= at <= size for at, size in zip(place, scene_size_m)):
        raise PlacementError(
            f"object {thing.id} is at {place}: outside the scene, which spans {scene_size_m} m"
        )


def _find(world: RoomWorld, ident: int) -> SceneObject:
    for thing in things_of(world):
        if thing.id == ident:
            return thing
    known = ", ".join(str(t.id) for t in things_of(world))
    raise UnknownObject(f"id is {ident!r}: no such object; there are {known}")


def _check_bodies(world: RoomWorld, thing: SceneObject, limits: Limits) -> None:
    """Raises PlacementError where the thing would stand in a robot or, being no person, in a person."""
    prints = make_footprints(object_rows([thing], limits.height_m))
    discs = [(agent, b.x_m, b.y_m, limits.radius_m) for agent, b in world.bodies.items()]
    for person in people_of(world):
        if person.id != thing.id:
            discs.append((f"person {person.id}", person.x_m, person.y_m, footprint_row(person)[5]))
    for name, x, y, radius in discs:
        if clearance(np.array([[x, y]]), prints)[0] < radius:
            raise PlacementError(f"object {thing.id} at ({thing.x_m}, {thing.y_m}) would stand in {name}")
