"""What is refused before anything is done: scenes, things, poses."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Sequence, Tuple, Union

from droidlet_schema import Pose, Pose2, SceneObject
from droidlet_simulators.asked import as_key
from droidlet_simulators.contract import AgentSpec
from droidlet_simulators.errors import PlacementError, SceneError, SimulatorError, UnknownObject, WorldError
from droidlet_simulators.mujoco.world import MjcfScene, MujocoPlan, MujocoWorld
from droidlet_simulators.room.classes import check_names
from droidlet_simulators.room.primitives import FIRST_OBJECT
from droidlet_simulators.scene import Leaf, Scene, Walker

_MOST_ID = 2**31  # semantic images are int32
_MOST_M = 1e4
_LATEST = 2**62
_UNIT = 1e-3
_UPRIGHT = 1e-6


def check_times(period_ns: int, timestep_ns: int) -> None:
    """Raises SimulatorError for a period or a timestep that cannot be."""
    bounds: Tuple[Tuple[str, Any, int, int], ...] = (
        ("period_ns", period_ns, 10**6, 10**10),
        ("timestep_ns", timestep_ns, 10**5, 10**7),
    )
    for name, value, low, high in bounds:
        if isinstance(value, bool) or not isinstance(value, int):
            raise SimulatorError(f"{name} is {value!r}: a whole number is needed; was a float meant?")
        if not low <= value <= high:
            raise SimulatorError(f"{name} is {value}: {low} to {high} ns; were seconds meant?")
    if period_ns % timestep_ns:
        raise SimulatorError(
            f"timestep_ns is {timestep_ns}: it does not divide period_ns, which is {period_ns}"
        )


def check_arms(arms: object, agents: Sequence[str]) -> None:
    """Raises SimulatorError for arms of nobody."""
    if not isinstance(arms, tuple) or not all(arm in agents for arm in arms):
        raise SimulatorError(
            f"arms is {arms!r}: a tuple of ids of the agents, which are {', '.join(agents) or 'none'}"
        )


def check_models(agents: Tuple[AgentSpec, ...], renderer: str) -> None:
    """Raises SimulatorError for a camera model that the renderer does not draw."""
    for agent in agents:
        for camera in agent.cameras:
            if renderer != "rays" and camera.model != "pinhole":
                raise SimulatorError(
                    f"camera {camera.name!r} of {agent.id!r} is {camera.model}: {renderer} draws pinholes only, "
                    "renderer='rays' draws every model"
                )


def check_scene(scene: object, key: object, agents: Sequence[str]) -> Dict[str, Pose2]:
    """Where each agent starts. Raises SceneError, or SimulatorError for a key that is none."""
    as_key(key)
    if isinstance(scene, MjcfScene):
        return _starts(dict(scene.starts), agents)
    if not isinstance(scene, Scene):
        raise SceneError(f"scene is {scene!r}: a Scene or an MjcfScene is needed")
    if not all(math.isfinite(size) and 0.5 < size < _MOST_M for size in scene.size_m):
        raise SceneError(f"size_m is {scene.size_m}: finite, more than 0.5 m each")
    for wall in scene.walls:
        low, high = (wall.x0_m, wall.y0_m, wall.z0_m), (wall.x1_m, wall.y1_m, wall.z1_m)
        if not all(math.isfinite(a) and math.isfinite(b) and a < b for a, b in zip(low, high)):
            raise SceneError(f"walls has {wall}: finite numbers, the lower corner first")
    _check_things(scene)
    starts = {**scene.starts, **({agents[0]: scene.start} if agents else {})}
    return _starts(starts, agents)


def _starts(starts: Dict[str, Pose2], agents: Sequence[str]) -> Dict[str, Pose2]:
    for agent in agents:
        if agent not in starts:
            known = ", ".join(starts) or "nobody"
            raise SceneError(f"starts has no entry for the agent {agent!r}: it has {known}")
        at = starts[agent]
        if not all(math.isfinite(n) and abs(n) < _MOST_M for n in (at.x_m, at.y_m, at.yaw_rad)):
            raise SceneError(f"start of {agent!r} is {at}: finite numbers")
    return {agent: starts[agent] for agent in agents}


def _check_things(scene: Scene) -> None:
    things = (*scene.objects, *(w.body for w in scene.people), *(leaf.body for leaf in scene.leaves))
    idents = [thing.id for thing in things]
    twice = sorted({ident for ident in idents if idents.count(ident) > 1})
    if twice:
        raise SceneError(f"objects, people and leaves share the ids {twice}: every id occurs once")
    try:
        for thing in things:
            check_thing(thing, scene)
    except SimulatorError as error:
        raise SceneError(str(error)) from error
    for walker in scene.people:
        _check_walker(walker)
    for leaf in scene.leaves:
        _check_leaf(leaf, [thing.id for thing in scene.objects])


def _check_leaf(leaf: Leaf, idents: List[int]) -> None:
    if not 0.0 < abs(leaf.swing_rad) <= math.pi:
        raise SceneError(
            f"leaf {leaf.body.id} has swing_rad {leaf.swing_rad}: not 0, at most pi to either side"
        )
    if leaf.container is not None and leaf.container not in idents:
        raise SceneError(f"leaf {leaf.body.id} has the container {leaf.container}: no such object")


def _check_walker(walker: Walker) -> None:
    numbers = [n for point in walker.route for n in point]
    if not all(math.isfinite(n) and abs(n) < _MOST_M for n in numbers):
        raise SceneError(f"person {walker.body.id} has the route {walker.route}: finite numbers")
    if walker.body.class_name != "person" or not walker.route or not 0 <= walker.speed_m_s < 10:
        raise SceneError(f"person {walker.body.id}: class person, a route of at least one point, 0 to 10 m/s")


def check_thing(thing: object, scene: Union[Scene, MjcfScene]) -> SceneObject:
    """The thing. Raises UnknownObject or PlacementError for one that cannot be in any world of that scene."""
    if not isinstance(thing, SceneObject):
        raise UnknownObject(f"thing is {thing!r}: a SceneObject is needed")
    check_names(thing)
    if not FIRST_OBJECT <= thing.id < _MOST_ID:
        raise PlacementError(
            f"id is {thing.id}: {FIRST_OBJECT} to {_MOST_ID - 1}; lower ones mean floor, walls, nothing"
        )
    if thing.semantic_id is not None and not -_MOST_ID <= thing.semantic_id < _MOST_ID:
        raise PlacementError(f"semantic_id is {thing.semantic_id}: semantic pictures are int32")
    numbers = (thing.x_m, thing.y_m, thing.z_m, thing.yaw_rad, *thing.size_m)
    if not all(math.isfinite(n) and abs(n) < _MOST_M for n in numbers) or min(thing.size_m) < 1e-3:
        raise PlacementError(
            f"object {thing.id} has place and size {numbers}: finite, sizes of 1 mm and more"
        )
    _check_place(thing.id, (thing.x_m, thing.y_m, thing.z_m), scene)
    return thing


def _check_place(ident: int, place: Tuple[float, float, float], scene: Union[Scene, MjcfScene]) -> None:
    if isinstance(scene, MjcfScene):
        if not all(abs(at) <= _MOST_M for at in place):
            raise PlacementError(f"object {ident} is at {place}: within {_MOST_M} m")
    elif not all(0 <= at <= size for at, size in zip(place, scene.size_m)):
        raise PlacementError(f"object {ident} is at {place}: outside the scene, which spans {scene.size_m} m")


def check_pose(ident: int, pose: object, plan: MujocoPlan, upright: bool) -> Pose:
    """The pose. Raises PlacementError for one that cannot be, or leans where things stand upright."""
    if not isinstance(pose, Pose):
        raise PlacementError(f"pose is {pose!r}: a Pose is needed")
    numbers = (pose.x_m, pose.y_m, pose.z_m, pose.qw, pose.qx, pose.qy, pose.qz)
    if not all(map(math.isfinite, numbers)):
        raise PlacementError(f"pose is {pose}: finite numbers")
    length = math.sqrt(sum(q * q for q in numbers[3:]))
    if not abs(length - 1) < _UNIT:
        raise PlacementError(f"pose is {pose}: its quaternion has length {length}, 1 is needed")
    if upright and (abs(pose.qx) > _UPRIGHT or abs(pose.qy) > _UPRIGHT):
        raise PlacementError(f"pose is {pose}: furniture and people stand upright, so qx and qy must be 0")
    _check_place(ident, (pose.x_m, pose.y_m, pose.z_m), plan.scene)
    return pose


def check_world(world: object, agents: Sequence[str]) -> MujocoWorld:
    """The world. Raises WorldError for what is none of a simulator with these agents."""
    if not isinstance(world, MujocoWorld):
        raise WorldError(
            f"world is a {type(world).__name__}: a MujocoWorld is needed, as reset and step give it"
        )
    if sorted(world.bodies) != sorted(agents):
        raise WorldError(
            f"world has the agents {sorted(world.bodies)}, this simulator {sorted(agents)}: it is another's"
        )
    for name, number in (("now_ns", world.now_ns), ("step", world.step)):
        if number >= _LATEST:
            raise WorldError(f"world.{name} is {number}: less than {_LATEST}, or counting comes to an end")
    return world


def check_goals(world: MujocoWorld, joints: Dict[str, List[str]]) -> None:
    """Raises WorldError for goals of joints that a robot does not have, or that are no numbers."""
    for agent, body in world.bodies.items():
        for name, goal in body.goals.items():
            if name not in joints[agent] or not math.isfinite(goal):
                raise WorldError(
                    f"world.bodies[{agent!r}].goals has {name!r}: {goal!r}: it is another simulator's"
                )
