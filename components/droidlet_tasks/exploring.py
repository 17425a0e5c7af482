"""Exploring: look around once, then walk to one frontier of the known floor after the other (Yamauchi 1997)."""

from __future__ import annotations

import math
from typing import Optional, Tuple

import numpy as np
from droidlet_geometry import clearance_penalty, distance_field, find_frontiers
from droidlet_schema import Action, Explore, OccupancyMap, evolve

from droidlet_tasks.body import BodyLimits
from droidlet_tasks.contract import Exploring, Outcome, Point, Progress, Scene, Step, Turned
from droidlet_tasks.planning import Ground, Route, ground_of, route_to_cell_near
from droidlet_tasks.turning import turn_on
from droidlet_tasks.walking import walk_on

_NEAR_M = 0.6  # two frontier points closer than this are one place
_MIN_FRONTIER_M = 0.35  # narrower gaps in the known floor are left alone


def step_explore(spec: Explore, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Explores until no frontier can be reached."""
    exploring = progress if isinstance(progress, Exploring) else Exploring()
    exploring, actions, done = explore_on(exploring, scene, limits)
    return Step(exploring, actions, outcome=Outcome("finished") if done else None, doing="exploring")


def explore_on(
    exploring: Exploring, scene: Scene, limits: BodyLimits
) -> Tuple[Exploring, Tuple[Action, ...], bool]:
    """One tick of exploration; True when there is nothing left to see."""
    look = exploring.look or Turned(2.0 * math.pi)
    look, actions = turn_on(look, scene, limits)
    exploring = evolve(exploring, look=look)
    if actions:
        return exploring, actions, False
    for _ in range(2):  # where one goal ends at once, the next is begun in the same tick
        goal = exploring.goal or choose_frontier(exploring, scene, limits)
        if goal is None:
            return exploring, (), True
        walked = walk_on(exploring.walk, _planner(goal, limits), scene, limits, (goal,))
        exploring = evolve(exploring, walk=walked.walk, goal=goal)
        if not walked.ended and not _seen_through(scene.inputs.map, goal):
            return exploring, walked.actions, False
        exploring = _next_goal(exploring, goal, walked.ended)
        if walked.ended == "arrived":
            return exploring, (), False
    return exploring, (), False


def _next_goal(exploring: Exploring, goal: Point, ended: str) -> Exploring:
    walk = evolve(exploring.walk, route=(), planned_ns=None, best_m=math.inf, best_ns=0)
    if not ended:
        return evolve(exploring, walk=walk, goal=None)
    look = Turned(2.0 * math.pi) if ended == "arrived" else exploring.look
    return evolve(exploring, walk=walk, goal=None, look=look, given_up=(*exploring.given_up, goal)[-64:])


def _planner(goal: Point, limits: BodyLimits):  # type: ignore[no-untyped-def]
    def plan(ground: Ground) -> Optional[Route]:
        path = route_to_cell_near(ground, ground.cells(np.array([goal]))[0], limits)
        return None if path is None else Route(path, True)

    return plan


def _seen_through(known: OccupancyMap, goal: Point) -> bool:
    """Whether nothing unknown is left around a frontier, so that walking there shows nothing new."""
    reach = max(1, round(0.3 / known.cell_m))
    column = math.floor((goal[0] - known.origin_x_m) / known.cell_m)
    row = math.floor((goal[1] - known.origin_y_m) / known.cell_m)
    around = known.evidence[
        max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1
    ]
    return bool(around.size == 0 or (around != 0).all())


def choose_frontier(exploring: Exploring, scene: Scene, limits: BodyLimits) -> Optional[Point]:
    """The frontier that is nearest to walk to, wide ones a little preferred; None when none can be reached."""
    ground = ground_of(scene.inputs.map, scene.inputs.pose, limits, (), exploring.walk.bumps)
    blocked = ground.blocked | ground.unknown
    blocked[ground.start] = False
    field = distance_field(
        blocked,
        np.array(ground.start),
        clearance_penalty(ground.blocked, max(0.25 / ground.cell_m, 1.0), 2.0),
    )
    evidence = np.where(ground.unknown, 0, np.where(ground.blocked, 1, -1)).astype(np.int8)
    frontiers = find_frontiers(evidence, np.isfinite(field), max(2, round(_MIN_FRONTIER_M / ground.cell_m)))
    best: Optional[Point] = None
    best_cost = math.inf
    for frontier in frontiers:
        point = ground.points(np.array([frontier.cell]))[0]
        cost = float(field[frontier.cell]) * ground.cell_m - 0.5 * min(frontier.size * ground.cell_m, 2.0)
        if cost < best_cost and not any(math.dist(point, old) < _NEAR_M for old in exploring.given_up):
            best, best_cost = point, cost
    return best
