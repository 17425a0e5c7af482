"""Rotations as unit quaternions w x y z, and angles on the circle.

All functions take arrays of any leading shape and broadcast: a quaternion array is (..., 4), a vector array
(..., 3).
"""

from __future__ import annotations

import math
from typing import Union, overload

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Floats

_TURN = 2.0 * math.pi


@overload
def wrap_angle(angle_rad: float) -> float: ...
@overload
def wrap_angle(angle_rad: npt.NDArray[np.floating]) -> Floats: ...
def wrap_angle(angle_rad: Union[float, npt.NDArray[np.floating]]) -> Union[float, Floats]:
    """The same direction in [-pi, pi) radians; an angle already there comes back unchanged."""
    if not isinstance(angle_rad, np.ndarray):
        angle = float(angle_rad)
        if -math.pi <= angle < math.pi:
            return angle
        wrapped = (angle + math.pi) % _TURN - math.pi
        return wrapped if -math.pi <= wrapped < math.pi else -math.pi  # the sum may round up to a full turn
    angles = np.asarray(angle_rad, dtype=np.float64)
    turned = np.mod(angles + math.pi, _TURN) - math.pi
    turned = np.where(turned >= math.pi, -math.pi, turned)
    return np.where((angles >= -math.pi) & (angles < math.pi), angles, turned)


@overload
def angle_difference(target_rad: float, current_rad: float) -> float: ...
@overload
def angle_difference(target_rad: npt.NDArray[np.floating], current_rad: Union[float, Floats]) -> Floats: ...
@overload
def angle_difference(target_rad: float, current_rad: npt.NDArray[np.floating]) -> Floats: ...
def angle_difference(
    target_rad: Union[float, npt.NDArray[np.floating]], current_rad: Union[float, npt.NDArray[np.floating]]
) -> Union[float, Floats]:
    """The shortest signed turn in [-pi, pi) radians that leads from `current_rad` to `target_rad`."""
    return wrap_angle(target_rad - current_rad)


def quaternion_normalize(q: npt.ArrayLike) -> Floats:
    """Unit quaternions (..., 4). Raises ValueError for one without direction (zero, NaN, infinite)."""
    given = _quaternions(q)
    largest = np.max(np.abs(given), axis=-1, keepdims=True)
    if not np.all(np.isfinite(largest) & (largest > 0.0)):
        raise ValueError(f"q is {given.tolist()}: a quaternion needs finite components that are not all zero")
    scaled = given / largest  # so that squares neither overflow nor vanish
    unit: Floats = scaled / np.sqrt(np.sum(scaled * scaled, axis=-1, keepdims=True))
    return unit


def quaternion_conjugate(q: npt.ArrayLike) -> Floats:
    """The inverse rotation (..., 4) of unit quaternions."""
    inverse: Floats = _quaternions(q) * np.array([1.0, -1.0, -1.0, -1.0])
    return inverse


def quaternion_multiply(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """The Hamilton product (..., 4): the rotation b followed by a."""
    aw, ax, ay, az = np.moveaxis(_quaternions(a), -1, 0)
    bw, bx, by, bz = np.moveaxis(_quaternions(b), -1, 0)
    return np.stack(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ),
        axis=-1,
    )


def quaternion_rotate(q: npt.ArrayLike, vectors: npt.ArrayLike) -> Floats:
    """Vectors (..., 3) turned by unit quaternions (..., 4): v + 2w(u x v) + 2u x (u x v)."""
    q, v = _quaternions(q), np.asarray(vectors, dtype=np.float64)
    if v.shape[-1:] != (3,):
        raise ValueError(f"vectors has shape {v.shape}: its last axis must be x y z")
    twice = 2.0 * np.cross(q[..., 1:], v)
    return np.asarray(v + q[..., :1] * twice + np.cross(q[..., 1:], twice))


def quaternion_to_matrix(q: npt.ArrayLike) -> Floats:
    """Rotation matrices (..., 3, 3) of unit quaternions (..., 4)."""
    checked = _quaternions(q)
    # one of them in plain floats: the same products, without an array for each
    w, x, y, z = checked.tolist() if checked.ndim == 1 else np.moveaxis(checked, -1, 0)
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    if checked.ndim == 1:
        return np.array(rows)
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def quaternion_from_matrix(matrix: npt.ArrayLike) -> Floats:
    """Unit quaternions (..., 4), w >= 0, of rotation matrices (..., 3, 3).

    The row of the 4x4 outer product q q^T with the largest diagonal entry is divided out (Shepperd 1978), so
    that no rotation loses precision.
    """
    m = np.asarray(matrix, dtype=np.float64)
    if m.shape[-2:] != (3, 3):
        raise ValueError(f"matrix has shape {m.shape}: its last two axes must be 3 3")
    a, b, c = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    wx, wy, wz = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    outer = np.stack(
        [
            np.stack((1 + a + b + c, wx, wy, wz), axis=-1),
            np.stack((wx, 1 + a - b - c, xy, xz), axis=-1),
            np.stack((wy, xy, 1 - a + b - c, yz), axis=-1),
            np.stack((wz, xz, yz, 1 - a - b + c), axis=-1),
        ],
        axis=-2,
    )
    best = np.argmax(np.diagonal(outer, axis1=-2, axis2=-1), axis=-1)
    q = quaternion_normalize(np.take_along_axis(outer, best[..., None, None], axis=-2)[..., 0, :])
    return np.where(q[..., :1] < 0.0, -q, q)


def quaternion_from_axis_angle(axis: npt.ArrayLike, angle_rad: npt.ArrayLike) -> Floats:
    """Unit quaternions (..., 4) that turn by angles (...) about axes (..., 3), not zero (ValueError)."""
    axes, half = np.asarray(axis, dtype=np.float64), 0.5 * np.asarray(angle_rad, dtype=np.float64)
    length = np.linalg.norm(axes, axis=-1, keepdims=True)
    if axes.shape[-1:] != (3,) or not np.all(np.isfinite(length) & (length > 0.0)):
        raise ValueError(f"axis is {axes.tolist()}: an axis is x y z, finite and not zero")
    vector = axes / length * np.sin(half)[..., None]
    w = np.broadcast_to(np.cos(half), vector.shape[:-1])
    return np.concatenate((w[..., None], vector), axis=-1)


def quaternion_from_yaw(yaw_rad: npt.ArrayLike) -> Floats:
    """Unit quaternions (..., 4) that turn by yaws (...) counter-clockwise about z."""
    half = 0.5 * np.asarray(yaw_rad, dtype=np.float64)
    zero = np.zeros_like(half)
    return np.stack((np.cos(half), zero, zero, np.sin(half)), axis=-1)


def yaw_of_quaternion(q: npt.ArrayLike) -> Floats:
    """The yaws (...) of unit quaternions: the heading of the turned x axis in the x y plane, in [-pi, pi]."""
    w, x, y, z = np.moveaxis(_quaternions(q), -1, 0)
    return np.asarray(np.arctan2(2.0 * (x * y + w * z), 1.0 - 2.0 * (y * y + z * z)))


def slerp(a: npt.ArrayLike, b: npt.ArrayLike, fraction: npt.ArrayLike) -> Floats:
    """Unit quaternions (..., 4) on the shorter arc from a (fraction 0) to b (fraction 1), at constant speed.

    Shoemake 1985; the angle is taken from sum and difference, exact also for nearly equal rotations.
    """
    a, b = _quaternions(a), _quaternions(b)
    t = np.asarray(fraction, dtype=np.float64)[..., None]
    b = np.where(np.sum(a * b, axis=-1, keepdims=True) < 0.0, -b, b)
    half = np.arctan2(
        np.linalg.norm(a - b, axis=-1, keepdims=True), np.linalg.norm(a + b, axis=-1, keepdims=True)
    )
    angle = 2.0 * half
    near = angle < 1e-9
    sine = np.where(near, 1.0, np.sin(angle))
    from_a = np.where(near, 1.0 - t, np.sin((1.0 - t) * angle) / sine)
    from_b = np.where(near, t, np.sin(t * angle) / sine)
    return quaternion_normalize(from_a * a + from_b * b)


def _quaternions(q: npt.ArrayLike) -> Floats:
    quaternions = np.asarray(q, dtype=np.float64)
    if quaternions.shape[-1:] != (4,):
        raise ValueError(f"q has shape {quaternions.shape}: its last axis must be w x y z")
    return quaternions
