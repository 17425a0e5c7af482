"""Reads the source of one function: what objects its names stand for, and what it does with them."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Set, Tuple

import numpy as np

from droidlet_laws import forbidden, source
from droidlet_laws.kinds import parts_of
from droidlet_laws.places import package_of, place
from droidlet_laws.special import is_cache

if TYPE_CHECKING:
    from droidlet_laws.reach import Reach

NOTHING: Any = object()  # where a name stands for no object that could be found


def read(reach: Reach, function: FunctionType, node: source.Node, owner: Any = NOTHING) -> None:
    """Tells `reach` what a function names; `owner` is the object whose method it is."""
    reader = _Reader(reach, function, node, owner)
    for part in source.body_of(node):
        reader.visit(part)


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
        self.first = names[0].arg if names and owner is not NOTHING else ""
        self.imported: Dict[str, Any] = {}
        self.cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        self.line = code.co_firstlineno
        self._called: Dict[ast.AST, int] = {}
        self._assigned: Dict[str, List[ast.AST]] = {}
        self._seen: Set[int] = set()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else package_of(alias.name)
            self.imported[alias.asname or name] = sys.modules.get(name, NOTHING)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        package = str(self.function.__globals__.get("__package__") or "")
        parts = package.split(".")
        base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
        module = sys.modules.get(".".join(p for p in (base, node.module) if p))
        for alias in node.names:
            value = vars(module).get(alias.name, NOTHING) if module else NOTHING
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
            if isinstance(part, ast.Name) and value is NOTHING:
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
        base = NOTHING if isinstance(node.ctx, ast.Load) else self._resolve(node.value)
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
        if value is NOTHING:
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
            return sys.modules.get(self._module_name(node.slice), NOTHING)
        return NOTHING

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
                return NOTHING
        if name in self.local:
            return NOTHING
        space = self.function.__globals__
        builtins = space.get("__builtins__", {})
        known = builtins if isinstance(builtins, dict) else vars(builtins)
        if name in space or name not in known:
            return self.reach.global_of(space, name)
        return known[name]

    def _attribute(self, base: Any, name: str) -> Any:
        """An attribute, without running any code of the object's own."""
        try:
            return self._found(base, name)
        except Exception:  # it answers no question about itself
            return NOTHING

    def _found(self, base: Any, name: str) -> Any:
        if base is NOTHING:
            return NOTHING
        if isinstance(base, ModuleType):
            if name == "__dict__":
                self.reach.all_of(vars(base))
            return self.reach.global_of(vars(base), name)
        if isinstance(base, type):
            found = inspect.getattr_static(base, name, NOTHING)
            return getattr(base, name) if type(found) in _PLAIN_DESCRIPTORS else found
        if isinstance(base, (types.BuiltinFunctionType, types.FunctionType)):
            return NOTHING
        held = dict(parts_of(base)).get(name, NOTHING) if self.reach.own_kind(base) else NOTHING
        if held is not NOTHING:
            return held
        found = inspect.getattr_static(type(base), name, NOTHING)
        if isinstance(found, _METHODS) or is_cache(found):
            static = isinstance(found, staticmethod)
            owner = NOTHING if static else type(base) if isinstance(found, classmethod) else base
            if self.reach.own_kind(base):
                self.reach.meet(found, f"{type(base).__qualname__}.{name}" if is_cache(found) else "", owner)
        return NOTHING


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
