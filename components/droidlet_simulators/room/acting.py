"""What the robots do within one step, one after the other, each seeing where the others now are."""

from __future__ import annotations

from typing import List, Mapping, NamedTuple, Optional, Sequence, Tuple

from droidlet_schema import Action, Close, Look, Open, PickUp, PutDown, evolve
from droidlet_simulators.contract import Actions
from droidlet_simulators.room.classes import check_names
from droidlet_simulators.room.footprint import Row, footprint_row, make_footprints, stands_below, wall_rows
from droidlet_simulators.room.hands import put, take
from droidlet_simulators.room.leaves import tell_leaves
from droidlet_simulators.room.limits import Limits, travel
from droidlet_simulators.room.motion import drive
from droidlet_simulators.room.world import RoomBody, RoomWorld, leaves_of, people_rows, robot_row
from droidlet_simulators.scene import Scene


class Obstacles(NamedTuple):
    """Footprints of what is in the way, and whose they are."""

    rows: Tuple[Row, ...]
    idents: Tuple[Optional[int], ...]  # None: the building, or another robot


def fixed_obstacles(scene: Scene, limits: Limits) -> Obstacles:
    """What stands in a robot's way and does not move by itself."""
    walls = wall_rows(scene, limits.height_m)
    things = [thing for thing in scene.objects if stands_below(thing, limits.height_m)]
    rows = walls + tuple(footprint_row(thing) for thing in things)
    return Obstacles(rows, (None,) * len(walls) + tuple(thing.id for thing in things))


def moving_obstacles(world: RoomWorld, limits: Limits) -> Obstacles:
    """People, doors and lids."""
    people = [
        (row, walker.body.id)
        for walker, row in zip(world.scene.people, people_rows(world))
        if stands_below(walker.body, limits.height_m)
    ]
    leaves = [
        (footprint_row(leaf), leaf.id) for leaf in leaves_of(world) if stands_below(leaf, limits.height_m)
    ]
    rows = (*people, *leaves)
    return Obstacles(tuple(row for row, _ in rows), tuple(ident for _, ident in rows))


def other_robots(bodies: Mapping[str, RoomBody], agent: str, limits: Limits) -> Obstacles:
    """All robots but one."""
    rows = tuple(robot_row(other, limits) for name, other in bodies.items() if name != agent)
    return Obstacles(rows, (None,) * len(rows))


def obstacles_of(world: RoomWorld, agent: str, limits: Limits) -> Obstacles:
    """All that a robot could run into."""
    fixed, moving = fixed_obstacles(world.scene, limits), moving_obstacles(world, limits)
    others = other_robots(world.bodies, agent, limits)
    return Obstacles(fixed.rows + others.rows + moving.rows, fixed.idents + others.idents + moving.idents)


def act_all(actions: Actions, world: RoomWorld, limits: Limits, period_ns: int) -> RoomWorld:
    """The world after every robot's actions, in the order of their ids. Raises UnknownObject, PlacementError."""
    for agent in world.bodies:
        world = _act(tuple(actions.get(agent, ())), agent, world, limits, period_ns)
    return world


def _act(
    actions: Tuple[Action, ...], agent: str, world: RoomWorld, limits: Limits, period_ns: int
) -> RoomWorld:
    """One robot's step: its actions in turn, until the period is used up. What the hand does takes no time."""
    left_s = period_ns / 1e9
    around: Optional[Obstacles] = None
    touched: List[Optional[int]] = []
    body = world.bodies[agent]
    for action in actions:
        if isinstance(action, Look):
            pan, tilt = limits.look(action)
            body = evolve(body, pan_rad=pan, tilt_rad=tilt)
        elif isinstance(action, (PickUp, PutDown, Open, Close)):
            world = _handle(action, agent, evolve(world, bodies=world.bodies.set(agent, body)), limits)
            body, around = world.bodies[agent], None
        else:
            forward, turn, used_s = travel(action, left_s, limits)
            left_s -= used_s
            if forward != 0.0 or turn != 0.0:
                around = around or obstacles_of(world, agent, limits)
                start, girth = (body.x_m, body.y_m, body.yaw_rad), robot_row(body, limits)[5]
                at = drive(start, forward, turn, girth, make_footprints(around.rows))
                touched += [around.idents[row] for row in at.touched]
                body = evolve(body, x_m=at.x_m, y_m=at.y_m, yaw_rad=at.yaw_rad)
    body = evolve(body, collided=bool(touched), touched=each_once(touched))
    return evolve(world, bodies=world.bodies.set(agent, body))


def _handle(action: Action, agent: str, world: RoomWorld, limits: Limits) -> RoomWorld:
    """What the hand does. Raises UnknownObject for things that no room knows: a world may come from elsewhere."""
    for thing in world.scene.objects:
        check_names(thing)
    if isinstance(action, PickUp):
        return take(world, agent, action.object_id, limits)
    if isinstance(action, PutDown):
        return put(world, agent, action.place, limits)
    if isinstance(action, (Open, Close)):
        goal = 1.0 if isinstance(action, Open) else 0.0
        return evolve(world, swings=tell_leaves(world, world.bodies[agent], action.object_id, goal, limits))
    return world


def each_once(idents: Sequence[Optional[int]]) -> Tuple[Optional[int], ...]:
    """The ids in ascending order, the building last."""
    known = sorted({ident for ident in idents if ident is not None})
    return (*known, None) if None in idents else tuple(known)
