"""Footprints of what stands on the floor, and how far points are from them."""

from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.scene import Scene

_OUTER_M = 1.0  # how thick the outer walls count
FLAT_M = 0.02
"""What is lower than this is no obstacle."""


class Footprints(NamedTuple):
    """M rectangles with rounded rims: a disc is a rectangle without extent and with a rim.

    Where P points each have M of their own, every column has an axis (P, M) for the one (M,).
    """

    centre_m: np.ndarray  # (M, 2)
    half_m: np.ndarray  # (M, 2)
    cos_yaw: np.ndarray  # (M,)
    sin_yaw: np.ndarray  # (M,)
    rim_m: np.ndarray  # (M,)


Row = Tuple[float, float, float, float, float, float]  # x, y, half x, half y, yaw, rim


def footprint_row(thing: SceneObject) -> Row:
    """The footprint of one object: a disc for round classes, else its turned rectangle."""
    dx, dy = thing.size_m[0] / 2, thing.size_m[1] / 2
    kind = KINDS.get(thing.class_name)
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
    return tuple(footprint_row(thing) for thing in things if stands_below(thing, below_m))


def stands_below(thing: SceneObject, below_m: float) -> bool:
    """Whether some of the thing is in the way of a body of this height."""
    return thing.z_m - thing.size_m[2] / 2 < below_m and thing.z_m + thing.size_m[2] / 2 > FLAT_M


def make_footprints(rows: Iterable[Row]) -> Footprints:
    """A table of the rows."""
    table = np.array(list(rows), np.float64).reshape(-1, 6)
    yaw = table[:, 4]
    return Footprints(table[:, 0:2], table[:, 2:4], np.cos(yaw), np.sin(yaw), table[:, 5])


class _Local(NamedTuple):
    """Points along each footprint's own axes, (P, M) each, and how far they are past its sides."""

    u: np.ndarray
    v: np.ndarray
    over_u: np.ndarray
    over_v: np.ndarray


def _local(points_m: np.ndarray, prints: Footprints) -> _Local:
    dx = points_m[:, None, 0] - prints.centre_m[..., 0]
    dy = points_m[:, None, 1] - prints.centre_m[..., 1]
    u = dx * prints.cos_yaw + dy * prints.sin_yaw
    v = dy * prints.cos_yaw - dx * prints.sin_yaw
    return _Local(u, v, np.abs(u) - prints.half_m[..., 0], np.abs(v) - prints.half_m[..., 1])


def _distance(over_u: np.ndarray, over_v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distance to a rectangle (negative inside) and its two outward parts."""
    out_u, out_v = np.maximum(over_u, 0.0), np.maximum(over_v, 0.0)
    outside = np.sqrt(out_u * out_u + out_v * out_v)
    return outside + np.minimum(np.maximum(over_u, over_v), 0.0), out_u, out_v


def gaps(points_m: np.ndarray, prints: Footprints) -> Tuple[np.ndarray, np.ndarray]:
    """Distance (P, M) from points (P, 2) to footprints, negative inside, and the unit way out (P, M, 2)."""
    at = _local(points_m, prints)
    distance, out_u, out_v = _distance(at.over_u, at.over_v)
    away = distance > 0
    length = np.where(away, distance, 1.0)
    flat = at.over_u > at.over_v  # inside: the nearer pair of sides
    way_u = np.where(at.u < 0, -1.0, 1.0) * np.where(away, out_u / length, flat)
    way_v = np.where(at.v < 0, -1.0, 1.0) * np.where(away, out_v / length, ~flat)
    cos, sin = prints.cos_yaw, prints.sin_yaw
    way = np.stack([way_u * cos - way_v * sin, way_u * sin + way_v * cos], -1)
    return distance - prints.rim_m, way


def clearance(points_m: np.ndarray, prints: Footprints) -> np.ndarray:
    """Distance (P,) from points (P, 2) to the nearest footprint; infinite where there is none."""
    if len(prints.rim_m) == 0:
        return np.full(len(points_m), np.inf)
    at = _local(points_m, prints)
    return np.asarray((_distance(at.over_u, at.over_v)[0] - prints.rim_m).min(axis=1))
