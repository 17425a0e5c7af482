"""Camera models, shared by all engines: where a camera is, what a pixel looks along, and back.

A pixel's ray is an origin and a direction in the camera's frame (x right, y down, z forward), scaled so that
for every model origin + depth * direction is the point seen. By model a pixel at (column, row), measured from the
principal point and in units of the focal lengths as (x, y), looks

- pinhole: from the origin along (x, y, 1);
- orthographic: from (x, y, 0) along (0, 0, 1);
- fisheye (equidistant): along the unit vector that is sqrt(x^2 + y^2) radians off the axis, towards (x, y);
- equirectangular: along the unit vector of longitude x (right) and latitude y (down).

A fisheye's pixel more than pi off the axis, or an equirectangular one more than pi / 2 from the horizon, sees nothing.
"""

from __future__ import annotations

import math
from typing import Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry import camera_pose, pose_from_matrix, quaternion_to_matrix, transform_points
from droidlet_schema import Frame, Intrinsics, Pose, Pose2
from droidlet_simulators.contract import CAMERA_MODELS, CameraSpec
from droidlet_simulators.errors import SimulatorError

Floats = npt.NDArray[np.float64]
_OPTICAL = [[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]  # optical axes in a body's, as columns
_SLACK = 1e-9  # rad: the rim itself is seen


def intrinsics_of(spec: CameraSpec) -> Intrinsics:
    """The intrinsics of a camera with square pixels and a centred principal point."""
    if spec.model in ("pinhole", "orthographic"):
        focal = spec.width / (2.0 * math.tan(spec.horizontal_fov_rad / 2.0))
    else:
        focal = spec.width / spec.horizontal_fov_rad
    size = spec.width, spec.height
    return Intrinsics(*size, focal, focal, spec.width / 2.0, spec.height / 2.0, spec.model)


def pixel_rays(intrinsics: Intrinsics, pixels: npt.ArrayLike) -> Tuple[Floats, Floats]:
    """Origins (..., 3) in metres and directions (..., 3) of the rays through pixels (..., 2): column and row.

    Directions are NaN where the model looks nowhere. Raises ValueError for a model that nobody knows.
    """
    at = np.asarray(pixels, np.float64)
    x = (at[..., 0] - intrinsics.cx_px) / intrinsics.fx_px
    y = (at[..., 1] - intrinsics.cy_px) / intrinsics.fy_px
    zero, one = np.zeros_like(x), np.ones_like(x)
    origins = np.zeros((*x.shape, 3))
    if intrinsics.model == "pinhole":
        return origins, np.stack([x, y, one], axis=-1)
    if intrinsics.model == "orthographic":
        return np.stack([x, y, zero], axis=-1), np.stack([zero, zero, one], axis=-1)
    if intrinsics.model == "fisheye":
        angle = np.sqrt(x * x + y * y)
        part = np.sinc(angle / np.pi)  # sin(angle) / angle, 1 on the axis
        rays = np.stack([part * x, part * y, np.cos(angle)], axis=-1)
        blind = angle > np.pi + _SLACK
    elif intrinsics.model == "equirectangular":
        level = np.cos(y)
        rays = np.stack([level * np.sin(x), np.sin(y), level * np.cos(x)], axis=-1)
        blind = (np.abs(y) > np.pi / 2 + _SLACK) | (np.abs(x) > np.pi + _SLACK)
    else:
        raise ValueError(_unknown(intrinsics.model))
    rays[blind] = np.nan
    return origins, rays


def picture_rays(intrinsics: Intrinsics) -> Tuple[Floats, Floats]:
    """Origins and directions (H, W, 3) of the rays through the centres of all pixels."""
    columns = np.arange(intrinsics.width) + 0.5
    rows = np.arange(intrinsics.height) + 0.5
    return pixel_rays(intrinsics, np.stack(np.meshgrid(columns, rows), axis=-1))


def project(intrinsics: Intrinsics, points_m: npt.ArrayLike) -> Tuple[Floats, Floats]:
    """Pixels (..., 2) as column and row, and depths (...) in metres, of points (..., 3) in the camera's frame.

    Pixels may lie outside the picture; they are NaN where the model sees no such point. Raises ValueError for a
    model that nobody knows.
    """
    points = np.asarray(points_m, np.float64)
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    if intrinsics.model in ("pinhole", "orthographic"):
        depth = np.array(z)
        ahead = np.where(depth > 0.0, depth, np.nan)
        flat = intrinsics.model == "orthographic"
        across, down = (x + 0.0 * ahead, y + 0.0 * ahead) if flat else (x / ahead, y / ahead)
    elif intrinsics.model in ("fisheye", "equirectangular"):
        depth = np.sqrt(x * x + y * y + z * z)
        seen = np.where(depth > 0.0, depth, np.nan)
        if intrinsics.model == "fisheye":
            off = np.sqrt(x * x + y * y)
            angle = np.arctan2(off, z)
            aside = off > 0.0  # straight behind is anywhere on the rim: on its right
            across = np.where(aside, angle * x / np.where(aside, off, 1.0), angle)
            down = np.where(aside, angle * y / np.where(aside, off, 1.0), 0.0)
            across, down = across + 0.0 * seen, down + 0.0 * seen
        else:
            across, down = np.arctan2(x, z), np.arcsin(np.clip(y / seen, -1.0, 1.0))
    else:
        raise ValueError(_unknown(intrinsics.model))
    column = across * intrinsics.fx_px + intrinsics.cx_px
    row = down * intrinsics.fy_px + intrinsics.cy_px
    return np.stack([column, row], axis=-1), np.asarray(depth)


def world_points(frame: Frame) -> Floats:
    """What each pixel of a frame shows, as world points (H, W, 3) in metres; NaN where nothing came back."""
    origins, rays = picture_rays(frame.intrinsics)
    depth = np.where(frame.depth_m > 0, frame.depth_m, np.nan).astype(np.float64)
    return transform_points(frame.camera, origins + depth[..., None] * rays)


def camera_on(spec: CameraSpec, base: Pose2, pan_rad: float = 0.0, tilt_rad: float = 0.0) -> Pose:
    """The pose of a camera's optical frame on a body that stands on the floor.

    The neck turns about the body's own vertical axis (pan, positive = left) and then nods about a level axis
    through it at the camera's height (tilt, positive = up); a camera that is not on the neck ignores both.
    """
    mount = spec.mount
    pan, tilt = (pan_rad, tilt_rad) if spec.neck else (0.0, 0.0)
    if _is_plain(mount):
        return Pose(*camera_pose(base, mount.z_m, tilt, pan))
    position, rotation = mounted(spec, base, pan, tilt)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, position
    return Pose(*pose_from_matrix(matrix))


def mounted(spec: CameraSpec, base: Pose2, pan_rad: float, tilt_rad: float) -> Tuple[Floats, Floats]:
    """Position (3,) in metres and rotation (3, 3), columns right, down, forward in the world, as `camera_on`."""
    mount = spec.mount
    pan, tilt = (pan_rad, tilt_rad) if spec.neck else (0.0, 0.0)
    yaw = base.yaw_rad + pan
    cy, sy, ct, st = math.cos(yaw), math.sin(yaw), math.cos(tilt), math.sin(tilt)
    # the neck's axes in the world: turned about z, then about -y; each sum written out, for the same bits everywhere
    rows = ((cy * ct, -sy, -cy * st), (sy * ct, cy, -sy * st), (st, 0.0, ct))
    x, y = mount.x_m, mount.y_m
    at = [row[0] * x + row[1] * y for row in rows]
    position = np.array([base.x_m + at[0], base.y_m + at[1], mount.z_m + at[2]])
    if _is_plain(mount):
        optical = _OPTICAL
    else:
        turn = quaternion_to_matrix(np.array([mount.qw, mount.qx, mount.qy, mount.qz]))
        optical = np.stack([-turn[:, 1], -turn[:, 2], turn[:, 0]], axis=1).tolist()
    a, b, c = optical
    rotation = np.array([[r[0] * a[j] + r[1] * b[j] + r[2] * c[j] for j in range(3)] for r in rows])
    return position, rotation


def check_view(spec: CameraSpec) -> None:
    """Raises SimulatorError for a model that nobody knows, or a field of view that its model cannot have."""
    if spec.model not in CAMERA_MODELS:
        raise SimulatorError(f"camera {spec.name!r}: {_unknown(spec.model)}")
    fov = spec.horizontal_fov_rad
    most = 3.0 if spec.model in ("pinhole", "orthographic") else 2.0 * math.pi
    if not 0.05 <= fov <= most + _SLACK:
        raise SimulatorError(
            f"horizontal_fov_rad of camera {spec.name!r} is {fov}: 0.05 to {most:.4g} rad for {spec.model}; were "
            "degrees meant?"
        )
    upright = fov * spec.height / spec.width
    if spec.model == "equirectangular" and not upright <= math.pi + _SLACK:
        raise SimulatorError(
            f"height of camera {spec.name!r} is {spec.height}, which spans {upright:.4g} rad: a panorama of {fov:.4g}"
            f" rad and {spec.width} pixels is at most {int(spec.width * math.pi / fov + _SLACK)} pixels high"
        )


def _is_plain(mount: Pose) -> bool:
    """Whether the camera sits on the body's axis and looks ahead."""
    return (mount.x_m, mount.y_m, mount.qw, mount.qx, mount.qy, mount.qz) == (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def _unknown(model: str) -> str:
    return f"model is {model!r}: cameras are pinhole, orthographic, fisheye or equirectangular"
