"""Configurations in one form, whatever they were written as, so that only names and values have to travel.

A table with `_target_`, a functools.partial, an attrs class or dataclass with a `_target_` field, an object of such a
class, or anybody's mapping: forms that say the same become the same bytes. Classes of the other side are strings.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from droidlet_schema import FrozenMap, encode
from droidlet_style.placing import recipe

PLAIN = (type(None), bool, int, float, str, bytes, np.ndarray)


class ConfigError(TypeError):
    """Something in a configuration that has no form which could travel; says where it lies."""


def canonical(config: Any, path: str = "config") -> Any:
    """The one form of a configuration: tables, tuples, numbers, text, arrays, records of droidlet_schema.

    Raises ConfigError.
    """
    if isinstance(config, np.generic):
        return config.item()
    if isinstance(config, PLAIN):
        return config
    if isinstance(config, os.PathLike):
        return FrozenMap({"_path_": os.fspath(config)})
    if isinstance(config, functools.partial):
        return _call(config.func, config.args, config.keywords, path)
    if inspect.isclass(config) or inspect.isroutine(config):
        return FrozenMap({"_name_": name_of(config, path)})
    if isinstance(config, Mapping):
        return _table(config, path)
    if isinstance(config, Sequence):
        return tuple(canonical(item, f"{path}[{n}]") for n, item in enumerate(config))
    if type(config).__module__.partition(".")[0] == "droidlet_schema":
        return config
    fields = _fields(config)
    if "_target_" in fields:
        return _table(fields, path)
    try:
        factory, options = recipe(config)
    except TypeError:
        kind = type(config).__name__
        raise ConfigError(
            f"{path} is {kind}: write a table, a partial, or an attrs class or dataclass"
        ) from None
    return _table({"_target_": factory, **options}, path)


def fields_of(config: Any) -> Any:
    """The fields of an object, all of them, also those that are as by default; anything else is what it is."""
    return _fields(config) or config


def message_of(config: Any) -> tuple[bytes, ...]:
    """The bytes of a configuration; equal ones say the same. Raises ConfigError."""
    return tuple(map(bytes, encode(canonical(config))))


def targets(tree: Any) -> Iterator[str]:
    """Every name that a canonical configuration uses."""
    if isinstance(tree, Mapping):
        for key, item in tree.items():
            if key in ("_target_", "_name_"):
                yield str(item)
            else:
                yield from targets(item)
    elif isinstance(tree, tuple):
        for item in tree:
            yield from targets(item)


def name_of(thing: Any, path: str = "config") -> str:
    """The name under which a class or function is found elsewhere. Raises ConfigError for one that has none."""
    name, module = getattr(thing, "__qualname__", ""), getattr(thing, "__module__", None)
    if "<" in name or not name or not module:
        raise ConfigError(f"{path} is {thing!r}, which cannot be found by name elsewhere: write module:name")
    return f"{module}:{name}"


def _call(function: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any], path: str) -> Any:
    table = {"_target_": name_of(function, path), "_partial_": True, **keywords}
    return _table({**table, "_args_": arguments} if arguments else table, path)


def _table(config: Mapping[Any, Any], path: str) -> Any:
    for key in config:
        if not isinstance(key, str):
            raise ConfigError(f"{path} has the key {key!r}: keys are text")
    made = {key: canonical(item, f"{path}.{key}") for key, item in config.items()}
    if "_target_" in made:
        made["_target_"] = _colon(made["_target_"], path)
        made.pop("_convert_", None)  # Hydra's; what arrives are tables and tuples anyway
        if not made.pop("_recursive_", True):
            raise ConfigError(f"{path}._recursive_ is false: what has a _target_ in it is made, too, always")
    if made.get("_partial_") is False:
        del made["_partial_"]
    return FrozenMap(made)


def _colon(target: Any, path: str) -> str:
    """module:Class, also where it was written module.Class."""
    name = target.get("_name_") if isinstance(target, Mapping) else target
    if not isinstance(name, str):
        raise ConfigError(f"{path}._target_ is {target!r}: write module:Class")
    if ":" in name:
        return name
    module, _, last = name.rpartition(".")
    return f"{module}:{last}"


def _fields(config: Any) -> dict[str, Any]:
    kind = type(config)
    if attrs.has(kind):
        return {field.name: getattr(config, field.name) for field in attrs.fields(kind)}
    if dataclasses.is_dataclass(kind):
        return {field.name: getattr(config, field.name) for field in dataclasses.fields(kind)}
    return {}
