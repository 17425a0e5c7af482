"""Routes to things, on small maps."""

import math

import numpy as np
import pytest

from droidlet_geometry import distance_field, find_frontiers
from droidlet_schema import OccupancyMap, Pose2, evolve
from droidlet_tasks import BodyLimits, TaskInputs
from droidlet_tasks.contract import Exploring, Scene, Walking
from droidlet_tasks.exploring import choose_frontier
from droidlet_tasks.planning import (
    Route,
    exploring_penalty,
    ground_of,
    route_to_box,
    route_to_point,
)
from droidlet_tasks.walking import walk_on

CELL_M = 0.1


def askew(turn_rad: float, half_m: tuple[float, float] = (0.4, 0.7)) -> tuple[OccupancyMap, np.ndarray]:
    """A free floor with one turned rectangle in its middle, and the places of what is occupied."""
    evidence = np.full((60, 60), -1, np.int8)
    rows, columns = np.indices(evidence.shape)
    x, y = (columns + 0.5) * CELL_M - 3.0, (rows + 0.5) * CELL_M - 3.0
    along = np.abs(x * math.cos(turn_rad) + y * math.sin(turn_rad))
    across = np.abs(y * math.cos(turn_rad) - x * math.sin(turn_rad))
    evidence[(along <= half_m[0]) & (across <= half_m[1])] = 1
    found = np.argwhere(evidence > 0)[:, ::-1] * CELL_M + CELL_M / 2
    return OccupancyMap(evidence, 0.0, 0.0, CELL_M), found


@pytest.mark.parametrize("turn_rad", [0.0, 0.5, 0.8, 2.1, 2.6])
@pytest.mark.parametrize("corner", [(0.4, 0.4), (5.6, 0.4), (0.4, 5.6), (5.6, 5.6), (3.0, 0.4)])
def test_a_thing_askew_is_walked_up_to_and_not_just_its_box(turn_rad, corner):
    known, body = askew(turn_rad)
    box = (*(body.min(axis=0) - 0.05), *(body.max(axis=0) + 0.05))
    limits = BodyLimits()
    route = route_to_box(ground_of(known, Pose2(*corner, 0.0), limits), tuple(map(float, box)), 0.6)
    assert route is not None and route.reached
    gap = np.hypot(*(body - np.array(route.points[-1])).T).min()
    assert limits.radius_m < gap <= 0.6 + CELL_M


def test_a_point_is_walked_to_itself_where_it_is_free():
    known, body = askew(0.5)
    limits = BodyLimits()
    ground = ground_of(known, Pose2(0.5, 0.5, 0.0), limits)
    free = route_to_point(ground, (5.03, 4.96), 0.3)
    assert free is not None and free.reached and math.dist(free.points[-1], (5.03, 4.96)) < CELL_M
    taken = route_to_point(ground, (3.0, 3.0), 0.3)
    assert taken is not None and not taken.reached


def test_a_way_that_is_shut_on_the_way_is_waited_for():
    known, limits, now_ns = askew(0.0)[0], BodyLimits(), 0
    pose, walk, routes = Pose2(0.5, 0.5, 0.0), Walking(), [Route(((5.0, 0.5),), True)]
    shut = Route(((1.0, 0.5),), False)

    def step(walk):
        inputs = TaskInputs(now_ns, pose, False, known)
        scene = Scene(inputs, None, True, 100_000_000)
        return walk_on(walk, lambda ground: routes[0], scene, limits, waits=1, near_enough=False)

    walk = step(walk).walk
    assert walk.route and walk.reached
    routes[0], now_ns = shut, now_ns + round(limits.replan_s * 1e9)
    walked = step(walk)
    assert walked.walk.look is not None and not walked.ended and walked.walk.tries == 1
    walk = evolve(walked.walk, look=None)
    walked = step(walk)  # it has waited: now it goes as near as it can get
    assert walked.walk.route == shut.points and not walked.walk.reached and walked.actions
    routes[0] = Route(((5.0, 0.5),), True)
    assert step(walk).walk.route == routes[0].points


def a_known_part(seed: int, corridor: bool) -> OccupancyMap:
    """A map of which blocks are known, with clutter; with a corridor, the frontiers lie far away."""
    rng = np.random.default_rng(seed)
    evidence = np.zeros((70, 180), np.int8)
    for _ in range(0 if corridor else 6):
        row, column = rng.integers(0, 50), rng.integers(0, 150)
        evidence[row : row + 20, column : column + 30] = -3
    evidence[28:42, 2 : 178 if corridor else 20] = -3
    evidence[rng.random(evidence.shape) < 0.004] = 5
    if corridor:
        evidence[26:28], evidence[42:44], evidence[26:44, :3] = 5, 5, 5
    evidence[33:37, 5:9] = -8
    return OccupancyMap(evidence, 0.0, 0.0, CELL_M)


@pytest.mark.parametrize("corridor", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_the_frontier_chosen_is_the_cheapest_of_all_however_far(seed, corridor):
    known, pose, limits = a_known_part(seed, corridor), Pose2(0.7, 3.5, 0.0), BodyLimits()
    ground = ground_of(known, pose, limits)
    field = distance_field(ground.blocked, np.array(ground.start), exploring_penalty(ground))
    evidence = np.where(ground.unknown, 0, np.where(ground.blocked, 1, -1)).astype(np.int8)
    costs = {}
    for frontier in find_frontiers(evidence, np.isfinite(field), 4):
        width = min(frontier.size * CELL_M, 2.0)
        costs[ground.points(np.array([frontier.cell]))[0]] = field[frontier.cell] * CELL_M - 0.5 * width
    scene = Scene(TaskInputs(0, pose, False, known), None, True, 0)
    chosen = choose_frontier(Exploring(), scene, limits)
    assert costs and chosen is not None
    assert costs[chosen] == min(costs.values())
    assert corridor == (min(costs.values()) > 8.0), "both near and far ones are tried"
    assert choose_frontier(Exploring(given_up=tuple(costs)), scene, limits) is None
