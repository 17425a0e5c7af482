"""The single values inside an item of the inputs, and the item with another value in such a place."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Iterator, List, Sequence, Tuple

import attrs
import numpy as np

from droidlet_laws.shapes import Arguments
from droidlet_schema import FrozenMap, Key, evolve, is_record

MAX_LEAVES, MAX_DEPTH, MAX_ITEMS = 48, 6, 3
Path = Tuple[Any, ...]  # names of fields, places in a tuple or list, keys of a map


@attrs.frozen
class Leaf:
    """One place in an item: what stands there now, which `sort` of constants fits, and the only `choices` if
    they are few.
    """

    path: Path
    value: Any
    sort: str
    choices: Tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """The name of the field that it is in."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


_SORTS: Tuple[Tuple[str, Any], ...] = (
    ("text", str),
    ("bytes", bytes),
    ("float", (float, np.floating)),
    ("int", (int, np.integer)),
    ("array", np.ndarray),
    ("sequence", (tuple, list)),
    ("table", (dict, FrozenMap)),
)


def leaves_of(item: Any) -> List[Leaf]:
    """The leaves of an item (of every argument, where it is a tuple of arguments)."""
    return [leaf for leaf, _ in zip(_leaves(item, (), 0), range(MAX_LEAVES), strict=False)]


def put(value: Any, path: Path, new: Any) -> Any:
    """The value with another one at a path; raises what the kinds on the way raise for what does not fit."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    names = _fields(value)
    if names:
        changed = put(getattr(value, step), rest, new)
        return _with_field(value, names, step, changed)
    if isinstance(value, (tuple, list)):
        items = list(value)
        items[step] = put(items[step], rest, new)
        return type(value)(items)
    changed = put(value[step], rest, new)
    return value.set(step, changed) if isinstance(value, FrozenMap) else {**value, step: changed}


def put_all(item: Any, changes: Sequence[Tuple[Leaf, Any]], kinds: Sequence[Any] = ()) -> Any:
    """The item with those of the changes (None is none) that its classes take; `kinds` are those of its
    arguments, None where nothing is known.
    """
    for leaf, new in changes:
        if new is None:
            continue
        try:
            changed = put(item, leaf.path, new)
            kind = kinds[leaf.path[0]] if leaf.path and leaf.path[0] in range(len(kinds)) else None
            if kind is not None:
                kind.check(changed[leaf.path[0]])
        except Exception:  # noqa: S112  # whatever the check of a class raises: the value is none for it
            continue
        item = changed
    return item


def _with_field(value: Any, names: Tuple[str, ...], name: str, new: Any) -> Any:
    if is_record(value):
        return evolve(value, **{name: new})
    kept = {n: getattr(value, n) for n in names}
    return type(value)(**{**kept, name: new})


def _leaves(value: Any, path: Path, depth: int) -> Iterator[Leaf]:
    if isinstance(value, (bool, np.bool_)):
        yield Leaf(path, value, "choice", (type(value)(not value),))
    elif isinstance(value, enum.Enum):
        others = tuple(member for member in type(value) if member is not value)
        yield Leaf(path, value, "choice", others)
    elif type(value) is not Key and depth < MAX_DEPTH:
        sort = "" if _fields(value) or type(value) is Arguments else _sort(value)
        if sort:
            yield Leaf(path, value, sort)
        for step, part, choices in _parts(value):
            if choices:
                yield Leaf((*path, step), part, "choice", choices)
            else:
                yield from _leaves(part, (*path, step), depth + 1)


def _sort(value: Any) -> str:
    return next((name for name, kinds in _SORTS if isinstance(value, kinds)), "")


def _parts(value: Any) -> Iterator[Tuple[Any, Any, Tuple[Any, ...]]]:
    """Step, part and the declared choices of all fields, the first items, the first entries."""
    names = _fields(value)
    if names:
        kinds = type(value).__record__.kinds if is_record(value) else {}
        for name in names:
            part = getattr(value, name)
            yield name, part, tuple(c for c in getattr(kinds.get(name), "values", ()) if c != part)
    elif isinstance(value, (tuple, list)):
        few = value if type(value) is Arguments else value[:MAX_ITEMS]
        yield from [(index, part, ()) for index, part in enumerate(few)]
    elif isinstance(value, (dict, FrozenMap)):
        yield from [(key, part, ()) for key, part in list(value.items())[:MAX_ITEMS]]


def _fields(value: Any) -> Tuple[str, ...]:
    """The names of what an object is made of, if it can be made again with other values."""
    kind = type(value)
    if is_record(value):
        return tuple(kind.__record__.names)
    if attrs.has(kind):
        return tuple(field.name for field in attrs.fields(kind) if field.init and field.name == field.alias)
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind) if field.init)
    return tuple(kind._fields) if isinstance(value, tuple) and hasattr(kind, "_fields") else ()
