"""The room's world as a value."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from droidlet_schema import FrozenMap, Key, SceneObject, evolve, record
from droidlet_simulators.errors import SceneError
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.scene import Scene


@record
class RoomBody:
    """A robot: where it stands, where its neck points, and what held it up in the last step."""

    x_m: float
    y_m: float
    yaw_rad: float
    pan_rad: float = 0.0
    tilt_rad: float = 0.0
    collided: bool = False
    touched: Tuple[Optional[int], ...] = ()  # ids of what held it up; None: the building, or another robot


@record
class Stroll:
    """How far a person has got: place, heading and which point of the route comes next."""

    x_m: float
    y_m: float
    yaw_rad: float
    next_point: int


@record
class Spoken:
    """What an agent said aloud in the last step."""

    agent: str
    text: str


@record
class RoomWorld:
    """Everything that the room's future depends on; `scene` holds what stands there now."""

    scene: Scene
    bodies: FrozenMap[str, RoomBody]
    strolls: Tuple[Stroll, ...]  # one per person of the scene, in that order
    spoken: Tuple[Spoken, ...]
    step: int
    now_ns: int
    key: Key

    def __attrs_post_init__(self) -> None:
        """Raises ValueError where people and strolls are not as many."""
        if len(self.strolls) != len(self.scene.people):
            raise ValueError(
                f"RoomWorld: strolls has {len(self.strolls)} entries for the {len(self.scene.people)} people of "
                "the scene: one for each, in that order"
            )


def first_world(scene: Scene, agents: Sequence[str], key: Key) -> RoomWorld:
    """The world in which everything begins. Raises SceneError for an agent that has no place in the scene."""
    strangers = sorted(set(scene.starts) - set(agents[1:]))
    if strangers:
        raise SceneError(
            f"starts names {strangers}: the first agent begins at start, and the others are {list(agents[1:])}"
        )
    bodies = {}
    for number, agent in enumerate(agents):
        if number and agent not in scene.starts:
            raise SceneError(f"starts has no place for the agent {agent!r}: only the first begins at start")
        at = scene.starts[agent] if number else scene.start
        bodies[agent] = RoomBody(at.x_m, at.y_m, at.yaw_rad)
    strolls = tuple(Stroll(w.body.x_m, w.body.y_m, w.body.yaw_rad, 1) for w in scene.people)
    return RoomWorld(scene, FrozenMap(bodies), strolls, (), 0, 0, key)


def robot_row(body: RoomBody, limits: Limits) -> Tuple[float, float, float, float, float, float]:
    """The footprint of a robot, a disc, as a row of footprints."""
    return (body.x_m, body.y_m, 0.0, 0.0, 0.0, limits.radius_m)


def people_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """The people where they are now."""
    return tuple(
        evolve(walker.body, x_m=at.x_m, y_m=at.y_m, yaw_rad=at.yaw_rad)
        for walker, at in zip(world.scene.people, world.strolls)
    )


def things_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """Objects and people, by id."""
    return tuple(sorted((*world.scene.objects, *people_of(world)), key=lambda thing: thing.id))
