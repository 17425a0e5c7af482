"""Ways in which bytes go bad. Each takes the bytes and a source of numbers, and returns other bytes."""

from __future__ import annotations

from typing import Any, Callable, Tuple

import numpy as np

Garble = Callable[[bytes, np.random.Generator], bytes]


def flipped(bits: int = 8) -> Garble:
    """So many bits turned over, anywhere. Raises ValueError for less than one."""
    if bits < 1:
        raise ValueError(f"flipped turns at least one bit over, got {bits}")

    def flip(data: bytes, numbers: np.random.Generator) -> bytes:
        made = np.frombuffer(data, np.uint8).copy()
        for place in numbers.integers(0, 8 * max(1, len(made)), bits) if len(made) else ():
            made[place // 8] ^= np.uint8(1 << int(place % 8))
        return made.tobytes()

    return flip


def shortened() -> Garble:
    """The end is missing: anything from one byte to all of them."""
    return lambda data, numbers: data[: int(numbers.integers(0, max(1, len(data))))]


def noise() -> Garble:
    """Random bytes instead, as many."""
    return lambda data, numbers: numbers.bytes(len(data))


def made(how: Garble) -> Garble:
    """The same. Raises TypeError for one of these that was not called, since that would be found in the middle."""
    makers: Tuple[Any, ...] = (flipped, shortened, noise)
    if how in makers:
        raise TypeError(f"how is {how.__name__}: write {how.__name__}()")
    return how


__all__ = ["Garble", "flipped", "made", "noise", "shortened"]
