"""What a caller may hand to any simulator, checked before anything is done."""

from __future__ import annotations

import math
from typing import Any, Type, TypeVar

from droidlet_schema import Key, Pose, SceneObject
from droidlet_simulators.errors import PlacementError, SceneError, SimulatorError, UnknownObject, WorldError

W = TypeVar("W")
_UNIT = 1e-3  # how far a quaternion may be from length 1


def as_world(world: Any, kind: Type[W]) -> W:
    """The world, if it is of this kind. Raises WorldError."""
    if isinstance(world, kind):
        return world
    raise WorldError(
        f"world is {_shown(world)}: a {kind.__name__} is needed, as reset and step of this simulator return it"
    )


def as_scene(scene: Any, *kinds: type) -> Any:
    """The scene, if it is of one of these kinds. Raises SceneError."""
    if isinstance(scene, kinds):
        return scene
    wanted = " or ".join(kind.__name__ for kind in kinds)
    raise SceneError(f"scene is {_shown(scene)}: a {wanted} is needed")


def as_key(key: Any) -> Key:
    """The key. Raises SimulatorError for anything else, such as a seed."""
    if isinstance(key, Key):
        return key
    raise SimulatorError(f"key is {_shown(key)}: a Key is needed; Key((seed, 0)) makes one of a number")


def as_object(thing: Any) -> SceneObject:
    """An object that could stand somewhere: numbers finite, sizes above 0. Raises PlacementError."""
    if not isinstance(thing, SceneObject):
        raise PlacementError(f"the object is {_shown(thing)}: a SceneObject is needed")
    numbers = (thing.x_m, thing.y_m, thing.z_m, thing.yaw_rad, *thing.size_m)
    if not all(map(math.isfinite, numbers)) or min(thing.size_m) <= 0:
        raise PlacementError(f"object {thing.id} has place and size {numbers}: finite, sizes above 0")
    return thing


def as_object_id(ident: Any) -> int:
    """An object's id. Raises UnknownObject for what is no whole number."""
    if isinstance(ident, int) and not isinstance(ident, bool):
        return ident
    raise UnknownObject(f"id is {_shown(ident)}: the id of an object is a whole number")


def as_pose(pose: Any) -> Pose:
    """A pose that could be: numbers finite, a unit quaternion. Raises PlacementError."""
    if not isinstance(pose, Pose):
        raise PlacementError(f"pose is {_shown(pose)}: a Pose is needed")
    turn = (pose.qw, pose.qx, pose.qy, pose.qz)
    if not all(map(math.isfinite, (pose.x_m, pose.y_m, pose.z_m, *turn))):
        raise PlacementError(f"pose is {pose}: finite numbers")
    if abs(math.hypot(*turn) - 1.0) > _UNIT:
        raise PlacementError(f"pose is {pose}: its quaternion has length {math.hypot(*turn):.3g}, not 1")
    return pose


def _shown(value: Any) -> str:
    return repr(value)[:80]
