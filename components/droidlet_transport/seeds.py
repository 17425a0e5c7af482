"""The seeds of a batch, as the board has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from droidlet_transport.boards import NO_SEED


def seeds_of(seed: Any, count: int) -> np.ndarray:
    """One per environment, int64 [count], NO_SEED for none: a whole number is the first one's, the next has the next.

    Raises TypeError for what is no whole number or list of them, ValueError for another number of them, or for seeds
    that are not from 0 to 2**63 - 1.
    """
    if seed is None:
        return np.full(count, NO_SEED)
    if isinstance(seed, (int, np.integer)):
        listed = [int(seed) + n for n in range(count)]
    elif isinstance(seed, (Sequence, np.ndarray)) and not isinstance(seed, (str, bytes)):
        listed = list(seed)
    else:
        raise TypeError(f"seed is {seed!r}: a whole number, or a list of {count}")
    if len(listed) != count:
        raise ValueError(f"seed is a list of {len(listed)}: there are {count} environments")
    given = [one for one in listed if one is not None]
    if not all(isinstance(one, (int, np.integer)) for one in given):
        raise TypeError(f"seed is {seed!r}: seeds are whole numbers")
    if not all(0 <= one < 1 << 63 for one in given):
        raise ValueError(f"seed is {seed!r}: seeds are from 0 to 2**63 - 1")
    return np.array([NO_SEED if one is None else one for one in listed], np.int64)
