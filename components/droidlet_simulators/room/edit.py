"""Adding, moving and removing things: each returns a new world."""

from __future__ import annotations

import math
from typing import Tuple

import numpy as np

from droidlet_geometry import yaw_of_quaternion
from droidlet_schema import FrozenMap, Pose, SceneObject, evolve
from droidlet_simulators.errors import PlacementError, UnknownObject
from droidlet_simulators.room.classes import KINDS, check_names
from droidlet_simulators.room.falling import settled, solids_of
from droidlet_simulators.room.footprint import (
    clearance,
    footprint_row,
    make_footprints,
    object_rows,
    wall_rows,
)
from droidlet_simulators.room.inside import container_of
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.room.solids import Solid
from droidlet_simulators.room.world import RoomWorld, leaves_of, people_of, robot_row, standing_of, things_of

_UPRIGHT = 1e-6
_DISTINCT = 2**31  # semantic images are int32


def depth_inside(world: RoomWorld, limits: Limits) -> float:
    """How deep the robots are inside walls, things, people or each other, metres; 0.0 when they are not."""
    rows = wall_rows(world.scene, limits.height_m) + object_rows(standing_of(world), limits.height_m)
    deepest = 0.0
    for agent, body in world.bodies.items():
        others = tuple(robot_row(b, limits) for a, b in world.bodies.items() if a != agent)
        spare = clearance(np.array([[body.x_m, body.y_m]]), make_footprints(rows + others))[0]
        deepest = max(deepest, robot_row(body, limits)[5] - float(spare))
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
    """The world with one object or person elsewhere. Raises UnknownObject or PlacementError.

    A container takes along its doors, its lid and what is in it; what a robot holds leaves its hand. What stood on the
    thing comes down where nothing holds it any more.
    """
    old = _find(world, ident)
    stood = _standing(world, ident)
    if any(leaf.body.id == ident for leaf in world.scene.leaves):
        raise PlacementError(f"id is {ident}: a {old.class_name} hangs on its hinge; Open and Close swing it")
    if abs(pose.qx) > _UPRIGHT or abs(pose.qy) > _UPRIGHT:
        raise PlacementError(f"pose is {pose}: things stand upright here, so qx and qy must be 0")
    yaw = float(yaw_of_quaternion([pose.qw, pose.qx, pose.qy, pose.qz]))
    new = evolve(old, x_m=pose.x_m, y_m=pose.y_m, z_m=pose.z_m, yaw_rad=yaw)
    check_thing(new, world.scene.size_m)
    index = [w.body.id for w in world.scene.people].index(ident) if _walks(world, ident) else None
    if index is None:
        after = _moved(_let_go(world, ident), old, new)
        for thing in (new, *leaves_of(after)):
            if thing.id == ident or _shuts(after, thing.id, ident):
                _check_bodies(after, thing, limits)
        return _settled(after, stood, limits)
    _check_bodies(world, new, limits)
    walker = evolve(world.scene.people[index], body=new)
    people = (*world.scene.people[:index], walker, *world.scene.people[index + 1 :])
    at = evolve(world.strolls[index], x_m=new.x_m, y_m=new.y_m, yaw_rad=yaw)
    strolls = (*world.strolls[:index], at, *world.strolls[index + 1 :])
    return evolve(world, scene=evolve(world.scene, people=people), strolls=strolls)


def remove_object(world: RoomWorld, ident: int, limits: Limits) -> RoomWorld:
    """The world without one object or person, also out of a hand. Raises UnknownObject or PlacementError.

    With a container go its doors and its lid. What stood on or in the thing comes down.
    """
    _find(world, ident)
    stood = _standing(world, ident)
    world = _let_go(world, ident)
    objects = tuple(t for t in world.scene.objects if t.id != ident)
    leaves = tuple(leaf for leaf in world.scene.leaves if ident not in (leaf.body.id, leaf.container))
    swings = FrozenMap({leaf.body.id: world.swings[leaf.body.id] for leaf in leaves})
    kept = [i for i, w in enumerate(world.scene.people) if w.body.id != ident]
    people = tuple(world.scene.people[i] for i in kept)
    strolls = tuple(world.strolls[i] for i in kept)
    scene = evolve(world.scene, objects=objects, people=people, leaves=leaves)
    return _settled(evolve(world, scene=scene, strolls=strolls, swings=swings), stood, limits)


def _standing(world: RoomWorld, ident: int) -> Tuple[Solid, ...]:
    """What of a thing others could stand on; nothing of people, doors, and what is in a hand."""
    return tuple(
        solid for thing in world.scene.objects if thing.id == ident for solid in solids_of(world, thing)
    )


def _settled(world: RoomWorld, gone: Tuple[Solid, ...], limits: Limits) -> RoomWorld:
    """The world after something went. Raises PlacementError where what comes down would hit a robot or person."""
    after, fallen = settled(world, gone)
    for thing in after.scene.objects:
        if thing.id in fallen:
            _check_bodies(after, thing, limits)
    return after


def _walks(world: RoomWorld, ident: int) -> bool:
    return any(walker.body.id == ident for walker in world.scene.people)


def _shuts(world: RoomWorld, leaf_id: int, ident: int) -> bool:
    return any(leaf.body.id == leaf_id and leaf.container == ident for leaf in world.scene.leaves)


def _let_go(world: RoomWorld, ident: int) -> RoomWorld:
    """The world with an object among those that stand, out of the hand that holds it."""
    for agent, body in world.bodies.items():
        if body.held is not None and body.held.id == ident:
            objects = tuple(sorted((*world.scene.objects, body.held), key=lambda t: t.id))
            bodies = world.bodies.set(agent, evolve(body, held=None))
            return evolve(world, bodies=bodies, scene=evolve(world.scene, objects=objects))
    return world


def _moved(world: RoomWorld, old: SceneObject, new: SceneObject) -> RoomWorld:
    """One object elsewhere; a container with its leaves and what is in it, as one rigid body."""
    along = {new.id}
    if KINDS[old.class_name].container:
        inside = (t for t in world.scene.objects if container_of(t, [old]) is not None)
        along |= {thing.id for thing in inside}
    objects = tuple(
        new if t.id == new.id else _carried(t, old, new) if t.id in along else t for t in world.scene.objects
    )
    leaves = tuple(
        evolve(leaf, body=_carried(leaf.body, old, new)) if leaf.container == new.id else leaf
        for leaf in world.scene.leaves
    )
    return evolve(world, scene=evolve(world.scene, objects=objects, leaves=leaves))


def _carried(thing: SceneObject, old: SceneObject, new: SceneObject) -> SceneObject:
    """A thing that keeps its place within another one, which went from old to new."""
    turn = new.yaw_rad - old.yaw_rad
    c, s = math.cos(turn), math.sin(turn)
    dx, dy = thing.x_m - old.x_m, thing.y_m - old.y_m
    return evolve(
        thing,
        x_m=new.x_m + c * dx - s * dy,
        y_m=new.y_m + s * dx + c * dy,
        z_m=thing.z_m + new.z_m - old.z_m,
        yaw_rad=math.remainder(thing.yaw_rad + turn, 2 * math.pi),
    )


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
    discs = [(agent, b.x_m, b.y_m, robot_row(b, limits)[5]) for agent, b in world.bodies.items()]
    for person in people_of(world):
        if person.id != thing.id:
            discs.append((f"person {person.id}", person.x_m, person.y_m, footprint_row(person)[5]))
    for name, x, y, radius in discs:
        if clearance(np.array([[x, y]]), prints)[0] < radius:
            raise PlacementError(f"object {thing.id} at ({thing.x_m}, {thing.y_m}) would stand in {name}")
