"""What the renderer draws: boxes, spheres and cylinders as one table of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

BOX, SPHERE, CYLINDER = 0, 1, 2

NOTHING, FLOOR, CEILING, WALL = 0, 1, 2, 3
"""Semantic ids that no object may have."""
FIRST_OBJECT = 10
"""The smallest semantic id of an object."""


class Primitives(NamedTuple):
    """N primitives, one row each; boxes are turned by yaw about z, cylinders stand upright."""

    kind: np.ndarray  # (N,) int64: BOX, SPHERE or CYLINDER
    centre_m: np.ndarray  # (N, 3) float64, world frame
    half_m: np.ndarray  # (N, 3) float64: half extents; (r, r, r) and (r, r, h / 2) for curved ones
    cos_yaw: np.ndarray  # (N,) float64
    sin_yaw: np.ndarray  # (N,) float64
    colour: np.ndarray  # (N, 3) float64, 0 to 1
    ident: np.ndarray  # (N,) int64: semantic id

    def take(self, rows: np.ndarray) -> Primitives:
        """The given rows (mask or indices), in that order."""
        return Primitives(*(column[rows] for column in self))


class Shell(NamedTuple):
    """The outer walls, floor and ceiling: an axis-aligned box seen from inside."""

    low_m: tuple[float, float, float]
    high_m: tuple[float, float, float]
    floor: tuple[float, float, float] = (0.72, 0.66, 0.58)
    ceiling: tuple[float, float, float] = (0.93, 0.93, 0.92)
    wall: tuple[float, float, float] = (0.86, 0.84, 0.78)


def make_primitives(
    rows: Sequence[tuple[int, Sequence[float], Sequence[float], float, Sequence[float], int]],
) -> Primitives:
    """A table from rows (kind, centre (3,) m, half (3,) m, yaw rad, colour (3,) 0..1, id)."""
    count = len(rows)
    yaw = np.array([row[3] for row in rows], np.float64)
    return Primitives(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64).reshape(count, 3),
        np.array([row[2] for row in rows], np.float64).reshape(count, 3),
        np.cos(yaw),
        np.sin(yaw),
        np.array([row[4] for row in rows], np.float64).reshape(count, 3),
        np.array([row[5] for row in rows], np.int64),
    )


def join(tables: Sequence[Primitives]) -> Primitives:
    """One table with the rows of all, in order."""
    return Primitives(*(np.concatenate(columns) for columns in zip(*tables)))
