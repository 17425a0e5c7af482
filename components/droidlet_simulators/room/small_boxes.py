"""Small boxes: worked out together, for all pictures at once, and laid into their pictures one by one.

Most boxes of a furnished flat are legs and shelves of a few pixels each, for which a dozen calls of numpy cost far
more than their pixels do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from droidlet_simulators.room.camera import Lens
from droidlet_simulators.room.draw import BoxFaces, Canvas

_SIDE = 12  # pixels that a small box is wide and high at most
_WORTH = 4  # from how many on working them out together costs less


class SmallBoxes(NamedTuple):
    """What S small boxes look like, in windows from the upper left corners of their rectangles."""

    row: np.ndarray  # (K,) int64, per box, small or not: its window, -1 for none
    near: np.ndarray  # (S, 12, 12) float32: inverse depth, 0 where the box is not
    surface: np.ndarray  # (S, 12, 12) int32: surface number


def small_boxes(faces: BoxFaces, rects: np.ndarray, surfaces: np.ndarray, lens: Lens) -> SmallBoxes:
    """The small ones among boxes with rectangles (K, 4) and first surface numbers (K,)."""
    row = np.full(len(rects), -1)
    wide, high = rects[:, 1] - rects[:, 0], rects[:, 3] - rects[:, 2]
    small = np.flatnonzero((wide <= _SIDE) & (high <= _SIDE) & (faces.fronts > 0))
    if len(small) < _WORTH:
        return SmallBoxes(row, np.empty((0, 0, 0), np.float32), np.empty((0, 0, 0), np.int32))
    row[small] = np.arange(len(small))
    side, slope = np.arange(_SIDE), faces.slope[small]
    x = lens.x[np.minimum(rects[small, 0, None] + side, lens.width - 1)][:, None, :]
    y = lens.y[np.minimum(rects[small, 2, None] + side, lens.height - 1)][:, None, :]
    across = (slope[..., 0, None] * x + slope[..., 2, None]).astype(np.float32)
    along = (slope[..., 1, None] * y).astype(np.float32)
    near, far, face = _entered(across[:, :, None, :] + along[..., None], faces.fronts[small])
    near[near <= far] = 0.0
    numbers = (faces.order[small, :3] + surfaces[small, None]).astype(np.int32)
    return SmallBoxes(row, near, numbers[np.arange(len(small))[:, None, None], face])


def _entered(fields: np.ndarray, fronts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where rays enter and leave boxes with fields (S, 6, h, w), and through which of the faces they enter."""
    near = fields[:, 0].copy()
    far = fields[:, 3:].max(axis=1)
    face = np.zeros(near.shape, np.int64)
    for plane in (1, 2):
        entered = (fronts > plane)[:, None, None]
        field = fields[:, plane]
        sooner = (field < near) & entered
        np.copyto(near, field, where=sooner)
        face[sooner] = plane
        np.maximum(far, field, out=far, where=~entered)
    return near, far, face


def draw_small_box(canvas: Canvas, rect: list[int], boxes: SmallBoxes, row: int) -> None:
    """Lays one small box into a picture."""
    c0, c1, r0, r1 = rect
    near, w = boxes.near[row, : r1 - r0, : c1 - c0], canvas.w[r0:r1, c0:c1]
    seen = near > w
    np.copyto(w, near, where=seen)
    np.copyto(canvas.surface[r0:r1, c0:c1], boxes.surface[row, : r1 - r0, : c1 - c0], where=seen)
