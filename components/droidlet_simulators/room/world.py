"""The room's world as a value."""

from __future__ import annotations

import math
from typing import Optional, Sequence, Tuple

from droidlet_schema import FrozenMap, Key, SceneObject, evolve, record
from droidlet_simulators.errors import SceneError
from droidlet_simulators.room.footprint import footprint_row
from droidlet_simulators.room.hinges import leaf_at
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
    held: Optional[SceneObject] = None  # what is in the hand; its place is the robot's


@record
class Stroll:
    """How far a person has got: place, heading and which point of the route comes next."""

    x_m: float
    y_m: float
    yaw_rad: float
    next_point: int
    walked_m: float = 0.0


@record
class Swing:
    """How far a door or lid is open, and whether it is told to open (1) or to shut (0)."""

    part: float  # 0 shut, 1 open
    goal: float


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
    swings: FrozenMap[int, Swing] = FrozenMap()  # one per leaf of the scene, by id

    def __attrs_post_init__(self) -> None:
        """Raises ValueError where people and strolls are not as many, or leaves and swings not the same."""
        if len(self.strolls) != len(self.scene.people):
            raise ValueError(
                f"RoomWorld: strolls has {len(self.strolls)} entries for the {len(self.scene.people)} people of "
                "the scene: one for each, in that order"
            )
        leaves = sorted(leaf.body.id for leaf in self.scene.leaves)
        if list(self.swings) != leaves:
            raise ValueError(
                f"RoomWorld: swings are for {list(self.swings)}, the scene's leaves are {leaves}: one for each"
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
    swings = {leaf.body.id: Swing(float(leaf.open), float(leaf.open)) for leaf in scene.leaves}
    if len(swings) < len(scene.leaves):
        raise SceneError("leaves share an id: every id occurs once")
    return RoomWorld(scene, FrozenMap(bodies), strolls, (), 0, 0, key, FrozenMap(swings))


def robot_row(body: RoomBody, limits: Limits) -> Tuple[float, float, float, float, float, float]:
    """The footprint of a robot and of what it holds, a disc, as a row of footprints."""
    held = 0.0 if body.held is None else half_diagonal_m(body.held)
    return (body.x_m, body.y_m, 0.0, 0.0, 0.0, max(limits.radius_m, held))


def half_diagonal_m(thing: SceneObject) -> float:
    """Radius of the upright cylinder round a thing, about its middle."""
    row = footprint_row(thing)
    return math.hypot(row[2], row[3]) + row[5]


def people_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """The people where they are now."""
    return tuple(
        evolve(walker.body, x_m=at.x_m, y_m=at.y_m, yaw_rad=at.yaw_rad)
        for walker, at in zip(world.scene.people, world.strolls)
    )


def people_rows(world: RoomWorld) -> Tuple[Tuple[float, float, float, float, float, float], ...]:
    """The footprints of the people where they are now, discs, as rows of footprints."""
    return tuple(
        (at.x_m, at.y_m, 0.0, 0.0, 0.0, max(walker.body.size_m[0], walker.body.size_m[1]) / 2)
        for walker, at in zip(world.scene.people, world.strolls)
    )


def leaves_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """The doors and lids where they are now."""
    return tuple(leaf_at(leaf, world.swings[leaf.body.id].part) for leaf in world.scene.leaves)


def held_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """What the robots hold, where it is now."""
    return tuple(
        evolve(body.held, x_m=body.x_m, y_m=body.y_m, yaw_rad=body.yaw_rad)
        for body in world.bodies.values()
        if body.held is not None
    )


def standing_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """Objects, people, doors and lids that stand where they are, by id."""
    things = (*world.scene.objects, *people_of(world), *leaves_of(world))
    return tuple(sorted(things, key=lambda thing: thing.id))


def things_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """Everything that is there, also what the robots hold, by id."""
    return tuple(sorted((*standing_of(world), *held_of(world)), key=lambda thing: thing.id))
