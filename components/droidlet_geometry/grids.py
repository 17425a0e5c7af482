"""Grids on the floor: cells, growing, distances, segments.

A cell is (row, column); columns run along world x, rows along world y. Cell (row, column) covers
origin + (column, row) * cell_m to one cell further, and its centre lies half a cell from its corner.
"""

from __future__ import annotations

import math
from typing import Optional, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._supercover import cell_pairs, crossings
from droidlet_geometry._types import Floats, Ints, Mask


def world_to_cell(points_m: npt.ArrayLike, origin_x_m: float, origin_y_m: float, cell_m: float) -> Ints:
    """Cells (..., 2) as row and column of world points (..., 2) x y; cells may lie outside the grid.

    Raises ValueError for points that are not finite and for a cell size that is not positive.
    """
    points = np.asarray(points_m, dtype=np.float64)
    _check_cell_size(cell_m)
    if points.shape[-1:] != (2,) or not np.all(np.isfinite(points)):
        raise ValueError(f"points_m is {points.tolist()}: points on the floor are x y, finite")
    cells = np.floor((points - (origin_x_m, origin_y_m)) / cell_m)
    return cells[..., ::-1].astype(np.int64)


def cell_to_world(cells: npt.ArrayLike, origin_x_m: float, origin_y_m: float, cell_m: float) -> Floats:
    """World points (..., 2) x y in metres of the centres of cells (..., 2) row column."""
    _check_cell_size(cell_m)
    row_column = np.asarray(cells, dtype=np.float64)
    return np.asarray((row_column[..., ::-1] + 0.5) * cell_m + (origin_x_m, origin_y_m))


def cells_inside(cells: npt.ArrayLike, shape: Tuple[int, int]) -> Mask:
    """Which cells (..., 2) lie in a grid of `shape` (rows, columns)."""
    row_column = np.asarray(cells)
    return np.asarray(np.all((row_column >= 0) & (row_column < shape), axis=-1))


def dilate(mask: npt.ArrayLike, radius_cells: float) -> Mask:
    """A mask (H, W) grown by a disc, True where a True cell lies within `radius_cells`, centre to centre."""
    grown = as_mask(mask, "mask")
    if not 0.0 <= radius_cells < math.inf:
        raise ValueError(f"radius_cells is {radius_cells}: a disc needs a finite radius of at least 0")
    height, width = grown.shape
    strip, reach = grown.copy(), 0  # the mask grown along its rows by `reach`
    result = grown.copy()
    for dy in range(min(int(radius_cells), height - 1), -1, -1):
        half_width = min(int(math.sqrt(radius_cells * radius_cells - dy * dy)), width - 1)
        for dx in range(reach + 1, half_width + 1):
            strip[:, dx:] |= grown[:, : width - dx]
            strip[:, : width - dx] |= grown[:, dx:]
        reach = max(reach, half_width)
        result[dy:] |= strip[: height - dy]
        result[: height - dy] |= strip[dy:]
    return result


def distance_to_mask(mask: npt.ArrayLike, limit_cells: Optional[float] = None) -> Floats:
    """Euclidean distance (H, W), in cells, from each cell to the nearest True one; inf where there is none.

    Exact up to `limit_cells`; larger distances read `limit_cells` (cheap when it is small). First along
    columns, then the lower envelope along rows (Saito and Toriwaki 1994).
    """
    near = as_mask(mask, "mask")
    if limit_cells is not None and not limit_cells >= 0.0:
        raise ValueError(f"limit_cells is {limit_cells}: a distance is at least 0")
    limit = math.inf if limit_cells is None else float(limit_cells)
    squared = _column_distance(near) ** 2
    best = squared.copy()
    for dx in range(1, near.shape[1]):
        gap = float(dx * dx)
        if gap >= min(limit * limit, float(best.max())):
            break  # no cell further along its row can be nearer
        np.minimum(best[:, dx:], squared[:, :-dx] + gap, out=best[:, dx:])
        np.minimum(best[:, :-dx], squared[:, dx:] + gap, out=best[:, :-dx])
    return np.minimum(np.sqrt(best), limit)


def segment_cells(start: npt.ArrayLike, end: npt.ArrayLike) -> Ints:
    """All cells (K, 2) that the segment between two cell centres touches, in order from `start`."""
    return rasterise_segments(np.atleast_2d(start), np.atleast_2d(end))[0]


def rasterise_segments(starts: npt.ArrayLike, ends: npt.ArrayLike) -> Tuple[Ints, Ints]:
    """Cells (K, 2) touched by segments between cell centres (N, 2), and each one's segment (K,).

    A segment through the corner where four cells meet touches all four. Starts and ends broadcast.
    """
    crossed = crossings(*cell_pairs(starts, ends))
    spread = np.arange(3)[:, None, None] + crossed.low
    wanted = (spread <= crossed.high) & crossed.within
    segment, step, which = np.nonzero(np.moveaxis(wanted, 0, -1))
    minor = spread[which, segment, step]
    return crossed.cells(segment, step, minor), segment.astype(np.int64)


def as_mask(values: npt.ArrayLike, name: str) -> Mask:
    """The values as a boolean (H, W) array, or a ValueError naming what was given."""
    mask = np.asarray(values)
    if mask.dtype != np.bool_ or mask.ndim != 2 or mask.size == 0:
        raise ValueError(
            f"{name} is {mask.dtype} of shape {mask.shape}: a non-empty boolean (H, W) grid is needed"
        )
    return mask


def _column_distance(mask: Mask) -> Floats:
    height = mask.shape[0]
    rows = np.arange(height, dtype=np.float64)[:, None]
    above = np.maximum.accumulate(np.where(mask, rows, -np.inf), axis=0)
    below = np.minimum.accumulate(np.where(mask, rows, np.inf)[::-1], axis=0)[::-1]
    return np.minimum(rows - above, below - rows)


def _check_cell_size(cell_m: float) -> None:
    if not 0.0 < cell_m < math.inf:
        raise ValueError(f"cell_m is {cell_m}: the side of a cell is a positive number of metres")
