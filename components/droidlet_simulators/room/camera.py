"""The camera of the renderer: a pinhole, its pixel rays precomputed once per resolution."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np


class Lens(NamedTuple):
    """A pinhole camera's inner half; pixel (column u, row v) looks along (x[u], y[v], 1)."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    x: np.ndarray  # (width,) float64
    y: np.ndarray  # (height,) float64


class Camera(NamedTuple):
    """Where a camera is: position (3,) m and rotation (3, 3), columns right, down, forward in the world."""

    position_m: np.ndarray
    rotation: np.ndarray


def make_lens(width: int, height: int, fx: float, fy: float, cx: float, cy: float) -> Lens:
    """The lens of a (height, width) picture; lengths in pixels, pixel centres at halves."""
    x = (np.arange(width, dtype=np.float64) + 0.5 - cx) / fx
    y = (np.arange(height, dtype=np.float64) + 0.5 - cy) / fy
    x.flags.writeable = y.flags.writeable = False
    return Lens(width, height, fx, fy, cx, cy, x, y)


def lens_of_fov(width: int, height: int, horizontal_fov_rad: float) -> Lens:
    """A lens with square pixels and a centred principal point that spans the given horizontal angle."""
    focal = width / (2.0 * math.tan(horizontal_fov_rad / 2.0))
    return make_lens(width, height, focal, focal, width / 2.0, height / 2.0)


def camera_at(position_m: tuple[float, float, float], yaw_rad: float, pitch_rad: float) -> Camera:
    """A camera without roll; yaw counter-clockwise from +x, pitch positive when it looks down."""
    cy, sy = math.cos(yaw_rad), math.sin(yaw_rad)
    cp, sp = math.cos(pitch_rad), math.sin(pitch_rad)
    right = (sy, -cy, 0.0)
    down = (-sp * cy, -sp * sy, -cp)
    forward = (cp * cy, cp * sy, -sp)
    rotation = np.array([right, down, forward], np.float64).T
    return Camera(np.array(position_m, np.float64), rotation)
