"""Free lines over a grid: is anything in the way between cells?"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from droidlet_geometry._supercover import Crossings, cell_pairs, crossings
from droidlet_geometry._types import Mask
from droidlet_geometry.grids import as_mask, cells_inside

_T = TypeVar("_T", bound=np.generic)


def line_of_sight(blocked: npt.ArrayLike, starts: npt.ArrayLike, targets: npt.ArrayLike) -> Mask:
    """Which lines (N,) between the centres of cells (N, 2), row column, touch no blocked cell of (H, W).

    `starts` and `targets` broadcast: one cell against many. Both ends count, a line through the corner of a
    blocked cell is not free, and a line that ends outside the grid is not free.
    """
    grid = as_mask(blocked, "blocked")
    first, last = cell_pairs(starts, targets)
    inside = cells_inside(first, grid.shape) & cells_inside(last, grid.shape)
    if not inside.any():
        return inside
    free = inside.copy()
    free[inside] = ~line_maximum(grid, first[inside], last[inside])
    return free


def line_maximum(values: npt.NDArray[_T], starts: npt.ArrayLike, targets: npt.ArrayLike) -> npt.NDArray[_T]:
    """The largest value (N,) of a grid (H, W) that lines between cells (N, 2) of the grid touch.

    Raises ValueError for cells outside the grid.
    """
    first, last = cell_pairs(starts, targets)
    height, width = values.shape
    if not (np.all(cells_inside(first, (height, width))) and np.all(cells_inside(last, (height, width)))):
        raise ValueError(f"starts or targets hold a cell outside the grid of shape {values.shape}")
    return _largest(values, crossings(first, last))


def _largest(values: npt.NDArray[_T], crossed: Crossings) -> npt.NDArray[_T]:
    pitch = np.array([values.shape[1], 1])
    base = (crossed.start @ pitch)[:, None] + (crossed.major @ pitch)[:, None] * crossed.step
    across = (crossed.minor @ pitch)[:, None]
    flat = values.ravel()
    middle = (crossed.low + crossed.high) >> 1
    largest = np.maximum(flat.take(base + across * crossed.low), flat.take(base + across * crossed.high))
    np.maximum(largest, flat.take(base + across * middle), out=largest)
    return np.asarray(largest.max(axis=1))
