"""A grid as a graph: 8 neighbours, no corner cutting, costs in whole numbers, expanded in whole wave fronts.

Costs count 1/5741 of a cell's side: 5741 straight and 8119 diagonal, whose ratio is sqrt(2) to within 1e-8,
so that equal paths compare equal and no front runs twice over rounding.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Floats, Ints, Mask
from droidlet_geometry.grids import as_mask

UNIT = 5741
DIAGONAL = 8119
_MAX_SMALL = 2**29  # costs below this are kept in 32 bits: unreachable plus one forbidden step still fits
_MAX_PENALTY = 1e6

Costs = npt.NDArray[np.signedinteger]


class Lattice(NamedTuple):
    """The steps of a grid with a border of one blocked cell around it, cells numbered along rows."""

    steps: Costs  # [8, N] cost of leaving a cell in each direction; `unreached` where the step is not allowed
    offsets: Ints  # [8] from a cell's number to its neighbours': four straight, four diagonal
    pitch: int
    unreached: int
    patience: int  # how much dearer than the cheapest a cell may be to take its turn; 0 = any
    shape: Tuple[int, int]  # of the grid without its border

    def numbers(self, cells: Ints) -> Ints:
        """The numbers (...) of cells (..., 2)."""
        return np.asarray((cells[..., 0] + 1) * self.pitch + cells[..., 1] + 1)

    def cells(self, numbers: npt.ArrayLike) -> Ints:
        """The cells (..., 2) of numbers (...)."""
        row, column = np.divmod(np.asarray(numbers, dtype=np.int64), self.pitch)
        return np.stack((row - 1, column - 1), axis=-1)

    def unreached_costs(self, copies: int = 1) -> Costs:
        """Nothing reached yet: one cost per cell number, `copies` times over."""
        return np.full(copies * self.steps.shape[1], self.unreached, self.steps.dtype)

    def in_cells(self, costs: Costs) -> Floats:
        """Costs (N,) as distances (H, W) in cells, inf where not reached."""
        grid = costs.reshape(-1, self.pitch)[1:-1, 1:-1]
        return np.where(grid >= self.unreached, np.inf, grid / UNIT)


def lattice(blocked: npt.ArrayLike, penalty: Optional[npt.ArrayLike] = None) -> Lattice:
    """The graph of a grid (H, W); a step over penalties p and q costs its length times 1 + (p + q) / 2."""
    grid = as_mask(blocked, "blocked")
    height, width = grid.shape
    weight = None if penalty is None else _weights(penalty, grid)
    pitch = width + 2
    walls = np.ones((height + 2, pitch), np.bool_)
    walls[1:-1, 1:-1] = grid
    total = grid.size if weight is None else float(np.sum(weight, where=~walls.ravel()))
    small = DIAGONAL * total < _MAX_SMALL  # no way visits a cell twice
    dtype: npt.DTypeLike = np.int32 if small else np.int64
    unreached = _MAX_SMALL if small else 2**61
    offsets = np.array([1, -1, pitch, -pitch, pitch + 1, -pitch - 1, pitch - 1, -pitch + 1])
    steps = _steps(walls.ravel(), offsets, weight, unreached, np.dtype(dtype))
    return Lattice(steps, offsets, pitch, unreached, 0 if weight is None else 8 * UNIT, (height, width))


def advance(graph: Lattice, costs: Costs, front: Ints, stamp: Ints) -> Ints:
    """One round: lower `costs` (N,) in place over the steps out of `front` (K,), and return the next front.

    All cells improved in the round before take their steps at once (Bellman and Moore, by whole fronts), so
    there are as many rounds as the longest way has steps. Where steps differ much in cost, cells far behind
    the cheapest wait (delta-stepping, Meyer and Sanders 2003), or most would have to go again. Costs of
    several copies of the lattice, end to end, are lowered each for itself. `stamp` (N,) is scratch space.
    """
    held = front[:0]
    if graph.patience:
        price = costs.take(front)
        late = price > int(price.min()) + graph.patience
        held, front = front[late], front[~late]
    cost = graph.steps.take(front, axis=1, mode="wrap")
    cost += costs.take(front)
    neighbours = graph.offsets[:, None] + front
    better = cost < costs.take(neighbours)
    reached = neighbours[better]
    np.minimum.at(costs, reached, cost[better])
    return _once(np.concatenate((held, reached)) if held.size else reached, stamp)


def _once(numbers: Ints, stamp: Ints) -> Ints:
    """Each of the numbers (M,) once: of equal ones, the one whose place is left in `stamp`."""
    places = np.arange(numbers.size)
    stamp[numbers] = places
    distinct: Ints = numbers[stamp.take(numbers) == places]
    return distinct


def _steps(walls: Mask, offsets: Ints, weight: Optional[Floats], unreached: int, dtype: np.dtype) -> Costs:
    """The step costs [8, N]: a step needs both its cells and, if diagonal, both cells it passes between."""
    size, margin = walls.size, int(offsets[4])
    inner = slice(margin, size - margin)
    steps = np.full((8, size), unreached, dtype)
    for k in range(0, 8, 2):
        offset = int(offsets[k])
        there = slice(margin + offset, size - margin + offset)
        closed = walls[inner] | walls[there]
        if k >= 4:
            for side in (margin - 1, offset - margin + 1):  # a row on, and a column to either side
                closed |= walls[margin + side : size - margin + side]
        length = DIAGONAL if k >= 4 else UNIT
        cost = length if weight is None else np.rint((0.5 * length) * (weight[inner] + weight[there]))
        steps[k, inner] = np.where(closed, unreached, cost)
        steps[k + 1, there] = steps[k, inner]  # the way back costs the same
    return steps


def _weights(penalty: npt.ArrayLike, grid: Mask) -> Floats:
    """Cost per unit of length (N,) on the bordered grid."""
    extra = np.asarray(penalty, dtype=np.float64)
    if extra.shape != grid.shape:
        raise ValueError(f"penalty has shape {extra.shape}, blocked {grid.shape}: both are one grid")
    if not np.all((extra >= 0.0) & (extra <= _MAX_PENALTY)):
        raise ValueError(
            f"penalty runs from {extra.min()} to {extra.max()}: it must lie in 0 to {_MAX_PENALTY:g}"
        )
    return np.pad(1.0 + extra, 1, constant_values=1.0).ravel()
