"""What the code of a component can reach by name: functions, globals, caches, and names of the outside."""

from __future__ import annotations

import functools
import inspect
import sys
import types
from contextlib import suppress
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Dict, List, Tuple

import numpy as np

from droidlet_laws import forbidden, source
from droidlet_laws.kinds import made_in_python
from droidlet_laws.places import is_own, module_of, package_of
from droidlet_laws.reading import NOTHING, read
from droidlet_laws.snapshot import Snapshot, class_data
from droidlet_laws.special import hash_of, inner_functions, is_cache

MAX_FUNCTIONS, MAX_MODULES, MAX_AROUND = 2000, 100, 20_000


class Reach:
    """Walks the code from a component's methods along the names that it uses, within the component's own
    modules.

    `functions` are those found, `roots` the module globals that they name (label -> namespace and name),
    `classes` those they use, `caches` the lru_caches, `foreign` functions of libraries, on which something may
    be hung, `spaces` modules to which they may add names, `touches` the forbidden objects that they name (text
    and place), `suspects` what may make a result differ without any memory, `unread` the functions without
    source.
    """

    def __init__(self, component: Any) -> None:
        self.functions: Dict[CodeType, FunctionType] = {}
        self.roots: Dict[str, Tuple[Dict[str, Any], str]] = {}
        self.classes: Dict[str, type] = {}
        self.caches: Dict[str, Any] = {}
        self.foreign: Dict[str, Any] = {}
        self.spaces: Dict[str, Dict[str, Any]] = {}
        self.touches: List[str] = []
        self.suspects: List[str] = []
        self.unread: List[str] = []
        self._stirred = 0
        self.sources = source.Sources()
        self._waiting: List[Tuple[FunctionType, Any]] = []
        self.home = package_of(module_of(component) or module_of(type(component)))
        self.component = component
        self._start(component)
        while self._waiting and len(self.functions) < MAX_FUNCTIONS:
            self._read(*self._waiting.pop(0))

    def _start(self, component: Any) -> None:
        if isinstance(component, (FunctionType, MethodType, functools.partial)) or hasattr(
            component, "__wrapped__"
        ):
            self.meet(component, "")
            return
        for name in ("__call__", "initial"):
            found = inspect.getattr_static(type(component), name, None)
            if found is not None:
                self.meet(found, "", component)

    def meet(self, value: Any, label: str, owner: Any = NOTHING, called: bool = False) -> None:
        """Follows a value that code names; `owner` is the object whose method it is; `called`: a class is
        made use of. What answers no question about itself is not followed.
        """
        with suppress(Exception):
            self._meet(value, label, owner, called)

    def _meet(self, value: Any, label: str, owner: Any, called: bool) -> None:
        value = getattr(value, "__func__", value) if isinstance(value, (staticmethod, classmethod)) else value
        if isinstance(value, property):
            value = value.fget
        if isinstance(value, MethodType):
            owner, value = value.__self__, value.__func__
        if is_cache(value):
            self.caches[label or getattr(value, "__qualname__", "cache")] = value
            value = inspect.unwrap(value)
        if isinstance(value, functools.partial):
            self.meet(value.func, label)
            what = forbidden.named(value.func, len(value.args) + len(value.keywords))
            self.touches += [f"{what} in {label}"] if what else []
        elif isinstance(value, FunctionType):
            if not self._own(value):
                self._meet_foreign(value, label)
            elif value.__code__ not in self.functions:
                self.functions[value.__code__] = value
                self._waiting.append((value, owner))
        elif isinstance(value, np.vectorize):
            self.meet(value.pyfunc, label)
        elif isinstance(value, np.ufunc):
            for function in inner_functions(value):
                self.meet(function, label)
        elif isinstance(value, functools.cached_property):
            self.meet(value.func, label, owner)
        elif isinstance(value, type):
            self._meet_class(value, called)
        elif not self.own_kind(value):
            if callable(value) and type(getattr(value, "__dict__", None)) is dict and not _is_hint(value):
                self.foreign[label] = value
        elif value is not self.component:
            self.meet(inspect.getattr_static(type(value), "__call__", None), label, value)

    def _meet_foreign(self, function: FunctionType, label: str) -> None:
        known = vars(function).get("registry")  # of singledispatch, which keeps a cache by type as well
        if isinstance(known, types.MappingProxyType):
            for one in known.values():
                self.meet(one, label)
        else:
            self.foreign[label or function.__qualname__] = function

    def _meet_class(self, cls: type, called: bool) -> None:
        label = f"{cls.__module__}.{cls.__qualname__}"
        if not is_own(cls.__module__, self.home):
            return
        self.classes[label] = cls
        if not called or issubclass(cls, BaseException):
            return
        for name in ("__new__", "__init__", "__post_init__", "__attrs_post_init__"):
            found = vars(cls).get(name)
            if found is not None:
                self.meet(found, label, cls)

    def _own(self, function: FunctionType) -> bool:
        return is_own(str(function.__globals__.get("__name__", "")), self.home)

    def own_kind(self, value: Any) -> bool:
        """Whether an object is of a class of the component's own modules, written in Python."""
        kind = type(value)
        return made_in_python(kind) and is_own(kind.__module__, self.home)

    def _read(self, function: FunctionType, owner: Any) -> None:
        node = self.sources.find(function.__code__)
        if node is None:
            generated = function.__code__.co_filename.startswith("<") and function.__name__.startswith("__")
            if not generated:  # the __init__ of an attrs class or a dataclass
                self.unread.append(function.__qualname__)
            for name in function.__code__.co_names:
                if name in function.__globals__:
                    self.global_of(function.__globals__, name)
            return
        read(self, function, node, owner)

    def global_of(self, namespace: Dict[str, Any], name: str) -> Any:
        """The value of a global; its place is remembered as a root."""
        value = namespace.get(name, NOTHING)
        module = str(namespace.get("__name__", "?"))
        label = f"{module}.{name}"
        if is_own(module, self.home) and not issubclass(type(value), ModuleType) and label not in self.roots:
            self.roots[label] = (namespace, name)
        if value is NOTHING:
            return value
        self.meet(value, label)
        return value

    def all_of(self, namespace: Dict[str, Any]) -> None:
        """Any name of a module may be meant, also one that is not there yet."""
        module = str(namespace.get("__name__", "?"))
        if module in self.spaces:
            return
        self.spaces[module] = namespace
        for name in [n for n in namespace if not n.startswith("__")] if is_own(module, self.home) else ():
            self.global_of(namespace, name)

    def stir(self) -> None:
        """Fills memory that is free with other numbers, where the code takes some without writing to it."""
        if any("never written" in text for text in self.suspects):
            self._stirred += 1
            for size in range(8, 1025, 8):
                blocks = [np.full(size, 37 + self._stirred % 64, np.uint8) for _ in range(8)]
                del blocks

    def own_class(self, cls: type) -> bool:
        """Whether what a class holds may be a memory of this component."""
        return is_own(str(cls.__module__), self.home) and made_in_python(cls)

    def snapshot(self, whole: bool) -> Snapshot:
        """Everything reached outside the component, written down."""
        made = Snapshot(whole=whole, identity=True)
        for label, (namespace, name) in self.roots.items():
            value = namespace.get(name, NOTHING)
            if value is NOTHING:
                made.leaves[label] = "<absent>"
            elif not issubclass(type(value), (type, FunctionType)) and value is not self.component:
                made.walk(value, label)
        for label, cls in self.classes.items():
            if cls not in type(self.component).__mro__ and not hasattr(cls, "__record__"):
                class_data(made, cls, label)  # a record's class is looked at in the end, with all around
        for code, function in self.functions.items():
            if code is not getattr(self.component, "__code__", None) and not self._is_component_method(
                function
            ):
                made.function_data(function, f"{function.__module__}.{function.__qualname__}")
        for label, function in self.foreign.items():
            for name, value in list(vars(function).items()):
                if not name.startswith("__"):
                    made.walk(value, f"{label}.{name}")
        for label, cache in self.caches.items():
            made.walk(cache, label)
        for label, namespace in self.spaces.items():
            made.leaves[f"{label} (its names)"] = _names(namespace)
        return made

    def around(self) -> Snapshot:
        """The component, its classes, and all that its own modules hold, whether its code names that or not;
        large things are sampled.
        """
        made = Snapshot(
            self.component,
            "self",
            whole=False,
            identity=True,
            own=self.own_class,
            near=self._is_near,
            most=MAX_AROUND,
        )
        for module, namespace in self._own_modules().items():
            for name, value in list(namespace.items()):
                kind, label = type(value), f"{module}.{name}"
                if issubclass(kind, ModuleType) or name.startswith("__") or value is self.component:
                    continue
                if issubclass(kind, type):
                    with suppress(Exception):  # it answers no question about itself
                        if self.own_class(value):
                            made.add_class(value)
                else:
                    made.walk(value, label)
            made.leaves[f"{module} (its names)"] = _names(namespace)
        return made

    def _is_near(self, module: str) -> bool:
        """Whether what this module defines may hold a memory of the component: its own things, and Python's."""
        return is_own(module, self.home) or package_of(module) in sys.stdlib_module_names

    def _own_modules(self) -> Dict[str, Dict[str, Any]]:
        """The modules of the code that was reached, and those that they import, as far as they are own."""
        names = [str(f.__globals__.get("__name__", "")) for f in self.functions.values()]
        waiting = [
            *names,
            type(self.component).__module__,
            *(cls.__module__ for cls in self.classes.values()),
        ]
        found: Dict[str, Dict[str, Any]] = {}
        while waiting and len(found) < MAX_MODULES:
            name = waiting.pop(0)
            module = sys.modules.get(name)
            if name in found or module is None or not is_own(name, self.home):
                continue
            found[name] = vars(module)
            waiting += sorted({_module_name(value) for value in list(vars(module).values())} - set(found))
        return found

    def _is_component_method(self, function: FunctionType) -> bool:
        held = (v for cls in type(self.component).__mro__ for v in vars(cls).values())
        return any(function is v for v in held)

    def component_snapshot(self, whole: bool) -> Snapshot:
        """The component itself and its class, written down."""
        made = Snapshot(self.component, "self", whole=whole, identity=True)
        for cls in type(self.component).__mro__:
            if self.own_class(cls):
                class_data(made, cls, cls.__qualname__)
        return made


def _is_hint(value: Any) -> bool:
    return package_of(str(type(value).__module__)) in ("typing", "types")


def _module_name(value: Any) -> str:
    """The module that this is, or that defines this function or class; "" for other things."""
    if issubclass(type(value), ModuleType):
        return str(value.__name__)
    return module_of(value) if issubclass(type(value), (type, FunctionType)) else ""


def _names(namespace: Dict[str, Any]) -> str:
    """The names of a module, without those of modules that an import adds."""
    names = sorted(n for n, v in list(namespace.items()) if not issubclass(type(v), ModuleType))
    return f"{len(names)} names #{hash_of(repr(names).encode())[:12]}"
