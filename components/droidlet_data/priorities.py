"""The priorities of rows by their places in a ring, and the tree that draws by them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from droidlet_data.sum_tree import SumTree

Places = NDArray[np.int64]
_MOST_WEIGHT = 1e200  # so that a sum of any number of them is finite


class Priorities:
    """A priority for each place; in `tree` to the power of `exponent` where the place may be drawn, else 0."""

    def __init__(self, capacity: int, exponent: float) -> None:
        self.exponent = exponent
        self.values = np.zeros(capacity)
        self.greatest = 1.0
        self.tree = SumTree(capacity)

    def fresh(self, places: Places) -> None:
        """Rows have come there: they get the greatest priority so far, and may not be drawn yet."""
        self.values[places] = self.greatest
        self.tree.set(places, np.zeros(len(places)))

    def allow(self, places: Places, allowed: bool) -> None:
        """What lies there may be drawn, or not."""
        self.tree.set(places, self.values[places] ** self.exponent if allowed else np.zeros(len(places)))

    def can_be(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of these are priorities: above 0, and neither beyond all bounds nor 0 to the power of the exponent."""
        with np.errstate(all="ignore"):
            weights = values**self.exponent
        return np.asarray((values > 0) & (weights > 0) & (np.isfinite(values) & (weights <= _MOST_WEIGHT)))

    def set(self, places: Places, values: NDArray[np.float64], allowed: NDArray[np.bool_]) -> None:
        """New priorities, above 0."""
        self.values[places] = values
        self.greatest = max(self.greatest, float(values.max(initial=0.0)))
        self.tree.set(places, np.where(allowed, values**self.exponent, 0.0))
