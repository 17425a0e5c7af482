"""The room's world as a value."""

from __future__ import annotations

from typing import Tuple

from droidlet_schema import FrozenMap, Key, SceneObject, evolve, record
from droidlet_simulators.scene import Scene


@record
class RoomBody:
    """A robot: where it stands, where its camera points, and whether it was held up in the last step."""

    x_m: float
    y_m: float
    yaw_rad: float
    pan_rad: float = 0.0
    tilt_rad: float = 0.0
    collided: bool = False


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


def people_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """The people where they are now."""
    return tuple(
        evolve(walker.body, x_m=at.x_m, y_m=at.y_m, yaw_rad=at.yaw_rad)
        for walker, at in zip(world.scene.people, world.strolls)
    )


def things_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """Objects and people, by id."""
    return tuple(sorted((*world.scene.objects, *people_of(world)), key=lambda thing: thing.id))
