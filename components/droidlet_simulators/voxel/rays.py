"""Many rays through a grid of blocks at once.

Source: Amanatides and Woo, A Fast Voxel Traversal Algorithm for Ray Tracing (1987), one step of all rays per round;
rays that met something leave the rounds in batches.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_simulators.voxel.looks import BOXES, FULL, PARTIAL, SENTINEL, SIGHT, STOP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_KEPT = 0.7  # of the rays in the rounds; below that the others are left behind
_NUDGE = 1e-9


class Grid(NamedTuple):
    """A box of blocks with a rim of SENTINEL around it."""

    states: NDArray[np.uint16]  # (X + 2, Y + 2, Z + 2)
    low: Floats  # the corner of the first block inside the rim, (3,)
    shape: Tuple[int, int, int]  # of the rim


class Hits(NamedTuple):
    """What each of N rays meets: how far away in its own units (inf: nothing), which cell, which of its faces."""

    depth: Floats  # (N,)
    cell: Ints  # (N,) in the rimmed grid, flat
    axis: NDArray[np.int8]  # (N,) 0, 1 or 2: across which axis it came in


def make_grid(states: NDArray[np.uint16], low: Tuple[int, int, int]) -> Grid:
    """The grid of a dense box of states."""
    shape = (states.shape[0] + 2, states.shape[1] + 2, states.shape[2] + 2)
    rimmed = np.full(shape, SENTINEL, np.uint16)
    rimmed[1:-1, 1:-1, 1:-1] = states
    return Grid(rimmed, np.array(low, np.float64), shape)


def enter(grid: Grid, origins: Floats, directions: Floats) -> Tuple[Floats, Floats, NDArray[np.int8]]:
    """Where rays enter and leave the box, in their own units, and across which axis; past it, leave < enter."""
    high = grid.low + np.array(grid.shape) - 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (grid.low - origins) / directions
        two = (high - origins) / directions
    still = directions == 0.0
    within = (origins >= grid.low) & (origins <= high)
    near = np.where(still, np.where(within, -np.inf, np.inf), np.fmin(one, two))
    far = np.where(still, np.where(within, np.inf, -np.inf), np.fmax(one, two))
    axis = near.argmax(axis=1).astype(np.int8)
    return np.maximum(near.max(axis=1), 0.0), far.min(axis=1), axis


def trace(grid: Grid, origins: Floats, directions: Floats, farthest: Floats) -> Hits:
    """What rays (N, 3) meet within `farthest` (N,), both in the units of each ray's direction."""
    count = len(directions)
    hits = Hits(np.full(count, np.inf), np.zeros(count, np.int64), np.zeros(count, np.int8))
    start, leave, first_axis = enter(grid, origins, directions)
    rows = np.flatnonzero((start <= leave) & (start < farthest))
    if len(rows) == 0:
        return hits
    rounds = _Rounds(grid, origins[rows], directions[rows], start[rows], first_axis[rows], rows)
    rounds.run(hits, farthest[rows])
    return hits


class _Rounds:
    """The rays that are still under way: each one's cell, and where it crosses the next plane of each axis."""

    def __init__(
        self,
        grid: Grid,
        origins: Floats,
        directions: Floats,
        start: Floats,
        axis: NDArray[np.int8],
        rows: Ints,
    ) -> None:
        self.flat = grid.states.ravel()
        self.grid, self.rows = grid, rows
        self.origins, self.directions = origins, directions
        strides = np.array([grid.shape[1] * grid.shape[2], grid.shape[2], 1], np.int64)
        entry = origins + start[:, None] * directions
        cell = np.floor(entry - grid.low + np.where(start[:, None] > 0, np.sign(directions) * _NUDGE, 0.0))
        cell = np.clip(cell, 0, np.array(grid.shape) - 3)
        positive = directions > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = (cell + positive + grid.low - origins) / directions
            gap = 1.0 / np.abs(directions)
        crossing[directions == 0] = np.inf
        self.next = [np.ascontiguousarray(crossing[:, i]) for i in range(3)]
        self.gap = [np.where(np.isinf(gap[:, i]), 0.0, gap[:, i]) for i in range(3)]
        self.step = [np.where(positive[:, i], strides[i], -strides[i]) for i in range(3)]
        self.cell = ((cell + 1).astype(np.int64) * strides).sum(axis=1)
        self.at, self.axis = start.copy(), axis.copy()
        self.alive = np.ones(len(rows), bool)

    def run(self, hits: Hits, farthest: Floats) -> None:
        """Goes on until every ray has met something, left the grid or gone far enough."""
        self.farthest = farthest
        left = len(self.rows)
        while left:
            met = SIGHT[self.flat[self.cell]]
            if met.any():
                self._meet(met, hits)
            self.alive &= self.at < self.farthest
            left = int(self.alive.sum())
            if left < _KEPT * len(self.alive):
                self._leave_behind()
            if left:
                self._advance()

    def _meet(self, met: NDArray[np.uint8], hits: Hits) -> None:
        full = np.flatnonzero((met == FULL) & self.alive)
        if len(full):
            rows = self.rows[full]
            hits.depth[rows], hits.cell[rows], hits.axis[rows] = (
                self.at[full],
                self.cell[full],
                self.axis[full],
            )
            self.alive[full] = False
        self.alive[met == STOP] = False
        some = np.flatnonzero((met == PARTIAL) & self.alive)
        if len(some):
            self._meet_partial(some, hits)

    def _meet_partial(self, some: Ints, hits: Hits) -> None:
        boxes = BOXES[self.flat[self.cell[some]]]
        corner = np.stack(np.unravel_index(self.cell[some], self.grid.shape), axis=1) - 1 + self.grid.low
        depth, axis = box_hits(
            self.origins[some], self.directions[some], corner + boxes[:, 0], corner + boxes[:, 1]
        )
        hit = np.isfinite(depth) & (depth < self.farthest[some])
        at, rows = some[hit], self.rows[some[hit]]
        hits.depth[rows], hits.cell[rows], hits.axis[rows] = depth[hit], self.cell[at], axis[hit]
        self.alive[at] = False

    def _leave_behind(self) -> None:
        keep = np.flatnonzero(self.alive)
        for name in ("rows", "cell", "at", "axis", "farthest", "origins", "directions"):
            setattr(self, name, getattr(self, name)[keep])
        for parts in (self.next, self.gap, self.step):
            parts[:] = [part[keep] for part in parts]
        self.alive = np.ones(len(keep), bool)

    def _advance(self) -> None:
        x, y, z = self.next
        by_x = (x <= y) & (x <= z)
        by_y = ~by_x & (y <= z)
        by_z = ~(by_x | by_y)
        by_x &= self.alive
        by_y &= self.alive
        by_z &= self.alive
        self.at = np.minimum(np.minimum(x, y), z)
        self.axis = by_y + 2 * by_z.astype(np.int8)
        self.cell += by_x * self.step[0] + by_y * self.step[1] + by_z * self.step[2]
        for part, gap, mask in zip(self.next, self.gap, (by_x, by_y, by_z)):
            part += gap * mask


def box_hits(
    origins: Floats, directions: Floats, low: Floats, high: Floats
) -> Tuple[Floats, NDArray[np.int8]]:
    """How far rays (N, 3) go to boxes, inf where they miss, and across which axis they enter."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - origins) / directions, (high - origins) / directions
    still = directions == 0.0
    within = (origins >= low) & (origins <= high)
    near = np.where(still, np.where(within, -np.inf, np.inf), np.fmin(one, two))
    far = np.where(still, np.where(within, np.inf, -np.inf), np.fmax(one, two))
    depth = near.max(axis=1)
    missed = (depth > far.min(axis=1)) | (depth <= 0.0)
    return np.where(missed, np.inf, depth), near.argmax(axis=1).astype(np.int8)
