"""Places in the source where the order of a set of text could decide: what goes through one without sorted."""

from __future__ import annotations

import ast
import re
from types import FunctionType
from typing import Any, Dict, Iterator, List, Set, Tuple

from droidlet_laws.places import place
from droidlet_laws.reach import Reach
from droidlet_laws.snapshot import parts_of
from droidlet_laws.source import Node, body_of

_FREE = frozenset(("sorted", "set", "frozenset", "any", "all", "min", "max", "len", "sum", "Counter", "bool"))
_KEEPS = frozenset(("tuple", "list", "enumerate", "iter", "zip", "map", "filter", "dict", "OrderedDict"))
_SETS = frozenset(("union", "intersection", "difference", "symmetric_difference", "copy"))
_TEXTS = re.compile(
    "lower|upper|strip|lstrip|rstrip|casefold|title|capitalize|replace|format|join|removeprefix|removesuffix"
    "|group|decode"
)
_LISTS = re.compile("split|rsplit|splitlines|findall|partition|rpartition")
_FIELDS = re.compile("(.*_)?(text|label|name|word|colou?r|kind|mode)")
_GATHERS = re.compile("append|extend|insert|write|setdefault|update|join|put")
_STR = re.compile(r"\bstr\b")


def unsorted_sets(reach: Reach) -> List[str]:
    """Where the component's own code goes through a set of text in the set's own order ("parts.py:12 in f").

    A place is told by its form alone: whether the order gets into a result is for a run to show.
    """
    found: List[str] = []
    for code, function in reach.functions.items():
        node = reach.sources.find(code)
        if node is not None:
            reader = _Reader(node, _known(function, reach))
            found += [place(code, line) for line in sorted(set(reader.lines()))]
    return list(dict.fromkeys(found))


def _known(function: FunctionType, reach: Reach) -> Dict[str, Any]:
    """What names mean in a function: globals, and "self.x" of a method of the component."""
    known = dict(function.__globals__)
    method = any(function is value for cls in type(reach.component).__mro__ for value in vars(cls).values())
    names = function.__code__.co_varnames[:1] if method else ()
    held = parts_of(reach.component) if names else ()
    return {**known, **{f"{names[0]}.{name}": value for name, value in held}}


class _Reader:
    """Reads one function: what is a set of text there, and what goes through one."""

    def __init__(self, node: Node, known: Dict[str, Any]) -> None:
        self.known = known
        self.nodes = [inner for part in body_of(node) for inner in ast.walk(part)]
        self.parents = {child: parent for parent in self.nodes for child in ast.iter_child_nodes(parent)}
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        told = {a.arg: ast.unparse(a.annotation) for a in arguments if a.annotation is not None}
        self.texts = {name for name, hint in told.items() if hint == "str"}
        self.lists = {name for name, hint in told.items() if _STR.search(hint)}
        self.sets = {name for name in self.lists if re.search("[Ss]et", told[name])}
        self._assigned()

    def _assigned(self) -> None:
        """Names that are given a set of text, a list of text or a text; twice, since some are given others."""
        for _ in range(2):
            for node in self.nodes:
                if isinstance(node, ast.Assign):
                    self._bind(node.targets[0], node.value)
                elif isinstance(node, ast.NamedExpr) or isinstance(node, ast.AnnAssign) and node.value:
                    self._bind(node.target, node.value)  # type: ignore[arg-type]
                elif isinstance(node, (ast.For, ast.comprehension)) and self._many(node.iter):
                    self.texts |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            bound: Set[str] = {target.id}
            self.sets |= bound if self._set(value) else set()
            self.lists |= bound if self._many(value) else set()
            self.texts |= bound if self._text(value) else set()

    def lines(self) -> Iterator[int]:
        """The lines where the order of a set of text is taken over."""
        for node in self.nodes:
            if isinstance(node, ast.expr) and self._set(node) and self._goes_through(node):
                yield node.lineno

    def _goes_through(self, node: ast.expr) -> bool:
        parent = self.parents.get(node)
        if isinstance(parent, ast.For):
            return parent.iter is node and any(map(_gathers, ast.walk(parent)))
        if isinstance(parent, ast.comprehension):
            made = self.parents.get(parent)
            return parent.iter is node and not isinstance(made, ast.SetComp) and not self._free(made)
        if isinstance(parent, ast.Call):
            called = _called(parent)
            if isinstance(parent.func, ast.Attribute):
                return called == "join" and node in parent.args
            return called in _KEEPS and node in parent.args and not self._free(parent)
        if isinstance(parent, ast.Attribute) and parent.attr == "pop":
            call = self.parents.get(parent)
            return isinstance(call, ast.Call) and not call.args
        return isinstance(parent, ast.Starred) and not isinstance(self.parents.get(parent), ast.Set)

    def _free(self, node: Any) -> bool:
        """Whether what is made here is given to something that asks for no order."""
        parent = self.parents.get(node)
        return isinstance(parent, ast.Call) and _called(parent) in _FREE and node in parent.args

    def _value(self, node: ast.AST) -> Any:
        return self.known.get(ast.unparse(node)) if isinstance(node, (ast.Name, ast.Attribute)) else None

    def _set(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Set):
            return any(self._text(item) for item in node.elts)
        if isinstance(node, ast.SetComp):
            return self._text(node.elt)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.Sub, ast.BitXor)):
            return self._set(node.left) or self._set(node.right)
        if isinstance(node, ast.IfExp):
            return self._set(node.body) or self._set(node.orelse)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                return node.func.attr in _SETS and self._set(node.func.value)
            return _called(node) in ("set", "frozenset") and bool(node.args) and self._many(node.args[0])
        if isinstance(node, ast.Name) and node.id in self.sets:
            return True
        return _holds_text(self._value(node), (set, frozenset))

    def _many(self, node: ast.AST) -> bool:
        """Whether going through this gives texts."""
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and _LISTS.fullmatch(node.func.attr):
                return True
            if _called(node) in ("sorted", "tuple", "list", "reversed", "filter") and node.args:
                return self._many(node.args[-1])
        if isinstance(node, (ast.List, ast.Tuple)):
            return any(self._text(item) for item in node.elts)
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            return self._text(node.elt)
        if isinstance(node, ast.Name) and (node.id in self.lists or node.id in self.texts):
            return True
        return self._set(node) or _holds_text(self._value(node), (list, tuple, dict))

    def _text(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        if isinstance(node, ast.Call):
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            return bool(_TEXTS.fullmatch(method)) or _called(node) == "str"
        if isinstance(node, ast.Attribute):
            return bool(_FIELDS.fullmatch(node.attr))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._text(node.left) or self._text(node.right)
        if isinstance(node, ast.IfExp):
            return self._text(node.body) or self._text(node.orelse)
        return isinstance(node, ast.JoinedStr) or isinstance(node, ast.Name) and node.id in self.texts


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _gathers(node: ast.AST) -> bool:
    """Whether a part of a loop puts things in an order, or ends the loop at one of them."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and bool(_GATHERS.fullmatch(node.func.attr))
    if isinstance(node, (ast.Subscript, ast.Name)):
        return isinstance(node.ctx, ast.Store) and isinstance(node, ast.Subscript)
    return isinstance(node, (ast.Return, ast.Break, ast.Yield, ast.YieldFrom))


def _holds_text(values: Any, kinds: Tuple[type, ...]) -> bool:
    if not issubclass(type(values), kinds):  # isinstance would ask the object itself
        return False
    return any(type(value) is str for value in list(values)[:64])
