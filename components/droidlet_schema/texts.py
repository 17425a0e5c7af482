"""How records and maps print: whole where that is short; long arrays, tuples, maps and texts are cut."""

from __future__ import annotations

from typing import Any, Iterable, List, Mapping

import numpy as np
from numpy.typing import NDArray

ALWAYS = 3  # items are shown in any case
ROOM = 200  # characters, then no further items
TEXT_WHOLE, TEXT_SHOWN = 240, 200
ARRAY_WHOLE, ARRAY_SHOWN = 8, 3


def text_of(value: Any) -> str:
    """The repr of a field's value, cut where it is long; "... 27 more" says how much is left out."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if type(value) is tuple:
        return "(" + _joined(map(text_of, value), len(value)) + (",)" if len(value) == 1 else ")")
    if type(value) in (str, bytes) and len(value) > TEXT_WHOLE:
        return f"{value[:TEXT_SHOWN]!r}... {len(value) - TEXT_SHOWN} more"
    return repr(value)


def map_text(entries: Mapping[Any, Any]) -> str:
    """The text of a map's entries, in braces."""
    texts = (f"{text_of(key)}: {text_of(item)}" for key, item in entries.items())
    return "{" + _joined(texts, len(entries)) + "}"


def record_repr(self: Any) -> str:
    """What a record prints: its class and every field by name."""
    name = type(self).__qualname__.rpartition("<locals>.")[2]
    fields = zip(self.__record__.names, self.__record__.values_of(self))
    return f"{name}({', '.join(f'{field}={text_of(value)}' for field, value in fields)})"


def _joined(texts: Iterable[str], count: int) -> str:
    """As many as there is room for, and the number of the others."""
    shown: List[str] = []
    length = 0
    for text in texts:
        if len(shown) >= ALWAYS and length + len(text) > ROOM:
            return ", ".join(shown) + f", ... {count - len(shown)} more"
        shown.append(text)
        length += len(text) + 2
    return ", ".join(shown)


def _array(value: NDArray[Any]) -> str:
    if value.size <= ARRAY_WHOLE:
        return f"array({' '.join(np.array2string(value, separator=', ').split())}, {value.dtype})"
    first = ", ".join(map(str, value.flat[:ARRAY_SHOWN]))
    return f"array({first}, ... of {value.dtype} {'x'.join(map(str, value.shape))})"
