"""What is refused before anything is done."""

from __future__ import annotations

import math
from typing import Collection

from droidlet_schema import Close, Open, PickUp, Pose, PutDown, fields_of
from droidlet_simulators.asked import WHEELED, Numbers, as_actions, as_world, check_same_agents
from droidlet_simulators.contract import Actions
from droidlet_simulators.errors import SceneError, SimulatorError
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.edit import check_thing, depth_inside
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.looks_checks import check_looks
from droidlet_simulators.room.world import RoomWorld, things_of
from droidlet_simulators.scene import GESTURES, Scene

_KINDS: Numbers = {
    **WHEELED,
    PickUp: (),
    PutDown: tuple(f"place.{name}" for name in fields_of(Pose)),
    Open: (),
    Close: (),
}
ACTIONS = tuple(kind.__name__ for kind in _KINDS)
"""What robots in a room can be told to do."""


def check_limits(limits: Limits) -> None:
    """Raises SimulatorError for a body that cannot be."""
    for name in fields_of(Limits):
        value = getattr(limits, name)
        still = value == 0.0 and name in ("pan_rad", "tilt_rad")  # a neck may be stiff
        if not (math.isfinite(value) and (value > 0.0 or still)):
            raise SimulatorError(
                f"limits.{name} is {value}: finite and above 0; a body that lacks it cannot act"
            )


def check_world(world: RoomWorld, agents: Collection[str]) -> None:
    """Raises WorldError for what is no world of a simulator with these agents."""
    as_world(world, RoomWorld)
    check_same_agents(world.bodies, agents)


def check_actions(actions: Actions, world: RoomWorld) -> None:
    """Raises UnknownAgent or UnknownAction."""
    as_actions(actions, world.bodies, _KINDS, "a room")


def _check_numbers(scene: Scene) -> None:
    """Raises SceneError for places that are no numbers, and walls with their corners the wrong way round."""
    for name, start in (("start", scene.start), *((f"starts[{a!r}]", at) for a, at in scene.starts.items())):
        if not all(map(math.isfinite, (start.x_m, start.y_m, start.yaw_rad))):
            raise SceneError(f"{name} is {start}: finite numbers")
    for wall in scene.walls:
        low, high = (wall.x0_m, wall.y0_m, wall.z0_m), (wall.x1_m, wall.y1_m, wall.z1_m)
        if not all(math.isfinite(a) and math.isfinite(b) and a < b for a, b in zip(low, high)):
            raise SceneError(f"walls has {wall}: finite numbers, the lower corner first")
    for walker in scene.people:
        if not all(math.isfinite(x) and math.isfinite(y) for x, y in walker.route):
            raise SceneError(f"person {walker.body.id} has the route {walker.route}: finite numbers")


def _check_gestures(scene: Scene) -> None:
    """Raises SceneError for strides and gestures that cannot be."""
    for walker in scene.people:
        what = f"person {walker.body.id}"
        if not (math.isfinite(walker.stride_m) and walker.stride_m >= 0.0):
            raise SceneError(f"{what} has stride_m {walker.stride_m}: finite, 0 for a stiff figure")
        for gesture in walker.gestures:
            if gesture.kind not in GESTURES or gesture.side not in ("left", "right"):
                raise SceneError(
                    f"{what} has {gesture}: kinds are {', '.join(GESTURES)}, sides are left and right"
                )
            numbers = (gesture.from_s, gesture.to_s, *(gesture.target_m or ()))
            if not (all(map(math.isfinite, numbers)) and gesture.from_s < gesture.to_s):
                raise SceneError(f"{what} has {gesture}: finite numbers, and from_s before to_s")


def _check_leaves(scene: Scene) -> None:
    """Raises SceneError for doors and lids that cannot be."""
    cases = {thing.id for thing in scene.objects if KINDS[thing.class_name].container}
    for leaf in scene.leaves:
        what = f"leaf {leaf.body.id}"
        if leaf.body.class_name not in ("door", "lid"):
            raise SceneError(f"{what} is a {leaf.body.class_name}: a leaf is a door or a lid")
        if not 0.0 < abs(leaf.swing_rad) <= math.pi:
            raise SceneError(f"{what} has swing_rad {leaf.swing_rad}: up to pi to either side, and not 0")
        if leaf.container is not None and leaf.container not in cases:
            raise SceneError(f"{what} shuts object {leaf.container}: there is no such container")


def check_scene(world: RoomWorld, limits: Limits) -> None:
    """Raises SceneError for a first world that breaks the rules of a room."""
    scene = world.scene
    if not all(math.isfinite(s) and s > 2 * limits.radius_m for s in scene.size_m):
        raise SceneError(f"size_m is {scene.size_m}: finite, and larger than the robot")
    _check_numbers(scene)
    check_looks(scene.looks)
    idents = [thing.id for thing in things_of(world)]
    twice = sorted({i for i in idents if idents.count(i) > 1})
    if twice:
        raise SceneError(f"objects and people share the ids {twice}: every id occurs once")
    for thing in things_of(world):
        try:
            check_thing(thing, scene.size_m)
        except SimulatorError as error:
            raise SceneError(str(error)) from error
    for walker in scene.people:
        if walker.body.class_name != "person" or not walker.route or not 0 <= walker.speed_m_s < 10:
            raise SceneError(
                f"person {walker.body.id}: class person, a route of at least one point, 0 to 10 m/s"
            )
    _check_gestures(scene)
    _check_leaves(scene)
    if depth_inside(world, limits) > 0:
        further = f", starts {scene.starts}" if scene.starts else ""
        raise SceneError(
            f"start is {scene.start}{further}: a robot would stand in a wall, a thing, a person or another robot"
        )
