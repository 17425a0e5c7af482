"""Small boxes: worked out together, for all pictures at once, and laid into their pictures one by one.

Most boxes of a furnished flat are legs and shelves of a few pixels each, for which a dozen calls of numpy cost far
more than their pixels do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from droidlet_simulators.room.draw import Boxes, Canvas

_SIDE = 12  # pixels that a small box is wide and high at most
_WORTH = 4  # from how many on working them out together costs less
_SIX = np.arange(6)[None, :, None]


class SmallBoxes(NamedTuple):
    """What S small boxes look like, in windows from the upper left corners of their rectangles."""

    row: list[int]  # per box, small or not: its window, -1 for none
    near: np.ndarray  # (S, 12, 12) float32: inverse depth, 0 where the box is not
    surface: np.ndarray  # (S, 12, 12) int32: surface number


def small_boxes(boxes: Boxes, rects: np.ndarray, surfaces: np.ndarray) -> SmallBoxes:
    """The small ones among boxes with rectangles (K, 4) and first surface numbers (K,)."""
    row = np.full(len(rects), -1)
    fronts = np.array(boxes.fronts, np.int64)
    wide, high = rects[:, 1] - rects[:, 0], rects[:, 3] - rects[:, 2]
    small = np.flatnonzero((wide <= _SIDE) & (high <= _SIDE) & (fronts > 0))
    if len(small) < _WORTH:
        return SmallBoxes(row.tolist(), np.empty((0, 0, 0), np.float32), np.empty((0, 0, 0), np.int32))
    row[small] = np.arange(len(small))
    fronts, own, side = fronts[small], small[:, None, None], np.arange(_SIDE)
    right = np.minimum(rects[small, 0, None] + side, boxes.rows.shape[3] - 1)[:, None, :]
    down = np.minimum(rects[small, 2, None] + side, boxes.columns.shape[2] - 1)[:, None, :]
    across, along = boxes.rows[own, _SIX, 0, right], boxes.columns[own, _SIX, down, 0]
    near, far, face = _entered(across[:, :, None, :] + along[..., None], fronts)
    near[near <= far] = 0.0
    order = np.array(boxes.order, np.int32)[small, :3] + surfaces[small, None].astype(np.int32)
    return SmallBoxes(row.tolist(), near, order[row[own], face])


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
