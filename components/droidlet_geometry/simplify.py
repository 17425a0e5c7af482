"""Paths of cells pulled straight."""

from __future__ import annotations

from typing import Optional

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Floats, Ints
from droidlet_geometry.grids import as_mask
from droidlet_geometry.line_of_sight import line_maximum

_LOOK_AHEAD = 24


def simplify_path(
    blocked: npt.ArrayLike, path: npt.ArrayLike, penalty: Optional[npt.ArrayLike] = None
) -> Ints:
    """The corners (M, 2) of a path of cells (K, 2), pulled straight wherever a free line allows.

    From each corner it goes on to the furthest turn of the path that a line reaches without touching a
    blocked cell of (H, W) or, with a `penalty` (H, W), one dearer than the dearest cell of the path it cuts
    short; it looks on as long as one of the next 24 turns can be reached. Never longer than the path.
    Raises ValueError for a path that is empty or touches a blocked cell itself.
    """
    grid = as_mask(blocked, "blocked")
    cells = np.asarray(path)
    if cells.ndim != 2 or cells.shape[-1] != 2 or len(cells) == 0 or cells.dtype.kind not in "iu":
        raise ValueError(
            f"path is {cells.dtype} of shape {cells.shape}: it needs whole cells (K, 2), at least one"
        )
    cost = np.zeros(grid.shape) if penalty is None else np.asarray(penalty, dtype=np.float64)
    if cost.shape != grid.shape:
        raise ValueError(f"penalty has shape {cost.shape}, blocked {grid.shape}: both are one grid")
    turns = _turns(cells.astype(np.int64))
    values = np.where(grid, np.inf, cost)
    last = max(len(turns) - 1, 1)  # a path of one turn is checked against itself
    dearest = line_maximum(values, turns[:last], turns[-last:])
    if not np.all(np.isfinite(dearest)):
        raise ValueError("path touches a blocked cell: it was planned on another grid, or cuts a corner")
    return _pull(values, turns, dearest)


def _pull(values: Floats, turns: Ints, dearest: Floats) -> Ints:
    kept, here, last = [0], 0, len(turns) - 1
    while here < last:
        here = _furthest(values, turns, dearest, here)
        kept.append(here)
    return turns[kept]


def _furthest(values: Floats, turns: Ints, dearest: Floats, here: int) -> int:
    """The last turn that a line from turn `here` reaches; ends at the first window of turns without any."""
    allowed = np.maximum.accumulate(dearest[here:])  # a line to the next turn is as dear as this stretch
    reach = here + 1
    for first in range(here + 1, len(turns), _LOOK_AHEAD):
        window = turns[first : first + _LOOK_AHEAD]
        clear = line_maximum(values, turns[here], window) <= allowed[first - here - 1 :][: len(window)]
        seen = np.flatnonzero(clear)
        if seen.size == 0:
            break
        reach = first + int(seen[-1])
    return reach


def _turns(cells: Ints) -> Ints:
    """The path without the cells where it goes straight on (or straight back), and without repetitions."""
    moved = np.any(np.diff(cells, axis=0) != 0, axis=1)
    cells = cells[np.concatenate(([True], moved))]
    if len(cells) < 3:
        return cells
    step = np.diff(cells, axis=0)
    cross = step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0]
    return cells[np.concatenate(([True], cross != 0, [True]))]
