"""Many worlds stepped at once: what one step does to each, to the bit.

Worlds that share a scene share its obstacles and its backdrop, their robots and people are moved side by side, and
their pictures are taken one after the other. Where a hand has something to do, a world takes its step alone.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

from droidlet_schema import Action, Close, FrozenMap, Look, Observation, Open, PickUp, PutDown
from droidlet_simulators.contract import Actions, AgentSpec, Observations
from droidlet_simulators.room.acting import (
    Obstacles,
    each_once,
    fixed_obstacles,
    moving_obstacles,
    other_robots,
)
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.drives import drive_many, side_by_side
from droidlet_simulators.room.eyes import Eye, camera_of
from droidlet_simulators.room.figures import moving_of
from droidlet_simulators.room.footprint import Footprints, Row, make_footprints, object_rows
from droidlet_simulators.room.hinges import leaf_at
from droidlet_simulators.room.limits import Limits, travel
from droidlet_simulators.room.motion import may_go, next_place, turned_back
from droidlet_simulators.room.pack import thing_primitives
from droidlet_simulators.room.primitives import Primitives
from droidlet_simulators.room.render import Shot
from droidlet_simulators.room.sense import observation_of
from droidlet_simulators.room.skeleton import sits
from droidlet_simulators.room.stage import Backdrop, actors_of, backdrop_of, shot_of
from droidlet_simulators.room.walking import PERSON_KEEPS_M
from droidlet_simulators.room.world import RoomBody, RoomWorld, Stroll, Swing, people_rows, robot_row
from droidlet_simulators.scene import Leaf

_FAR: Row = (1e9, 1e9, 0.0, 0.0, 0.0, 0.0)
"""What nothing ever comes near."""
_HANDS = (PickUp, PutDown, Open, Close)


def uses_hands(actions: Actions) -> bool:
    """Whether any of the actions changes more than where the robots are."""
    return any(isinstance(action, _HANDS) for wanted in actions.values() for action in wanted)


def same_scenes(worlds: Sequence[RoomWorld]) -> List[List[int]]:
    """The numbers of the worlds that hold one and the same scene."""
    groups: List[List[int]] = []
    for number, world in enumerate(worlds):
        mine = next((group for group in groups if worlds[group[0]].scene is world.scene), None)
        if mine is None:
            groups.append([number])
        else:
            mine.append(number)
    return groups


def _tables(rows: Sequence[Sequence[Row]]) -> Footprints:
    """One table of footprints (N, D) from up to D rows for each of N."""
    most = max(len(own) for own in rows)
    full = [own if len(own) == most else (*own, *[_FAR] * (most - len(own))) for own in rows]
    table = np.array(full, np.float64).reshape(len(rows), most, 6)
    yaw = table[..., 4]
    return Footprints(table[..., 0:2], table[..., 2:4], np.cos(yaw), np.sin(yaw), table[..., 5])


class _Way(NamedTuple):
    """What the actions of one robot come to: metres and radians of each drive in turn, and the neck."""

    drives: List[Tuple[float, float]]
    pan_rad: float
    tilt_rad: float


def _way(actions: Sequence[Action], body: RoomBody, limits: Limits, period_ns: int) -> _Way:
    left_s, drives = period_ns / 1e9, []
    pan, tilt = body.pan_rad, body.tilt_rad
    for action in actions:
        if isinstance(action, Look):
            pan, tilt = limits.look(action)
            continue
        forward, turn, used_s = travel(action, left_s, limits)
        left_s -= used_s
        if forward != 0.0 or turn != 0.0:
            drives.append((forward, turn))
    return _Way(drives, pan, tilt)


def act_many(
    actions: Sequence[Actions], worlds: Sequence[RoomWorld], limits: Limits, period_ns: int
) -> List[FrozenMap[str, RoomBody]]:
    """The robots of worlds with one scene after their actions, none of which is a hand's; see `acting.act_all`."""
    fixed = fixed_obstacles(worlds[0].scene, limits)
    prints = make_footprints(fixed.rows)
    moving = [moving_obstacles(world, limits) for world in worlds]
    bodies: List[Dict[str, RoomBody]] = [dict(world.bodies) for world in worlds]
    for agent in worlds[0].bodies:
        ways = [
            _way(wanted.get(agent, ()), own[agent], limits, period_ns) for wanted, own in zip(actions, bodies)
        ]
        others = [other_robots(own, agent, limits) for own in bodies]
        around = [Obstacles(o.rows + m.rows, o.idents + m.idents) for o, m in zip(others, moving)]
        for own, after in zip(
            bodies, _driven([b[agent] for b in bodies], ways, prints, fixed, around, limits)
        ):
            own[agent] = after
    return [FrozenMap(own) for own in bodies]


def _driven(
    bodies: Sequence[RoomBody],
    ways: Sequence[_Way],
    prints: Footprints,
    fixed: Obstacles,
    around: Sequence[Obstacles],
    limits: Limits,
) -> List[RoomBody]:
    """One robot of each world after its drives."""
    places = [(body.x_m, body.y_m, body.yaw_rad) for body in bodies]
    touched: List[List[int]] = [[] for _ in bodies]
    for turn in range(max(len(way.drives) for way in ways)):
        who = [i for i, way in enumerate(ways) if turn < len(way.drives)]
        moved = drive_many(
            [places[i] for i in who],
            [ways[i].drives[turn][0] for i in who],
            [ways[i].drives[turn][1] for i in who],
            [robot_row(bodies[i], limits)[5] for i in who],
            side_by_side(prints, _tables([around[i].rows for i in who])),
        )
        for i, at in zip(who, moved):
            places[i] = at[:3]
            touched[i] += at.touched
    after = []
    for body, place, way, rows, own in zip(bodies, places, ways, touched, around):
        idents = each_once([(fixed.idents + own.idents)[row] for row in rows]) if rows else ()
        after.append(RoomBody(*place, way.pan_rad, way.tilt_rad, bool(rows), idents, body.held))
    return after


def walk_many(
    worlds: Sequence[RoomWorld],
    robots: Sequence[FrozenMap[str, RoomBody]],
    swings: Sequence[FrozenMap[int, Swing]],
    limits: Limits,
    period_ns: int,
) -> List[Tuple[Stroll, ...]]:
    """The people of worlds with one scene one period later, among the robots and leaves as they now are.

    See `walking.walk`.
    """
    people = worlds[0].scene.people
    strolls = [list(world.strolls) for world in worlds]
    if not any(len(walker.route) > 1 for walker in people):
        return [world.strolls for world in worlds]
    prints = make_footprints(fixed_obstacles(worlds[0].scene, limits).rows)
    bodies = [list(people_rows(world)) for world in worlds]
    leaves = worlds[0].scene.leaves
    around = [_robots_and_leaves(own, leaves, parts, limits) for own, parts in zip(robots, swings)]
    for number, walker in enumerate(people):
        who = [i for i, w in enumerate(worlds) if sits(walker.gestures, w.now_ns / 1e9) == 0.0]
        if len(walker.route) < 2 or not who:
            continue
        length = walker.speed_m_s * period_ns / 1e9
        old = [strolls[i][number] for i in who]
        new = [next_place(at, walker.route, length) for at in old]
        others = side_by_side(
            prints, _tables([(*around[i], *bodies[i][:number], *bodies[i][number + 1 :]) for i in who])
        )
        places = [np.array([(at.x_m, at.y_m) for at in some]) for some in (old, new)]
        free = may_go(places[0], places[1], bodies[0][number][5], others, PERSON_KEEPS_M)
        for i, before, ahead, may in zip(who, old, new, free.tolist()):
            at = ahead if may else turned_back(before, walker.route)
            strolls[i][number] = at
            bodies[i][number] = (at.x_m, at.y_m, *bodies[i][number][2:])
    return [tuple(some) for some in strolls]


def _robots_and_leaves(
    bodies: FrozenMap[str, RoomBody], leaves: Sequence[Leaf], swings: FrozenMap[int, Swing], limits: Limits
) -> Tuple[Row, ...]:
    robots = tuple(robot_row(body, limits) for body in bodies.values())
    now = tuple(leaf_at(leaf, swings[leaf.body.id].part) for leaf in leaves)
    return robots + object_rows(now, limits.height_m)


def sense_many(
    worlds: Sequence[RoomWorld],
    agents: Sequence[AgentSpec],
    eyes: Mapping[str, Tuple[Eye, ...]],
    limits: Limits,
) -> List[Observations]:
    """What the agents of worlds with one scene sense; see `sense.sense`."""
    back = backdrop_of(worlds[0].scene)
    painted = _moving_tables(worlds, back) if any(eyes.values()) else []
    seen: List[Dict[str, Observation]] = [{} for _ in worlds]
    for agent in agents:
        own_eyes = eyes[agent.id]
        shots: List[Shot] = []
        for world, table in zip(worlds, painted) if own_eyes else ():
            robots = [body for name, body in world.bodies.items() if name != agent.id]
            shots.append(shot_of(back, [table, *actors_of(world, robots, limits)]))
        pictures = [
            eye.draw(
                eye.lens,
                [
                    shot._replace(camera=camera_of(world.bodies[agent.id], eye.spec))
                    for shot, world in zip(shots, worlds)
                ],
                eye.spec.pictures,
            )
            for eye in own_eyes
        ]
        for number, world in enumerate(worlds):
            own = [taken[number] for taken in pictures]
            seen[number][agent.id] = observation_of(world, agent, own_eyes, own)
    return [FrozenMap(own) for own in seen]


def _moving_tables(worlds: Sequence[RoomWorld], back: Backdrop) -> List[Primitives]:
    """What moves in each world."""
    moving = [moving_of(world) for world in worlds]
    things = [thing for own in moving for thing in own.things]
    paints = back.rows(things) if back.painted else None
    table = thing_primitives(things, paints, [place for own in moving for place in own.places])
    sizes = [sum(len(KINDS[thing.class_name].parts) for thing in own.things) for own in moving]
    ends = np.cumsum([0, *sizes]).tolist()
    return [Primitives(*(column[a:b] for column in table)) for a, b in zip(ends, ends[1:])]
