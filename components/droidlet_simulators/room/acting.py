"""What the robots do within one step, one after the other, each seeing where the others now are."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple

from droidlet_schema import Action, FrozenMap, Look
from droidlet_simulators.contract import Actions
from droidlet_simulators.room.footprint import Row, footprint_row, make_footprints, stands_below, wall_rows
from droidlet_simulators.room.limits import Limits, travel
from droidlet_simulators.room.motion import Motion, drive
from droidlet_simulators.room.world import RoomBody, RoomWorld, robot_row, things_of


class Obstacles(NamedTuple):
    """Footprints of what is in the way, and whose they are."""

    rows: Tuple[Row, ...]
    idents: Tuple[Optional[int], ...]  # None: the building


def obstacles_of(world: RoomWorld, limits: Limits) -> Obstacles:
    """All that a robot could run into, besides the other robots."""
    walls = wall_rows(world.scene, limits.height_m)
    things = [thing for thing in things_of(world) if stands_below(thing, limits.height_m)]
    return Obstacles(
        walls + tuple(footprint_row(thing) for thing in things),
        (None,) * len(walls) + tuple(thing.id for thing in things),
    )


def act_all(actions: Actions, world: RoomWorld, limits: Limits, period_ns: int) -> FrozenMap[str, RoomBody]:
    """Every robot after its actions, in the order of their ids."""
    solid = obstacles_of(world, limits)
    bodies: Dict[str, RoomBody] = dict(world.bodies)
    for agent, body in world.bodies.items():
        others = tuple(robot_row(other, limits) for name, other in bodies.items() if name != agent)
        around = Obstacles(solid.rows + others, solid.idents + (None,) * len(others))
        bodies[agent] = _act(tuple(actions.get(agent, ())), body, around, limits, period_ns)
    return FrozenMap(bodies)


def _act(
    actions: Tuple[Action, ...], body: RoomBody, around: Obstacles, limits: Limits, period_ns: int
) -> RoomBody:
    """One robot's step: its actions in turn, until the period is used up."""
    pan, tilt = body.pan_rad, body.tilt_rad
    at = Motion(body.x_m, body.y_m, body.yaw_rad, False)
    left_s = period_ns / 1e9
    touched: List[Optional[int]] = []
    for action in actions:
        if isinstance(action, Look):
            pan, tilt = limits.look(action)
            continue
        forward, turn, used_s = travel(action, left_s, limits)
        left_s -= used_s
        if forward != 0.0 or turn != 0.0:
            at = drive(at[:3], forward, turn, limits.radius_m, make_footprints(around.rows))
            touched += [around.idents[row] for row in at.touched]
    return RoomBody(at.x_m, at.y_m, at.yaw_rad, pan, tilt, bool(touched), _each_once(touched))


def _each_once(idents: List[Optional[int]]) -> Tuple[Optional[int], ...]:
    """The ids in ascending order, the building last."""
    known = sorted({ident for ident in idents if ident is not None})
    return (*known, None) if None in idents else tuple(known)
