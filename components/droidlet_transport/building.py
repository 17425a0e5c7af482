"""The far half of a configuration: trees of names and values, made into objects where their packages are.

A table with `_target_` ("module:Class") is a call of that with the other entries; with `_partial_`, a
functools.partial of it; `_args_` are positional. `{"_name_": "module:Class"}` is the class itself, `{"_path_": text}`
a path, whose ~ is this side's.
"""

from __future__ import annotations

import functools
import uuid
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from droidlet_schema import Key, digest
from droidlet_transport.errors import TransportError
from droidlet_transport.loading import load
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.values import Opaque, value_of

MOST_KEPT = 64  # simulators that are held ready
Allow = Optional[Sequence[str]]


class NotAllowedHere(TransportError):
    """A name in a configuration that this side does not import."""


class EnvironmentGone(TransportError):
    """A call of an environment that is not there any more."""


def build(tree: Any, allow: Allow = None) -> Any:
    """What a tree stands for. `allow` are the packages or modules whose names may be used; None: any.

    Raises NotAllowedHere, LoadError, and what the targets raise.
    """
    if isinstance(tree, tuple):
        return tuple(build(item, allow) for item in tree)
    if not isinstance(tree, Mapping):
        return tree
    if "_name_" in tree:
        return find(tree["_name_"], allow)
    if "_path_" in tree:
        return Path(tree["_path_"]).expanduser()
    parts = {name: build(item, allow) for name, item in tree.items()}
    if "_target_" not in parts:
        return parts
    target = find(parts.pop("_target_"), allow)
    partial, arguments = parts.pop("_partial_", False), parts.pop("_args_", ())
    return functools.partial(target, *arguments, **parts) if partial else target(*arguments, **parts)


def find(name: Any, allow: Allow) -> Any:
    """The object of a name, if it may be used here. Raises NotAllowedHere, LoadError."""
    where, _, what = str(name).partition(":")
    if not _within(where, allow):
        raise NotAllowedHere(
            f"{name} is not imported here, only what is in {', '.join(allow or ()) or 'nothing'}"
        )
    found = load(str(name))
    step: Any = load(where)
    for part in what.split("."):
        step = getattr(step, part)
        if isinstance(step, ModuleType) or (
            allow is not None and not _within(getattr(step, "__module__", ""), allow)
        ):
            raise NotAllowedHere(f"{name} leads out of what may be used here")
    return found


def _within(module: str, allow: Allow) -> bool:
    return allow is None or any(module == one or module.startswith(f"{one}.") for one in allow)


class Simulations:
    """Simulators that are made from trees as they are asked for; all of its methods are pure.

    A tree is a table of `simulator`, `scene` and `seed`. Whoever serves this says with `allow` what may be imported.
    """

    def __init__(self, allow: Allow = None, preload: Sequence[str] = ()) -> None:
        self._allow = None if allow is None else tuple(allow)
        self._made: OrderedDict[str, Tuple[Any, Any]] = OrderedDict()
        for name in preload:
            find(name, self._allow)

    def start(self, tree: Any) -> Tuple[Any, Any]:
        """Observations and world at the beginning."""
        simulator, scene = self._simulator(tree)
        return simulator.reset(scene, Key(int(tree.get("seed", 0))))  # type: ignore[no-any-return]

    def step(self, tree: Any, actions: Any, world: Any) -> Tuple[Any, Any]:
        """Observations and world one period later."""
        return self._simulator(tree)[0].step(actions, _known(world))  # type: ignore[no-any-return]

    def ask(self, tree: Any, name: str, world: Any, arguments: Tuple[Any, ...]) -> Any:
        """What another method of the simulator makes of a world: observe, objects, add_object, ..."""
        return getattr(self._simulator(tree)[0], name)(_known(world), *arguments)

    def _simulator(self, tree: Any) -> Tuple[Any, Any]:
        named = digest(tree)
        if named not in self._made:
            made = build({"simulator": tree["simulator"], "scene": tree["scene"]}, self._allow)
            self._made[named] = (made["simulator"], made["scene"])
        self._made.move_to_end(named)
        while len(self._made) > MOST_KEPT:
            self._made.popitem(last=False)
        return self._made[named]


class Environments:
    """Environments with a state of their own, made from trees; all of its methods are effects."""

    def __init__(self, allow: Allow = None, preload: Sequence[str] = ()) -> None:
        self._allow = None if allow is None else tuple(allow)
        self._open: Dict[str, Any] = {}

    def open(self, tree: Any) -> str:
        """Makes one; the text names it from now on, here and nowhere else."""
        made = build(tree, self._allow)
        named = uuid.uuid4().hex
        self._open[named] = made
        return named

    def ask(self, named: str, name: str, arguments: Any) -> Any:
        """What a method of it returns; arguments and result are trees, as `plain` has them. Raises EnvironmentGone."""
        if named not in self._open:
            raise EnvironmentGone(
                "this environment is not open here: it was closed, or died with its process"
            )
        return to_value(getattr(self._open[named], name)(*from_value(arguments)), f"the result of {name}")

    def end(self, named: str) -> None:
        """Closes one; closing again does nothing."""
        made = self._open.pop(named, None)
        if hasattr(made, "close"):
            made.close()


def _known(world: Any) -> Any:
    """A world that came before its class was imported."""
    return value_of(world.frames) if isinstance(world, Opaque) else world
