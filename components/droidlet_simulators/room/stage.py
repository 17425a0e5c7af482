"""All of a world that can be seen: a backdrop that a scene keeps, and before it what moves."""

from __future__ import annotations

from typing import Iterable, Mapping, NamedTuple, Optional, Sequence

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.room.camera import Camera
from droidlet_simulators.room.draw import Light
from droidlet_simulators.room.figures import figure_primitives, moving_of
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.looks import Paint, light_of, paint_of
from droidlet_simulators.room.pack import shell_of, thing_primitives, wall_primitives
from droidlet_simulators.room.primitives import NONE, Primitives, Shell, join
from droidlet_simulators.room.render import Shot
from droidlet_simulators.room.robot_looks import robot_primitives
from droidlet_simulators.room.world import RoomBody, RoomWorld
from droidlet_simulators.scene import Scene

_NOWHERE = Camera(np.zeros(3), np.eye(3))


class Backdrop(NamedTuple):
    """What a scene shows of itself."""

    prims: Primitives  # walls and objects
    shell: Shell
    light: Light
    paint: Optional[Paint]
    painted: Mapping[int, int]  # rows of the paint of things that are not plain, by id

    def rows(self, things: Sequence[SceneObject]) -> np.ndarray:
        """The rows of the paint of some things."""
        return np.array([self.painted.get(thing.id, 0) for thing in things], np.int64)


def backdrop_of(scene: Scene) -> Backdrop:
    """The backdrop of a scene."""
    named = tuple(scene.looks.things)
    paint, shell, rows = paint_of(scene.looks, named)
    back = Backdrop(
        wall_primitives(scene, shell[0]),
        shell_of(scene, shell),
        light_of(scene.looks.lighting),
        paint,
        dict(zip(named, rows.tolist())),
    )
    objects = thing_primitives(scene.objects, back.rows(scene.objects))
    return back._replace(prims=join([back.prims, objects]))


def shot_of(back: Backdrop, before: Sequence[Primitives]) -> Shot:
    """A shot of a backdrop and what is before it; the camera is still to be set."""
    prims = before[0] if len(before) == 1 else join([NONE, *before])
    return Shot(prims, _NOWHERE, back.shell, back.light, back.paint, back.prims)


def actors_of(world: RoomWorld, robots: Iterable[RoomBody], limits: Limits) -> Sequence[Primitives]:
    """The people with limbs and some robots, where there are any."""
    limbs = any(walker.limbs for walker in world.scene.people)
    seen = tuple(robots)
    return [
        *([figure_primitives(world)] if limbs else []),
        *([robot_primitives(seen, limits)] if seen else []),
    ]


def stage_of(world: RoomWorld, limits: Limits, but: Optional[str] = None) -> Shot:
    """A shot of everything, but for one agent, who does not see itself; the camera is still to be set."""
    robots = [body for name, body in world.bodies.items() if name != but]
    back, moving = backdrop_of(world.scene), moving_of(world)
    before = (
        [thing_primitives(moving.things, back.rows(moving.things), moving.places)] if moving.things else []
    )
    return shot_of(back, [*before, *actors_of(world, robots, limits)])
