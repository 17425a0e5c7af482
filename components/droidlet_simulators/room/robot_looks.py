"""What a robot looks like to the others: a round base, a mast at its back and a head."""

from __future__ import annotations

import math
from typing import Iterable

from droidlet_simulators.room.colours import COLOURS, OTHER_COLOURS
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.primitives import AGENT, BOX, CYLINDER, Primitives, make_primitives
from droidlet_simulators.room.world import RoomBody

_MAST_M = 0.025


def robot_primitives(bodies: Iterable[RoomBody], limits: Limits) -> Primitives:
    """The robots as primitives, all inside their cylinders; the head is turned as the neck is panned."""
    rows = []
    r, h = limits.radius_m, limits.height_m
    mast = min(_MAST_M, 0.3 * r)
    for body in bodies:
        c, s = math.cos(body.yaw_rad), math.sin(body.yaw_rad)
        back = (body.x_m - c * (r - mast), body.y_m - s * (r - mast), 0.5 * h)
        base, head = (body.x_m, body.y_m, 0.11 * h), (body.x_m, body.y_m, 0.93 * h)
        rows.append((CYLINDER, base, (r, r, 0.1 * h), 0.0, COLOURS["white"], AGENT))
        rows.append((CYLINDER, back, (mast, mast, 0.4 * h), 0.0, OTHER_COLOURS["metal"], AGENT))
        yaw = body.yaw_rad + body.pan_rad
        rows.append((BOX, head, (0.4 * r, 0.7 * r, 0.06 * h), yaw, COLOURS["grey"], AGENT))
    return make_primitives(rows)
