"""Many rays through a grid of blocks at once.

Source: Amanatides and Woo, A Fast Voxel Traversal Algorithm for Ray Tracing (1987), one step of all rays per round;
rays that met something leave the rounds in batches.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_simulators.voxel.looks import BOXES, FULL, PARTIAL, SENTINEL, SIGHT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_BETWEEN = 8  # rounds between looks at how far rays have gone
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
    rounds.run(hits, farthest[rows])  # a copy: the rounds write into it
    return hits


class _Rounds:
    """The rays that are still under way: each one's cell, and where it crosses the next plane of each axis.

    A ray that is done waits in a cell of air behind the grid until enough others are done to leave them behind.
    """

    def __init__(
        self,
        grid: Grid,
        origins: Floats,
        directions: Floats,
        start: Floats,
        axis: NDArray[np.int8],
        rows: Ints,
    ) -> None:
        self.grid, self.rows = grid, rows
        self.flat = np.append(grid.states.ravel(), np.uint16(0))
        self.origins, self.directions = origins, directions
        strides = np.array([grid.shape[1] * grid.shape[2], grid.shape[2], 1], np.int64)
        entry = origins + start[:, None] * directions
        nudge = np.where(start[:, None] > 0, np.sign(directions) * _NUDGE, 0.0)
        cell = np.clip(np.floor(entry - grid.low + nudge), 0, np.array(grid.shape) - 3)
        positive = directions > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = (cell + positive + grid.low - origins) / directions
            gap = 1.0 / np.abs(directions)
        still = directions == 0
        crossing[still], gap[still] = np.inf, 0.0
        step = np.where(positive, strides, -strides)
        self.next, self.gap, self.step = (
            [np.ascontiguousarray(part[:, i]) for i in range(3)] for part in (crossing, gap, step)
        )
        self.cell = ((cell + 1).astype(np.int64) * strides).sum(axis=1)
        self.at = start.copy()
        self.by = [axis == 0, axis == 1]  # across which axis each came into its cell; neither: the third
        self.left = len(rows)

    def run(self, hits: Hits, farthest: Floats) -> None:
        """Goes on until every ray has met something, left the grid or gone far enough."""
        self.farthest = farthest
        number = 0
        while self.left:
            met = SIGHT.take(self.flat.take(self.cell))
            some = np.flatnonzero(met)
            if len(some):
                self._meet(some, met[some], hits)
            number += 1
            if number % _BETWEEN == 0:
                self._end(np.flatnonzero(self.at >= self.farthest))
            if self.left < _KEPT * len(self.rows):
                self._leave_behind()
            self._advance()

    def _meet(self, some: Ints, met: NDArray[np.uint8], hits: Hits) -> None:
        partial = some[met == PARTIAL]
        full = some[(met == FULL) & (self.at[some] < self.farthest[some])]
        rows = self.rows[full]
        hits.depth[rows], hits.cell[rows] = self.at[full], self.cell[full]
        hits.axis[rows] = np.where(self.by[0][full], 0, np.where(self.by[1][full], 1, 2))
        self._end(some[met != PARTIAL])
        if len(partial):
            self._meet_partial(partial, hits)

    def _meet_partial(self, some: Ints, hits: Hits) -> None:
        boxes = BOXES[self.flat[self.cell[some]]]
        corner = np.stack(np.unravel_index(self.cell[some], self.grid.shape), axis=1) - 1 + self.grid.low
        low, high = corner + boxes[:, 0], corner + boxes[:, 1]
        depth, axis = box_hits(self.origins[some], self.directions[some], low, high)
        hit = np.isfinite(depth) & (depth < self.farthest[some])
        at, rows = some[hit], self.rows[some[hit]]
        hits.depth[rows], hits.cell[rows], hits.axis[rows] = depth[hit], self.cell[at], axis[hit]
        self._end(at)

    def _end(self, done: Ints) -> None:
        """Sends rays to the cell of air behind the grid, where they stay."""
        self.left -= len(done)
        self.cell[done], self.farthest[done] = len(self.flat) - 1, np.inf
        for step in self.step:
            step[done] = 0

    def _leave_behind(self) -> None:
        keep = np.flatnonzero(self.cell != len(self.flat) - 1)
        for name in ("rows", "cell", "at", "farthest", "origins", "directions"):
            setattr(self, name, getattr(self, name)[keep])
        for parts in (self.next, self.gap, self.step):
            parts[:] = [part[keep] for part in parts]

    def _advance(self) -> None:
        x, y, z = self.next
        near = np.minimum(y, z)
        by_x = x <= near
        by_y = (y <= z) > by_x
        by_z = ~(by_x | by_y)
        self.at, self.by = np.minimum(x, near), [by_x, by_y]
        self.cell += np.where(by_x, self.step[0], np.where(by_y, self.step[1], self.step[2]))
        for part, gap, mask in zip(self.next, self.gap, (by_x, by_y, by_z)):
            np.add(part, gap, out=part, where=mask)


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
