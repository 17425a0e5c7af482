"""Whether a thing that ought to be in the picture is gone."""

from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np
from droidlet_geometry import project_points, quaternion_to_matrix
from droidlet_schema import Frame, Track
from numpy.typing import NDArray

from droidlet_perception._cloud import returns

F64 = NDArray[np.float64]

_SHRUNK = 0.8  # of a thing's extent must hold something for it to be still there
_IN_PICTURE = 0.7  # of its box must lie in the picture
_OPEN = 0.6  # of its pixels must not be hidden
_FEWEST_PIXELS = 12
_FURTHEST_M = 6.0
_SIGNS = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], np.float64) / 2
_SIGNS.setflags(write=False)


def gone(tracks: Sequence[Track], frame: Frame) -> Tuple[bool, ...]:
    """For each track: its place is in full view and nothing is there."""
    if not tracks:
        return ()
    centre = np.array([t.centre_m for t in tracks])
    half = np.array([t.size_m for t in tracks]) / 2
    corners = centre[:, None] + _SIGNS * (2 * half)[:, None]
    pixels, depth = project_points(corners, frame.intrinsics, frame.camera)
    ahead = (depth > 0.2).all(axis=1) & (depth.min(axis=1) < _FURTHEST_M)
    return tuple(
        bool(near) and _empty(frame, pixels[i], depth[i], centre[i], half[i])
        for i, near in enumerate(ahead.tolist())
    )


def _empty(frame: Frame, pixels: F64, depth: F64, centre: F64, half: F64) -> bool:
    """Whether the picture shows that a box in the world holds nothing."""
    lens = frame.intrinsics
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]) + 1, lens.width), min(int(high[1]) + 1, lens.height)
    count = max(x1 - x0, 0) * max(y1 - y0, 0)
    if count < _FEWEST_PIXELS or count < _IN_PICTURE * float((high[0] - low[0]) * (high[1] - low[1])):
        return False
    step = max(1, int(np.sqrt(count / 400)))
    seen, valid = returns(frame.depth_m[y0:y1:step, x0:x1:step])
    hidden = (seen < depth.min() - 0.1) | ~valid
    if float(hidden.mean()) > 1 - _OPEN:
        return False
    matrix = quaternion_to_matrix(
        np.array([frame.camera.qw, frame.camera.qx, frame.camera.qy, frame.camera.qz])
    )
    x = (np.arange(x0, x1, step) + (0.5 - lens.cx_px)) / lens.fx_px * seen
    y = ((np.arange(y0, y1, step) + (0.5 - lens.cy_px)) / lens.fy_px)[:, None] * seen
    inside = valid
    for axis, (eye, middle, reach) in enumerate(
        zip((frame.camera.x_m, frame.camera.y_m, frame.camera.z_m), centre.tolist(), half.tolist())
    ):
        at = x * matrix[axis, 0] + y * matrix[axis, 1] + seen * matrix[axis, 2]
        shrunk = reach * _SHRUNK if axis < 2 else reach - min(0.03, reach / 2)
        inside = inside & (np.abs(at + (eye - middle)) < shrunk)
    return not bool(inside.any())
