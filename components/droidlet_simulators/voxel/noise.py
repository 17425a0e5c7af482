"""Numbers drawn by hashing: the same for the same words, on every machine."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_ONE, _TWO = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(*words: int) -> int:
    """64 bits that depend on every word (the finaliser of SplitMix64, Steele et al. 2014, word by word)."""
    state = 0
    for word in words:
        state = (state + _GOLDEN + (word & _MASK)) & _MASK
        state = ((state ^ (state >> 30)) * _ONE) & _MASK
        state = ((state ^ (state >> 27)) * _TWO) & _MASK
        state ^= state >> 31
    return state


def unit(*words: int) -> float:
    """A number in [0, 1) that depends on every word."""
    return (mix(*words) >> 11) / float(1 << 53)


def mix_many(seed: int, *words: NDArray[np.integer]) -> NDArray[np.uint64]:
    """`mix(seed, *words)` of whole arrays at once."""
    state = np.full(np.broadcast(*words).shape, mix(seed), np.uint64)
    with np.errstate(over="ignore"):
        for word in words:
            state = state + np.uint64(_GOLDEN) + word.astype(np.int64).astype(np.uint64)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(_ONE)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(_TWO)
            state = state ^ (state >> np.uint64(31))
    return state


def smooth(seed: int, x: NDArray[np.int64], z: NDArray[np.int64], scale: int) -> NDArray[np.float64]:
    """Value noise in [0, 1): corner values of a lattice of this scale, faded into each other."""
    x0, z0 = x // scale, z // scale
    u, v = (_fade((a - b * scale) / scale) for a, b in ((x, x0), (z, z0)))
    corners = [[mix_many(seed, x0 + i, z0 + j) / 2.0**64 for j in (0, 1)] for i in (0, 1)]
    left = corners[0][0] * (1 - v) + corners[0][1] * v
    right = corners[1][0] * (1 - v) + corners[1][1] * v
    made: NDArray[np.float64] = left * (1 - u) + right * u
    return made


def _fade(t: NDArray[np.float64]) -> NDArray[np.float64]:
    return t * t * (3.0 - 2.0 * t)


def spots(seed: int, count: int, low: Tuple[int, int], high: Tuple[int, int]) -> Tuple[Tuple[int, int], ...]:
    """Places in a rectangle (half open), one after the other."""
    size = (max(1, high[0] - low[0]), max(1, high[1] - low[1]))
    return tuple(
        (low[0] + mix(seed, i, 0) % size[0], low[1] + mix(seed, i, 1) % size[1]) for i in range(count)
    )
