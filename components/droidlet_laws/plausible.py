"""Everyday values: what a strategy made, brought to sizes that a component is likely to take."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict

import numpy as np

from droidlet_schema import Frame, FrozenMap, Intrinsics, Key, Pose, RecordError, evolve, is_record

Change = Callable[[Any, str], Any]
LARGEST_INT = 1000  # sizes of pictures and grids are ints too: larger ones fill the memory


def plausible(value: Any) -> Any:
    """The same value with positive numbers of everyday size, unit quaternions, and frames that fit together.

    What cannot be changed (a record whose own check refuses it) stays as it is.
    """
    return _rebuilt(value, "", _everyday)


def bounded(value: Any) -> Any:
    """The same value without ints that would fill the memory if they were a size; times and keys stay."""
    return _rebuilt(value, "", _bounded)


def _everyday(value: Any, name: str) -> Any:
    if type(value) is float:
        return 0.1 + abs(value) % 10.0 if math.isfinite(value) else 1.0
    if type(value) is int:
        return abs(value) % (10**12 if name.endswith("_ns") else LARGEST_INT)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return (np.abs(np.nan_to_num(value, posinf=1.0, neginf=1.0)) % 10.0).astype(value.dtype)
    special = _SPECIAL.get(type(value))
    return special(value) if special else value


def _bounded(value: Any, name: str) -> Any:
    if type(value) is int and not name.endswith("_ns"):
        return int(math.fmod(value, LARGEST_INT))
    return value


def _rebuilt(value: Any, name: str, change: Change) -> Any:
    if type(value) is tuple:
        return tuple(_rebuilt(item, name, change) for item in value)
    if isinstance(value, FrozenMap):
        return FrozenMap({key: _rebuilt(item, name, change) for key, item in value.items()})
    if not is_record(value) or type(value) is Key:
        return change(value, name)
    try:
        names = type(value).__record__.names
        return change(evolve(value, **{n: _rebuilt(getattr(value, n), n, change) for n in names}), name)
    except (RecordError, ValueError):
        return value


def _pose(value: Pose) -> Pose:
    angle = value.qz / 2
    return evolve(value, qw=math.cos(angle), qx=0.0, qy=0.0, qz=math.sin(angle))


def _frame(value: Frame) -> Frame:
    height, width = value.depth_m.shape
    size = float(max(width, height, 1))
    return evolve(value, intrinsics=Intrinsics(width, height, size, size, width / 2, height / 2))


def _intrinsics(value: Intrinsics) -> Intrinsics:
    return evolve(value, width=value.width + 1, height=value.height + 1)


_SPECIAL: Dict[type, Any] = {Pose: _pose, Frame: _frame, Intrinsics: _intrinsics}
