"""Finds known records in anybody's inputs, outputs and states, at any depth of records, tuples and maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import attrs

T = TypeVar("T")
_LONGEST = 256  # longer sequences hold things of one kind, none of which is a part of an agent


def find(value: Any, kind: type[T], depth: int = 12) -> Iterator[T]:
    """Every value of this class inside a value, outermost first; it does not look into what it found."""
    if isinstance(value, kind):
        yield value
    elif depth > 0:
        for part in _parts(value):
            yield from find(part, kind, depth - 1)


def first(value: Any, kind: type[T]) -> T | None:
    """The first value of this class inside a value, or None."""
    return next(find(value, kind), None)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, (str, bytes, int, float, type(None), type)):
        return
    if isinstance(value, (tuple, list)):
        yield from value if len(value) <= _LONGEST else ()
    elif isinstance(value, Mapping):
        yield from value.values() if len(value) <= _LONGEST else ()
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield getattr(value, field.name, None)
    elif hasattr(type(value), "__dataclass_fields__"):
        for name in type(value).__dataclass_fields__:
            yield getattr(value, name, None)
