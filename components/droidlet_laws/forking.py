"""States that stand for something outside of them: before each trial they are forked, so that one state can be
gone on with in many ways.

A value whose class defines `__fork__(self)` gives a value equal to itself that goes another way from here, and
`__digest__(self) -> str` says what it is equal by: that is all that the laws look at. What such values lead
to is of a class with `__forks__ = True`; it is not looked into, and the report says so.
"""

from __future__ import annotations

import weakref
from typing import Any

from droidlet_schema import FrozenMap, evolve, fields_of
from droidlet_schema.levels import records_in

_known: weakref.WeakKeyDictionary[type, bool] = weakref.WeakKeyDictionary()


def forked(value: Any) -> Any:
    """The value with everything in it forked that can be: in records, tuples and FrozenMaps, at any depth."""
    kind = type(value)
    if hasattr(kind, "__fork__"):
        return value.__fork__()
    if kind is tuple:
        items = tuple(forked(item) for item in value)
        return items if any(new is not item for new, item in zip(items, value)) else value
    if kind is FrozenMap:
        entries = {key: forked(item) for key, item in value.items()}
        return FrozenMap(entries) if any(entries[key] is not item for key, item in value.items()) else value
    if "__record__" not in vars(kind) or not _may_fork(kind):
        return value
    made = {name: forked(getattr(value, name)) for name in fields_of(kind)}
    changed = {name: new for name, new in made.items() if new is not getattr(value, name)}
    return evolve(value, **changed) if changed else value


def _may_fork(kind: type) -> bool:
    """Whether something in a record of this class can be forked: what cannot is not looked through."""
    if kind not in _known:
        _known[kind] = any(hasattr(one, "__fork__") for one in records_in(vars(kind)["__record__"].kind))
    return _known[kind]


def text_of(value: Any) -> str:
    """What a value is that can be forked: its class and its digest."""
    return f"{type(value).__qualname__} #{value.__digest__()}"
