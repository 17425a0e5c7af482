"""How robots and people move on the floor without passing through anything."""

from __future__ import annotations

import math
from typing import NamedTuple, Set, Tuple

import numpy as np

from droidlet_simulators.room.footprint import Footprints, gaps
from droidlet_simulators.room.world import Stroll

STRIDE_M = 0.02  # a move is cut into pieces of at most this: much thinner than any obstacle or robot
SKIN_M = 1e-6  # kept between a body and what it slides along
PUSHES = 6


class Motion(NamedTuple):
    """Where a body got to, whether something held it up, and which footprints it touched (their rows)."""

    x_m: float
    y_m: float
    yaw_rad: float
    collided: bool
    touched: Tuple[int, ...] = ()


def drive(
    start: Tuple[float, float, float],
    forward_m: float,
    turn_rad: float,
    radius_m: float,
    prints: Footprints,
) -> Motion:
    """Moves a disc along an arc of the given length and turn; it slides along what is in the way.

    A body that begins outside all footprints ends outside all of them.
    """
    x, y, yaw = start
    if forward_m == 0.0:
        return Motion(x, y, wrap(yaw + turn_rad), False)
    rows, near = _near(x, y, prints, radius_m + abs(forward_m) + 0.01)
    pieces = max(1, math.ceil(abs(forward_m) / STRIDE_M))
    touched: Set[int] = set()
    for _ in range(pieces):
        yaw += turn_rad / (2 * pieces)
        step = (forward_m / pieces * math.cos(yaw), forward_m / pieces * math.sin(yaw))
        x, y = _slide((x, y), step, radius_m, near, touched)
        yaw += turn_rad / (2 * pieces)
    return Motion(x, y, wrap(yaw), bool(touched), tuple(int(rows[row]) for row in sorted(touched)))


def _near(x: float, y: float, prints: Footprints, reach_m: float) -> Tuple[np.ndarray, Footprints]:
    """The footprints that a body at x, y could touch, and which rows they are."""
    if len(prints.rim_m) == 0:
        return np.zeros(0, np.int64), prints
    rows = np.flatnonzero(gaps(np.array([[x, y]]), prints)[0][0] < reach_m)
    return rows, Footprints(*(column[rows] for column in prints))


def _slide(
    at: Tuple[float, float],
    step: Tuple[float, float],
    radius_m: float,
    prints: Footprints,
    touched: Set[int],
) -> Tuple[float, float]:
    """One small step, pushed out of what it enters; where pushing does not help the body stays.

    The rows that it was pushed out of are added to `touched`.
    """
    point = np.array([[at[0] + step[0], at[1] + step[1]]])
    if len(prints.rim_m) == 0:
        return float(point[0, 0]), float(point[0, 1])
    for _ in range(PUSHES):
        gap, way = gaps(point, prints)
        worst = int(np.argmin(gap[0]))
        if gap[0, worst] >= radius_m:
            return float(point[0, 0]), float(point[0, 1])
        touched.add(worst)
        point = point + way[0, worst] * (radius_m + SKIN_M - gap[0, worst])
    return at


def wrap(angle_rad: float) -> float:
    """The angle between -pi and pi."""
    return math.remainder(angle_rad, 2 * math.pi)


def stroll(
    at: Stroll,
    route: Tuple[Tuple[float, float], ...],
    length_m: float,
    radius_m: float,
    others: Footprints,
    keep_m: float,
) -> Stroll:
    """A person's next place on the route; turns back where it would come within keep_m of anything."""
    if len(route) < 2:
        return at
    ahead = next_place(at, route, length_m)
    places = np.array([[at.x_m, at.y_m]]), np.array([[ahead.x_m, ahead.y_m]])
    return ahead if may_go(*places, radius_m, others, keep_m)[0] else turned_back(at, route)


def next_place(at: Stroll, route: Tuple[Tuple[float, float], ...], length_m: float) -> Stroll:
    """Where a person on a route of at least two points gets to when nothing is in the way."""
    x, y = route[at.next_point % len(route)]
    dx, dy = x - at.x_m, y - at.y_m
    distance = math.hypot(dx, dy)
    if distance <= length_m:
        return Stroll(x, y, at.yaw_rad, (at.next_point + 1) % len(route), at.walked_m + distance)
    aim = (at.x_m + dx / distance * length_m, at.y_m + dy / distance * length_m)
    return Stroll(aim[0], aim[1], math.atan2(dy, dx), at.next_point, at.walked_m + length_m)


def turned_back(at: Stroll, route: Tuple[Tuple[float, float], ...]) -> Stroll:
    """Heading for the point before: two who wait for each other in a doorway would wait for ever."""
    return Stroll(at.x_m, at.y_m, at.yaw_rad, (at.next_point - 1) % len(route), at.walked_m)


def may_go(
    old_m: np.ndarray, new_m: np.ndarray, radius_m: float, others: Footprints, keep_m: float
) -> np.ndarray:
    """Which of some people may step from (P, 2) to (P, 2): nothing is near, or they step away from what is."""
    before, after = (gaps(points, others)[0] - radius_m for points in (old_m, new_m))
    return np.asarray(((after >= keep_m) | (after >= before)).all(axis=1))
