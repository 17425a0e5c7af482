"""Whether a thing that ought to be in the picture is gone."""

from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import project_points, quaternion_to_matrix
from droidlet_perception._cloud import returns
from droidlet_schema import Frame, Track

F64 = NDArray[np.float64]

_SHRUNK = 0.8  # of a thing's extent must hold something for it to be still there
_IN_PICTURE = 0.7  # of its box must lie in the picture
_OPEN = 0.7  # of the rays through its place must go on behind it
_BEYOND_M = 0.05
_FEWEST_RAYS = 8
_FURTHEST_M = 6.0
_MOST_RAYS = 400
_SIGNS = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], np.float64)
_SIGNS.setflags(write=False)


def gone(tracks: Sequence[Track], frame: Frame) -> Tuple[bool, ...]:
    """For each track: its place is in full view and nothing is there."""
    if not tracks:
        return ()
    centre = np.array([t.centre_m for t in tracks])
    half = np.array([t.size_m for t in tracks]) / 2
    pixels, depth = project_points(centre[:, None] + _SIGNS * half[:, None], frame.intrinsics, frame.camera)
    ahead = (depth > 0.2).all(axis=1) & (depth.min(axis=1) < _FURTHEST_M)
    return tuple(
        bool(near) and _empty(frame, pixels[i], centre[i], half[i]) for i, near in enumerate(ahead.tolist())
    )


def _empty(frame: Frame, pixels: F64, centre: F64, half: F64) -> bool:
    """Whether most rays through a box in the world go on behind it, and none ends in it."""
    lens, camera = frame.intrinsics, frame.camera
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]) + 1, lens.width), min(int(high[1]) + 1, lens.height)
    count = max(x1 - x0, 0) * max(y1 - y0, 0)
    if count == 0 or count < _IN_PICTURE * float((high[0] - low[0]) * (high[1] - low[1])):
        return False
    step = int(np.sqrt(count / _MOST_RAYS)) + 1
    seen, valid = returns(frame.depth_m[y0:y1:step, x0:x1:step])
    x = (np.arange(x0, x1, step) + (0.5 - lens.cx_px)) / lens.fx_px
    y = ((np.arange(y0, y1, step) + (0.5 - lens.cy_px)) / lens.fy_px)[:, None]
    matrix = quaternion_to_matrix(np.array([camera.qw, camera.qx, camera.qy, camera.qz]))
    rays = tuple(x * matrix[i, 0] + y * matrix[i, 1] + matrix[i, 2] for i in range(3))
    eye = np.array([camera.x_m, camera.y_m, camera.z_m])
    shrunk = half * (_SHRUNK, _SHRUNK, 1.0) - (0.0, 0.0, min(0.03, float(half[2]) / 2))
    enter, leave = _crossing(rays, centre - shrunk - eye, centre + shrunk - eye)
    through = valid & (enter < leave)
    behind = through & (seen > leave + _BEYOND_M)
    inside = through & (seen > enter - _BEYOND_M) & ~behind
    rays_through = int(np.count_nonzero(enter < leave))
    if rays_through < _FEWEST_RAYS or inside.any():
        return False
    return int(np.count_nonzero(behind)) >= _OPEN * rays_through


def _crossing(rays: Tuple[F64, ...], low: F64, high: F64) -> Tuple[F64, F64]:
    """Depths at which rays from the origin enter and leave a box (slab method, Kay and Kajiya 1986)."""
    enter, leave = np.float64(0.0), np.float64(np.inf)
    for ray, a, b in zip(rays, low.tolist(), high.tolist()):
        safe = np.where(np.abs(ray) < 1e-9, 1e-9, ray)
        one, two = a / safe, b / safe
        enter = np.maximum(enter, np.minimum(one, two))
        leave = np.minimum(leave, np.maximum(one, two))
    return np.asarray(enter), np.asarray(leave)
