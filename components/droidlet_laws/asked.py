"""What a function asks its values for, read from its source."""

from __future__ import annotations

import ast
import re
from typing import Any, Iterator, List, Set

from droidlet_laws.source import Node, body_of

MAX_SIZE = 10**6  # of an int that decides by its order, so that it may be a size
_TAKERS = re.compile(
    "startswith|endswith|get|find|index|count|split|removeprefix|removesuffix|partition|rpartition|search"
    "|replace|match|fullmatch|findall|finditer|compile|setdefault|pop|isin"
)
_SPLITS = re.compile("r?split|r?partition|replace")
_EQUAL = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


class Asked:
    """What a function asks its values for: `compared` constants, the `large` ones among them, `separators` that
    it splits at; `told` are texts that it only says (docstrings, parts of messages).
    """

    def __init__(self, node: Node) -> None:
        self.compared: List[Any] = []
        self.separators: List[str] = []
        self.large: Set[int] = set()
        self.told: Set[str] = set()
        for part in body_of(node):
            for inner in ast.walk(part):
                self._look(inner)
        self.told -= {c for c in self.compared if isinstance(c, str)}

    def _look(self, node: ast.AST) -> None:
        if isinstance(node, ast.Compare):
            found = list(_literals(node))
            self.compared += found
            self._large(found, any(isinstance(op, _EQUAL) for op in node.ops))
        elif isinstance(node, ast.MatchValue):
            found = list(_literals(node))
            self.compared += found
            self._large(found, True)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and _TAKERS.fullmatch(node.func.attr):
                found = [value for given in node.args for value in _literals(given)]
                self.compared += found
                if _SPLITS.fullmatch(node.func.attr):
                    self.separators += [value for value in found if isinstance(value, str)]
        elif isinstance(node, (ast.Raise, ast.JoinedStr)):
            self.told |= {value for value in _literals(node) if isinstance(value, str)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            self.told.add(str(node.value.value))

    def _large(self, found: List[Any], equal: bool) -> None:
        for value in found:
            if type(value) is int:
                self.large |= {value} if equal else set()
                self.large |= {value - 1, value, value + 1} if abs(value) <= MAX_SIZE else set()


def _literals(node: ast.AST) -> Iterator[Any]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
            number = inner.operand.value if isinstance(inner.operand, ast.Constant) else None
            if isinstance(number, (int, float)):
                yield -number
        elif isinstance(inner, ast.Constant) and type(inner.value) in (str, bytes, int, float):
            yield inner.value
