"""Which primitives a camera can see, and inside which screen rectangle each must be drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.primitives import CYLINDER, SPHERE, Primitives

NEAR_M = 0.01
"""Nothing closer to the camera plane than this is drawn."""

_SIGNS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
_EDGES = np.array([(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)], np.int64)
_PIXEL_SLACK = 0.01  # rounding must never cut a pixel off a rectangle


class View(NamedTuple):
    """The primitives in sight, nearest first, in camera terms (K rows)."""

    prims: Primitives
    eye: np.ndarray  # (K, 3) the camera seen from the primitive's own axes
    turn: np.ndarray  # (K, 3, 3) primitive axes from camera axes
    centre: np.ndarray  # (K, 3) the primitive's centre in camera axes
    rect: np.ndarray  # (K, 4) int64: column0, column1, row0, row1, half open
    nearest_w: np.ndarray  # (K,) inverse of the smallest depth that it can have


def to_camera(camera: Camera, points: np.ndarray) -> np.ndarray:
    """World offsets (..., 3) along camera axes; written out, so that no BLAS decides the bits."""
    r = camera.rotation
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    return np.stack([x * r[0, j] + y * r[1, j] + z * r[2, j] for j in range(3)], axis=-1)


def look(prims: Primitives, lens: Lens, camera: Camera) -> View:
    """The primitives whose screen rectangle is not empty, sorted by nearest depth (stable)."""
    offset = prims.centre_m - camera.position_m
    centre = to_camera(camera, offset)
    keep = np.flatnonzero(_in_frustum(centre, prims.half_m, lens))
    prims, offset, centre = prims.take(keep), offset[keep], centre[keep]
    axes = _axes(prims, camera)
    turn = _turns(axes, camera)
    corners = _corners(centre, prims.half_m, turn)
    rect, depth = _rectangles(corners, lens)
    keep = np.flatnonzero((rect[:, 1] > rect[:, 0]) & (rect[:, 3] > rect[:, 2]))
    keep = keep[np.argsort(depth[keep], kind="stable")]
    eye = -along_axes(axes, offset)
    return View(prims.take(keep), eye[keep], turn[keep], centre[keep], rect[keep], 1.0 / depth[keep])


def _in_frustum(centre: np.ndarray, half: np.ndarray, lens: Lens) -> np.ndarray:
    """Whether the bounding sphere touches the viewing pyramid, (N,) bool."""
    radius = np.sqrt(half[:, 0] ** 2 + half[:, 1] ** 2 + half[:, 2] ** 2) + 1e-3
    x, y, z = centre[:, 0], centre[:, 1], centre[:, 2]
    seen = z + radius > NEAR_M
    for axis, slope in ((x, lens.x[-1]), (-x, -lens.x[0]), (y, lens.y[-1]), (-y, -lens.y[0])):
        seen &= axis - slope * z <= radius * np.sqrt(1.0 + slope * slope)
    return np.asarray(seen)


def along_axes(axes: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """World vectors (K, 3) along the columns of axes (K, 3, 3)."""
    x, y, z = vectors[:, 0, None], vectors[:, 1, None], vectors[:, 2, None]
    return np.asarray(x * axes[:, 0] + y * axes[:, 1] + z * axes[:, 2])


def _axes(prims: Primitives, camera: Camera) -> np.ndarray:
    """The axes of the box that is drawn round each primitive, (K, 3, 3).

    What is round may be boxed in any direction: facing the camera gives the smallest rectangle.
    """
    r = camera.rotation
    length = np.sqrt(r[0, 2] * r[0, 2] + r[1, 2] * r[1, 2])
    cos, sin = (r[0, 2] / length, r[1, 2] / length) if length > 1e-9 else (1.0, 0.0)
    facing = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    round_ = (prims.kind == SPHERE) | (prims.kind == CYLINDER)
    return np.where(round_[:, None, None], facing, prims.axes)


def _turns(axes: np.ndarray, camera: Camera) -> np.ndarray:
    """Camera axes along each primitive's axes, (K, 3, 3)."""
    r = camera.rotation
    return np.asarray(axes[:, 0, :, None] * r[0] + axes[:, 1, :, None] * r[1] + axes[:, 2, :, None] * r[2])


def _corners(centre: np.ndarray, half: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """The eight corners of each bounding box in camera axes, (K, 8, 3)."""
    sides = half[:, :, None] * turn
    corners = centre[:, None, :] + _SIGNS[None, :, 0, None] * sides[:, None, 0]
    corners += _SIGNS[None, :, 1, None] * sides[:, None, 1]
    corners += _SIGNS[None, :, 2, None] * sides[:, None, 2]
    return np.asarray(corners)


def _rectangles(corners: np.ndarray, lens: Lens) -> tuple[np.ndarray, np.ndarray]:
    """Screen rectangle (K, 4) and nearest depth (K,) of hulls (K, 8, 3), cut at the near plane."""
    depth = np.maximum(corners[:, :, 2].min(axis=1), NEAR_M)
    points = corners
    if bool((depth == NEAR_M).any()):
        points = np.concatenate([corners, _cuts(corners)], axis=1)
    z = points[:, :, 2]
    ahead = z >= NEAR_M
    scale = 1.0 / np.where(ahead, z, 1.0)
    rect = np.empty((len(corners), 4), np.int64)
    for column, (axis, focal, shift, count) in enumerate(
        ((0, lens.fx, lens.cx, lens.width), (1, lens.fy, lens.cy, lens.height))
    ):
        place = points[:, :, axis] * scale * focal + (shift - 0.5)
        low = np.where(ahead, place, np.inf).min(axis=1)
        high = np.where(ahead, place, -np.inf).max(axis=1)
        first = np.ceil(np.clip(low - _PIXEL_SLACK, 0, count))
        last = np.floor(np.clip(high + _PIXEL_SLACK, -1, count - 1)) + 1
        rect[:, 2 * column], rect[:, 2 * column + 1] = first, last
    return rect, depth


def _cuts(corners: np.ndarray) -> np.ndarray:
    """Where the twelve edges cross the near plane, (K, 12, 3); depth -1 where they do not."""
    a, b = corners[:, _EDGES[:, 0]], corners[:, _EDGES[:, 1]]
    crosses = (a[..., 2] < NEAR_M) != (b[..., 2] < NEAR_M)
    span = np.where(crosses, b[..., 2] - a[..., 2], 1.0)
    part = (NEAR_M - a[..., 2]) / span
    cut = a + part[..., None] * (b - a)
    cut[..., 2] = np.where(crosses, NEAR_M, -1.0)
    return np.asarray(cut)
