"""The digest of a run: d0 from its beginning, then each tick's inputs, outputs and state chained onto it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from droidlet_schema import EncodeError, digest

_DEEPEST = 64


class ChainError(TypeError):
    """A value that is no data, and so has no digest; the text says where it lies."""


def start(*values: Any) -> str:
    """The digest that a run begins with. Raises ChainError."""
    return _named("run", values)


def follow(before: str, inputs: Any, outputs: Any, state: Any) -> str:
    """The digest after one more tick. Raises ChainError for values that are no data."""
    return digest((before, _named("inputs", inputs), _named("outputs", outputs), _named("state", state)))


def _named(path: str, value: Any, depth: int = 0) -> str:
    """The digest of a value; other people's containers are digested part by part, with their class's name."""
    try:
        return digest(value)
    except EncodeError:
        parts = None if depth > _DEEPEST else _parts(value)
    if parts is None:
        kind = type(value).__name__
        raise ChainError(f"{path} is {kind}, no data: a digest is made of records, tuples, arrays, scalars")
    return digest(
        (
            type(value).__name__,
            tuple((name, _named(f"{path}.{name}", part, depth + 1)) for name, part in parts),
        )
    )


def _parts(value: Any) -> list[tuple[str, Any]] | None:
    if isinstance(value, np.generic):
        return [("", value.item())]
    if isinstance(value, (tuple, list)):
        return [(str(i), part) for i, part in enumerate(value)]
    if isinstance(value, Mapping):
        return (
            sorted((repr(name), part) for name, part in value.items())
            if all(isinstance(k, (str, int)) for k in value)
            else None
        )
    if attrs.has(type(value)):
        return [(field.name, getattr(value, field.name)) for field in attrs.fields(type(value))]
    if hasattr(type(value), "__dataclass_fields__"):
        return [(name, getattr(value, name)) for name in type(value).__dataclass_fields__]
    return None
