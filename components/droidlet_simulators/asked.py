"""What a caller may hand to any simulator, checked before anything is done."""

from __future__ import annotations

import math
from numbers import Integral
from operator import attrgetter
from typing import Any, Collection, Dict, List, Mapping, Tuple, Type, TypeVar

from droidlet_schema import Drive, Key, Look, Move, Pose, SceneObject, Speak, Stop, Turn
from droidlet_simulators.errors import (
    PlacementError,
    SceneError,
    SimulatorError,
    UnknownAction,
    UnknownAgent,
    UnknownObject,
    WorldError,
)

W = TypeVar("W")
Numbers = Mapping[type, Tuple[str, ...]]
"""Kinds of actions, each with those of its fields that have to be finite numbers."""
WHEELED: Dict[type, Tuple[str, ...]] = {
    Drive: ("forward_m_s", "turn_rad_s"),
    Move: ("distance_m",),
    Turn: ("angle_rad",),
    Look: ("pan_rad", "tilt_rad"),
    Speak: (),
    Stop: (),
}
"""What every body that drives can be told to do."""
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
    raise SimulatorError(f"key is {_shown(key)}: a Key is needed; Key(seed) makes one of a number")


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


def check_period(period_ns: Any) -> None:
    """Raises SimulatorError for a period that cannot be."""
    if not _is_whole(period_ns):
        raise SimulatorError(f"period_ns is {period_ns!r}: a whole number is needed; was a float meant?")
    if not 1_000_000 <= period_ns <= 10_000_000_000:
        raise SimulatorError(f"period_ns is {period_ns}: 1e6 to 1e10 ns (1 ms to 10 s); were seconds meant?")


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_same_agents(there: Collection[str], agents: Collection[str]) -> None:
    """Raises WorldError where the agents of a world are not those of the simulator."""
    if set(there) != set(agents):
        raise WorldError(
            f"world has the agents {sorted(there)}, this simulator {sorted(agents)}: it is another's"
        )


def as_actions(actions: Any, agents: Collection[str], kinds: Numbers, taker: str) -> List[Tuple[str, Any]]:
    """All agents' actions, of these kinds and with finite numbers, each with its agent's id.

    Raises UnknownAgent or UnknownAction, before any is done; `taker` is who takes no others, in words.
    """
    if not isinstance(actions, Mapping):
        raise UnknownAction(f"actions are {actions!r}: a mapping from agent ids to tuples of actions")
    found: List[Tuple[str, Any]] = []
    for agent, wanted in actions.items():
        if agent not in agents:
            raise UnknownAgent(f"actions name the agent {agent!r}: this world has {', '.join(agents)}")
        if not isinstance(wanted, (tuple, list)):
            raise UnknownAction(f"actions of {agent!r} are {wanted!r}: a tuple of actions, () for none")
        for action in wanted:
            numbers = kinds.get(type(action))
            if numbers is None:
                known = ", ".join(kind.__name__ for kind in kinds)
                raise UnknownAction(f"an action of {agent!r} is {action!r}: {taker} takes {known}")
            for name in numbers:
                value = attrgetter(name)(action)  # "place.x_m" is a field of a field
                if not math.isfinite(value):
                    kind = type(action).__name__
                    raise UnknownAction(f"{kind}.{name} of {agent!r} is {value}: must be finite")
            found.append((agent, action))
    return found


def _shown(value: Any) -> str:
    return repr(value)[:80]
