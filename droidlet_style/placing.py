"""The parts of an agent at places of their own, with no line of the agent changed.

An agent's file makes its parts in `make(config, key)`; while it runs under `placed_parts`, those that are named stand
elsewhere: each is made again there, from its class's name and its fields.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

import attrs

from droidlet_style.placement import Place, place, place_of
from droidlet_transport.parts import DEADLINE_S

SIMULATOR = "simulator"
_UNSET: Any = object()


class NoSuchPart(ValueError):
    """A name that is no part of the agent, or of an agent whose parts have no names."""


class NotMadeAgain(NoSuchPart, TypeError):
    """A part that nothing says how to make elsewhere."""


def read_places(texts: Iterable[str]) -> dict[str, str]:
    """Places by name, of texts such as "process" (of the simulator) and "detector=process"; the last one counts.

    Raises ValueError for what is no place.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, where = text.partition("=")
        if not (equals and all(step.isidentifier() for step in name.split("."))):
            name, where = SIMULATOR, text
        place_of(where)
        found[name] = where
    return found


@contextmanager
def placed_parts(
    module: ModuleType, places: Mapping[str, Place | str], *, deadline_s: float | None = DEADLINE_S
) -> Iterator[dict[str, Any]]:
    """Within it, what `module.make` returns has the named parts at their places; yields them by name.

    A name is a field of the agent, dots lead further in: "detector", "vision.detector". Outside it all is as before,
    and the parts are let go of.

    Raises NoSuchPart where the module has no `make`; within it, `make` raises NoSuchPart for a name that is no part,
    NotMadeAgain for a part that cannot be made elsewhere.
    """
    make = getattr(module, "make", None)
    if places and not callable(make):
        raise NoSuchPart(
            f"{module.__name__} has no make(config, key), so {', '.join(places)} cannot be placed"
        )
    placed: dict[str, Any] = {}
    with ExitStack() as stack:

        def make_placed(*arguments: Any, **options: Any) -> Any:
            agent, state = make(*arguments, **options)  # type: ignore[misc]
            for name, where in places.items():
                part = _part(agent, name)
                factory, made = _recipe(part, name)
                there = place_of(where) if isinstance(where, str) else where
                far = place(factory, there, made, deadline_s=deadline_s)
                if there.kind != "inline":
                    stack.enter_context(far)
                placed[name] = far
                agent = _replaced(agent, name.split("."), far)
            return agent, state

        if places:
            module.make = make_placed  # type: ignore[attr-defined]
        try:
            yield placed
        finally:
            if places:
                module.make = make  # type: ignore[attr-defined]


def recipe(part: Any) -> tuple[str, dict[str, Any]]:
    """The factory's name and the options that make such a part again; fields that are as by default are left out.

    Raises TypeError for what is neither an attrs class nor a dataclass.
    """
    kind = type(part)
    if attrs.has(kind):
        fields = [(f.alias, getattr(part, f.name), _default(f.default)) for f in attrs.fields(kind) if f.init]
    elif dataclasses.is_dataclass(kind):
        fields = [(f.name, getattr(part, f.name), _default_of(f)) for f in dataclasses.fields(kind) if f.init]
    else:
        raise TypeError(
            f"{kind.__name__} is neither an attrs class nor a dataclass, so it cannot be made elsewhere"
        )
    options = {name: value for name, value, default in fields if not _same(value, default)}
    module = sys.modules[kind.__module__]
    in_file = kind.__module__.startswith(("droidlet_file_", "__main__"))
    return f"{module.__file__ if in_file else kind.__module__}:{kind.__qualname__}", options


def _recipe(part: Any, name: str) -> tuple[str, dict[str, Any]]:
    try:
        return recipe(part)
    except TypeError as error:
        raise NotMadeAgain(f"part {name!r}: {error}; write @attrs.frozen above its class") from None


def _same(value: Any, default: Any) -> bool:
    """Whether a field is as by default; arrays never are."""
    try:
        return default is not _UNSET and bool(value == default)
    except ValueError:
        return False


def _default(default: Any) -> Any:
    """What a field of an attrs class has when nothing is given, as far as that can be known."""
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return _UNSET if default.takes_self else default.factory()
    return _UNSET if default is attrs.NOTHING else default


def _default_of(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return _UNSET if field.default is dataclasses.MISSING else field.default


def _part(agent: Any, name: str) -> Any:
    found = agent
    for step in name.split("."):
        if not hasattr(found, step):
            there = (
                ", ".join(field.name for field in attrs.fields(type(found))) if attrs.has(type(found)) else ""
            )
            raise NoSuchPart(f"{type(found).__name__} has no part {step!r}; it has {there or 'none by name'}")
        found = getattr(found, step)
    return found


def _replaced(whole: Any, path: list[str], part: Any) -> Any:
    """The same agent with one part replaced."""
    inner = part if len(path) == 1 else _replaced(getattr(whole, path[0]), path[1:], part)
    if dataclasses.is_dataclass(whole) and not isinstance(whole, type):
        return dataclasses.replace(whole, **{path[0]: inner})
    if not attrs.has(type(whole)):
        raise NotMadeAgain(
            f"{type(whole).__name__} is neither an attrs class nor a dataclass, so it cannot be made with another "
            f"{path[0]}; write @attrs.frozen above it"
        )
    return attrs.evolve(whole, **{path[0]: inner})
