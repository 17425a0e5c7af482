"""What an occupancy map says of the cells of a place field."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from droidlet_memory.places.cells import Cell
from droidlet_schema import OccupancyMap

Index = NDArray[np.int64]


def told_by(known: OccupancyMap, cell_m: float, level: int) -> dict[Cell, bool]:
    """Which cells of `cell_m` an occupancy map knows, and whether they are occupied. Raises ValueError for a
    map whose place is not finite.
    """
    if not (
        math.isfinite(known.origin_x_m) and math.isfinite(known.origin_y_m) and 0 < known.cell_m < math.inf
    ):
        raise ValueError(
            f"the occupancy map lies at ({known.origin_x_m}, {known.origin_y_m}) with cells of {known.cell_m} m"
        )
    told: dict[Cell, bool] = {}
    for occupied in (False, True):  # so that occupied counts more
        seen = known.evidence > 0 if occupied else known.evidence < 0
        for column, row in (*_holding(known, seen, cell_m), *_held(known, seen, cell_m)):
            told[column, row, level] = occupied
    return told


def _holding(known: OccupancyMap, seen: NDArray[Any], cell_m: float) -> list[tuple[int, int]]:
    """The cells that the middles of the map's cells lie in."""
    rows, columns = seen.nonzero()
    return _pairs(
        np.floor((known.origin_x_m + (columns + 0.5) * known.cell_m) / cell_m),
        np.floor((known.origin_y_m + (rows + 0.5) * known.cell_m) / cell_m),
    )


def _held(known: OccupancyMap, seen: NDArray[Any], cell_m: float) -> list[tuple[int, int]]:
    """The cells whose middles lie in the map's cells; where those are smaller they are few and known already."""
    if known.cell_m <= cell_m or not seen.any():
        return []
    columns, from_column = _along(known.origin_x_m, seen.shape[1], known.cell_m, cell_m)
    rows, from_row = _along(known.origin_y_m, seen.shape[0], known.cell_m, cell_m)
    inside_rows, inside_columns = seen[np.ix_(from_row, from_column)].nonzero()
    return _pairs(columns[inside_columns], rows[inside_rows])


def _along(origin_m: float, count: int, map_cell_m: float, cell_m: float) -> tuple[Index, Index]:
    """Along one axis: the cells whose middles lie on the map, and the map's cell that each lies in."""
    low, high = math.floor(origin_m / cell_m), math.ceil((origin_m + count * map_cell_m) / cell_m)
    cells = np.arange(low, high, dtype=np.int64)
    inside = np.floor(((cells + 0.5) * cell_m - origin_m) / map_cell_m).astype(np.int64)
    there = (inside >= 0) & (inside < count)
    return cells[there], inside[there]


def _pairs(columns: NDArray[Any], rows: NDArray[Any]) -> list[tuple[int, int]]:
    return list(zip(columns.astype(np.int64).tolist(), rows.astype(np.int64).tolist()))
