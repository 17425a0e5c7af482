"""Frontiers: where the known free floor ends and the unknown begins (Yamauchi 1997)."""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Mask
from droidlet_geometry.components import connected_components
from droidlet_geometry.grids import as_mask


class Frontier(NamedTuple):
    """One stretch of frontier cells that touch each other."""

    cell: Tuple[int, int]  # row, column: the member nearest to the middle of the stretch
    size: int  # cells
    centre: Tuple[float, float]  # row, column: mean of the members


def frontier_cells(evidence: npt.ArrayLike) -> Mask:
    """Free cells (H, W) with an unknown cell over an edge.

    Evidence is 0 for unknown, below 0 for free, above 0 for occupied, as in an OccupancyMap.
    """
    grid = np.asarray(evidence)
    if grid.ndim != 2 or grid.dtype.kind not in "if":
        raise ValueError(
            f"evidence is {grid.dtype} of shape {grid.shape}: a signed number per cell (H, W) is needed"
        )
    unknown = grid == 0
    beside = np.zeros(grid.shape, np.bool_)
    beside[1:] |= unknown[:-1]
    beside[:-1] |= unknown[1:]
    beside[:, 1:] |= unknown[:, :-1]
    beside[:, :-1] |= unknown[:, 1:]
    return (grid < 0) & beside


def find_frontiers(
    evidence: npt.ArrayLike, within: Optional[npt.ArrayLike] = None, min_size: int = 1
) -> Tuple[Frontier, ...]:
    """The frontiers of an occupancy grid (H, W), the largest first, ties in reading order.

    `within` (H, W) leaves only frontier cells that are True in it (say, those that can be reached);
    `min_size` drops stretches of fewer cells.
    """
    cells = frontier_cells(evidence)
    if within is not None:
        allowed = as_mask(within, "within")
        if allowed.shape != cells.shape:
            raise ValueError(f"within has shape {allowed.shape}, evidence {cells.shape}: both are one grid")
        cells &= allowed
    labels, count = connected_components(cells)
    if count == 0:
        return ()
    rows, columns = np.nonzero(cells)
    index = labels[rows, columns] - 1
    sizes = np.bincount(index, minlength=count)
    centre_row = np.bincount(index, rows, count) / sizes
    centre_column = np.bincount(index, columns, count) / sizes
    away = (rows - centre_row[index]) ** 2 + (columns - centre_column[index]) ** 2
    order = np.lexsort((np.round(away, 9), index))  # rounded, so that ties fall to reading order
    nearest = order[np.searchsorted(index[order], np.arange(count))]
    ranked = sorted(np.flatnonzero(sizes >= min_size).tolist(), key=lambda k: (-int(sizes[k]), k))
    return tuple(
        Frontier(
            (int(rows[nearest[k]]), int(columns[nearest[k]])),
            int(sizes[k]),
            (float(centre_row[k]), float(centre_column[k])),
        )
        for k in ranked
    )
