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
from droidlet_laws.kinds import made_in_python, parts_of
from droidlet_laws.places import is_own, module_of, package_of, place
from droidlet_laws.snapshot import Snapshot, class_data
from droidlet_laws.special import hash_of, inner_functions, is_cache

_NOTHING: Any = object()
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
        elif not self._own_kind(value):
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
        if value is _NOTHING:
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
            self._global(namespace, name)

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
            value = namespace.get(name, _NOTHING)
            if value is _NOTHING:
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
        self._assigned: Dict[str, List[ast.AST]] = {}
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
        called = self._resolve(node.func)
        if self._asks_numpy_for_now(node, called):
            where = place(self.function.__code__, node.lineno)
            self.reach.touches.append(f"np.datetime64 of the current time named at {where}")
        if any(called is f for f in _OPENING) and (
            first is None or isinstance(self._resolve(first), ModuleType)
        ):
            self.reach.all_of(vars(self._resolve(first)) if first else self.function.__globals__)
        self.generic_visit(node)

    def _asks_numpy_for_now(self, node: ast.Call, called: Any) -> bool:
        """np.datetime64("now"), np.array("now", "datetime64[s]"), np.array(["now"]).astype("M8[s]")"""
        given = [*node.args, *(k.value for k in node.keywords)]
        if not given:
            return False
        if called is np.datetime64:
            return bool(self._texts(node.args[0]) & _NOW) if node.args else False
        converts = isinstance(node.func, ast.Attribute) and node.func.attr == "astype"
        if not (converts or called is np.array or called is np.asarray or called is np.full):
            return False
        texts = set().union(*(self._texts(part) for part in given))
        of_time = any(text.startswith(("datetime64", "M8", "<M8")) for text in texts)
        inner = self._texts(node.func.value) if isinstance(node.func, ast.Attribute) else set()
        return of_time and bool((texts | inner) & _NOW)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        found = self._resolve(node)
        if isinstance(found, ModuleType):
            self.reach.all_of(vars(found))
        self.generic_visit(node)

    def _texts(self, node: ast.AST) -> Set[str]:
        """All texts that an expression may stand for, as far as reading tells."""
        found: Set[str] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.add(part.value)
            value = self._resolve(part)
            values = value.values() if isinstance(value, dict) else value
            listed = isinstance(values, (list, tuple, set, frozenset)) or isinstance(value, dict)
            found.update(v for v in (values if listed else [value]) if isinstance(v, str))
            if isinstance(part, ast.Name) and value is _NOTHING:
                found |= self._assigned_texts(part.id)
            if isinstance(part, ast.BinOp):  # "no" + "w"
                with suppress(Exception):
                    found.add(str(ast.literal_eval(part.left)) + str(ast.literal_eval(part.right)))
        return found

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._assigned.setdefault(target.id, []).append(node.value)
        self.generic_visit(node)

    def _assigned_texts(self, name: str) -> Set[str]:
        """The texts that a local name may stand for."""
        found = {
            value for known, value in _defaults(self.function) if known == name and isinstance(value, str)
        }
        return found.union(*(self._texts(node) for node in self._assigned.pop(name, ())))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        base = _NOTHING if isinstance(node.ctx, ast.Load) else self._resolve(node.value)
        if isinstance(base, ModuleType):  # also one of Python's
            self.reach.roots.setdefault(f"{base.__name__}.{node.attr}", (vars(base), node.attr))
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
            self.reach.all_of(self.function.__globals__)
        try:
            what = forbidden.named(value, arguments)
            suspect = forbidden.suspect(value) if arguments is not None else None
        except Exception:  # it answers no question about itself
            return
        if suspect:
            self.reach.suspects.append(f"{suspect} at {place(self.function.__code__, node.lineno)}")
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
        if (
            isinstance(node, ast.Subscript)
            and _is_modules(node.value)
            and self._resolve(node.value) is sys.modules
        ):
            return sys.modules.get(self._module_name(node.slice), _NOTHING)
        return _NOTHING

    def _module_name(self, node: ast.AST) -> str:
        value = node.value if isinstance(node, ast.Constant) else self._resolve(node)
        return value if isinstance(value, str) else ""

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
            if name == "__dict__":
                self.reach.all_of(vars(base))
            return self.reach._global(vars(base), name)
        if isinstance(base, type):
            found = inspect.getattr_static(base, name, _NOTHING)
            return getattr(base, name) if type(found) in _PLAIN_DESCRIPTORS else found
        if isinstance(base, (types.BuiltinFunctionType, types.FunctionType)):
            return _NOTHING
        held = dict(parts_of(base)).get(name, _NOTHING) if self.reach._own_kind(base) else _NOTHING
        if held is not _NOTHING:
            return held
        found = inspect.getattr_static(type(base), name, _NOTHING)
        if isinstance(found, _METHODS) or is_cache(found):
            static = isinstance(found, staticmethod)
            owner = _NOTHING if static else type(base) if isinstance(found, classmethod) else base
            if self.reach._own_kind(base):
                self.reach.meet(found, f"{type(base).__qualname__}.{name}" if is_cache(found) else "", owner)
        return _NOTHING


def _is_modules(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) or isinstance(node, ast.Attribute) and node.attr == "modules"


def _defaults(function: FunctionType) -> List[Tuple[str, Any]]:
    code, defaults = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    return [
        *zip(names[len(names) - len(defaults) :], defaults, strict=True),
        *(function.__kwdefaults__ or {}).items(),
    ]


_NOW = frozenset({"now", "today"})
_METHODS = (FunctionType, property, functools.cached_property, staticmethod, classmethod)
_OPENING = (vars, setattr, getattr, delattr)  # by which the names of a module are got at
_PLAIN_DESCRIPTORS = (
    classmethod,
    staticmethod,
    types.ClassMethodDescriptorType,
    types.BuiltinFunctionType,
    types.FunctionType,
)
