"""Short texts for values, for people who read a report."""

from __future__ import annotations

from typing import Any

import numpy as np

from droidlet_schema import FrozenMap, is_record

LIMIT = 400


def brief(value: Any, limit: int = LIMIT) -> str:
    """A value in at most `limit` characters, as near to Python as can be; never raises."""
    try:
        text = _brief(value, 0)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _brief(value: Any, depth: int) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if depth > 6:
        return "..."
    if is_record(value):
        spec = type(value).__record__
        return f"{spec.cls.__name__}({_pairs(((n, getattr(value, n)) for n in spec.names), '=', depth)})"
    if isinstance(value, tuple) and type(value) is tuple:
        return "(" + _items(value, depth) + (",)" if len(value) == 1 else ")")
    if type(value) is list:
        return "[" + _items(value, depth) + "]"
    if type(value) is dict:
        return "{" + _pairs(((repr(k), v) for k, v in value.items()), ": ", depth) + "}"
    if isinstance(value, FrozenMap):
        return "FrozenMap({" + _pairs(((repr(k), v) for k, v in value.items()), ": ", depth) + "})"
    return repr(value)


def _items(values: Any, depth: int) -> str:
    return ", ".join(_brief(v, depth + 1) for v in values)


def _pairs(pairs: Any, between: str, depth: int) -> str:
    return ", ".join(f"{name}{between}{_brief(v, depth + 1)}" for name, v in pairs)


def _array(value: Any) -> str:
    if value.size <= 12:
        return f"array({value.tolist()}, {value.dtype})"
    return f"<array {value.dtype} {'x'.join(map(str, value.shape))}>"


def raised(error: BaseException) -> str:
    """ "ValueError: text", on one line."""
    text = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {text[:160]}" if text else name
