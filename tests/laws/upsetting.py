"""Components that hold or return objects which answer no question about themselves."""

from __future__ import annotations

import sys
import weakref
from typing import Any


class Silent:
    """Raises whatever is asked."""

    def __getattribute__(self, name: str) -> Any:
        raise TypeError("ask nothing")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no ==")

    __hash__ = None  # type: ignore[assignment]


class Target:
    """Something that goes away."""


SILENT = Silent()
GONE: Any = weakref.proxy(Target())


def names_silent(level: float) -> float:
    return level if SILENT is not None else 0.0


def names_gone(level: float) -> float:
    return level if GONE is not None else 0.0


class HoldsBoth:
    marks = GONE

    def __init__(self) -> None:
        self.table = {"silent": Silent(), "gone": GONE}

    def __call__(self, level: float) -> float:
        return level + len(self.table)


def returns_silent(level: float) -> Any:
    return (level, SILENT)


def exits_when_made() -> Any:
    sys.exit("no accelerator")
