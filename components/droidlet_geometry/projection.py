"""Between pixels and points: pinhole cameras with planar depth.

The centre of pixel (row, column) lies at (column + 0.5, row + 0.5); depth runs along the optical axis.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Floats, IntrinsicsFields, PoseLike
from droidlet_geometry.poses import inverse_transform_points, transform_points


def pixel_rays(intrinsics: IntrinsicsFields, stride: int = 1) -> Floats:
    """Directions (h, w, 3) through the centres of every `stride`-th pixel, in the camera's frame, with z = 1.

    Times planar depth they are points. Row r and column c belong to pixel (r * stride, c * stride).
    """
    x, y = _ray_slopes(intrinsics, stride)
    rays = np.ones((len(y), len(x), 3))
    rays[..., 0] = x
    rays[..., 1] = y[:, None]
    return rays


def unproject_depth(
    depth_m: npt.NDArray[np.floating], intrinsics: IntrinsicsFields, stride: int = 1
) -> Floats:
    """Camera-frame points (h, w, 3) in metres of every `stride`-th row and column of planar depth (H, W).

    A pixel without return (depth 0) gives the origin. ValueError if image and intrinsics disagree.
    """
    if depth_m.shape != (intrinsics.height, intrinsics.width):
        size = (intrinsics.height, intrinsics.width)
        raise ValueError(
            f"depth_m has shape {depth_m.shape}, its camera {size}: the image is not of this camera"
        )
    x, y = _ray_slopes(intrinsics, stride)
    z = depth_m[::stride, ::stride]
    points = np.empty((len(y), len(x), 3))
    np.multiply(z, x, out=points[..., 0])
    np.multiply(z, y[:, None], out=points[..., 1])
    points[..., 2] = z
    return points


def unproject_to_world(
    depth_m: npt.NDArray[np.floating], intrinsics: IntrinsicsFields, camera: PoseLike, stride: int = 1
) -> Floats:
    """World points (h, w, 3) in metres of a planar depth image (H, W) taken from the pose `camera`."""
    return transform_points(camera, unproject_depth(depth_m, intrinsics, stride))


def project_points(
    points_m: npt.ArrayLike, intrinsics: IntrinsicsFields, camera: PoseLike
) -> Tuple[Floats, Floats]:
    """Pixels (..., 2) as column and row coordinates, and depths (...) in metres, of world points (..., 3).

    Pixels may lie outside the image; a point at or behind the camera's plane (depth <= 0) has NaN pixels.
    """
    return project_camera_points(inverse_transform_points(camera, points_m), intrinsics)


def project_camera_points(points_m: npt.ArrayLike, intrinsics: IntrinsicsFields) -> Tuple[Floats, Floats]:
    """As `project_points`, for points (..., 3) already in the camera's frame."""
    points = np.asarray(points_m, dtype=np.float64)
    depth = points[..., 2]
    divisor = np.where(depth > 0.0, depth, np.nan)
    with np.errstate(over="ignore"):  # a point grazing the camera's plane may lie at infinity
        column = points[..., 0] / divisor * intrinsics.fx_px + intrinsics.cx_px
        row = points[..., 1] / divisor * intrinsics.fy_px + intrinsics.cy_px
    return np.stack((column, row), axis=-1), np.array(depth)  # a copy: depth is a view of points_m


def _ray_slopes(intrinsics: IntrinsicsFields, stride: int) -> Tuple[Floats, Floats]:
    if stride < 1:
        raise ValueError(f"stride is {stride}: it counts pixels from one sample to the next, at least 1")
    columns = np.arange(0, intrinsics.width, stride, dtype=np.float64)
    rows = np.arange(0, intrinsics.height, stride, dtype=np.float64)
    x = (columns + 0.5 - intrinsics.cx_px) / intrinsics.fx_px
    y = (rows + 0.5 - intrinsics.cy_px) / intrinsics.fy_px
    return x, y
