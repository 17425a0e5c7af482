"""All of a world that can be seen."""

from __future__ import annotations

from typing import Optional

import numpy as np

from droidlet_simulators.room.camera import Camera
from droidlet_simulators.room.figures import figure_primitives, stiff_of
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.looks import light_of, paint_of
from droidlet_simulators.room.pack import shell_of, thing_primitives, wall_primitives
from droidlet_simulators.room.primitives import join
from droidlet_simulators.room.render import Shot
from droidlet_simulators.room.robot_looks import robot_primitives
from droidlet_simulators.room.world import RoomWorld

_NOWHERE = Camera(np.zeros(3), np.eye(3))


def stage_of(world: RoomWorld, limits: Limits, but: Optional[str] = None) -> Shot:
    """A shot of everything, but for one agent, who does not see itself; the camera is still to be set."""
    robots = [body for name, body in world.bodies.items() if name != but]
    things = stiff_of(world)
    looks = world.scene.looks
    paint, shell, rows = paint_of(looks, [thing.id for thing in things])
    prims = join(
        [
            wall_primitives(world.scene, shell[0]),
            thing_primitives(things, rows),
            figure_primitives(world),
            robot_primitives(robots, limits),
        ]
    )
    return Shot(prims, _NOWHERE, shell_of(world.scene, shell), light_of(looks.lighting), paint)
