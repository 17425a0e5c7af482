"""Taking things and putting them down: within reach, one at a time, only where they are supported and free."""

from __future__ import annotations

import math
from typing import List, Tuple

import numpy as np

from droidlet_geometry import yaw_of_quaternion
from droidlet_schema import Pose, SceneObject, evolve
from droidlet_simulators.errors import PlacementError, UnknownObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.footprint import clearance, make_footprints, object_rows, wall_rows
from droidlet_simulators.room.inside import before, container_of, is_open
from droidlet_simulators.room.leaves import in_between, leaf_solids
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.solids import (
    Solid,
    bottom_m,
    bounding_solid,
    distance_m,
    hit,
    holds,
    overlap_m,
    part_solids,
    top_m,
    wall_solid,
)
from droidlet_simulators.room.world import (
    RoomBody,
    RoomWorld,
    half_diagonal_m,
    people_of,
    robot_row,
    standing_of,
    things_of,
)

SNAP_M = 0.03
"""How far above or below its support a thing may be let go; it comes to stand on it."""
_UPRIGHT = 1e-6
_DECK = 0.21  # of the robot's height: where it carries things


def take(world: RoomWorld, agent: str, ident: int, limits: Limits) -> RoomWorld:
    """The world with an object in the agent's hand. Raises UnknownObject or PlacementError."""
    body = world.bodies[agent]
    if body.held is not None:
        raise PlacementError(
            f"{agent!r} holds object {body.held.id}: put it down before taking object {ident}"
        )
    thing = _loose(world, ident)
    if half_diagonal_m(thing) > limits.carry_m:
        raise PlacementError(
            f"object {ident} is {2 * half_diagonal_m(thing):.2f} m across: the hand takes {2 * limits.carry_m} m"
        )
    _check_reach(world, body, thing, limits)
    for other in world.scene.objects:
        if other.id != ident and _stands_on(other, thing):
            raise PlacementError(f"object {ident} has object {other.id} on it: take that first")
    scene = evolve(world.scene, objects=tuple(t for t in world.scene.objects if t.id != ident))
    held = evolve(thing, z_m=_DECK * limits.height_m + thing.size_m[2] / 2)
    after = evolve(world, scene=scene, bodies=world.bodies.set(agent, evolve(body, held=held)))
    _check_room(after, agent, limits)
    return after


def put(world: RoomWorld, agent: str, place: Pose, limits: Limits) -> RoomWorld:
    """The world with what the agent held at a place. Raises PlacementError."""
    body = world.bodies[agent]
    if body.held is None:
        raise PlacementError(f"{agent!r} holds nothing that it could put down: take something first")
    if abs(place.qx) > _UPRIGHT or abs(place.qy) > _UPRIGHT:
        raise PlacementError(f"place is {place}: things stand upright here, so qx and qy must be 0")
    yaw = float(yaw_of_quaternion([place.qw, place.qx, place.qy, place.qz]))
    thing = evolve(body.held, x_m=place.x_m, y_m=place.y_m, z_m=place.z_m, yaw_rad=yaw)
    free = evolve(world, bodies=world.bodies.set(agent, evolve(body, held=None)))
    _check_inside(thing, world.scene.size_m)
    _check_reach(free, body, thing, limits)
    thing = _supported(free, thing)
    other = hit(bounding_solid(thing), _solids(free, limits))
    if other is not None:
        name = "a wall or a robot" if other.ident is None else f"object {other.ident}"
        raise PlacementError(
            f"object {thing.id} would stand in {name} at ({thing.x_m}, {thing.y_m}, {thing.z_m})"
        )
    objects = tuple(sorted((*world.scene.objects, thing), key=lambda t: t.id))
    return evolve(free, scene=evolve(world.scene, objects=objects))


def _loose(world: RoomWorld, ident: int) -> SceneObject:
    """The object of that id, if it is one that can be carried and that nobody holds."""
    for name, body in world.bodies.items():
        if body.held is not None and body.held.id == ident:
            raise PlacementError(f"object {ident} is in the hand of {name!r}")
    for thing in things_of(world):
        if thing.id == ident:
            if thing not in world.scene.objects or KINDS[thing.class_name].place not in ("floor", "top"):
                raise PlacementError(f"object {ident} is a {thing.class_name} that cannot be taken")
            return thing
    raise UnknownObject(f"object_id is {ident}: no such object; there are {[t.id for t in things_of(world)]}")


def _check_reach(world: RoomWorld, body: RoomBody, thing: SceneObject, limits: Limits) -> None:
    """Raises PlacementError where the hand does not get to."""
    here = (body.x_m, body.y_m)
    away = distance_m(here, bounding_solid(thing).row)
    if away > limits.reach_m:
        raise PlacementError(
            f"object {thing.id} would be taken or put {away:.2f} m away: the hand reaches {limits.reach_m} m"
        )
    if bottom_m(thing) > limits.lift_m:
        raise PlacementError(
            f"object {thing.id} would be taken or put {bottom_m(thing):.2f} m up: the hand reaches {limits.lift_m} m"
        )
    if in_between(world, here, thing, None):
        raise PlacementError(f"object {thing.id} would be taken or put behind a wall or a shut door")
    case = container_of(thing, world.scene.objects)
    if case is not None and not is_open(world, case.id):
        raise PlacementError(
            f"object {thing.id} would be taken from or put in object {case.id}, which is shut"
        )
    if case is not None and not before(case, here):
        raise PlacementError(
            f"object {thing.id} would be taken or put through a side of object {case.id}: go to its front"
        )


def _check_inside(thing: SceneObject, size_m: Tuple[float, float, float]) -> None:
    x, y, hx, hy, yaw, rim = bounding_solid(thing).row
    c, s = abs(math.cos(yaw)), abs(math.sin(yaw))
    wide, deep = c * hx + s * hy + rim, s * hx + c * hy + rim
    fits = wide <= x <= size_m[0] - wide and deep <= y <= size_m[1] - deep
    if not (fits and top_m(thing) <= size_m[2]):
        raise PlacementError(
            f"object {thing.id} would stick out of the flat at ({thing.x_m}, {thing.y_m}, {thing.z_m})"
        )


def _supported(world: RoomWorld, thing: SceneObject) -> SceneObject:
    """The thing on the floor or on what is under all of it; PlacementError where it would fall."""
    solid, low = bounding_solid(thing), bottom_m(thing)
    tops = [0.0] if abs(low) <= SNAP_M else []
    for base in world.scene.objects:
        for part in part_solids(base):
            if part.flat and abs(part.high_m - low) <= SNAP_M and holds(part.row, solid.row):
                tops.append(part.high_m)
    if not tops:
        raise PlacementError(
            f"object {thing.id} would fall from ({thing.x_m}, {thing.y_m}, {low:.3f}): its bottom is neither on the "
            f"floor nor within {SNAP_M} m of something flat under all of it"
        )
    return evolve(thing, z_m=min(tops, key=lambda top: abs(top - low)) + thing.size_m[2] / 2)


def _stands_on(thing: SceneObject, base: SceneObject) -> bool:
    near = abs(bottom_m(thing) - top_m(base)) <= SNAP_M
    return near and overlap_m(bounding_solid(thing).row, bounding_solid(base).row) > 0.0


def _solids(world: RoomWorld, limits: Limits) -> List[Solid]:
    """All that is solid, in parts, so that what is hollow can be filled."""
    robots = [Solid(robot_row(body, limits), 0.0, limits.height_m) for body in world.bodies.values()]
    parts = [part for thing in world.scene.objects for part in part_solids(thing)]
    people = [bounding_solid(person) for person in people_of(world)]
    return robots + parts + people + leaf_solids(world) + [wall_solid(wall) for wall in world.scene.walls]


def _check_room(world: RoomWorld, agent: str, limits: Limits) -> None:
    """Raises PlacementError where what the robot now holds sticks out into something."""
    body = world.bodies[agent]
    x, y, *_, girth = robot_row(body, limits)
    rows = wall_rows(world.scene, limits.height_m) + object_rows(standing_of(world), limits.height_m)
    rows += tuple(robot_row(other, limits) for name, other in world.bodies.items() if name != agent)
    spare = float(clearance(np.array([[x, y]]), make_footprints(rows))[0])
    if spare < girth and body.held is not None:
        raise PlacementError(
            f"object {body.held.id} in the hand needs {girth:.2f} m around the robot and there is {spare:.2f} m: "
            "go back a little"
        )
