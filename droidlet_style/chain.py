"""The digest of a run: d0 from its beginning, then each tick's inputs, outputs and state chained onto it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from droidlet_schema import EncodeError, digest
from droidlet_style.parts import parts_of

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
            tuple((str(name), _named(f"{path}.{name}", part, depth + 1)) for name, part in parts),
        )
    )


def _parts(value: Any) -> Iterable[tuple[Any, Any]] | None:
    if isinstance(value, np.generic):
        return [("", value.item())]
    if not isinstance(value, Mapping):
        return parts_of(value)
    if all(isinstance(key, (str, int)) for key in value):
        return sorted((repr(key), part) for key, part in value.items())  # one digest, however it was filled
    return None
