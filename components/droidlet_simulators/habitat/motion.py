"""An agent's step: continuous ways over the navmesh, within the limits of its body."""

from __future__ import annotations

import math
from typing import Dict, Tuple

from droidlet_schema import Action, FrozenMap, Look, evolve
from droidlet_simulators.contract import Actions
from droidlet_simulators.habitat.axes import Triple
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.navmesh import stride
from droidlet_simulators.habitat.values import HabitatAgent, HabitatWorld
from droidlet_simulators.room.limits import Limits, travel
from droidlet_simulators.scene import Scene

_STRIDE_M = 0.02  # an arc is cut into pieces of at most this


def act_all(
    engine: Engine, actions: Actions, world: HabitatWorld, limits: Limits, period_ns: int
) -> FrozenMap[str, HabitatAgent]:
    """All agents after their actions, one after the other by id, each stopped by where the others now are."""
    bodies: Dict[str, HabitatAgent] = dict(world.agents)
    for agent, body in world.agents.items():
        others = tuple(other for name, other in bodies.items() if name != agent)
        bodies[agent] = _act(engine, body, tuple(actions.get(agent, ())), limits, period_ns, others)
    return FrozenMap(bodies)


def _act(
    engine: Engine,
    body: HabitatAgent,
    actions: Tuple[Action, ...],
    limits: Limits,
    period_ns: int,
    others: Tuple[HabitatAgent, ...],
) -> HabitatAgent:
    """One agent's actions in turn, until the period is used up."""
    left_s = period_ns / 1e9
    body = evolve(body, collided=False)
    for action in actions:
        if isinstance(action, Look):
            pan, tilt = limits.look(action)
            body = evolve(body, pan_rad=pan, tilt_rad=tilt)
            continue
        forward, turn, used_s = travel(action, left_s, limits)
        left_s -= used_s
        if forward != 0.0 or turn != 0.0:
            body = _drive(engine, body, forward, turn, others)
    return body


def _drive(
    engine: Engine, body: HabitatAgent, forward_m: float, turn_rad: float, others: Tuple[HabitatAgent, ...]
) -> HabitatAgent:
    """Along an arc; half of each piece's turn comes before it and half after."""
    x, y, z, yaw = body.x_m, body.y_m, body.z_m, body.yaw_rad
    pieces = max(1, math.ceil(abs(forward_m) / _STRIDE_M))
    level = isinstance(engine.build.scene, Scene)  # a navmesh lies up to a cell above the floor that it is of
    held = False
    for _ in range(pieces):
        yaw += turn_rad / (2 * pieces)
        if forward_m != 0.0:
            step = forward_m / pieces
            goal = (x + step * math.cos(yaw), y + step * math.sin(yaw), z)
            end, short = stride(engine, (x, y, z), goal)
            blocked = in_the_way((x, y, z), end, others, engine.build.radius_m, engine.build.height_m)
            if not blocked:
                x, y, z = (end[0], end[1], z if level else end[2])
            held = held or short or blocked
        yaw += turn_rad / (2 * pieces)
    yaw = math.remainder(yaw, 2 * math.pi)
    return evolve(body, x_m=x, y_m=y, z_m=z, yaw_rad=yaw, collided=body.collided or held)


def in_the_way(
    here: Triple, there: Triple, others: Tuple[HabitatAgent, ...], radius_m: float, height_m: float
) -> bool:
    """Whether a step brings an agent into another one; Habitat lets them through each other."""
    for other in others:
        if abs(other.z_m - here[2]) > height_m:
            continue
        before = math.hypot(here[0] - other.x_m, here[1] - other.y_m)
        after = math.hypot(there[0] - other.x_m, there[1] - other.y_m)
        if after < 2 * radius_m and after < before:
            return True
    return False
