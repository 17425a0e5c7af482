"""What is inside anybody's containers: sequences, maps, attrs classes, records, dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs


def parts_of(value: Any) -> Iterable[tuple[Any, Any]] | None:
    """Name and value of each part, in the container's own order; None for what is no container of data.

    A part is named by its index, key or field. A field that was never set is None.
    """
    if isinstance(value, (str, bytes, int, float, type(None))):
        return None  # most values are one of these
    if isinstance(value, (tuple, list)):
        return enumerate(value)
    if isinstance(value, Mapping):
        return value.items()
    kind = type(value)
    if attrs.has(kind):
        return [(field.name, getattr(value, field.name, None)) for field in attrs.fields(kind)]
    if hasattr(kind, "__dataclass_fields__"):
        return [(name, getattr(value, name, None)) for name in kind.__dataclass_fields__]
    return None
