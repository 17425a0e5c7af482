"""Cues: at which calls, or messages, something happens. They are counted from 1."""

from __future__ import annotations

from typing import Callable

import numpy as np

from droidlet_schema import Key

Cue = Callable[[int], bool]
"""Whether it happens at the call, or message, of this number."""


def at(*numbers: int) -> Cue:
    """At these numbers. Raises ValueError for numbers below 1."""
    if not numbers or min(numbers) < 1:
        raise ValueError(f"at takes numbers from 1 on, got {numbers}")
    chosen = frozenset(numbers)
    return lambda number: number in chosen


def every(period: int) -> Cue:
    """At each number that the period divides. Raises ValueError for a period below 1."""
    if period < 1:
        raise ValueError(f"every takes a period from 1 on, got {period}")
    return lambda number: number % period == 0


def at_random(count: int, of: int, key: Key) -> Cue:
    """At so many of the numbers from 1 to `of`, all equally likely. Raises ValueError where there are not so many."""
    if not 0 <= count <= of:
        raise ValueError(f"at_random takes {count} of {of} numbers: at most all of them")
    chosen = frozenset((key.generator().permutation(of)[:count] + 1).tolist())
    return lambda number: number in chosen


def with_chance(probability: float, key: Key) -> Cue:
    """At each number with this probability, whatever happens at the others. Raises ValueError for no probability."""
    if not 0 <= probability <= 1:
        raise ValueError(f"with_chance takes a probability from 0 to 1, got {probability}")
    return lambda number: bool(of_number(key, number).random() < probability)


def of_number(key: Key, number: int) -> np.random.Generator:
    """The random numbers that belong to one call or message: the same ones in whatever order they come."""
    return Key(key.words, key.counter + number).split(1)[0].generator()


__all__ = ["Cue", "at", "at_random", "every", "of_number", "with_chance"]
