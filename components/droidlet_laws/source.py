"""The syntax tree of a function, found by where its code says that it was written."""

from __future__ import annotations

import ast
import linecache
from types import CodeType
from typing import Dict, List, Optional, Set, Tuple, Union

Node = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]


class Sources:
    """Parses each source file once."""

    def __init__(self) -> None:
        self._files: Dict[str, Dict[Tuple[int, str], List[Node]]] = {}

    def find(self, code: CodeType) -> Optional[Node]:
        """The tree of the function that this code was made from, None if there is no source."""
        if code.co_filename not in self._files:
            self._files[code.co_filename] = _index(code.co_filename)
        found = self._files[code.co_filename].get((code.co_firstlineno, code.co_name), [])
        if len(found) < 2:
            return found[0] if found else None
        column = min((c for _, _, c, _ in code.co_positions() if c), default=0)  # several lambdas on one line
        before = [node for node in found if node.col_offset <= column]
        return max(before or found[:1], key=lambda node: node.col_offset)


def _index(file: str) -> Dict[Tuple[int, str], List[Node]]:
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return {}
    found: Dict[Tuple[int, str], List[Node]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found.setdefault((first, node.name), []).append(node)
        elif isinstance(node, ast.Lambda):
            found.setdefault((node.lineno, "<lambda>"), []).append(node)
    return found


def body_of(node: Node) -> List[ast.AST]:
    """What runs when the function is called: neither its decorators nor its annotations nor its defaults."""
    return [node.body] if isinstance(node, ast.Lambda) else list(node.body)


def inner_names(node: Node) -> Set[str]:
    """Names that functions inside this one bind: parameters and targets."""
    names: Set[str] = set()
    for part in body_of(node):
        for inner in ast.walk(part):
            if isinstance(inner, ast.arg):
                names.add(inner.arg)
            elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                names.add(inner.id)
    return names


def global_names(node: Node) -> Set[str]:
    """Names that the function declares global."""
    found: Set[str] = set()
    for part in body_of(node):
        for inner in ast.walk(part):
            if isinstance(inner, ast.Global):
                found.update(inner.names)
    return found


def parameters(node: Node) -> List[ast.arg]:
    """The parameters that may be given by position."""
    return [*node.args.posonlyargs, *node.args.args]
