"""What the renderer draws: boxes, spheres, cylinders and rods as one table of columns."""

from __future__ import annotations

from typing import NamedTuple, Sequence, Tuple, Union

import numpy as np

BOX, SPHERE, CYLINDER, ROD = 0, 1, 2, 3
"""A cylinder stands upright, a rod is a cylinder along its own z axis, wherever that points."""

NOTHING, FLOOR, CEILING, WALL, AGENT = 0, 1, 2, 3, 4
"""Semantic ids that no object has by itself; AGENT is every robot."""
FIRST_OBJECT = 10
"""The smallest semantic id of an object."""


class Primitives(NamedTuple):
    """N primitives, one row each."""

    kind: np.ndarray  # (N,) int64: BOX, SPHERE, CYLINDER or ROD
    centre_m: np.ndarray  # (N, 3) float64, world frame
    half_m: np.ndarray  # (N, 3) float64: half extents; (r, r, r) and (r, r, h / 2) for curved ones
    axes: (
        np.ndarray
    )  # (N, 3, 3) float64: columns are the primitive's own axes in the world, z upright for cylinders
    colour: np.ndarray  # (N, 3) float64, 0 to 1
    ident: np.ndarray  # (N,) int64: semantic id
    paint: np.ndarray  # (N,) int64: row of the picture's paint, where it has one; 0 is plain

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
    paints: tuple[int, int, int] = (0, 0, 0)  # rows of the picture's paint: wall, floor, ceiling


Row = Tuple[int, Sequence[float], Sequence[float], Union[float, np.ndarray], Sequence[float], int]
"""Kind, centre (3,) m, half extents (3,) m, yaw in rad or axes (3, 3), colour (3,) 0 to 1, semantic id."""


def make_primitives(rows: Sequence[Row]) -> Primitives:
    """A table from rows."""
    count = len(rows)
    table = Primitives(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64).reshape(count, 3),
        np.array([row[2] for row in rows], np.float64).reshape(count, 3),
        yaw_axes(np.array([0.0 if isinstance(row[3], np.ndarray) else row[3] for row in rows], np.float64)),
        np.array([row[4] for row in rows], np.float64).reshape(count, 3),
        np.array([row[5] for row in rows], np.int64),
        np.zeros(count, np.int64),
    )
    for number, row in enumerate(rows):
        if isinstance(row[3], np.ndarray):
            table.axes[number] = row[3]
    return table


def yaw_axes(yaw_rad: np.ndarray) -> np.ndarray:
    """Axes (N, 3, 3) of what is turned by yaws (N,) about z."""
    axes = np.zeros((len(yaw_rad), 3, 3))
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    axes[:, 0, 0] = axes[:, 1, 1] = cos
    axes[:, 1, 0] = sin
    np.negative(sin, out=axes[:, 0, 1])
    axes[:, 2, 2] = 1.0
    return axes


def join(tables: Sequence[Primitives]) -> Primitives:
    """One table with the rows of all, in order."""
    return Primitives(*(np.concatenate(columns) for columns in zip(*tables)))


NONE = make_primitives(())
"""No primitives."""
for _column in NONE:
    _column.flags.writeable = False
