"""What the code of a component can reach by name: functions, globals, caches, and names of the outside."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from contextlib import suppress
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Dict, List, Optional, Set, Tuple

import numpy as np

from droidlet_laws import forbidden, source
from droidlet_laws.places import is_own, module_of, package_of, place
from droidlet_laws.snapshot import Snapshot, made_in_python, parts_of

_NOTHING: Any = object()
MAX_FUNCTIONS = 2000


class Reach:
    """Walks the code from a component's methods along the names that it uses, within the component's own
    modules.

    `functions` are those found, `roots` the module globals that they name (label -> namespace and name),
    `classes` those they use, `caches` the lru_caches, `touches` the forbidden objects that they name (text
    and place), `unread` the functions without source.
    """

    def __init__(self, component: Any) -> None:
        self.functions: Dict[CodeType, FunctionType] = {}
        self.roots: Dict[str, Tuple[Dict[str, Any], str]] = {}
        self.classes: Dict[str, type] = {}
        self.caches: Dict[str, Any] = {}
        self.touches: List[str] = []
        self.unread: List[str] = []
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

    def meet(self, value: Any, label: str, owner: Any = _NOTHING, called: bool = False) -> None:
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
        if hasattr(value, "cache_info") and hasattr(value, "cache_clear"):
            self.caches[label or getattr(value, "__qualname__", "cache")] = value
            value = inspect.unwrap(value)
        if isinstance(value, functools.partial):
            self.meet(value.func, label)
            what = forbidden.named(value.func, len(value.args) + len(value.keywords))
            self.touches += [f"{what} in {label}"] if what else []
        elif isinstance(value, FunctionType):
            if self._own(value) and value.__code__ not in self.functions:
                self.functions[value.__code__] = value
                self._waiting.append((value, owner))
        elif isinstance(value, type):
            self._meet_class(value, called)
        elif self._own_kind(value) and value is not self.component:
            self.meet(inspect.getattr_static(type(value), "__call__", None), label, value)

    def _meet_class(self, cls: type, called: bool) -> None:
        label = f"{cls.__module__}.{cls.__qualname__}"
        if not is_own(cls.__module__, self.home) or issubclass(cls, BaseException):
            return
        if not hasattr(cls, "__record__"):
            self.classes[label] = cls
        if not called:
            return
        for name in ("__new__", "__init__", "__post_init__", "__attrs_post_init__"):
            found = vars(cls).get(name)
            if found is not None:
                self.meet(found, label, cls)

    def _own(self, function: FunctionType) -> bool:
        return is_own(str(function.__globals__.get("__name__", "")), self.home)

    def _own_kind(self, value: Any) -> bool:
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
                    self._global(function.__globals__, name)
            return
        reader = _Reader(self, function, node, owner)
        for part in source.body_of(node):
            reader.visit(part)

    def _global(self, namespace: Dict[str, Any], name: str) -> Any:
        """The value of a global; its place is remembered as a root."""
        value = namespace.get(name, _NOTHING)
        module = str(namespace.get("__name__", "?"))
        label = f"{module}.{name}"
        if is_own(module, self.home) and not issubclass(type(value), ModuleType) and label not in self.roots:
            self.roots[label] = (namespace, name)
        if value is not _NOTHING:
            self.meet(value, label)
        return value

    def snapshot(self, whole: bool) -> Snapshot:
        """Everything reached outside the component, written down."""
        made = Snapshot(whole=whole, identity=True)
        for label, (namespace, name) in self.roots.items():
            value = namespace.get(name, _NOTHING)
            if value is _NOTHING:
                made.leaves[label] = "<absent>"
            elif not issubclass(type(value), (type, FunctionType)) and value is not self.component:
                made.walk(value, label)
        for label, cls in self.classes.items():
            if cls not in type(self.component).__mro__:  # isinstance refuses Protocols
                class_data(made, cls, label)
        for code, function in self.functions.items():
            if code is not getattr(self.component, "__code__", None) and not self._is_component_method(
                function
            ):
                made.function_data(function, f"{function.__module__}.{function.__qualname__}")
        for label, cache in self.caches.items():
            made.leaves[label] = f"cache of {label}: {cache.cache_info()}"
        return made

    def _is_component_method(self, function: FunctionType) -> bool:
        held = (v for cls in type(self.component).__mro__ for v in vars(cls).values())
        return any(function is v for v in held)

    def component_snapshot(self, whole: bool) -> Snapshot:
        """The component itself and its class, written down."""
        made = Snapshot(self.component, "self", whole=whole, identity=True)
        for cls in type(self.component).__mro__:
            if is_own(cls.__module__, self.home) and made_in_python(cls):
                class_data(made, cls, cls.__qualname__)
        return made


def class_data(snapshot: Snapshot, cls: type, label: str) -> None:
    """Adds what a class itself holds: its attributes and what its functions carry along."""
    for name, value in list(vars(cls).items()):
        plain = value.__func__ if issubclass(type(value), (staticmethod, classmethod)) else value
        if issubclass(type(plain), FunctionType):
            snapshot.function_data(plain, f"{label}.{name}")
        elif (
            issubclass(type(plain), property)
            or name.startswith("__")
            or name in ("_abc_impl", "_value2member_map_", "_member_map_")
        ):
            continue
        elif not hasattr(type(plain), "__get__") and not issubclass(type(plain), type):
            snapshot.walk(plain, f"{label}.{name}")


class _Reader(ast.NodeVisitor):
    """Reads one function: resolves each name and dotted name to the object that it means now."""

    def __init__(self, reach: Reach, function: FunctionType, node: source.Node, owner: Any) -> None:
        self.reach, self.function, self.owner = reach, function, owner
        code = function.__code__
        self.local = (
            set(code.co_varnames) | set(code.co_cellvars) | source.inner_names(node)
        ) - source.global_names(node)
        self.local -= set(code.co_freevars)
        names = source.parameters(node)
        self.first = names[0].arg if names and owner is not _NOTHING else ""
        self.imported: Dict[str, Any] = {}
        self.cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        self.line = code.co_firstlineno
        self._called: Dict[ast.AST, int] = {}
        self._seen: Set[int] = set()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else package_of(alias.name)
            self.imported[alias.asname or name] = sys.modules.get(name, _NOTHING)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        package = str(self.function.__globals__.get("__package__") or "")
        parts = package.split(".")
        base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
        module = sys.modules.get(".".join(p for p in (base, node.module) if p))
        for alias in node.names:
            value = vars(module).get(alias.name, _NOTHING) if module else _NOTHING
            self.imported[alias.asname or alias.name] = value
            self._consider(value, alias.name, node, None)

    def visit_Call(self, node: ast.Call) -> None:
        starred = any(isinstance(a, ast.Starred) for a in node.args) or any(
            k.arg is None for k in node.keywords
        )
        self._called[node.func] = 99 if starred else len(node.args) + len(node.keywords)
        first = node.args[0] if node.args else None
        says_now = isinstance(first, ast.Constant) and first.value in ("now", "today")
        if says_now and self._resolve(node.func) is np.datetime64:
            where = place(self.function.__code__, node.lineno)
            self.reach.touches.append(f"np.datetime64 of the current time named at {where}")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._consider(self._resolve(node), ast.unparse(node), node, self._called.get(node))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._consider(self._resolve(node), node.id, node, self._called.get(node))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in [*node.decorator_list, *node.args.defaults, *node.body]:
            self.visit(part)

    def _consider(self, value: Any, label: str, node: Any, arguments: Optional[int]) -> None:
        if value is _NOTHING:
            return
        if value is globals:  # any of them may be meant
            for name in [n for n in self.function.__globals__ if not n.startswith("__")]:
                self.reach._global(self.function.__globals__, name)
        try:
            what = forbidden.named(value, arguments)
        except Exception:  # it answers no question about itself
            return
        if what:
            self.reach.touches.append(f"{what} named at {place(self.function.__code__, node.lineno)}")
        elif callable(value) and not issubclass(type(value), ModuleType):
            full = label if "." in label else f"{self.function.__module__}.{label}"
            self.reach.meet(value, full, called=arguments is not None)

    def _resolve(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(self._resolve(node.value), node.attr)
        return _NOTHING

    def _name(self, name: str) -> Any:
        if name == self.first:
            return self.owner
        if name in self.imported:
            return self.imported[name]
        if name in self.cells:
            try:
                return self.cells[name].cell_contents
            except ValueError:
                return _NOTHING
        if name in self.local:
            return _NOTHING
        space = self.function.__globals__
        builtins = space.get("__builtins__", {})
        known = builtins if isinstance(builtins, dict) else vars(builtins)
        if name in space or name not in known:
            return self.reach._global(space, name)
        return known[name]

    def _attribute(self, base: Any, name: str) -> Any:
        """An attribute, without running any code of the object's own."""
        try:
            return self._found(base, name)
        except Exception:  # it answers no question about itself
            return _NOTHING

    def _found(self, base: Any, name: str) -> Any:
        if base is _NOTHING:
            return _NOTHING
        if isinstance(base, ModuleType):
            return self.reach._global(vars(base), name) if name in vars(base) else _NOTHING
        if isinstance(base, type):
            found = inspect.getattr_static(base, name, _NOTHING)
            return getattr(base, name) if type(found) in _PLAIN_DESCRIPTORS else found
        if isinstance(base, (types.BuiltinFunctionType, types.FunctionType)):
            return _NOTHING
        held = dict(parts_of(base)).get(name, _NOTHING) if self.reach._own_kind(base) else _NOTHING
        if held is not _NOTHING:
            return held
        found = inspect.getattr_static(type(base), name, _NOTHING)
        if isinstance(found, (FunctionType, property)) and self.reach._own_kind(base):
            self.reach.meet(found, "", base)
        return _NOTHING


_PLAIN_DESCRIPTORS = (
    classmethod,
    staticmethod,
    types.ClassMethodDescriptorType,
    types.BuiltinFunctionType,
    types.FunctionType,
)
