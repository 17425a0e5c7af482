"""What a class says about how its instances are to be looked into; found out once for each class."""

from __future__ import annotations

import enum
import functools
import types
import weakref
from typing import Any, Dict, FrozenSet, Iterator, List, Set, Tuple

import numpy as np

from droidlet_laws.special import TEXTUAL, full_name
from droidlet_schema import FrozenMap

_SKIPPED = frozenset({"_attrs_cached_hash", "__weakref__"})
_NATIVE = (types.MethodDescriptorType, types.WrapperDescriptorType)
_HEAP_TYPE = 1 << 9
_MANY = 20_000


class Kind:
    """`name`: module and name. `python`: written in Python, so that instances hold nothing out of sight.
    `ordinary`: also, no kind that is shown by a text of its own. `slots`: names and descriptors. `lazy`: the
    names of cached properties.
    """

    __slots__ = ("lazy", "name", "ordinary", "package", "python", "slots")

    def __init__(self, cls: type) -> None:
        self.name, self.package = full_name(cls), str(cls.__module__).partition(".")[0]
        self.python = all(base is object or made_in_python(base) for base in cls.__mro__)
        told = (enum.Enum, np.vectorize, FrozenMap)
        self.ordinary = self.python and not issubclass(cls, told) and self.package not in TEXTUAL
        told_apart = ("bit_generator", "__fork__", "__forks__")
        self.ordinary = self.ordinary and not any(hasattr(cls, name) for name in told_apart)
        self.lazy = cached_names(cls)
        self.slots: List[Tuple[str, Any]] = [
            (name, descriptor)
            for base in cls.__mro__
            if made_in_python(base)
            for name, descriptor in vars(base).items()
            if name not in _SKIPPED and issubclass(type(descriptor), types.MemberDescriptorType)
        ]


_KINDS: Dict[type, Kind] = {}


def kind_of(cls: type) -> Kind:
    """What is known of a class."""
    known = _KINDS.get(cls)
    if known is None:
        if len(_KINDS) > _MANY:
            _KINDS.clear()
        known = _KINDS[cls] = Kind(cls)
    return known


def parts_of(value: Any) -> Iterator[Tuple[str, Any]]:
    """The attributes that an object holds: its slots, then its `__dict__`."""
    for name, descriptor in kind_of(type(value)).slots:
        try:
            yield name, descriptor.__get__(value)
        except AttributeError:
            continue
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:  # it has none, or one that only its own kind hands out, as thread locals do
        own = getattr(value, "__dict__", None)
    if type(own) is dict:
        yield from [(name, item) for name, item in own.items() if name not in _SKIPPED]


def made_in_python(cls: type) -> bool:
    """Whether a class was written in Python, so that its instances hold nothing out of sight."""
    if cls not in _PYTHON_KINDS:
        own = not any(issubclass(type(v), _NATIVE) for v in vars(cls).values())
        _PYTHON_KINDS[cls] = own and bool(cls.__flags__ & _HEAP_TYPE)
    return _PYTHON_KINDS[cls]


_PYTHON_KINDS: weakref.WeakKeyDictionary[type, bool] = weakref.WeakKeyDictionary()


def cached_names(cls: type) -> FrozenSet[str]:
    """The names of a class's cached properties, as functools or attrs make them."""
    names: Set[str] = set()
    for base in cls.__mro__:
        names.update(n for n, v in vars(base).items() if issubclass(type(v), functools.cached_property))
        getter: Any = vars(base).get("__getattr__")
        if issubclass(type(getter), types.FunctionType):
            names.update(getter.__globals__.get("cached_properties", ()))  # where attrs made it
    return frozenset(names)
