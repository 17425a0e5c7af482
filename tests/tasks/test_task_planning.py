"""Routes to things, on small maps."""

import math

import numpy as np
import pytest

from droidlet_schema import OccupancyMap, Pose2, evolve
from droidlet_tasks import BodyLimits, TaskInputs
from droidlet_tasks.contract import Scene, Walk
from droidlet_tasks.planning import Route, ground_of, route_to_box, route_to_point
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
    pose, walk, routes = Pose2(0.5, 0.5, 0.0), Walk(), [Route(((5.0, 0.5),), True)]
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
