"""What is refused before anything is done: scenes, worlds, actions, things."""

from __future__ import annotations

import math
import os
from typing import Iterable, Sequence, Tuple, Union

from droidlet_schema import Pose, Pose2, SceneObject
from droidlet_simulators.asked import (
    WHEELED,
    as_actions,
    as_object,
    as_pose,
    as_scene,
    as_world,
    check_same_agents,
)
from droidlet_simulators.contract import Actions
from droidlet_simulators.errors import (
    PlacementError,
    SceneError,
    SimulatorError,
    WorldError,
)
from droidlet_simulators.habitat.urdf import UPS, root_inertial
from droidlet_simulators.habitat.values import (
    MOTIONS,
    HabitatArticulated,
    HabitatObject,
    HabitatScene,
    HabitatWorld,
)
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.scene import Scene

AnyScene = Union[Scene, HabitatScene]
ACTIONS = tuple(kind.__name__ for kind in WHEELED)
_FARTHEST_M = 1e4
_FIRST_ID, _IDS = 1, 2**31
_UNIT = 1e-6


def check_actions(actions: Actions, agents: Sequence[str]) -> None:
    """Raises UnknownAgent or UnknownAction; all of all agents' actions are looked at before any is done."""
    as_actions(actions, agents, WHEELED, "Habitat")


def check_world(world: HabitatWorld, agents: Sequence[str], limits: Limits) -> None:
    """Raises WorldError for what is no world of a simulator with these agents and bodies."""
    as_world(world, HabitatWorld)
    check_same_agents(world.agents, agents)
    if (world.radius_m, world.height_m) != (limits.radius_m, limits.height_m):
        raise WorldError(
            f"world has bodies of {world.radius_m} by {world.height_m} m, this simulator of {limits.radius_m} "
            f"by {limits.height_m} m: it is another's"
        )
    numbers = [
        n for a in world.agents.values() for n in (a.x_m, a.y_m, a.z_m, a.yaw_rad, a.pan_rad, a.tilt_rad)
    ]
    for rigid in world.rigids:
        at = rigid.pose
        numbers += [
            at.x_m,
            at.y_m,
            at.z_m,
            at.qw,
            at.qx,
            at.qy,
            at.qz,
            *rigid.velocity_m_s,
            *rigid.turning_rad_s,
        ]
        if not abs(math.sqrt(at.qw**2 + at.qx**2 + at.qy**2 + at.qz**2) - 1.0) <= 1e-3:
            raise WorldError(
                f"object {rigid.thing.id} of the world has the quaternion of {at}: length 1 is needed"
            )
    for jointed in world.articulated:
        numbers += [*jointed.positions, *jointed.velocities]
    if not all(map(math.isfinite, numbers)):
        raise WorldError("world has places or velocities that are no finite numbers")


def check_scene(scene: AnyScene, agents: Sequence[str]) -> None:
    """Raises SceneError for a scene that cannot be loaded."""
    if isinstance(scene, Scene):
        _check_flat(scene)
    else:
        _check_habitat(as_scene(scene, Scene, HabitatScene))
    things = _things(scene)
    for agent in agents[1:]:
        if agent not in scene.starts:
            raise SceneError(f"starts has no place for the agent {agent!r}: each but the first needs one")
    for name, at in (("start", scene.start), *((f"starts[{a!r}]", p) for a, p in scene.starts.items())):
        _check_start(name, at)
    idents = [thing.id for thing in things]
    twice = sorted({ident for ident in idents if idents.count(ident) > 1})
    if twice:
        raise SceneError(f"things share the ids {twice}: every id occurs once")
    for thing in things:
        try:
            check_thing(thing, scene)
        except SimulatorError as error:
            raise SceneError(str(error)) from error


def _things(scene: AnyScene) -> Tuple[SceneObject, ...]:
    if isinstance(scene, Scene):
        return (*scene.objects, *(walker.body for walker in scene.people))
    return (
        *scene.things,
        *(placed.thing for placed in scene.objects),
        *(jointed.thing for jointed in scene.articulated),
    )


def _check_start(name: str, at: Pose2) -> None:
    if not all(math.isfinite(n) and abs(n) < _FARTHEST_M for n in (at.x_m, at.y_m, at.yaw_rad)):
        raise SceneError(f"{name} is {at}: finite numbers below {_FARTHEST_M}")


def _check_flat(scene: Scene) -> None:
    if not all(math.isfinite(s) and 0.1 <= s <= _FARTHEST_M for s in scene.size_m):
        raise SceneError(f"size_m is {scene.size_m}: 0.1 to {_FARTHEST_M} m")
    for wall in scene.walls:
        low, high = (wall.x0_m, wall.y0_m, wall.z0_m), (wall.x1_m, wall.y1_m, wall.z1_m)
        if not all(math.isfinite(a) and math.isfinite(b) and a < b for a, b in zip(low, high)):
            raise SceneError(f"walls has {wall}: finite numbers, the lower corner first")


def _check_habitat(scene: HabitatScene) -> None:
    """What Habitat would pass over in silence, or die of: names of files that are not there."""
    if scene.scene_id == "":
        raise SceneError('scene_id is "": a file or the name of a scene; "NONE" for an empty one')
    empty = scene.scene_id.upper() == "NONE"
    if scene.dataset != "default":
        _check_file("dataset", scene.dataset)
    elif not empty:
        _check_file("scene_id", scene.scene_id)
    if scene.up not in ("y", "z"):
        raise SceneError(f"up is {scene.up!r}: 'y' or 'z'")
    if empty and scene.navmesh == "recompute":
        raise SceneError("navmesh is 'recompute': an empty scene has no floor; name a file, or 'none'")
    if scene.navmesh not in ("recompute", "none"):
        _check_file("navmesh", scene.navmesh)
    if not math.isfinite(scene.start_z_m):
        raise SceneError(f"start_z_m is {scene.start_z_m}: a finite number")
    for placed in scene.objects:
        _check_object(placed)
    for jointed in scene.articulated:
        _check_articulated(jointed)


def _check_object(placed: HabitatObject) -> None:
    if placed.motion not in MOTIONS:
        raise SceneError(f"motion of object {placed.thing.id} is {placed.motion!r}: {', '.join(MOTIONS)}")
    if not placed.template:
        raise SceneError(f"template of object {placed.thing.id} is '': the handle of a template")


def _check_articulated(jointed: HabitatArticulated) -> None:
    _check_file(f"urdf of object {jointed.thing.id}", jointed.urdf)
    if jointed.up not in UPS:
        raise SceneError(f"up of object {jointed.thing.id} is {jointed.up!r}: {', '.join(UPS)}")
    root_inertial(jointed.urdf)
    if not all(map(math.isfinite, jointed.joints)):
        raise SceneError(f"joints of object {jointed.thing.id} are {jointed.joints}: finite numbers")


def _check_file(name: str, path: str) -> None:
    if "\0" in path or not os.path.isfile(path):
        raise SceneError(f"{name} is {path!r}: no such file")


def check_thing(thing: SceneObject, scene: AnyScene) -> None:
    """Raises PlacementError for a thing that cannot be in any world of that scene."""
    as_object(thing)
    if not _FIRST_ID <= thing.id < _IDS:
        raise PlacementError(f"id is {thing.id}: from {_FIRST_ID} to {_IDS - 1}")
    if thing.semantic_id is not None and not -_IDS <= thing.semantic_id < _IDS:
        raise PlacementError(
            f"semantic_id of object {thing.id} is {thing.semantic_id}: pictures hold 32 bits"
        )
    numbers = (thing.x_m, thing.y_m, thing.z_m, thing.yaw_rad, *thing.size_m)
    if not all(math.isfinite(n) and abs(n) <= _FARTHEST_M for n in numbers) or min(thing.size_m) < 1e-3:
        raise PlacementError(
            f"object {thing.id} has place, heading and size {numbers}: finite, sizes from 1 mm"
        )
    if isinstance(scene, Scene):
        place = (thing.x_m, thing.y_m, thing.z_m)
        if not all(0 <= at <= size for at, size in zip(place, scene.size_m)):
            raise PlacementError(
                f"object {thing.id} is at {place}: outside the scene, which spans {scene.size_m} m"
            )


def check_pose(pose: Pose, upright: bool) -> Pose:
    """The pose, its quaternion of length 1. Raises PlacementError for one that cannot be."""
    as_pose(pose)
    if upright and max(abs(pose.qx), abs(pose.qy)) > _UNIT:
        raise PlacementError(f"pose is {pose}: things stand upright here, so qx and qy must be 0")
    return pose


def check_id(ident: int, taken: Iterable[int]) -> None:
    """Raises PlacementError for an id that is taken."""
    others = list(taken)
    if ident in others:
        raise PlacementError(f"id is {ident}: another object has it; the next free one is {max(others) + 1}")
