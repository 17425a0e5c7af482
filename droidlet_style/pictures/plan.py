"""The floor plan's geometry: what of the world is shown, and where a point of it lies in the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from droidlet_schema import OccupancyMap

FAR_M = 200.0  # from the rest
FARTHEST_M = 1e6
Point = tuple[float, float]


class Plan(NamedTuple):
    """A rectangle of the world, x to the right and y up, at a scale in pixels per metre."""

    x0_m: float
    y0_m: float
    x1_m: float
    y1_m: float
    scale: float

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return round((self.x1_m - self.x0_m) * self.scale), round((self.y1_m - self.y0_m) * self.scale)

    def holds(self, x_m: float, y_m: float) -> bool:
        """Whether a point of the world is in the picture; one that is no number is not."""
        return self.x0_m <= x_m <= self.x1_m and self.y0_m <= y_m <= self.y1_m

    def at(self, x_m: float, y_m: float) -> Point:
        """A point of the world in pixels from the top left corner."""
        return (x_m - self.x0_m) * self.scale, (self.y1_m - y_m) * self.scale


def plan_of(points: Iterable[Point], longest_px: int, margin_m: float = 0.35) -> Plan:
    """The plan that holds all points with a margin, its longer side so many pixels at most.

    A point far off (something was measured wrongly) does not make all the others small: it is left out.
    """
    known = np.array([p for p in points if abs(p[0]) < FARTHEST_M and abs(p[1]) < FARTHEST_M] or [(0.0, 0.0)])
    near = np.abs(known - np.median(known, axis=0)).max(axis=1)
    known = known[np.abs(known - known[near.argmin()]).max(axis=1) <= FAR_M]
    low, high = known.min(axis=0) - margin_m, known.max(axis=0) + margin_m
    middle, extent = (low + high) / 2, np.maximum(high - low, 3.0)
    extent = np.maximum(extent, extent.max() / 3)  # no picture is a mere strip
    low, high = middle - extent / 2, middle + extent / 2
    scale = min(longest_px / float(extent.max()), 240.0)
    return Plan(float(low[0]), float(low[1]), float(high[0]), float(high[1]), scale)


def corners_of_map(known: OccupancyMap) -> list[Point]:
    """The corners of the part of a map that was ever seen."""
    rows, columns = np.nonzero(known.evidence)
    if not len(rows):
        return []
    x, y, cell = known.origin_x_m, known.origin_y_m, known.cell_m
    left, right = x + columns.min() * cell, x + (columns.max() + 1) * cell
    low, high = y + rows.min() * cell, y + (rows.max() + 1) * cell
    return [(float(left), float(low)), (float(right), float(high))]


def cut_map(known: OccupancyMap, plan: Plan) -> OccupancyMap | None:
    """The cells of a map that a plan shows; None where it shows none."""
    rows, columns = known.evidence.shape
    cell = known.cell_m
    left, right = _cells(plan.x0_m - known.origin_x_m, plan.x1_m - known.origin_x_m, cell, columns)
    low, high = _cells(plan.y0_m - known.origin_y_m, plan.y1_m - known.origin_y_m, cell, rows)
    if left >= right or low >= high:
        return None
    x, y = known.origin_x_m + left * cell, known.origin_y_m + low * cell
    return OccupancyMap(known.evidence[low:high, left:right].copy(), x, y, cell)


def _cells(low_m: float, high_m: float, cell_m: float, count: int) -> tuple[int, int]:
    return max(0, math.floor(low_m / cell_m)), min(count, math.ceil(high_m / cell_m))


def footprint(x_m: float, y_m: float, yaw_rad: float, length_m: float, width_m: float) -> list[Point]:
    """The four corners of a turned rectangle on the floor."""
    c, s = math.cos(yaw_rad), math.sin(yaw_rad)
    halves = [(a * length_m / 2, b * width_m / 2) for a, b in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    return [(x_m + a * c - b * s, y_m + a * s + b * c) for a, b in halves]
