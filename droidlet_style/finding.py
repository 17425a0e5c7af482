"""Finds known records in anybody's inputs, outputs and states, at any depth of records, tuples and maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from droidlet_style.parts import parts_of

T = TypeVar("T")
_LONGEST = 256  # longer sequences hold things of one kind, none of which is a part of an agent


def find(value: Any, kind: type[T], depth: int = 12) -> Iterator[T]:
    """Every value of this class inside a value, outermost first; it does not look into what it found."""
    if isinstance(value, kind):
        yield value
    elif depth > 0:
        long = isinstance(value, (tuple, list, Mapping)) and len(value) > _LONGEST
        for _, part in () if long else parts_of(value) or ():
            yield from find(part, kind, depth - 1)


def first(value: Any, kind: type[T]) -> T | None:
    """The first value of this class inside a value, or None."""
    return next(find(value, kind), None)
