"""Which cells a segment between two cell centres touches, for many segments at once, in whole numbers.

Seen from its start, along its longer axis, a segment leads from (0, 0) to (a, b) with a >= b >= 0. It touches
the closed unit square around (i, j) exactly if |a j - b i| <= (a + b) / 2. So at step i it touches low <= j
<= high: one cell, two, or three where it passes through a corner.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry._types import Ints, Mask


class Crossings(NamedTuple):
    """Per segment and step along its longer axis, the range of cells touched across it."""

    low: Ints  # [N, L] cells from the start, across the longer axis
    high: Ints  # [N, L] inclusive; at most low + 2
    within: Mask  # [N, L] False past the end of a shorter segment (there the last step is repeated)
    step: Ints  # [N, L] cells from the start, along the longer axis
    start: Ints  # [N, 2] row, column
    major: Ints  # [N, 2] one step along the longer axis, as row, column
    minor: Ints  # [N, 2] one step across it

    def cells(self, segment: Ints, step: Ints, across: Ints) -> Ints:
        """The grid cells (K, 2) of segments (K,) at steps (K,) and offsets across (K,)."""
        along = self.step[segment, step]
        cells: Ints = self.start[segment] + self.major[segment] * along[:, None]
        cells += self.minor[segment] * across[:, None]
        return cells


def cell_pairs(starts: npt.ArrayLike, ends: npt.ArrayLike) -> Tuple[Ints, Ints]:
    """Both as whole cells (N, 2), broadcast against each other."""
    a, b = np.asarray(starts), np.asarray(ends)
    for name, cells in (("starts", a), ("ends", b)):
        if cells.shape[-1:] != (2,) or cells.ndim > 2 or not np.issubdtype(cells.dtype, np.integer):
            raise ValueError(
                f"{name} is {cells.dtype} of shape {cells.shape}: cells are whole numbers row, column"
            )
    first, last = np.broadcast_arrays(np.atleast_2d(a), np.atleast_2d(b))
    return first.astype(np.int64), last.astype(np.int64)


def crossings(starts: Ints, ends: Ints) -> Crossings:
    """The cells touched by segments from starts (N, 2) to ends (N, 2)."""
    delta = ends - starts
    length, sign = np.abs(delta), np.sign(delta)
    upright = length[:, 0] > length[:, 1]  # the longer axis runs along rows
    a, b = length.max(axis=1)[:, None], length.min(axis=1)[:, None]
    axis = np.where(upright[:, None], (1, 0), (0, 1))
    steps = np.arange(int(a.max(initial=0)) + 1)
    along = np.minimum(steps, a)
    middle, reach = 2 * b * along, a + b
    twice = np.maximum(2 * a, 1).astype(np.float64)  # a rounded quotient is whole only if the exact one is
    low = np.maximum(np.ceil((middle - reach) / twice).astype(np.int64), 0)
    high = np.minimum(np.floor((middle + reach) / twice).astype(np.int64), b)
    return Crossings(low, high, steps <= a, along, starts, sign * axis, sign * (1 - axis))
