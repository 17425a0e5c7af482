"""How the people walk on, one after the other, each seeing where the others now are."""

from __future__ import annotations

from typing import Tuple

from droidlet_simulators.room.footprint import make_footprints, object_rows, wall_rows
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.motion import stroll
from droidlet_simulators.room.skeleton import sits
from droidlet_simulators.room.world import RoomWorld, Stroll, leaves_of, people_rows, robot_row

PERSON_KEEPS_M = 0.10
"""How near a walking person comes to a robot or an obstacle, edge to edge."""


def walk(world: RoomWorld, limits: Limits, period_ns: int) -> Tuple[Stroll, ...]:
    """Every person's next place, with the robots and doors where they now are."""
    solid = (
        *wall_rows(world.scene, limits.height_m),
        *object_rows(world.scene.objects, limits.height_m),
        *(robot_row(body, limits) for body in world.bodies.values()),
        *object_rows(leaves_of(world), limits.height_m),
    )
    rows = list(people_rows(world))
    strolls = list(world.strolls)
    for i, walker in enumerate(world.scene.people):
        if sits(walker.gestures, world.now_ns / 1e9) > 0.0:
            continue
        others = make_footprints((*solid, *rows[:i], *rows[i + 1 :]))
        length = walker.speed_m_s * period_ns / 1e9
        strolls[i] = stroll(strolls[i], walker.route, length, rows[i][5], others, PERSON_KEEPS_M)
        rows[i] = (strolls[i].x_m, strolls[i].y_m, *rows[i][2:])
    return tuple(strolls)
