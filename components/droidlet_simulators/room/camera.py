"""The camera of the renderer: its pixel rays precomputed once per resolution."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from droidlet_schema import Intrinsics
from droidlet_simulators.cameras import intrinsics_of, picture_rays
from droidlet_simulators.contract import CameraSpec


class Lens(NamedTuple):
    """A camera's inner half; a pinhole's pixel (column u, row v) looks along (x[u], y[v], 1).

    An orthographic camera's looks from (x[u], y[v], 0) along (0, 0, 1).
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    x: np.ndarray  # (width,) float64
    y: np.ndarray  # (height,) float64
    model: str = "pinhole"
    rays: np.ndarray = np.zeros(
        (3, 0, 0)
    )  # (3, H, W) float64 of the models that look all round; NaN: nowhere


class Camera(NamedTuple):
    """Where a camera is: position (3,) m and rotation (3, 3), columns right, down, forward in the world."""

    position_m: np.ndarray
    rotation: np.ndarray


class Cameras(NamedTuple):
    """Where P cameras are: (P, 3) and (P, 3, 3)."""

    position_m: np.ndarray
    rotation: np.ndarray


def make_lens(
    width: int, height: int, fx: float, fy: float, cx: float, cy: float, model: str = "pinhole"
) -> Lens:
    """The lens of a (height, width) picture; lengths in pixels, pixel centres at halves."""
    x = (np.arange(width, dtype=np.float64) + 0.5 - cx) / fx
    y = (np.arange(height, dtype=np.float64) + 0.5 - cy) / fy
    rays = np.zeros((3, 0, 0))
    if model in ("fisheye", "equirectangular"):
        directions = picture_rays(Intrinsics(width, height, fx, fy, cx, cy, model))[1]
        rays = np.ascontiguousarray(np.moveaxis(directions, -1, 0))
    x.flags.writeable = y.flags.writeable = rays.flags.writeable = False
    return Lens(width, height, fx, fy, cx, cy, x, y, model, rays)


def lens_of(spec: CameraSpec) -> Lens:
    """The lens of a camera as specified."""
    i = intrinsics_of(spec)
    return make_lens(i.width, i.height, i.fx_px, i.fy_px, i.cx_px, i.cy_px, i.model)


def lens_of_fov(width: int, height: int, horizontal_fov_rad: float, model: str = "pinhole") -> Lens:
    """A lens with square pixels and a centred principal point that spans the given horizontal angle."""
    return lens_of(CameraSpec("eye", width, height, horizontal_fov_rad, model=model))


def camera_at(position_m: tuple[float, float, float], yaw_rad: float, pitch_rad: float) -> Camera:
    """A camera without roll; yaw counter-clockwise from +x, pitch positive when it looks down."""
    cy, sy = math.cos(yaw_rad), math.sin(yaw_rad)
    cp, sp = math.cos(pitch_rad), math.sin(pitch_rad)
    right = (sy, -cy, 0.0)
    down = (-sp * cy, -sp * sy, -cp)
    forward = (cp * cy, cp * sy, -sp)
    rotation = np.array([right, down, forward], np.float64).T
    return Camera(np.array(position_m, np.float64), rotation)
