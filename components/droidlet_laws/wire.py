"""Inputs on their way to a child process: what the codec takes, and Python's plain containers around it."""

from __future__ import annotations

import dataclasses
import enum
import sys
from typing import Any, Dict, List, Optional, Set

import attrs
import numpy as np

from droidlet_laws.brief import brief
from droidlet_schema import EncodeError, FrozenMap, decode, encode, is_record
from droidlet_transport.loading import LoadError, load


class CannotTravel(Exception):
    """A value that has no form on the wire; the text names it."""


def pack(value: Any) -> Any:
    """Plain data for msgpack. Raises CannotTravel."""
    kind = type(value)
    if kind in (type(None), bool, float, str, bytes):
        return value
    if kind is int:
        return value if -(2**63) <= value < 2**64 else {"int": str(value)}
    for plain, name in ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "frozenset")):
        if kind is plain:
            return {name: [pack(item) for item in value]}
    if kind is dict:
        return {"dict": [[pack(key), pack(item)] for key, item in value.items()]}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return {"scalar": value.dtype.str, "bytes": value.tobytes()}
    if isinstance(value, enum.Flag):  # several of them together have no member of their own
        return {"flag": _where(kind), "value": value.value}
    if isinstance(value, enum.Enum):
        return {"enum": _where(kind), "name": value.name}
    names = _field_names(value)
    if names is not None:
        return {"object": _where(kind), "fields": {name: pack(getattr(value, name)) for name in names}}
    return _coded(value)


def _field_names(value: Any) -> Optional[List[str]]:
    """The fields by which a plain attrs object, dataclass object or named tuple is made again; None for others."""
    kind = type(value)
    if is_record(value) or isinstance(value, type):
        return None
    if attrs.has(kind):
        return [field.name for field in attrs.fields(kind) if field.init and field.name == field.alias]
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind) if field.init]
    return list(kind._fields) if isinstance(value, tuple) and hasattr(kind, "_fields") else None


def _coded(value: Any) -> Any:
    try:
        frames = [bytes(frame) for frame in encode(value)]
    except (EncodeError, TypeError, ValueError) as error:
        raise CannotTravel(f"{brief(value, 80)} cannot be sent to a child process ({error})") from None
    if is_record(value):
        return {"record": frames, "where": _where(type(value))}
    return {
        "coded": frames,
        "writable": isinstance(value, np.ndarray) and bool(value.flags.writeable),
        "needs": _needs(value),
    }


def _where(cls: type) -> List[str]:
    if "<locals>" in cls.__qualname__:
        raise CannotTravel(
            f"the record {cls.__qualname__} is defined inside a function, where no child process finds it"
        )
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    return [f"{cls.__module__}:{cls.__qualname__}", *([f"{file}:{cls.__qualname__}"] if file else [])]


def _needs(value: Any) -> List[List[str]]:
    """Where to find the record classes inside a value that is none itself."""
    found: List[List[str]] = []
    seen: Set[int] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if is_record(item):
            found.append(_where(type(item)))
        elif isinstance(item, tuple):
            waiting += item
        elif isinstance(item, FrozenMap):
            waiting += item.values()
    return found


_CONTAINERS: Dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def unpack(plain: Any) -> Any:
    """The value that `pack` made plain; arrays that could be written to can be written to again."""
    if type(plain) is not dict:
        return plain
    for name, kind in _CONTAINERS.items():
        if name in plain:
            return kind(unpack(item) for item in plain[name])
    if "int" in plain:
        return int(plain["int"])
    if "dict" in plain:
        return {unpack(key): unpack(item) for key, item in plain["dict"]}
    if "complex" in plain:
        return complex(*plain["complex"])
    if "scalar" in plain:
        return np.frombuffer(plain["bytes"], plain["scalar"])[0]
    if "flag" in plain:
        return find(plain["flag"])(plain["value"])
    if "enum" in plain:
        return find(plain["enum"])[plain["name"]]
    if "object" in plain:
        return find(plain["object"])(**{name: unpack(item) for name, item in plain["fields"].items()})
    if "record" in plain:
        return decode(plain["record"], find(plain["where"]))
    for where in plain["needs"]:
        find(where)
    value = decode(plain["coded"])
    return value.copy() if plain["writable"] else value


def find(names: List[str]) -> Any:
    """The first object of these names that can be found, among the modules at hand first. Raises
    LoadError.
    """
    refusals: List[str] = []
    for name in names:
        module, _, path = name.rpartition(":")
        found: Any = sys.modules.get(module)
        for step in path.split("."):
            found = getattr(found, step, None)
        if found is not None:
            return found
    for name in names:
        try:
            return load(name)
        except LoadError as error:
            refusals.append(str(error))
    raise LoadError("; ".join(refusals))
