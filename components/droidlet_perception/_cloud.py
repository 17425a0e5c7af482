"""A picture as a grid of points in the world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import quaternion_to_matrix
from droidlet_schema import Frame

F32 = NDArray[np.float32]
Mask = NDArray[np.bool_]

NEAR_M, FAR_M = 0.05, 30.0
"""Depths outside of these are no returns."""


class Cloud(NamedTuple):
    """Points of a picture, of some rows and columns of it; zeros where there is no return."""

    depth: F32  # (h, w) metres along the optical axis
    x: F32  # (h, w) metres from the camera, world axes
    y: F32  # (h, w) metres from the camera, world axes
    z: F32  # (h, w) metres above the floor
    valid: Mask  # (h, w)
    camera: tuple[float, float, float]
    forward: tuple[float, float]  # unit vector on the floor in which the camera looks
    focal_px: float  # of this grid, geometric mean of both axes


def check_frame(frame: Frame) -> None:
    """Raises ValueError when picture and camera disagree or the camera is none."""
    camera = frame.intrinsics
    if frame.depth_m.shape != (camera.height, camera.width):
        size = (camera.height, camera.width)
        raise ValueError(
            f"frame.depth_m has shape {frame.depth_m.shape}, its intrinsics {size}: the picture is not of this camera"
        )
    for name in ("fx_px", "fy_px"):
        value = getattr(camera, name)
        if not 0.0 < value < np.inf:
            raise ValueError(f"frame.intrinsics.{name} is {value}: a focal length is positive and finite")
    pose = [camera.cx_px, camera.cy_px] + [
        getattr(frame.camera, n) for n in ("x_m", "y_m", "z_m", "qw", "qx", "qy", "qz")
    ]
    if not np.isfinite(pose).all():
        raise ValueError(f"frame.camera and the principal point hold {pose}: all must be finite")


def is_return(depth_m: NDArray[np.float32]) -> Mask:
    """Where (h, w) there is a return; NaN and infinity are none."""
    return np.asarray((depth_m > NEAR_M) & (depth_m < FAR_M))


def returns(depth_m: NDArray[np.float32]) -> tuple[F32, Mask]:
    """Depth (h, w) with zeros where there is no return, and where there is one."""
    valid = is_return(depth_m)
    return np.where(valid, depth_m, np.float32(0.0)), valid


def make_cloud(frame: Frame, rows: int = 1, columns: int = 1) -> Cloud:
    """The points of every so many rows and columns of a frame. Raises ValueError as check_frame does."""
    check_frame(frame)
    camera, lens = frame.camera, frame.intrinsics
    depth, valid = returns(frame.depth_m[::rows, ::columns])
    r = quaternion_to_matrix(np.array([camera.qw, camera.qx, camera.qy, camera.qz]))
    x = ((np.arange(0, lens.width, columns) + 0.5 - lens.cx_px) / lens.fx_px).astype(np.float32)
    y = ((np.arange(0, lens.height, rows) + 0.5 - lens.cy_px) / lens.fy_px).astype(np.float32)
    r32 = r.astype(np.float32)
    axes = [(x * r32[i, 0] + r32[i, 2]) + (y * r32[i, 1])[:, None] for i in range(3)]
    for axis in axes:
        axis *= depth
    axes[2] += np.float32(camera.z_m)
    return Cloud(
        depth,
        axes[0],
        axes[1],
        axes[2],
        valid,
        (camera.x_m, camera.y_m, camera.z_m),
        heading(r),
        float(np.sqrt(lens.fx_px * lens.fy_px / (rows * columns))),
    )


def heading(rotation: NDArray[np.float64]) -> tuple[float, float]:
    """The floor direction in which a camera (3, 3) looks, or in which its top points if it looks up or down."""
    x, y = float(rotation[0, 2]), float(rotation[1, 2])
    if x * x + y * y < 1e-6:
        x, y = -float(rotation[0, 1]), -float(rotation[1, 1])
    length = float(np.hypot(x, y))
    return (x / length, y / length) if length > 0.0 else (1.0, 0.0)
