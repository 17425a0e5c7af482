"""Ways in which bytes go bad. Each takes the bytes and a source of numbers, and returns other bytes."""

from __future__ import annotations

from typing import Callable

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


__all__ = ["Garble", "flipped", "noise", "shortened"]
