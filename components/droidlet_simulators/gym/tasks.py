"""Tasks: what an episode is about, its reward and its end, as frozen values with functions of what is sensed."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Protocol, Tuple, TypeVar

import attrs
import numpy as np
from gymnasium import spaces

from droidlet_geometry import distance_and_bearing
from droidlet_schema import Drive, Key, Observation, Pose2, evolve, fields_of, record
from droidlet_simulators.contract import Simulator
from droidlet_simulators.errors import SceneError, SimulatorError
from droidlet_simulators.gym.numbers import FARTHEST_M, Arrays

G = TypeVar("G")
_TRIES = 8


class Task(Protocol[G]):
    """What an agent is to do in an episode; all of it is drawn from the episode's key."""

    def goal(self, simulator: Simulator[Any], agent_id: str, scene: Any, key: Key) -> G:
        """An episode's goal, a value. `simulator` draws no pictures. Raises SceneError where there is none."""
        ...

    def told_space(self) -> Dict[str, spaces.Box]:
        """What of the goal the agent is told, by name."""
        ...

    def told(self, seen: Observation, goal: G) -> Arrays:
        """The same as numbers, as it is from where the agent is."""
        ...

    def reward(self, before: Observation, after: Observation, goal: G) -> float:
        """What a step is worth."""
        ...

    def terminated(self, seen: Observation, goal: G) -> bool:
        """Whether the episode has come to its end by itself."""
        ...

    def info(self, seen: Observation, goal: G) -> Dict[str, Any]:
        """For people: never an input of the policy."""
        ...


@record
class PointNavigation:
    """Reach a place, told as distance and bearing ("goal": m, rad, positive = left).

    The place is where a drawn walk through the same scene came farthest from the start, so it can be reached. A
    step is worth the metres that it came nearer, less `step_cost`; arriving within `reach_m` is worth
    `success_reward` more and ends the episode.
    """

    reach_m: float = 0.3
    least_m: float = 1.0  # how far the place is from the start, at least
    walk_steps: int = 60
    success_reward: float = 10.0
    step_cost: float = 0.01

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for numbers that make no task."""
        numbers = [getattr(self, name) for name in fields_of(PointNavigation)]
        sound = all(map(math.isfinite, numbers)) and self.reach_m > 0 and self.walk_steps > 0
        if not (sound and self.least_m > self.reach_m):
            raise ValueError(
                f"{self}: finite numbers, reach_m above 0 and below least_m, at least one walk step"
            )

    def goal(self, simulator: Simulator[Any], agent_id: str, scene: Any, key: Key) -> Pose2:
        """Where a drawn walk came farthest. Raises SceneError where no walk leads as far as `least_m`."""
        for attempt in key.split(_TRIES):
            start, *way = _wander(simulator, agent_id, scene, attempt, self.walk_steps)
            farthest = max(way, key=lambda at: math.hypot(at.x_m - start.x_m, at.y_m - start.y_m))
            if math.hypot(farthest.x_m - start.x_m, farthest.y_m - start.y_m) >= self.least_m:
                return evolve(farthest, yaw_rad=0.0)
        raise SceneError(
            f"in {_TRIES} walks of {self.walk_steps} steps {agent_id!r} came nowhere that is {self.least_m} m from "
            "its start: is it shut in?"
        )

    def told_space(self) -> Dict[str, spaces.Box]:
        """Distance and bearing."""
        low, high = np.array([0.0, -math.pi], np.float32), np.array([FARTHEST_M, math.pi], np.float32)
        return {"goal": spaces.Box(low, high, dtype=np.float32)}

    def told(self, seen: Observation, goal: Pose2) -> Arrays:
        """Distance and bearing from where the agent is."""
        distance, bearing = distance_and_bearing(seen.pose, goal.x_m, goal.y_m)
        edge = float(np.float32(math.pi))
        told = [min(distance, FARTHEST_M), max(-edge, min(edge, bearing))]
        return {"goal": np.array(told, np.float32)}

    def reward(self, before: Observation, after: Observation, goal: Pose2) -> float:
        """Metres nearer, less the cost of a step, and more on arrival."""
        nearer = _distance(before, goal) - _distance(after, goal)
        return nearer - self.step_cost + (self.success_reward if self.terminated(after, goal) else 0.0)

    def terminated(self, seen: Observation, goal: Pose2) -> bool:
        """Whether the agent is there."""
        return _distance(seen, goal) <= self.reach_m

    def info(self, seen: Observation, goal: Pose2) -> Dict[str, Any]:
        """How far it is, and whether it is done."""
        return {"distance_m": _distance(seen, goal), "success": self.terminated(seen, goal)}


def _distance(seen: Observation, goal: Pose2) -> float:
    return math.hypot(seen.pose.x_m - goal.x_m, seen.pose.y_m - goal.y_m)


def _wander(simulator: Simulator[Any], agent_id: str, scene: Any, key: Key, steps: int) -> Tuple[Pose2, ...]:
    """Where an agent is along a walk: ahead in gentle curves; where it is held up, back, aside and ahead again."""
    reset_key, way_key = key.split(2)
    observations, world = simulator.reset(scene, reset_key)
    draws = way_key.generator()
    at: List[Pose2] = [observations[agent_id].pose]
    planned: List[Drive] = []
    aside = 0  # steps back and aside that are still to come
    for _ in range(steps):
        if observations[agent_id].collided and aside <= 0:
            way = float(draws.choice((-1.5, 1.5)))
            planned = [Drive(-0.5, 0.0)] * 3 + [Drive(0.0, way)] * int(draws.integers(4, 16))
            aside = len(planned)
        if not planned:
            planned = [Drive(0.5, float(draws.uniform(-0.5, 0.5)))] * 10
        observations, world = simulator.step({agent_id: (planned.pop(0),)}, world)
        aside -= 1
        at.append(observations[agent_id].pose)
    return tuple(at)


def blind(simulator: Any) -> Any:
    """The same simulator without cameras, for what needs no pictures; one that has no `agents` as it is."""
    agents = getattr(simulator, "agents", None)
    if not attrs.has(type(simulator)) or not isinstance(agents, tuple):
        return simulator
    bare = tuple(evolve(agent, cameras=()) for agent in agents)
    try:
        return attrs.evolve(simulator, agents=bare)
    except (SimulatorError, TypeError):
        return simulator
