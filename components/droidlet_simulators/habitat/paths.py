"""Ways over the navmesh: how far it is, what to do to get there, and places where one can stand."""

from __future__ import annotations

import math
from typing import Any, List, Tuple, Union

from droidlet_schema import Key, Move, Pose2, Turn
from droidlet_simulators.errors import SceneError, SimulatorError, UnknownAgent
from droidlet_simulators.habitat.axes import house_point
from droidlet_simulators.habitat.checks import check_world
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.navmesh import pathfinder_of, point, snapped
from droidlet_simulators.habitat.simulator import HabitatSimulator
from droidlet_simulators.habitat.starting import seed_of
from droidlet_simulators.habitat.values import HabitatWorld

_FORWARD_M, _TURN_RAD = 0.25, math.radians(10.0)  # what Habitat's own follower counts in
_TRIES = 16


def geodesic_distance(
    simulator: HabitatSimulator, world: HabitatWorld, agent_id: str, x_m: float, y_m: float, z_m: float = 0.0
) -> float:
    """Metres along the shortest way from an agent to a place; infinite where there is none.

    Raises SimulatorError for a scene without a navmesh, or a place that is no finite numbers.
    """
    _check(simulator, world, agent_id, (x_m, y_m, z_m))
    with simulator.using(world) as engine:
        finder = _finder(engine)
        body = world.agents[agent_id]
        path = engine.library.habitat_sim.ShortestPath()
        path.requested_start = point((body.x_m, body.y_m, body.z_m))
        path.requested_end = point((x_m, y_m, z_m))
        return float(path.geodesic_distance) if finder.find_path(path) else math.inf


def greedy_actions(
    simulator: HabitatSimulator,
    world: HabitatWorld,
    agent_id: str,
    x_m: float,
    y_m: float,
    z_m: float = 0.0,
    goal_radius_m: float = 0.3,
) -> Tuple[Union[Move, Turn], ...]:
    """What an agent does to get near a place, one action for each step; Habitat's greedy follower plans it.

    Raises SimulatorError where no way leads there.
    """
    _check(simulator, world, agent_id, (x_m, y_m, z_m, goal_radius_m))
    if not goal_radius_m > 0.0:
        raise SimulatorError(f"goal_radius_m is {goal_radius_m}: above 0")
    with simulator.using(world) as engine:
        _finder(engine)
        goal = snapped(engine, (x_m, y_m, z_m))
        if goal is None:
            raise SimulatorError(f"({x_m}, {y_m}, {z_m}) is nowhere near the floor")
        number = simulator.spec.agent_ids.index(agent_id)
        engine.stand(number, agent_id, world.agents[agent_id])
        follower = engine.sim.make_greedy_follower(number, goal_radius=float(goal_radius_m))
        try:
            keys = list(follower.find_path(point(goal)))
        except engine.library.habitat_sim.errors.GreedyFollowerError as error:
            raise SimulatorError(f"no way leads {agent_id!r} to ({x_m}, {y_m}, {z_m})") from error
    return tuple(action for key in keys if key is not None for action in _steps(simulator, str(key)))


def _steps(simulator: HabitatSimulator, key: str) -> List[Union[Move, Turn]]:
    """One of Habitat's actions as steps that each fit into a period."""
    period_s = simulator.period_ns / 1e9
    if key == "move_forward":
        count = math.ceil(_FORWARD_M / (simulator.limits.forward_m_s * period_s))
        return [Move(_FORWARD_M / count)] * count
    sign = {"turn_left": 1.0, "turn_right": -1.0}.get(key)
    if sign is None:
        raise SimulatorError(f"Habitat's follower wants {key!r}: only its own three actions are known")
    count = math.ceil(_TURN_RAD / (simulator.limits.turn_rad_s * period_s))
    return [Turn(sign * _TURN_RAD / count)] * count


def random_place(simulator: HabitatSimulator, world: HabitatWorld, key: Key) -> Pose2:
    """A place where an agent can stand, with a heading; the same key gives the same one.

    Raises SceneError where Habitat finds none.
    """
    check_world(world, simulator.spec.agent_ids, simulator.limits)
    place_key, heading_key = key.split(2)
    with simulator.using(world) as engine:
        finder = _finder(engine)
        for attempt in place_key.split(_TRIES):
            engine.sim.seed(seed_of(attempt))  # at once: all of a process draw from the same numbers
            place = house_point(finder.get_random_navigable_point())
            if all(map(math.isfinite, place)):
                return Pose2(place[0], place[1], heading_key.generator().uniform(-math.pi, math.pi))
    raise SceneError(f"Habitat found no place to stand in {_TRIES} tries")


def _check(simulator: HabitatSimulator, world: HabitatWorld, agent_id: str, place: Tuple[float, ...]) -> None:
    check_world(world, simulator.spec.agent_ids, simulator.limits)
    if agent_id not in world.agents:
        raise UnknownAgent(f"agent_id is {agent_id!r}: this world has {', '.join(world.agents)}")
    if not all(isinstance(n, (int, float)) and math.isfinite(n) for n in place):
        raise SimulatorError(f"the place is {place}: finite numbers")


def _finder(engine: Engine) -> Any:
    finder = pathfinder_of(engine)
    if finder is None:
        raise SimulatorError("navmesh of the scene is 'none': without one there are no ways")
    return finder
