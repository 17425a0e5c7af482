"""Exploring: look around, then walk to one frontier of the known floor after the other (Yamauchi 1997)."""

from __future__ import annotations

import math
from typing import Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import connected_components, distance_field, find_frontiers
from droidlet_schema import Action, Explore, OccupancyMap, evolve
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.contract import Exploring, Outcome, Point, Progress, Scene, Step, Turned, Walking
from droidlet_tasks.planning import Ground, Route, exploring_penalty, ground_of, route_to_cell_near
from droidlet_tasks.turning import turn_on
from droidlet_tasks.walking import Planner, walk_on

_NEAR_M = 0.6  # two frontier points closer than this are one place
_TRIES = 3  # looks around before it believes that somebody stands in the way for good
_ONCE_AROUND = Turned(2.0 * math.pi)
_MIN_FRONTIER_M = 0.35  # narrower gaps in the known floor are left alone
_WIDE_M = 2.0  # wider ones are as good as this
_FIRST_LOOK_M = 8.0  # ways (dearer near things) so long are looked at before all of them are


def step_explore(spec: Explore, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Explores until no frontier can be reached."""
    exploring = progress if isinstance(progress, Exploring) else Exploring()
    exploring, actions, done = explore_on(exploring, scene, limits)
    return Step(exploring, actions, outcome=Outcome("finished") if done else None, doing="exploring")


def explore_on(
    exploring: Exploring, scene: Scene, limits: BodyLimits
) -> Tuple[Exploring, Tuple[Action, ...], bool]:
    """One tick of exploration; True when there is nothing left to see."""
    if exploring.look is not None:
        look, actions = turn_on(exploring.look, scene, limits)
        exploring = evolve(exploring, look=look if actions else None)
        if actions:
            return exploring, actions, False
    if exploring.goal is None:  # a tick of its own: the way there is planned in the next one
        goal = choose_frontier(exploring, scene, limits)
        if goal is not None:
            return evolve(exploring, goal=goal), (), False
        done = exploring.tries >= _TRIES or (not exploring.shut and exploring.tries > 0)
        again = evolve(exploring, look=_ONCE_AROUND, shut=(), tries=exploring.tries + 1)
        return again, (), done
    goal = exploring.goal
    walked = walk_on(exploring.walk, _planner(goal), scene, limits, also=(goal,))
    exploring = evolve(exploring, walk=walked.walk, tries=0)
    if walked.ended:
        return _next_goal(exploring, goal, walked.ended), walked.actions, False
    if _seen_through(scene.inputs.map, goal):
        exploring = evolve(exploring, walk=Walking(bumps=exploring.walk.bumps))
        exploring = evolve(exploring, goal=choose_frontier(exploring, scene, limits))
    return exploring, walked.actions, False


def _next_goal(exploring: Exploring, goal: Point, ended: str) -> Exploring:
    exploring = evolve(exploring, walk=Walking(bumps=exploring.walk.bumps), goal=None)
    if ended == "arrived":
        return evolve(exploring, look=_ONCE_AROUND, given_up=(*exploring.given_up, goal)[-64:])
    return evolve(exploring, shut=(*exploring.shut, goal)[-64:])


def _planner(goal: Point) -> Planner:
    def plan(ground: Ground) -> Optional[Route]:
        path = route_to_cell_near(ground, ground.cells(np.array([goal]))[0])
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
    """The frontier that is nearest to walk to, wide ones a little preferred; None: none can be reached."""
    ground = ground_of(scene.inputs.map, scene.inputs.pose, limits, (), exploring.walk.bumps)
    evidence = np.where(ground.unknown, 0, np.where(ground.blocked, 1, -1)).astype(np.int8)
    least = max(2, round(_MIN_FRONTIER_M / ground.cell_m))
    left_alone = exploring.given_up + exploring.shut
    open_ = []
    for frontier in find_frontiers(evidence, _reachable(ground), least):
        point = ground.points(np.array([frontier.cell]))[0]
        if not any(math.dist(point, old) < _NEAR_M for old in left_alone):
            open_.append((frontier.cell, point, 0.5 * min(frontier.size * ground.cell_m, _WIDE_M)))
    penalty = exploring_penalty(ground) if open_ else None
    for within_m in (_FIRST_LOOK_M, math.inf) if open_ else ():
        field = distance_field(ground.blocked, ground.start, penalty, within_m / ground.cell_m)
        cost, best = min((float(field[cell]) * ground.cell_m - bonus, point) for cell, point, bonus in open_)
        if cost <= within_m - 0.5 * _WIDE_M:  # none further away can be cheaper
            return best
    return None


def _reachable(ground: Ground) -> NDArray[np.bool_]:
    """The cells that the body can get to; diagonal steps reach nothing that straight ones do not."""
    labels, _ = connected_components(~ground.blocked, connectivity=4)
    return np.asarray(labels == labels[ground.start])
