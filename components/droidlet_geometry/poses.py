"""Poses: where a frame stands in the world, as records, tuples or 4x4 matrices.

A pose maps points of its own frame into the world. Wherever a pose is asked for, a record with the fields of
`Pose` or seven numbers x y z qw qx qy qz will do; a `Pose2` may be three numbers x y yaw.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Tuple, cast

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Floats, Pose2Fields, Pose2Like, PoseFields, PoseLike
from droidlet_geometry.rotations import (
    quaternion_conjugate,
    quaternion_from_matrix,
    quaternion_multiply,
    quaternion_rotate,
    quaternion_to_matrix,
    wrap_angle,
)


class PoseTuple(NamedTuple):
    """Seven numbers with the fields of a Pose: `Pose(*pose_tuple)` makes the record."""

    x_m: float
    y_m: float
    z_m: float
    qw: float
    qx: float
    qy: float
    qz: float


class Pose2Tuple(NamedTuple):
    """Three numbers with the fields of a Pose2: `Pose2(*pose2_tuple)` makes the record."""

    x_m: float
    y_m: float
    yaw_rad: float


def camera_pose(pose2: Pose2Like, height_m: float, tilt_rad: float, pan_rad: float = 0.0) -> PoseTuple:
    """The pose of the optical frame (x right, y down, z forward) of a camera carried by a body on the floor.

    It stands `height_m` above the body's origin, turned `pan_rad` from straight ahead (positive = left) and
    `tilt_rad` from level (positive = up).
    """
    x, y, yaw = _pose2(pose2)
    heading, rise = 0.5 * (yaw + pan_rad), 0.5 * tilt_rad
    c, s, ct, st = math.cos(heading), math.sin(heading), math.cos(rise), math.sin(rise)
    # yaw about z, then tilt about -y: (c + s k)(ct - st j), then the fixed turn from body to optical axes
    w, i, j, k = c * ct, s * st, -c * st, s * ct
    return PoseTuple(
        x,
        y,
        float(height_m),
        0.5 * (w + i - j + k),
        0.5 * (-w + i - j - k),
        0.5 * (w + i + j - k),
        0.5 * (-w + i + j + k),
    )


def pose_matrix(pose: PoseLike) -> Floats:
    """The 4x4 matrix that takes homogeneous points of the pose's frame into the world."""
    position, q = _pose(pose)
    matrix = np.eye(4)
    matrix[:3, :3] = quaternion_to_matrix(q)
    matrix[:3, 3] = position
    return matrix


def pose_from_matrix(matrix: npt.ArrayLike) -> PoseTuple:
    """The pose of a rigid 4x4 matrix, with qw >= 0."""
    m = np.asarray(matrix, dtype=np.float64)
    if m.shape != (4, 4):
        raise ValueError(f"matrix has shape {m.shape}: a pose matrix is 4 4")
    return PoseTuple(*m[:3, 3].tolist(), *quaternion_from_matrix(m[:3, :3]).tolist())


def inverse_pose(pose: PoseLike) -> PoseTuple:
    """The pose of the world seen from this pose's frame."""
    position, q = _pose(pose)
    back = quaternion_conjugate(q)
    return PoseTuple(*(-quaternion_rotate(back, position)).tolist(), *back.tolist())


def compose_poses(outer: PoseLike, inner: PoseLike) -> PoseTuple:
    """The world pose of a frame that stands at `inner` within the frame `outer`."""
    position, q = _pose(outer)
    inner_position, inner_q = _pose(inner)
    moved = position + quaternion_rotate(q, inner_position)
    return PoseTuple(*moved.tolist(), *quaternion_multiply(q, inner_q).tolist())


def transform_points(pose: PoseLike, points_m: npt.ArrayLike) -> Floats:
    """Points (..., 3) of the pose's frame, in world coordinates."""
    position, q = _pose(pose)
    return np.asarray(np.asarray(points_m, dtype=np.float64) @ quaternion_to_matrix(q).T + position)


def inverse_transform_points(pose: PoseLike, points_m: npt.ArrayLike) -> Floats:
    """World points (..., 3), in coordinates of the pose's frame."""
    position, q = _pose(pose)
    return np.asarray((np.asarray(points_m, dtype=np.float64) - position) @ quaternion_to_matrix(q))


def compose_pose2(outer: Pose2Like, inner: Pose2Like) -> Pose2Tuple:
    """The world pose on the floor of a frame that stands at `inner` within the frame `outer`."""
    x, y, yaw = _pose2(outer)
    dx, dy, turn = _pose2(inner)
    c, s = math.cos(yaw), math.sin(yaw)
    return Pose2Tuple(x + c * dx - s * dy, y + s * dx + c * dy, wrap_angle(yaw + turn))


def inverse_pose2(pose2: Pose2Like) -> Pose2Tuple:
    """The floor pose of the world seen from this pose's frame."""
    x, y, yaw = _pose2(pose2)
    c, s = math.cos(yaw), math.sin(yaw)
    return Pose2Tuple(-c * x - s * y, s * x - c * y, wrap_angle(-yaw))


def distance_and_bearing(pose2: Pose2Like, x_m: float, y_m: float) -> Tuple[float, float]:
    """Metres to a point on the floor, and the turn in [-pi, pi) (positive = left) that faces it."""
    x, y, yaw = _pose2(pose2)
    dx, dy = x_m - x, y_m - y
    return math.hypot(dx, dy), wrap_angle(math.atan2(dy, dx) - yaw)


def _pose(pose: PoseLike) -> Tuple[Floats, Floats]:
    if hasattr(pose, "qw"):
        p = cast(PoseFields, pose)
        numbers = np.array([p.x_m, p.y_m, p.z_m, p.qw, p.qx, p.qy, p.qz], dtype=np.float64)
    else:
        numbers = np.asarray(pose, dtype=np.float64)
    if numbers.shape != (7,):
        raise ValueError(f"pose has shape {numbers.shape}: it needs x y z qw qx qy qz")
    return numbers[:3], numbers[3:]


def _pose2(pose2: Pose2Like) -> Tuple[float, float, float]:
    if hasattr(pose2, "yaw_rad"):
        p = cast(Pose2Fields, pose2)
        return float(p.x_m), float(p.y_m), float(p.yaw_rad)
    numbers = np.asarray(pose2, dtype=np.float64)
    if numbers.shape != (3,):
        raise ValueError(f"pose2 has shape {numbers.shape}: it needs x y yaw")
    x, y, yaw = numbers.tolist()
    return x, y, yaw
