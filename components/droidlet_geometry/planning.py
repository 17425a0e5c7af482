"""Ways over a grid of blocked cells: distances, shortest paths, and paths made straight.

Steps lead to the 8 neighbours and cost 1 or sqrt(2) cells; a diagonal step needs both cells that it passes
between to be free. Cells are (row, column). Distances are exact to 1e-8 of their
value, to 1e-4 with a penalty.
"""

from __future__ import annotations

import math
from typing import List, Optional, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._lattice import UNIT, Costs, Lattice, advance, lattice
from droidlet_geometry._types import Floats, Ints, Mask
from droidlet_geometry.grids import as_mask, cells_inside, distance_to_mask
from droidlet_geometry.simplify import simplify_path


def distance_field(
    blocked: npt.ArrayLike,
    sources: npt.ArrayLike,
    penalty: Optional[npt.ArrayLike] = None,
    limit_cells: float = math.inf,
) -> Floats:
    """Length (H, W), in cells, of the shortest way from each cell to the nearest source; inf without a way.

    `sources` is one cell or many (K, 2). `penalty` (H, W) >= 0 makes cells dearer: each unit of length costs
    1 + penalty. Cells beyond `limit_cells` read inf. ValueError for a source that is blocked or outside.
    """
    graph = lattice(blocked, penalty)
    front = _free_numbers(graph, blocked, sources, "sources")
    costs = graph.unreached_costs()
    costs[front] = 0
    if not limit_cells >= 0.0:
        raise ValueError(f"limit_cells is {limit_cells}: a distance is at least 0")
    limit = int(min(limit_cells * UNIT * (1 + 1e-8), graph.unreached))
    front, stamp = np.unique(front), np.empty(costs.size, np.int64)
    while front.size:
        front = advance(graph, costs, front, stamp)
        if limit < graph.unreached:
            front = front[costs.take(front) < limit]
    costs[costs > limit] = graph.unreached
    return graph.in_cells(costs)


def plan_path(
    blocked: npt.ArrayLike,
    start: npt.ArrayLike,
    goal: npt.ArrayLike,
    penalty: Optional[npt.ArrayLike] = None,
    simplify: bool = True,
) -> Optional[Ints]:
    """The shortest way (K, 2) of cells from `start` to `goal`, both included; None if there is no way.

    `goal` is one cell, or several (G, 2) of which the cheapest to reach is chosen. `penalty` is as in
    `distance_field`. `simplify` keeps only the corners of a path pulled straight (see `simplify_path`), else
    every cell is listed. Raises ValueError if `start` or a goal is blocked or outside the grid.
    """
    graph = lattice(blocked, penalty)
    source = _free_numbers(graph, blocked, start, "start")
    if source.size != 1:
        raise ValueError(f"start is {np.asarray(start).tolist()}: a path starts in one cell")
    targets = np.unique(_free_numbers(graph, blocked, goal, "goal"))
    costs = _meet(graph, source, targets)
    near, far = costs.reshape(2, -1)
    middle = int(np.argmin(near + far))
    if near[middle] >= graph.unreached or far[middle] >= graph.unreached:
        return None
    numbers = _descend(graph, near, middle)[::-1] + _descend(graph, far, middle)[1:]
    path = graph.cells(numbers)
    return simplify_path(blocked, path, penalty) if simplify else path


def descend(field: Floats, start: npt.ArrayLike) -> Optional[Ints]:
    """The way (K, 2) from `start` down a distance field (H, W) to its nearest source; None from inf.

    Goes to the neighbour with the steepest descent each time: a shortest path if the field has no penalty.
    Raises ValueError if `start` lies outside the field.
    """
    values = np.asarray(field, dtype=np.float64)
    graph = lattice(~np.isfinite(values))
    cell = np.asarray(start, dtype=np.int64)
    if cell.shape != (2,) or not cells_inside(cell, graph.shape):
        raise ValueError(f"start is {cell.tolist()}: it must be one cell of the field of shape {graph.shape}")
    if not np.isfinite(values[cell[0], cell[1]]):
        return None
    heights = np.pad(values, 1, constant_values=np.inf).ravel()
    number, numbers = int(graph.numbers(cell)), []
    while True:
        numbers.append(number)
        slope = (heights[number] - heights.take(number + graph.offsets)) / graph.steps[:, number]
        steepest = int(np.argmax(slope))
        if not slope[steepest] > 0.0:
            return graph.cells(numbers)
        number += int(graph.offsets[steepest])


def nearest_reachable_cell(field: Floats, goal: npt.ArrayLike) -> Optional[Tuple[int, int]]:
    """The cell nearest to `goal` where the distance `field` (H, W) is finite; None if it is nowhere.

    Of cells equally near, the one with the shorter way. The goal may be blocked or outside the grid.
    """
    return _nearest(np.isfinite(field), goal, field)


def nearest_free_cell(blocked: npt.ArrayLike, cell: npt.ArrayLike) -> Optional[Tuple[int, int]]:
    """The free cell of (H, W) nearest to `cell`, ties in reading order; None if all are blocked."""
    return _nearest(~as_mask(blocked, "blocked"), cell, None)


def clearance_penalty(blocked: npt.ArrayLike, radius_cells: float, weight: float) -> Floats:
    """A penalty (H, W): `weight` on blocked cells, falling linearly to 0 at `radius_cells` from them."""
    if not (0.0 < radius_cells < math.inf and 0.0 <= weight < math.inf):
        raise ValueError(
            f"radius_cells is {radius_cells}, weight {weight}: a positive radius, a weight of at least 0"
        )
    return np.asarray(weight * (1.0 - distance_to_mask(blocked, radius_cells) / radius_cells))


def path_length(path: npt.ArrayLike) -> float:
    """The length of a path of points or cells (K, 2), in its own unit."""
    points = np.asarray(path, dtype=np.float64)
    return float(np.sum(np.hypot(*np.diff(points, axis=0).T))) if len(points) > 1 else 0.0


def _meet(graph: Lattice, source: Ints, targets: Ints) -> Costs:
    """Costs from the source (first N) and from the targets (last N), spread from both until they meet.

    With U the cheapest way found so far, a cell that costs more than U / 2 need not be left: on the best way
    some step leads from a cell within half its cost of one end to a cell within half its cost of the other.
    """
    size = graph.steps.shape[1]
    costs = graph.unreached_costs(2)
    front = np.concatenate((source, targets + size))
    costs[front] = 0
    stamp, best = np.empty(costs.size, np.int64), 2 * graph.unreached
    while front.size:
        front = advance(graph, costs, front, stamp)
        mine = costs.take(front)
        best = min(best, int(np.min(mine + costs.take(front + size, mode="wrap"), initial=best)))
        front = front[2 * mine <= best]
        if best >= graph.unreached and front.size and (front.min() >= size or front.max() < size):
            break  # one end has seen all it can reach, and not the other
    return costs


def _descend(graph: Lattice, costs: Costs, number: int) -> List[int]:
    """The cells from `number` down to where the costs are 0, along cheapest steps.

    Of equally cheap ways the one that alternates straight and diagonal steps: it keeps close to the straight
    line, so that more of it can be pulled straight.
    """
    price, steps, size = costs.data, graph.steps.ravel().data, costs.size
    moves = [(k * size, offset) for k, offset in enumerate(graph.offsets.tolist())]
    preferred = (moves[4:] + moves[:4], moves)
    numbers, diagonal = [number], 0
    while price[number] > 0:
        here = price[number]
        choice = preferred[diagonal]
        row, offset = next(m for m in choice if steps[m[0] + number] + price[number + m[1]] == here)
        diagonal = int(row >= 4 * size)
        number += offset
        numbers.append(number)
    return numbers


def _free_numbers(graph: Lattice, blocked: npt.ArrayLike, cells: npt.ArrayLike, name: str) -> Ints:
    wanted = np.asarray(cells)
    if wanted.size == 0 or wanted.shape[-1:] != (2,) or wanted.ndim > 2 or wanted.dtype.kind not in "iu":
        raise ValueError(f"{name} is {wanted.tolist()}: one cell (row, column) or several, in whole numbers")
    wanted = np.atleast_2d(wanted).astype(np.int64)
    outside = ~cells_inside(wanted, graph.shape)
    if outside.any():
        raise ValueError(f"{name} {wanted[outside][0].tolist()} lies outside the grid of shape {graph.shape}")
    taken = np.asarray(blocked)[wanted[:, 0], wanted[:, 1]]
    if taken.any():
        where = wanted[taken][0].tolist()
        raise ValueError(f"{name} {where} is blocked: choose a free cell, say with nearest_free_cell")
    return graph.numbers(wanted)


def _nearest(allowed: Mask, goal: npt.ArrayLike, then_by: Optional[Floats]) -> Optional[Tuple[int, int]]:
    rows, columns = np.nonzero(allowed)
    target = np.asarray(goal, dtype=np.float64)
    if target.shape != (2,) or not np.all(np.isfinite(target)):
        raise ValueError(f"goal is {target.tolist()}: one cell (row, column)")
    if rows.size == 0:
        return None
    away = (rows - target[0]) ** 2 + (columns - target[1]) ** 2
    nearest = np.flatnonzero(away == away.min())
    if then_by is not None:
        nearest = nearest[[int(np.argmin(then_by[rows[nearest], columns[nearest]]))]]
    return int(rows[nearest[0]]), int(columns[nearest[0]])
