"""Routes to things, on small maps."""

import math

import numpy as np
import pytest

from droidlet_schema import OccupancyMap, Pose2
from droidlet_tasks import BodyLimits
from droidlet_tasks.planning import ground_of, route_to_box

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
    route = route_to_box(ground_of(known, Pose2(*corner, 0.0), limits), tuple(map(float, box)), 0.6, limits)
    assert route is not None and route.reached
    gap = np.hypot(*(body - np.array(route.points[-1])).T).min()
    assert limits.radius_m < gap <= 0.6 + CELL_M
