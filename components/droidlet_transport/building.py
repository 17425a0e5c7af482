"""The far half of a configuration: trees of names and values, made into objects where their packages are.

A table with `_target_` ("module:Class") is a call of that with the other entries; with `_partial_`, a
functools.partial of it; `_args_` are positional. `{"_name_": "module:Class"}` is the class itself, `{"_path_": text}`
a path, whose ~ is this side's.
"""

from __future__ import annotations

import functools
import math
import time
import uuid
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from droidlet_schema import Key, digest
from droidlet_transport.errors import NotServed, TransportError
from droidlet_transport.loading import LoadError, load
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.serving import Served, table_of
from droidlet_transport.values import Opaque, value_of
from droidlet_transport.working import describe

MOST_KEPT = 64  # parts that are held ready
MOST_OPEN = 64  # environments at once
IDLE_S = 3600.0  # without a call, after which an environment's client counts as gone
_monotonic = time.monotonic
Allow = Optional[Sequence[str]]


class NotAllowedHere(TransportError):
    """A name in a configuration that this side does not import."""


class EnvironmentGone(TransportError):
    """A call of an environment that is not there any more."""


class TooManyEnvironments(TransportError):
    """One environment more than may be open at once."""


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
    """The object of a name, if it may be used here. Raises NotAllowedHere, LoadError.

    Where only some packages may be used, no file is, and no name in underscores: those lead into Python itself.
    """
    text = str(name)
    where, _, what = text.partition(":")
    if allow is not None and not (_is_dotted(where) and _is_dotted(what)):
        raise NotAllowedHere(
            f"{text[:200]!r} is not imported here: a name is module:name, no path and no __name__"
        )
    if not _within(where, allow):
        raise NotAllowedHere(
            f"{text} is not imported here, only what is in {', '.join(allow or ()) or 'nothing'}"
        )
    found = load(text, files=allow is None)
    if allow is None:
        return found
    step: Any = load(where, files=False)
    for part in what.split("."):
        step = getattr(step, part)
        if isinstance(step, ModuleType) or not _within(getattr(step, "__module__", None), allow):
            raise NotAllowedHere(f"{text} leads out of what may be used here")
    return found


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() and not part.startswith("__") for part in text.split("."))


def _preload(names: Sequence[str], allow: Allow) -> None:
    """Imports now what takes its time; what is not there is told to whoever asks for it."""
    for name in names:
        with suppress(LoadError):
            find(name, allow)


def _within(module: Any, allow: Allow) -> bool:
    if allow is None:
        return True
    return isinstance(module, str) and any(module == one or module.startswith(f"{one}.") for one in allow)


class Parts:
    """Parts that are made from trees as they are asked for; all that is asked is pure.

    Whoever serves this says with `allow` what may be imported for a tree; None, for a process of one's own: anything.
    """

    def __init__(self, allow: Allow = (), preload: Sequence[str] = ()) -> None:
        self._allow = None if allow is None else tuple(allow)
        self._made: OrderedDict[str, Tuple[Any, Dict[str, Served]]] = OrderedDict()
        _preload(preload, self._allow)

    def names(self, tree: Any) -> Any:
        """What a part serves."""
        return describe(self._ready(tree)[1])

    def ask(self, tree: Any, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """What a function of a part returns. Raises NotServed."""
        _, table = self._ready(tree)
        if name not in table:
            raise NotServed(f"what was asked has no {name}; it has {', '.join(sorted(table))}")
        named = {key: _known(value) for key, value in keywords.items()}
        return table[name].function(*map(_known, arguments), **named)

    def _ready(self, tree: Any) -> Tuple[Any, Dict[str, Served]]:
        """What a tree makes, and the functions of its part."""
        named = digest(tree)
        if named not in self._made:
            made = build(tree, self._allow)
            self._made[named] = made, table_of(self._part(made))
        self._made.move_to_end(named)
        while len(self._made) > MOST_KEPT:
            self._made.popitem(last=False)
        return self._made[named]

    def _part(self, made: Any) -> Any:
        return made


class Simulations(Parts):
    """Simulators with their scenes; a tree is a table of `simulator`, `scene` and `seed`. All that is asked is pure."""

    def start(self, tree: Any) -> Tuple[Any, Any]:
        """Observations and world at the beginning."""
        made, _ = self._ready(tree)
        return made["simulator"].reset(made["scene"], Key(int(made.get("seed", 0))))  # type: ignore[no-any-return]

    def _part(self, made: Any) -> Any:
        return made["simulator"]


class Environments:
    """Environments with a state of their own, made from trees; all of its methods are effects.

    At most `most` are open at once. One that nobody has called for `idle_s` is closed at the next call of anybody, for
    its client may have died; None, and in a process of one's own (`allow` is None): never.
    """

    def __init__(
        self,
        allow: Allow = (),
        preload: Sequence[str] = (),
        *,
        most: int = MOST_OPEN,
        idle_s: Optional[float] = IDLE_S,
    ) -> None:
        if most < 1 or not (idle_s is None or idle_s > 0):
            raise ValueError(f"most is {most} and idle_s is {idle_s}: at least 1, and more than 0 or None")
        self._allow = None if allow is None else tuple(allow)
        _preload(preload, self._allow)
        self._most, self._idle_s = most, math.inf if allow is None or idle_s is None else idle_s
        self._open: Dict[str, Any] = {}
        self._called: Dict[str, float] = {}  # when last; infinity during a call

    def open(self, tree: Any) -> str:
        """Makes one; the text names it from now on, here and nowhere else. Raises TooManyEnvironments."""
        self._end_idle()
        if len(self._open) >= self._most:
            raise TooManyEnvironments(
                f"{self._most} environments are open here: close one, or serve with another `most`; one that nobody "
                f"calls is closed after {self._idle_s:g} s"
            )
        made = build(tree, self._allow)
        named = uuid.uuid4().hex
        self._open[named], self._called[named] = made, _monotonic()
        return named

    def _end_idle(self) -> None:
        for named, last in tuple(self._called.items()):
            if _monotonic() - last > self._idle_s:
                with suppress(Exception):  # its own failure is nobody's who is here
                    self.end(named)

    def ask(self, named: str, name: str, arguments: Any, keywords: Any = None) -> Any:
        """What a method of it returns; arguments and result are trees, as `plain` has them. Raises EnvironmentGone."""
        self._end_idle()
        if named not in self._open:
            idle = "" if self._idle_s == math.inf else f"was not called for {self._idle_s:g} s, "
            raise EnvironmentGone(
                f"this environment is not open here: it was closed, {idle}or died with its process"
            )
        if name.startswith("_"):
            raise NotServed(f"{name} is not served: what begins with an underscore is the environment's own")
        self._called[named] = math.inf
        try:
            method = getattr(self._open[named], name)
            made = method(*from_value(arguments), **(from_value(keywords) if keywords else {}))
            return to_value(made, f"the result of {name}")
        finally:
            if named in self._open:
                self._called[named] = _monotonic()

    def end(self, named: str) -> None:
        """Closes one; closing again does nothing."""
        self._called.pop(named, None)
        made = self._open.pop(named, None)
        if hasattr(made, "close"):
            made.close()


def _known(world: Any) -> Any:
    """A value that came before its class was imported, such as a world."""
    return value_of(world.frames) if isinstance(world, Opaque) else world
