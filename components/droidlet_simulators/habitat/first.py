"""The first world of a scene, and what of a scene stays out of it."""

from __future__ import annotations

import itertools
import math
from typing import Dict, List, Sequence, Tuple

from droidlet_schema import FrozenMap, Key, SceneObject, evolve
from droidlet_simulators.errors import SceneError
from droidlet_simulators.habitat.checks import AnyScene
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.navmesh import snapped, standing
from droidlet_simulators.habitat.parts import left_out_of, small, upright
from droidlet_simulators.habitat.values import (
    HabitatAgent,
    HabitatJoints,
    HabitatRigid,
    HabitatWorld,
    NavmeshSettings,
)
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.scene import Scene


def rigid_of(thing: SceneObject, dynamics: bool, person: bool = False) -> HabitatRigid:
    """A thing drawn as primitives: static, unless physics is on and moves such things."""
    motion = "dynamic" if dynamics and small(thing) and not person else "static"
    return HabitatRigid(thing, upright(thing), motion=motion)


def first_world(
    scene: AnyScene,
    key: Key,
    agents: Sequence[str],
    limits: Limits,
    navmesh: NavmeshSettings,
    dynamics: bool,
) -> HabitatWorld:
    """The world before anything is asked of Habitat: agents at their starts, joints as their files say."""
    if isinstance(scene, Scene):
        rigids = [rigid_of(thing, dynamics) for thing in scene.objects]
        rigids += [rigid_of(walker.body, dynamics, person=True) for walker in scene.people]
        joints: Tuple[HabitatJoints, ...] = ()
        z = 0.0
    else:
        rigids = [rigid_of(thing, dynamics) for thing in scene.things]
        for placed in scene.objects:
            if placed.motion == "dynamic" and not dynamics:
                raise SceneError(
                    f"object {placed.thing.id} is dynamic, and dynamics is False: nothing would move it"
                )
            rigids.append(
                HabitatRigid(
                    placed.thing, upright(placed.thing), template=placed.template, motion=placed.motion
                )
            )
        joints = tuple(
            HabitatJoints(one.thing, one.urdf, one.joints, (), one.up) for one in scene.articulated
        )
        z = scene.start_z_m
    starts = {agents[0]: scene.start, **{agent: scene.starts[agent] for agent in agents[1:]}}
    bodies = {
        agent: HabitatAgent(at.x_m, at.y_m, z, math.remainder(at.yaw_rad, 2 * math.pi))
        for agent, at in starts.items()
    }
    ordered = tuple(sorted(rigids, key=lambda rigid: rigid.thing.id))
    return HabitatWorld(
        scene,
        FrozenMap(bodies),
        ordered,
        joints,
        navmesh,
        limits.radius_m,
        limits.height_m,
        (),
        0,
        0,
        key,
    )


def stand_up(engine: Engine, world: HabitatWorld) -> HabitatWorld:
    """The world with agents on their floor and joints as they are. Raises SceneError where that cannot be."""
    bodies: Dict[str, HabitatAgent] = {}
    for agent, body in world.agents.items():
        place = (body.x_m, body.y_m, body.z_m)
        if not standing(engine, place):
            raise SceneError(
                f"the start of {agent!r} is {place}: it would stand in a wall or a thing, or beside the floor"
            )
        floor = snapped(engine, place)
        flat = isinstance(world.scene, Scene) or floor is None
        bodies[agent] = body if flat or floor is None else evolve(body, z_m=floor[2])
    _check_apart(bodies, world.radius_m, world.height_m)
    joints = tuple(_joints(engine, one) for one in world.articulated)
    return evolve(world, agents=FrozenMap(bodies), articulated=joints)


def _check_apart(bodies: Dict[str, HabitatAgent], radius_m: float, height_m: float) -> None:
    for (one, a), (two, b) in itertools.combinations(bodies.items(), 2):
        near = math.hypot(a.x_m - b.x_m, a.y_m - b.y_m) < 2 * radius_m
        if near and abs(a.z_m - b.z_m) <= height_m:
            raise SceneError(
                f"the starts of {one!r} and {two!r} are nearer than {2 * radius_m} m: in each other"
            )


def _joints(engine: Engine, wanted: HabitatJoints) -> HabitatJoints:
    """A thing's joints as the scene has them, at rest."""
    found = engine.read_joints(wanted)
    count = len(found.positions)
    if wanted.positions and len(wanted.positions) != count:
        raise SceneError(
            f"joints of object {wanted.thing.id} has {len(wanted.positions)} numbers: its file has {count} joints"
        )
    return evolve(
        found, positions=wanted.positions or found.positions, velocities=(0.0,) * len(found.velocities)
    )


def left_out_of_any(scene: AnyScene, dynamics: bool) -> Tuple[str, ...]:
    """What of a scene Habitat does not load here, a sentence each."""
    if isinstance(scene, Scene):
        return left_out_of(scene, dynamics)
    said: List[str] = [
        f"the colour of object {thing.id}: Habitat's primitives have one plain material"
        for thing in scene.things
    ]
    said += [
        f"the semantic id of object {one.thing.id}: things with joints are 0 in semantic pictures"
        for one in scene.articulated
    ]
    if scene.navmesh == "recompute":
        said += [
            f"object {one.thing.id} as an obstacle: the navmesh is made without things with joints"
            for one in scene.articulated
        ]
        if scene.dataset != "default":
            said.append("the dataset's own things with joints as obstacles: the navmesh is made without them")
    if scene.dataset != "default" and dynamics:
        said.append("the motion of what the dataset's scene brings: it stays where it is")
    if scene.navmesh != "recompute":
        static = [thing.id for thing in scene.things]
        static += [placed.thing.id for placed in scene.objects if placed.motion == "static"]
        said += [f"object {ident} as an obstacle: the navmesh is {scene.navmesh!r}" for ident in static]
    if not dynamics:
        said += [
            f"the motion of object {placed.thing.id}: dynamics is False"
            for placed in scene.objects
            if placed.motion == "dynamic"
        ]
    return tuple(said)
