"""Which primitives a camera can see, and inside which screen rectangle each must be drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from droidlet_simulators.room.camera import Cameras, Lens
from droidlet_simulators.room.primitives import CYLINDER, SPHERE, Primitives

NEAR_M = 0.01
"""Nothing closer to the camera plane than this is drawn."""

_SIGNS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
_EDGES = np.array([(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)], np.int64)
_PIXEL_SLACK = 0.01  # rounding must never cut a pixel off a rectangle


class View(NamedTuple):
    """The primitives in sight of each camera, by camera, then by layer, then nearest first (K rows)."""

    prims: Primitives
    which: np.ndarray  # (K,) int64: whose sight
    layer: np.ndarray  # (K,) int64
    offset: np.ndarray  # (K, 3) the primitive's centre from the camera, along the world's axes
    eye: np.ndarray  # (K, 3) the camera seen from the primitive's own axes
    turn: np.ndarray  # (K, 3, 3) primitive axes from camera axes
    centre: np.ndarray  # (K, 3) the primitive's centre in camera axes
    rect: np.ndarray  # (K, 4) int64: column0, column1, row0, row1, half open
    nearest_w: np.ndarray  # (K,) inverse of the smallest depth that it can have


def to_camera(rotation: np.ndarray, points: np.ndarray) -> np.ndarray:
    """World offsets (..., 3) along the axes of cameras (..., 3, 3); written out, so that no BLAS decides the bits."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    r = rotation
    return np.stack([x * r[..., 0, j] + y * r[..., 1, j] + z * r[..., 2, j] for j in range(3)], axis=-1)


def in_sight(prims: Primitives, lens: Lens, cameras: Cameras) -> tuple[np.ndarray, np.ndarray]:
    """The primitives that may be in sight of each of P cameras: which cameras, and the rows, by camera, then row."""
    offset = prims.centre_m - cameras.position_m[:, None]
    centre = to_camera(cameras.rotation[:, None], offset)
    seen = _in_frustum(centre.reshape(-1, 3), np.tile(prims.half_m, (len(offset), 1)), lens)
    which, row = np.nonzero(seen.reshape(offset.shape[:2]))
    return which, row


def look(prims: Primitives, which: np.ndarray, layer: np.ndarray, lens: Lens, cameras: Cameras) -> View:
    """The primitives whose screen rectangle is not empty, sorted (stably); `which` camera looks at each row."""
    offset = prims.centre_m - cameras.position_m[which]
    centre = to_camera(cameras.rotation[which], offset)
    keep = np.flatnonzero(_in_frustum(centre, prims.half_m, lens))
    prims, offset, centre, which, layer = (
        prims.take(keep),
        offset[keep],
        centre[keep],
        which[keep],
        layer[keep],
    )
    axes = _axes(prims, which, cameras.rotation)
    turn = _turns(axes, cameras.rotation[which])
    corners = _corners(centre, prims.half_m, turn)
    rect, depth = _rectangles(corners, lens)
    keep = np.flatnonzero((rect[:, 1] > rect[:, 0]) & (rect[:, 3] > rect[:, 2]))
    keep = keep[np.lexsort((depth[keep], layer[keep], which[keep]))]
    eye = -along_axes(axes, offset)
    columns = (which, layer, offset, eye, turn, centre, rect, 1.0 / depth)
    return View(prims.take(keep), *(column[keep] for column in columns))


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


def _axes(prims: Primitives, which: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """The axes of the box that is drawn round each primitive, (K, 3, 3).

    What is round may be boxed in any direction: facing the camera gives the smallest rectangle.
    """
    ahead, aside = rotation[:, 0, 2], rotation[:, 1, 2]
    length = np.sqrt(ahead * ahead + aside * aside)
    level = length > 1e-9
    cos, sin = np.where(level, ahead / length, 1.0), np.where(level, aside / length, 0.0)
    facing = np.zeros((len(rotation), 3, 3))
    facing[:, 0, 0] = facing[:, 1, 1] = cos
    facing[:, 0, 1], facing[:, 1, 0], facing[:, 2, 2] = -sin, sin, 1.0
    round_ = (prims.kind == SPHERE) | (prims.kind == CYLINDER)
    return np.where(round_[:, None, None], facing[which], prims.axes)


def _turns(axes: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Camera axes (K, 3, 3) along each primitive's axes, (K, 3, 3)."""
    a, r = axes, rotation
    return np.asarray(
        a[:, 0, :, None] * r[:, 0, None] + a[:, 1, :, None] * r[:, 1, None] + a[:, 2, :, None] * r[:, 2, None]
    )


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
    rect = _hulls(corners, lens)
    cut = np.flatnonzero(depth == NEAR_M)
    if len(cut):
        rect[cut] = _hulls(np.concatenate([corners[cut], _cuts(corners[cut])], axis=1), lens)
    return rect, depth


def _hulls(points: np.ndarray, lens: Lens) -> np.ndarray:
    """The screen rectangles (K, 4) of those of some points (K, N, 3) that are ahead."""
    z = points[:, :, 2]
    ahead = z >= NEAR_M
    scale = 1.0 / np.where(ahead, z, 1.0)
    rect = np.empty((len(points), 4), np.int64)
    for column, (axis, focal, shift, count) in enumerate(
        ((0, lens.fx, lens.cx, lens.width), (1, lens.fy, lens.cy, lens.height))
    ):
        place = points[:, :, axis] * scale * focal + (shift - 0.5)
        low = np.where(ahead, place, np.inf).min(axis=1)
        high = np.where(ahead, place, -np.inf).max(axis=1)
        first = np.ceil(np.clip(low - _PIXEL_SLACK, 0, count))
        last = np.floor(np.clip(high + _PIXEL_SLACK, -1, count - 1)) + 1
        rect[:, 2 * column], rect[:, 2 * column + 1] = first, last
    return rect


def _cuts(corners: np.ndarray) -> np.ndarray:
    """Where the twelve edges cross the near plane, (K, 12, 3); depth -1 where they do not."""
    a, b = corners[:, _EDGES[:, 0]], corners[:, _EDGES[:, 1]]
    crosses = (a[..., 2] < NEAR_M) != (b[..., 2] < NEAR_M)
    span = np.where(crosses, b[..., 2] - a[..., 2], 1.0)
    part = (NEAR_M - a[..., 2]) / span
    cut = a + part[..., None] * (b - a)
    cut[..., 2] = np.where(crosses, NEAR_M, -1.0)
    return np.asarray(cut)
