"""A module that the offenders import within a call, and write to."""

from __future__ import annotations

from typing import Dict

calls = 0
_known: Dict[float, float] = {}


def remember(level: float) -> float:
    """Keeps what it is given."""
    _known[level] = _known.get(level, 0.0) + 1
    return level
