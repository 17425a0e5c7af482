"""A value written down leaf by leaf, so that a later look says which field differs."""

from __future__ import annotations

import collections
import enum
import functools
import itertools
import sys
import types
import weakref
from contextlib import suppress
from typing import Any, Callable, Dict, Iterable, List, Optional, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_laws.kinds import kind_of
from droidlet_laws.kinds import parts_of as parts_of  # for those who look into values too
from droidlet_laws.special import (
    LEAVES,
    cached,
    changes_of,
    full_name,
    hash_of,
    inner_functions,
    is_cache,
    memory_of,
    short,
    special,
)
from droidlet_schema import FrozenMap

MAX_LEAVES = 300_000
# A look that is not whole takes samples of arrays and tables beyond these sizes, and ends early.
SAMPLED_BYTES, SAMPLED_ITEMS, SAMPLE, QUICK_LEAVES = 1 << 20, 256, 32, 4000
LOOKED_AT = 1 << 16  # bytes of a native object's memory
CACHED = " cached["  # in the path of what a cache of functools holds
_UNWALKED = frozenset({"logging", "typing", "abc", "_abc", "types"})  # they keep caches of their own
_SILENT = _UNWALKED | {"threading", "_thread", "weakref", "_weakref", "builtins", "contextvars"}
_OF_THE_GROUND = frozenset({"functools", "droidlet_schema"})


class Snapshot:
    """What a walk found: `leaves` by path, `opaque` places it could not look into, `arrays` and other
    `mutables` it met.
    """

    def __init__(
        self,
        value: Any = None,
        path: str = "",
        *,
        whole: bool = True,
        identity: bool = False,
        own: Optional[Callable[[type], bool]] = None,
        near: Optional[Callable[[str], bool]] = None,
        most: int = 0,
    ) -> None:
        self.leaves: Dict[str, str] = {}
        self.opaque: Dict[str, str] = {}
        self.arrays: List[Tuple[str, NDArray[Any]]] = []
        self.mutables: Dict[int, Tuple[str, Any]] = {}
        self.kept: List[Any] = []  # opaque things are told apart by id(), so they must not go away
        self.whole, self.identity, self.own = whole, identity, own
        self.near = near  # whether what a module defines is looked into; each thing is then met once only
        self._met: Dict[int, Any] = {}
        self.most = most or (MAX_LEAVES if whole else QUICK_LEAVES)
        self._classes: Set[type] = set()
        self._above: Set[int] = set()
        if path or value is not None:
            self.walk(value, path)

    def walk(self, value: Any, path: str) -> None:
        """Adds a value under a path."""
        simple = LEAVES.get(type(value))
        if simple is not None:
            self.leaves[path] = simple(value)
            return
        if len(self.leaves) > self.most:
            if self.whole:
                self.opaque["..."] = f"everything after the first {self.most} values"
            return
        if id(value) in self._above:
            self.leaves[path] = "<itself>"
            return
        if self.near is not None:
            if id(value) in self._met:
                self.leaves[path] = "<met before>"
                return
            self._met[id(value)] = value  # kept, so that its id stays its own
        self._above.add(id(value))
        try:
            self._look_into(value, path)
        except Exception as error:  # an object that answers no question about itself
            name = type(value).__name__
            self.leaves[path] = name
            self.opaque[path] = f"{name}: looking into it raised {type(error).__name__}"
        finally:
            self._above.discard(id(value))

    def _look_into(self, value: Any, path: str) -> None:
        kind = type(value)  # isinstance would ask the object itself
        if kind_of(kind).ordinary:
            self._ordinary(value, path)
        elif issubclass(kind, np.ndarray):
            self._array(value, path)
        elif is_cache(value):
            self._cache(value, path)
        else:
            for known, walker in _WALKERS:
                if issubclass(kind, known):
                    walker(self, value, path)
                    return
            self._object(value, path)

    def _array(self, value: NDArray[Any], path: str) -> None:
        self.arrays.append((path, value))
        if value.dtype.hasobject:
            self._sequence(value.tolist() if value.ndim else [value.item()], path)
            return
        self.leaves[path] = f"array {value.dtype.str} {value.shape} #{self._content(value)}"

    def _content(self, value: NDArray[Any]) -> str:
        if value.nbytes > SAMPLED_BYTES and not self.whole:
            value = (
                value.reshape(-1)[:: max(1, value.size // 8192)]
                if value.flags.c_contiguous
                else value.ravel()[:8192]
            )
        return hash_of(value.tobytes())

    def _sequence(self, value: Any, path: str) -> None:
        name = type(value).__name__
        self._note_mutable(value, path)
        self.leaves[path] = f"{name} of {len(value)}"
        for index, item in self._sample(enumerate(value), len(value)):
            self.walk(item, f"{path}[{index}]")
        self._hung_on(value, path)

    def _hung_on(self, value: Any, path: str) -> None:
        """Adds the attributes that an object of a subclass of a container carries besides its items."""
        if type(value) not in _CONTAINERS:
            for part, item in parts_of(value):
                self.walk(item, f"{path}.{part}")

    def _sample(self, items: Iterable[Any], length: int) -> Iterable[Any]:
        """All items, or some of very many."""
        every = 1 if self.whole or length <= SAMPLED_ITEMS else length // SAMPLE
        return itertools.islice(items, 0, None, every)

    def _mapping(self, value: Any, path: str) -> None:
        self._note_mutable(value, path)
        self.leaves[path] = f"{type(value).__name__} of {len(value)}"
        keys = []
        for key, item in self._sample(value.items(), len(value)):
            name = short(key) if type(key) in LEAVES else Snapshot(key, "key").digest[:12]
            keys.append(name)
            self.walk(item, f"{path}[{name}]")
        self.leaves[f"{path} (order of keys)"] = f"{len(keys)} #{hash_of(repr(keys).encode())}"
        self._hung_on(value, path)

    def _set(self, value: Any, path: str) -> None:
        self._note_mutable(value, path)
        self.leaves[path] = f"{type(value).__name__} of {len(value)}"
        if self.whole or len(value) <= SAMPLED_ITEMS:
            inner = sorted(Snapshot(item, "x", whole=self.whole).digest for item in value)
            self.leaves[path] += f" #{hash_of(repr(inner).encode())}"
        self._hung_on(value, path)

    def _note_mutable(self, value: Any, path: str) -> None:
        if not isinstance(value, (tuple, frozenset, FrozenMap)):
            self.mutables[id(value)] = (path, value)

    def _function(self, value: Any, path: str) -> None:
        self.leaves[path] = f"function {full_name(value)}"
        if self.near is None or self.near(str(value.__module__)):
            self.function_data(value, path)

    def function_data(self, value: Any, path: str) -> None:
        """Adds what a function carries along: defaults, closure, attributes."""
        if str(value.__globals__.get("__name__")).partition(".")[0] in _OF_THE_GROUND:
            return  # such as singledispatch, which keeps a cache by type, and what records keep of their fields
        code = value.__code__
        names = code.co_varnames[: code.co_argcount]
        for name, item in zip(
            names[len(names) - len(value.__defaults__ or ()) :], value.__defaults__ or (), strict=True
        ):
            self.walk(item, f"{path} default {name}")
        for name, item in (value.__kwdefaults__ or {}).items():
            self.walk(item, f"{path} default {name}")
        for name, cell in zip(code.co_freevars, value.__closure__ or (), strict=True):
            try:
                self.walk(cell.cell_contents, f"{path} closure {name}")
            except ValueError:
                self.leaves[f"{path} closure {name}"] = "<empty>"
        for name, item in vars(value).items():
            if name != "__wrapped__":
                self.walk(item, f"{path}.{name}")

    def _method(self, value: Any, path: str) -> None:
        self.walk(value.__func__, path)
        self.walk(value.__self__, f"{path}.__self__")

    def _object(self, value: Any, path: str) -> None:
        if hasattr(type(value), "__forks__"):
            self.leaves[path] = self.opaque[path] = kind_of(type(value)).name
            return
        text = special(value, _digest)
        if text is not None:
            self.leaves[path] = text
            self._behind(value, path)
            return
        self._ordinary(value, path)

    def _ordinary(self, value: Any, path: str) -> None:
        kind = kind_of(type(value))
        self.leaves[path] = kind.name
        if self.near is not None and not self.near(type(value).__module__):
            return
        parts = list(parts_of(value))
        if not kind.python:
            self._native(value, path, kind.name, bool(parts))
        if kind.package in _UNWALKED and type(value) is not types.SimpleNamespace:
            return
        start = f"{path}." if path else ""
        for part, item in parts:
            if part in kind.lazy:
                self.walk(item, f"{path}{CACHED}{part}]")
            else:
                self.walk(item, start + part)
        if self.own is not None and self.own(type(value)):
            self.add_class(type(value))

    def _native(self, value: Any, path: str, name: str, has_parts: bool) -> None:
        """Writes down what can be had of an object that holds something out of sight."""
        if issubclass(type(value), BaseException):
            self.walk(value.args, f"{path}.args")
            return
        known = memory_of(value, SAMPLED_BYTES if self.whole else LOOKED_AT) or changes_of(value)
        if self.identity and not has_parts:
            self.kept.append(value)
            self.leaves[path] = f"{name} at {id(value):#x}"
        if known:
            self.leaves[path] += f", {known}"
        if type(value).__module__.partition(".")[0] not in _SILENT:
            self.opaque[path] = name

    def _behind(self, value: Any, path: str) -> None:
        """Adds what is reached through an object that its text does not show."""
        kind = type(value)
        if issubclass(kind, type):
            if self.own is not None and self.own(value):
                self.add_class(value)
        elif issubclass(kind, (types.BuiltinFunctionType, types.MethodWrapperType)):
            owner = value.__self__
            if not issubclass(type(owner), (types.ModuleType, type, type(None))):
                self.walk(owner, f"{path}.__self__")
        elif issubclass(kind, np.vectorize):
            self.walk(value.pyfunc, f"{path}.pyfunc")
        elif issubclass(kind, np.ufunc):
            for function in inner_functions(value):
                self.walk(function, f"{path}.function")
        elif issubclass(kind, _PLAIN_OR_ENUM):
            for part, item in parts_of(value):
                if not (part.startswith("_") and part.endswith("_")):  # the enum's own
                    self.walk(item, f"{path}.{part}")

    def add_class(self, cls: type) -> None:
        """Adds what a class itself holds, once."""
        if cls not in self._classes:
            self._classes.add(cls)
            class_data(self, cls, full_name(cls))

    def _generator(self, value: Any, path: str) -> None:
        frame = value.gi_frame
        self.leaves[path] = f"generator {value.__qualname__} at {frame.f_lasti if frame else 'its end'}"
        for name, item in dict(frame.f_locals).items() if frame else ():
            self.walk(item, f"{path} local {name}")

    def _cache(self, value: Any, path: str) -> None:
        """A cache may grow: only what it gives for a key must stay what it was, and tells by CACHED."""
        self.leaves[path] = f"cache of {getattr(value, '__qualname__', '?')}"
        for key, item in cached(value)[: None if self.whole else SAMPLED_ITEMS]:
            self.walk(item, f"{path}{CACHED}{_digest(key)[:12]}]")
        self.walk(value.__wrapped__, f"{path}.__wrapped__")
        for name, item in vars(value).items():
            if not name.startswith("__") and name not in ("cache_parameters",):
                self.walk(item, f"{path}.{name}")

    @property
    def digest(self) -> str:
        """One short name for all leaves."""
        return hash_of(repr(sorted(self.leaves.items())).encode("utf-8", "surrogatepass"))


_CONTAINERS = frozenset(
    {tuple, list, collections.deque, dict, FrozenMap, types.MappingProxyType, set, frozenset}
)
_PLAIN_OR_ENUM = (str, bytes, int, float, complex, enum.Enum)


def _digest(value: Any) -> str:
    return Snapshot(value, "x").digest


def _is_data(kind: type) -> bool:
    """Whether an attribute of a class holds something: no descriptor, unless somebody wrote that in Python."""
    if not hasattr(kind, "__get__"):
        return not issubclass(kind, type)
    made = kind_of(kind)
    return made.python and made.package not in sys.stdlib_module_names and made.package not in _OF_THE_GROUND


def class_data(snapshot: Snapshot, cls: type, label: str) -> None:
    """Adds what a class itself holds: its attributes and what its functions carry along."""
    for name, value in list(vars(cls).items()):
        plain = value.__func__ if issubclass(type(value), (staticmethod, classmethod)) else value
        if issubclass(type(plain), types.FunctionType):
            snapshot.function_data(plain, f"{label}.{name}")
        elif (
            issubclass(type(plain), property)
            or name.startswith("__")
            or name in ("_abc_impl", "_value2member_map_", "_member_map_", "_hashable_values_")
        ):
            continue
        elif is_cache(plain) or _is_data(type(plain)):
            snapshot.walk(plain, f"{label}.{name}")


def _weak(snapshot: Snapshot, value: Any, path: str) -> None:
    snapshot.leaves[path] = "weakref"
    snapshot.walk(value(), f"{path}()")


def _cell(snapshot: Snapshot, value: Any, path: str) -> None:
    snapshot.leaves[path] = "cell"
    with suppress(ValueError):  # it is empty
        snapshot.walk(value.cell_contents, f"{path}.cell_contents")


def _partial(snapshot: Snapshot, value: Any, path: str) -> None:
    snapshot.leaves[path] = "partial"
    snapshot.walk(value.func, f"{path}.func")
    snapshot.walk(value.args, f"{path}.args")
    snapshot.walk(value.keywords, f"{path}.keywords")
    snapshot.walk(vars(value), f"{path}.__dict__")


_WALKERS: Tuple[Tuple[Any, Callable[[Snapshot, Any, str], None]], ...] = (
    ((tuple, list, collections.deque), Snapshot._sequence),
    ((dict, FrozenMap, types.MappingProxyType), Snapshot._mapping),
    ((set, frozenset), Snapshot._set),
    (types.FunctionType, Snapshot._function),
    (types.MethodType, Snapshot._method),
    (functools.partial, _partial),
    (types.GeneratorType, Snapshot._generator),
    (weakref.ReferenceType, _weak),
    (types.CellType, _cell),
)


def difference(before: Dict[str, str], after: Dict[str, str]) -> Optional[Tuple[str, str, str]]:
    """The most telling path at which two walks differ, with both texts; None where they agree."""
    differing = [
        path
        for path in {**before, **after}
        if before.get(path) != after.get(path) and not _only_cached(path, before, after)
    ]
    if not differing:
        return None
    deepest = max(differing, key=lambda p: (p in before and p in after, p.count(".") + p.count("["), -len(p)))
    return deepest, before.get(deepest, "<nothing>"), after.get(deepest, "<nothing>")


def _only_cached(path: str, before: Dict[str, str], after: Dict[str, str]) -> bool:
    """Whether a path differs only since a cache has learned or forgotten something."""
    if CACHED not in path:
        return False
    entry = path[: path.index("]", path.index(CACHED)) + 1] if "]" in path else path
    return not (entry in before and entry in after)
