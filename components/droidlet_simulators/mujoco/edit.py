"""Adding, moving and removing things: each returns a new world; what is not touched keeps its every bit."""

from __future__ import annotations

import math
from typing import Callable, Optional, Tuple

import numpy as np

from droidlet_geometry import quaternion_to_matrix, yaw_of_quaternion
from droidlet_schema import Pose, SceneObject, evolve
from droidlet_simulators.errors import PlacementError, SceneError, UnknownObject
from droidlet_simulators.mujoco.checks import check_pose, check_thing
from droidlet_simulators.mujoco.indices import ThingIndex
from droidlet_simulators.mujoco.model import NO_AGENT, NO_OBJECT, Compiled
from droidlet_simulators.mujoco.state import carry_over, read_state, write_state
from droidlet_simulators.mujoco.world import MujocoPlan, MujocoWorld

_TOUCH_M = 0.002  # of a robot or a person
_SINK_M = 0.01  # of anything else: more would be flung out

Compile = Callable[[MujocoPlan], Compiled]


def add_object(world: MujocoWorld, thing: SceneObject, compiled: Compiled, make: Compile) -> MujocoWorld:
    """The world with one more object. Raises UnknownObject or PlacementError."""
    thing = check_thing(thing, world.plan.scene)
    taken = [index.thing.id for index in compiled.things]
    if thing.id in taken:
        raise PlacementError(
            f"id is {thing.id}: another object has it; the next free one is {max(taken) + 1}"
        )
    things = tuple(sorted((*world.plan.things, thing), key=lambda t: t.id))
    return _replanned(world, evolve(world.plan, things=things), compiled, make, thing.id)


def move_object(world: MujocoWorld, ident: int, pose: Pose, compiled: Compiled, make: Compile) -> MujocoWorld:
    """The world with one object or person elsewhere, at rest; a container takes along what hangs on it.

    Raises UnknownObject or PlacementError.
    """
    index = _find(compiled, ident)
    pose = check_pose(ident, pose, world.plan, upright=index.qpos < 0 and not index.own)
    if index.qpos >= 0 or index.mocap >= 0:
        return _put(world, index, pose, compiled)
    if index.hinge >= 0:
        raise PlacementError(
            f"id is {ident}: a {index.thing.class_name} hangs on its hinge, and is pushed open"
        )
    if index.own:
        raise PlacementError(
            f"object {ident} ({index.thing.class_name}) is fixed in its MJCF: give it a freejoint"
        )
    yaw = float(yaw_of_quaternion([pose.qw, pose.qx, pose.qy, pose.qz]))
    moved = evolve(index.thing, x_m=pose.x_m, y_m=pose.y_m, z_m=pose.z_m, yaw_rad=yaw)
    things = tuple(moved if thing.id == ident else thing for thing in world.plan.things)
    leaves = tuple(
        evolve(leaf, body=_along(leaf.body, index.thing, moved)) if leaf.container == ident else leaf
        for leaf in world.plan.leaves
    )
    return _replanned(world, evolve(world.plan, things=things, leaves=leaves), compiled, make, ident)


def _along(leaf: SceneObject, old: SceneObject, new: SceneObject) -> SceneObject:
    """A leaf where it is when what it hangs on stands elsewhere."""
    turn = new.yaw_rad - old.yaw_rad
    c, s = math.cos(turn), math.sin(turn)
    dx, dy = leaf.x_m - old.x_m, leaf.y_m - old.y_m
    return evolve(
        leaf,
        x_m=new.x_m + c * dx - s * dy,
        y_m=new.y_m + s * dx + c * dy,
        z_m=leaf.z_m + new.z_m - old.z_m,
        yaw_rad=math.remainder(leaf.yaw_rad + turn, 2 * math.pi),
    )


def remove_object(world: MujocoWorld, ident: int, compiled: Compiled, make: Compile) -> MujocoWorld:
    """The world without one object or person; with a container go its doors and its lid. Raises UnknownObject."""
    index, plan = _find(compiled, ident), world.plan
    if index.own:
        return _replanned(world, evolve(plan, gone=(*plan.gone, ident)), compiled, make, None)
    kept = [number for number, walker in enumerate(plan.people) if walker.body.id != ident]
    slim = evolve(
        plan,
        things=tuple(thing for thing in plan.things if thing.id != ident),
        people=tuple(plan.people[number] for number in kept),
        leaves=tuple(leaf for leaf in plan.leaves if ident not in (leaf.body.id, leaf.container)),
    )
    new = make(slim)
    state = carry_over(compiled, world.state, new)
    points = tuple(world.next_points[number] for number in kept)
    return evolve(world, plan=slim, state=state, next_points=points)


def _find(compiled: Compiled, ident: object) -> ThingIndex:
    for index in compiled.things:
        if index.thing.id == ident and not isinstance(ident, bool):
            return index
    known = ", ".join(str(index.thing.id) for index in compiled.things) or "none"
    raise UnknownObject(f"id is {ident!r}: no such object; there are {known}")


def _replanned(
    world: MujocoWorld, plan: MujocoPlan, compiled: Compiled, make: Compile, ident: Optional[int]
) -> MujocoWorld:
    try:
        new = make(plan)
    except SceneError as error:
        raise PlacementError(str(error)) from error
    state = carry_over(compiled, world.state, new)
    if ident is not None:
        _check_free(new, state, ident)
    return evolve(world, plan=plan, state=state)


def _put(world: MujocoWorld, index: ThingIndex, pose: Pose, compiled: Compiled) -> MujocoWorld:
    data = compiled.data
    compiled.held = None
    write_state(compiled, data, world.state)
    turn = np.array([pose.qw, pose.qx, pose.qy, pose.qz])
    turn /= np.sqrt((turn * turn).sum())
    place = np.array([pose.x_m, pose.y_m, pose.z_m])
    if index.centre_m.any():
        place = place - _rotated(turn, index.centre_m)
    if index.mocap >= 0:
        data.mocap_pos[index.mocap], data.mocap_quat[index.mocap] = place, turn
    else:
        data.qpos[index.qpos : index.qpos + 3], data.qpos[index.qpos + 3 : index.qpos + 7] = place, turn
        data.qvel[index.dof : index.dof + 6] = 0.0
        data.qacc_warmstart[index.dof : index.dof + 6] = 0.0
    state = read_state(compiled, data)
    _check_free(compiled, state, index.thing.id)
    return evolve(world, state=state)


def _rotated(turn: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return np.asarray(quaternion_to_matrix(turn) @ vector)


def _check_free(compiled: Compiled, state: np.ndarray, ident: int) -> None:
    """Raises PlacementError where a thing stands in a robot, a person, or deep in anything else."""
    for other, depth in overlaps(compiled, state, ident):
        if depth > (_TOUCH_M if other.startswith(("robot", "person")) else _SINK_M):
            raise PlacementError(f"object {ident} would stand {depth:.3f} m deep in {other}")


def overlaps(compiled: Compiled, state: np.ndarray, ident: int) -> Tuple[Tuple[str, float], ...]:
    """What a thing stands in, and how deep, in m."""
    number = next(n for n, index in enumerate(compiled.things) if index.thing.id == ident)
    collide(compiled, state)
    found = []
    for contact in compiled.eyes.contact:
        pair = (int(contact.geom1), int(contact.geom2))
        for own, other in (pair, pair[::-1]):
            if compiled.object_of[own] == number and compiled.object_of[other] != number:
                found.append((describe(compiled, other), -float(contact.dist)))
    return (*found, *_in_people(compiled, number))


def collide(compiled: Compiled, state: np.ndarray) -> None:
    """Finds all touches in a state; they lie in `eyes` then."""
    compiled.seen = None
    write_state(compiled, compiled.eyes, state)
    compiled.mujoco.mj_kinematics(compiled.model, compiled.eyes)
    compiled.mujoco.mj_comPos(compiled.model, compiled.eyes)
    compiled.mujoco.mj_collision(compiled.model, compiled.eyes)


def _in_people(compiled: Compiled, number: int) -> Tuple[Tuple[str, float], ...]:
    """People stand fast for physics, as furniture does, so it reports no touch of the two."""
    own = np.flatnonzero(compiled.object_of == number)
    found = []
    for other, index in enumerate(compiled.things):
        if other == number or index.mocap < 0 and compiled.things[number].mocap < 0:
            continue
        if index.qpos >= 0 or compiled.things[number].qpos >= 0:
            continue
        for theirs in np.flatnonzero(compiled.object_of == other):
            gap = min(
                compiled.mujoco.mj_geomDistance(
                    compiled.model, compiled.eyes, int(mine), int(theirs), 0.01, None
                )
                for mine in own
            )
            found.append((describe(compiled, int(theirs)), -float(gap)))
    return tuple(found)


def describe(compiled: Compiled, geom: int) -> str:
    """What a geom belongs to, in words."""
    if geom < 0:
        return "something soft"
    if compiled.agent_of[geom] != NO_AGENT:
        return f"robot {list(compiled.robots)[compiled.agent_of[geom]]!r}"
    if compiled.object_of[geom] != NO_OBJECT:
        thing = compiled.things[compiled.object_of[geom]].thing
        return f"person {thing.id}" if thing.class_name == "person" else f"the {thing.class_name} {thing.id}"
    return f"the {compiled.model.geom(geom).name or 'building'}"
