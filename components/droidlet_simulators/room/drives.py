"""Many robots moved at once: what `drive` does to each, to the bit."""

from __future__ import annotations

import math
from typing import List, Sequence, Set, Tuple

import numpy as np

from droidlet_simulators.room.footprint import Footprints, gaps
from droidlet_simulators.room.motion import PUSHES, SKIN_M, STRIDE_M, Motion, wrap

Start = Tuple[float, float, float]


def side_by_side(fixed: Footprints, moving: Footprints) -> Footprints:
    """For each of N points its own table (N, M + D): M footprints that all share, D that each has alone (N, D)."""
    count = len(moving.rim_m)
    shared = (np.broadcast_to(column, (count, *column.shape)) for column in fixed)
    return Footprints(*(np.concatenate(columns, axis=1) for columns in zip(shared, moving)))


def drive_many(
    starts: Sequence[Start],
    forward_m: Sequence[float],
    turn_rad: Sequence[float],
    radius_m: Sequence[float],
    prints: Footprints,
) -> List[Motion]:
    """Moves N discs along arcs, each among its own footprints (N, K); see `motion.drive`."""
    count = len(starts)
    pieces = [max(1, math.ceil(abs(way) / STRIDE_M)) if way != 0.0 else 0 for way in forward_m]
    yaw = [start[2] for start in starts]
    place = np.array([start[:2] for start in starts], np.float64)
    radius = np.array(radius_m, np.float64)
    touched: List[Set[int]] = [set() for _ in range(count)]
    for piece in range(max(pieces, default=0)):
        going = [i for i in range(count) if piece < pieces[i]]
        steps = []
        for i in going:
            yaw[i] += turn_rad[i] / (2 * pieces[i])
            part = forward_m[i] / pieces[i]
            steps.append((part * math.cos(yaw[i]), part * math.sin(yaw[i])))
            yaw[i] += turn_rad[i] / (2 * pieces[i])
        _slide_many(place, np.array(going), np.array(steps), radius, prints, touched)
    for i in range(count):
        if pieces[i] == 0:
            yaw[i] += turn_rad[i]
    return [
        Motion(x, y, wrap(yaw[i]), bool(touched[i]), tuple(sorted(touched[i])))
        for i, (x, y) in enumerate(place.tolist())
    ]


def _slide_many(
    place: np.ndarray,
    going: np.ndarray,
    steps: np.ndarray,
    radius: np.ndarray,
    prints: Footprints,
    touched: List[Set[int]],
) -> None:
    """One small step of those that go, in `place`; see `motion._slide`."""
    point = place[going] + steps
    if prints.rim_m.shape[1] == 0:
        place[going] = point
        return
    left = np.arange(len(going))
    for _ in range(PUSHES):
        who = going[left]
        own = prints if len(who) == len(place) else Footprints(*(column[who] for column in prints))
        gap, way = gaps(point[left], own)
        worst = np.argmin(gap, axis=1)
        each = np.arange(len(left))
        nearest = gap[each, worst]
        free = nearest >= radius[who]
        place[who[free]] = point[left[free]]
        if bool(free.all()):
            return
        stuck = ~free
        for i, row in zip(who[stuck].tolist(), worst[stuck].tolist()):
            touched[i].add(row)
        push = radius[who[stuck]] + SKIN_M - nearest[stuck]
        point[left[stuck]] = point[left[stuck]] + way[each[stuck], worst[stuck]] * push[:, None]
        left = left[stuck]
