"""Values of other packages' and other people's classes: named tuples, and NumPy's quaternions."""

from __future__ import annotations

import functools
import sys
from collections import namedtuple
from typing import Any, Optional, Tuple

import numpy as np

_QUATERNION = "quaternion"  # the name of the package, of its class and of its dtype


def parts_of_named(value: Tuple[Any, ...]) -> Optional[Tuple[str, str, Tuple[str, ...]]]:
    """Module, name and fields of a named tuple's class; None for other tuples."""
    kind = type(value)
    fields = getattr(kind, "_fields", None)
    if not isinstance(fields, tuple) or len(fields) != len(value):
        return None
    return str(kind.__module__), str(kind.__qualname__), tuple(map(str, fields))


def found_here(module: str, name: str) -> Any:
    """What has this name in a module that is imported here, None where nothing has: a class of somebody else's words.

    Nobody's code runs for it: some modules import what is asked of them, and that may raise anything.
    """
    found: Any = sys.modules.get(module)
    for step in name.split("."):
        try:
            found = object.__getattribute__(found, "__dict__").get(step)
        except AttributeError:
            return None
    return found


def named_of(module: str, name: str, fields: Tuple[str, ...], values: Tuple[Any, ...]) -> Any:
    """The named tuple: of its own class where this process has it imported, else of one that is made alike.

    Nothing is imported, and no code of the class runs. Raises ValueError for names that no class can have,
    and for another number of values.
    """
    if len(values) != len(fields):
        raise ValueError(f"{name} has {len(fields)} fields and {len(values)} values")
    found = found_here(module, name)
    own = isinstance(found, type) and issubclass(found, tuple) and getattr(found, "_fields", None) == fields
    return tuple.__new__(found if own else _made(module, name, fields), values)


@functools.lru_cache(maxsize=256)
def _made(module: str, name: str, fields: Tuple[str, ...]) -> Any:
    return namedtuple(name.rpartition(".")[2], fields, module=module)


def parts_of_quaternions(value: Any) -> Optional[np.ndarray]:
    """The numbers, w x y z, of a quaternion or an array of such, float64 [..., 4]; None for anything else."""
    if isinstance(value, np.ndarray):
        if value.dtype.type.__name__ != _QUATERNION:
            return None
        return np.ascontiguousarray(value).view(np.float64).reshape(*value.shape, 4)
    if type(value).__name__ != _QUATERNION:
        return None
    return np.array([value.w, value.x, value.y, value.z], np.float64)


def quaternions_of(parts: np.ndarray) -> Any:
    """What had these numbers, where this process has the package imported; else they themselves, of one as a tuple."""
    package: Any = sys.modules.get(_QUATERNION)
    if parts.ndim == 1:
        four = tuple(parts.tolist())
        return four if package is None else package.quaternion(*four)
    return parts.copy() if package is None else package.as_quat_array(parts.copy())
