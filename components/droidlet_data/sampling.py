"""Which rows to take: functions of a generator and of what is there, nothing else."""

from __future__ import annotations

from typing import Callable

import numpy as np
from numpy.typing import NDArray

from droidlet_data.errors import DataError
from droidlet_schema import Key

Numbers = NDArray[np.int64]
_ROUNDS = 16


def numbers_from(key: Key) -> np.random.Generator:
    """The random numbers of a key. Raises DataError for what is none, such as a seed."""
    if not isinstance(key, Key):
        raise DataError(f"key is {key!r}: a Key is needed; Key(seed) makes one of a number")
    return key.generator()


def draw(rng: np.random.Generator, low: int, high: int, count: int, unique: bool = False) -> Numbers:
    """Whole numbers in [low, high), each as likely as any other; (count,)."""
    if unique:
        return low + rng.choice(high - low, count, replace=False)
    return rng.integers(low, high, count)


def draw_valid(
    rng: np.random.Generator, low: int, high: int, count: int, valid: Callable[[Numbers], NDArray[np.bool_]]
) -> Numbers:
    """Whole numbers in [low, high) that are valid, each as likely as any other; (count,), or (0,) if none is.

    By rejection, and where few are valid, by looking at all of them.
    """
    found = [np.empty(0, np.int64)]
    missing = count
    for _ in range(_ROUNDS if high > low else 0):
        tried = rng.integers(low, high, 2 * missing + 8)
        some = tried[valid(tried)][:missing]
        found.append(some)
        missing -= len(some)
        if not missing:
            return np.concatenate(found)
    everything = np.arange(low, high, dtype=np.int64)
    everything = everything[valid(everything)]
    if not len(everything):
        return everything
    found.append(everything[rng.integers(0, len(everything), missing)])
    return np.concatenate(found)


def ahead_uniform(rng: np.random.Generator, room: Numbers) -> Numbers:
    """Steps ahead, in 1 .. room, each as likely as any other (Andrychowicz et al. 2017, "future"). room: (n,) >= 1."""
    return np.asarray(1 + rng.integers(0, room))


def ahead_discounted(rng: np.random.Generator, room: Numbers, discount: float) -> Numbers:
    """Steps ahead d in 1 .. room, with probability in proportion to discount ** (d - 1) (Eysenbach et al. 2022)."""
    drawn = rng.random(len(room))
    share = -np.expm1(room * np.log(discount))  # 1 - discount ** room, exact also near 1
    steps = np.floor(np.log1p(-drawn * share) / np.log(discount)).astype(np.int64)
    return np.asarray(np.minimum(1 + steps, room))


def importance(probabilities: NDArray[np.float64], rows: int, beta: float) -> NDArray[np.float64]:
    """Weights (rows * P) ** -beta, the largest of the batch scaled to 1 (Schaul et al. 2015, 3.4)."""
    weights = (rows * probabilities) ** -beta
    return np.asarray(weights / weights.max())
