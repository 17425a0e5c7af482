"""A sum tree: drawing places in proportion to their weights in O(log n) (Schaul et al. 2015, B.2.1)."""

from __future__ import annotations

from typing import List

import numpy as np
from numpy.typing import NDArray


class SumTree:
    """Weights of `size` places, 0 at first. Node 1 is the root, 2 n and 2 n + 1 are the children of n.

    Changes are summed up when somebody asks, so that setting one place is cheap.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._leaves = 1 << max(0, size - 1).bit_length()
        self._nodes = np.zeros(2 * self._leaves)
        self._changed: List[NDArray[np.int64]] = []

    @property
    def weights(self) -> NDArray[np.float64]:
        """(size,) a view, for reading."""
        return self._nodes[self._leaves : self._leaves + self.size]

    def set(self, places: NDArray[np.int64], weights: NDArray[np.float64]) -> None:
        """Gives places their weights, not negative; of a place that is there twice the last counts."""
        self._nodes[self._leaves + places] = weights
        if len(places):
            self._changed.append(places)

    def total(self) -> float:
        """The sum of all weights."""
        self._sum_up()
        return float(self._nodes[1])

    def find(self, heights: NDArray[np.float64]) -> NDArray[np.int64]:
        """The place at each height in [0, total): the first whose weights before it and its own exceed that height."""
        self._sum_up()
        nodes, heights = np.ones(len(heights), np.int64), heights.copy()
        while self._leaves > 1 and nodes[0] < self._leaves:
            nodes *= 2
            left = self._nodes[nodes]
            right = (heights >= left) & (self._nodes[nodes + 1] > 0)  # rounding never leads to a weight of 0
            heights -= np.where(right, left, 0.0)
            nodes += right
        return nodes - self._leaves

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """(count,) places in proportion to their weights, one from each of `count` equal parts of the total."""
        return self.find((np.arange(count) + rng.random(count)) * (self.total() / count))

    def _sum_up(self) -> None:
        if not self._changed:
            return
        nodes = np.concatenate(self._changed) + self._leaves
        self._changed = []
        if 4 * len(nodes) > self._leaves:
            level = self._leaves
            while level > 1:
                below = self._nodes[level : 2 * level]
                self._nodes[level // 2 : level] = below[0::2] + below[1::2]
                level //= 2
            return
        while nodes[0] > 1:
            nodes = np.unique(nodes // 2)
            self._nodes[nodes] = self._nodes[2 * nodes] + self._nodes[2 * nodes + 1]
