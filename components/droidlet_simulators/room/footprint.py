"""Footprints of what stands on the floor, and how far points are from them."""

from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple

import numpy as np
from droidlet_schema import SceneObject

from droidlet_simulators.room.classes import CLASSES
from droidlet_simulators.scene import Scene

_OUTER_M = 1.0  # how thick the outer walls count
FLAT_M = 0.02
"""What is lower than this is no obstacle."""


class Footprints(NamedTuple):
    """M rectangles with rounded rims: a disc is a rectangle without extent and with a rim."""

    centre_m: np.ndarray  # (M, 2)
    half_m: np.ndarray  # (M, 2)
    cos_yaw: np.ndarray  # (M,)
    sin_yaw: np.ndarray  # (M,)
    rim_m: np.ndarray  # (M,)


Row = Tuple[float, float, float, float, float, float]  # x, y, half x, half y, yaw, rim


def footprint_row(thing: SceneObject) -> Row:
    """The footprint of one object: a disc for round classes, else its turned rectangle."""
    dx, dy = thing.size_m[0] / 2, thing.size_m[1] / 2
    kind = CLASSES.get(thing.class_name)
    if kind is not None and kind.round:
        return (thing.x_m, thing.y_m, 0.0, 0.0, 0.0, max(dx, dy))
    return (thing.x_m, thing.y_m, dx, dy, thing.yaw_rad, 0.0)


def wall_rows(scene: Scene, below_m: float) -> Tuple[Row, ...]:
    """The footprints of outer and inner walls that reach below a height."""
    x, y = scene.size_m[0], scene.size_m[1]
    t = _OUTER_M
    outer = [(-t, -t, 0.0, y + t), (x, -t, x + t, y + t), (0.0, -t, x, 0.0), (0.0, y, x, y + t)]
    inner = [(w.x0_m, w.y0_m, w.x1_m, w.y1_m) for w in scene.walls if w.z0_m < below_m]
    return tuple(
        ((a + c) / 2, (b + d) / 2, (c - a) / 2, (d - b) / 2, 0.0, 0.0) for a, b, c, d in outer + inner
    )


def object_rows(things: Iterable[SceneObject], below_m: float) -> Tuple[Row, ...]:
    """The footprints of the objects between the floor and a height."""
    return tuple(
        footprint_row(thing)
        for thing in things
        if thing.z_m - thing.size_m[2] / 2 < below_m and thing.z_m + thing.size_m[2] / 2 > FLAT_M
    )


def make_footprints(rows: Iterable[Row]) -> Footprints:
    """A table of the rows."""
    table = np.array(list(rows), np.float64).reshape(-1, 6)
    yaw = table[:, 4]
    return Footprints(table[:, 0:2], table[:, 2:4], np.cos(yaw), np.sin(yaw), table[:, 5])


def gaps(points_m: np.ndarray, prints: Footprints) -> Tuple[np.ndarray, np.ndarray]:
    """Distance (P, M) from points (P, 2) to footprints, negative inside, and the unit way out (P, M, 2)."""
    dx = points_m[:, None, 0] - prints.centre_m[:, 0]
    dy = points_m[:, None, 1] - prints.centre_m[:, 1]
    u = dx * prints.cos_yaw + dy * prints.sin_yaw
    v = dy * prints.cos_yaw - dx * prints.sin_yaw
    over_u, over_v = np.abs(u) - prints.half_m[:, 0], np.abs(v) - prints.half_m[:, 1]
    side_u, side_v = np.where(u < 0, -1.0, 1.0), np.where(v < 0, -1.0, 1.0)
    out_u, out_v = np.maximum(over_u, 0.0), np.maximum(over_v, 0.0)
    outside = np.sqrt(out_u * out_u + out_v * out_v)
    away = outside > 0
    length = np.where(away, outside, 1.0)
    flat = over_u > over_v  # inside: the nearer pair of sides
    way_u = side_u * np.where(away, out_u / length, flat)
    way_v = side_v * np.where(away, out_v / length, ~flat)
    gap = np.where(away, outside, np.maximum(over_u, over_v)) - prints.rim_m
    way = np.stack(
        [way_u * prints.cos_yaw - way_v * prints.sin_yaw, way_u * prints.sin_yaw + way_v * prints.cos_yaw], -1
    )
    return gap, way


def clearance(points_m: np.ndarray, prints: Footprints) -> np.ndarray:
    """Distance (P,) from points (P, 2) to the nearest footprint; infinite where there is none."""
    if len(prints.rim_m) == 0:
        return np.full(len(points_m), np.inf)
    return np.asarray(gaps(points_m, prints)[0].min(axis=1))
