"""Connected components of a mask or of an image of classes."""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Ints, Labels


class _Runs(NamedTuple):
    """Stretches of equal value along rows, in reading order; positions count one spare column per row."""

    start: Ints
    end: Ints  # one past the last cell
    value: npt.NDArray[np.generic]


def connected_components(image: npt.ArrayLike, connectivity: int = 8) -> Tuple[Labels, int]:
    """Labels (H, W) int32 and their count: 1, 2, ... in reading order of first cells, 0 for background.

    `image` is a boolean mask, or an integer image whose zero is background and whose components hold one
    value each. Cells touch over edges (`connectivity` 4) or corners too (8). Runs along rows are joined by
    hooking roots and halving paths, all at once (He, Chao and Suzuki 2008; Shiloach and Vishkin 1982).
    """
    grid = np.asarray(image)
    if grid.ndim != 2 or grid.dtype.kind not in "bui":
        raise ValueError(
            f"image is {grid.dtype} of shape {grid.shape}: a boolean or integer (H, W) image is needed"
        )
    if connectivity not in (4, 8):
        raise ValueError(
            f"connectivity is {connectivity}: cells touch over 4 edges, or over 8 edges and corners"
        )
    if grid.size == 0:
        return np.zeros(grid.shape, np.int32), 0
    pitch = grid.shape[1] + 1
    runs = _runs(grid)
    solid = np.flatnonzero(runs.value)
    root = graph_roots(len(solid), *_touching(runs, solid, pitch, connectivity == 8))
    first = root == np.arange(len(solid))
    label = np.zeros(len(runs.start), np.int32)
    label[solid] = np.cumsum(first, dtype=np.int32)[root]
    labels = np.repeat(label, runs.end - runs.start).reshape(grid.shape[0], pitch)
    return np.ascontiguousarray(labels[:, :-1]), int(np.count_nonzero(first))


def component_boxes(labels: Labels, count: int) -> Tuple[Ints, Ints]:
    """Cells per component (count,) and boxes (count, 4) x0 y0 x1 y1, half open, of labels (H, W).

    Row k belongs to label k + 1. A label without cells has size 0 and an empty box.
    """
    flat = np.flatnonzero(labels)
    index = labels.ravel().take(flat).astype(np.int64) - 1
    rows, columns = np.divmod(flat, max(labels.shape[1], 1))
    boxes = np.empty((count, 4), np.int64)
    boxes[:, :2] = max(labels.shape)
    boxes[:, 2:] = 0
    np.minimum.at(boxes[:, 0], index, columns)
    np.minimum.at(boxes[:, 1], index, rows)
    np.maximum.at(boxes[:, 2], index, columns + 1)
    np.maximum.at(boxes[:, 3], index, rows + 1)
    boxes[boxes[:, 2] == 0] = 0
    return np.bincount(index, minlength=count).astype(np.int64), boxes


def _runs(grid: npt.NDArray[np.generic]) -> _Runs:
    height, width = grid.shape
    padded = np.zeros((height, width + 1), grid.dtype)
    padded[:, :-1] = grid
    flat = padded.ravel()
    change = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    start = np.concatenate(([0], change))
    end = np.concatenate((change, [flat.size]))
    return _Runs(start, end, flat.take(start))


def _touching(runs: _Runs, solid: Ints, pitch: int, corners: bool) -> Tuple[Ints, Ints]:
    """Pairs of solid runs of one value that touch from one row to the next."""
    start, end, value = runs.start.take(solid), runs.end.take(solid), runs.value.take(solid)
    slack = 1 if corners else 0
    low = np.searchsorted(end, start + (pitch - slack), side="right")
    high = np.searchsorted(start, end + (pitch + slack), side="left")
    counts = np.maximum(high - low, 0)
    upper = np.repeat(np.arange(len(solid)), counts)
    skipped = np.cumsum(counts) - counts
    lower = np.arange(len(upper)) - np.repeat(skipped - low, counts)
    same = value.take(upper) == value.take(lower)
    return upper[same], lower[same]


def graph_roots(count: int, a: npt.NDArray[np.integer], b: npt.NDArray[np.integer]) -> Ints:
    """The smallest member of each node's component, (count,) int64, for a graph with edges a - b.

    Nodes are 0 to count - 1; `a` and `b` (N,) are the ends of each edge. Hooking and pointer jumping (Shiloach
    and Vishkin 1982).
    """
    root = np.arange(count)
    while True:
        low, high = np.minimum(root.take(a), root.take(b)), np.maximum(root.take(a), root.take(b))
        if np.array_equal(low, high):
            return root
        np.minimum.at(root, high, low)
        above = root.take(root)
        while not np.array_equal(above, root):
            root, above = above, above.take(above)
