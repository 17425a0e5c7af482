"""Short texts that a regular expression matches, as far as its parts can be read."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Dict, List

VARIANTS = 8
_CATEGORIES = {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}
_CATEGORIES.update({"CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": "-"})
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def matching(pattern: str, variants: int = VARIANTS) -> List[str]:
    """Texts in which `pattern` is found, one for each choice among its alternatives; none where it is no
    regular expression or asks for more than is tried here.
    """
    try:
        tree, compiled = _parser.parse(pattern), re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return []
    found: Dict[str, None] = {}
    for variant in range(variants):
        text = _Writer(variant).text(tree)
        if len(text) <= 200 and compiled.search(text):
            found[text] = None
    return list(found)


class _Writer:
    """Writes one text: the `variant`-th alternative of each choice, each repeat as seldom as allowed, in odd
    variants once more.
    """

    def __init__(self, variant: int) -> None:
        self.variant = variant
        self.groups: Dict[int, str] = {}

    def text(self, tree: Any) -> str:
        return "".join(self._one(str(op), value) for op, value in tree)

    def _one(self, op: str, value: Any) -> str:
        if op == "LITERAL":
            return chr(value)
        if op == "NOT_LITERAL":
            return "a" if chr(value) != "a" else "b"
        if op == "ANY":
            return "a"
        if op == "IN":
            return self._among(value)
        if op in _REPEATS:
            least, most, inner = value
            often = min(int(most), int(least) + self.variant % 2)
            return "".join(self.text(inner) for _ in range(min(often, 50)))
        if op == "BRANCH":
            choices = value[1]
            return self.text(choices[self.variant % len(choices)])
        if op == "SUBPATTERN":
            return self._group(value[0], value[-1])
        if op == "ATOMIC_GROUP":
            return self.text(value)
        return self.groups.get(value, "") if op == "GROUPREF" else ""

    def _group(self, number: Any, inner: Any) -> str:
        text = self.text(inner)
        if number is not None:
            self.groups[number] = text
        return text

    def _among(self, choices: Any) -> str:
        """A character of a class."""
        if str(choices[0][0]) == "NEGATE":
            barred = {self._character(op, value) for op, value in choices[1:]}
            return next((c for c in "aA7 -_z" if c not in barred), "a")
        op, value = choices[self.variant % len(choices)]
        return self._character(op, value)

    def _character(self, op: Any, value: Any) -> str:
        if str(op) == "RANGE":
            return chr(value[0] + self.variant % (value[1] - value[0] + 1))
        return chr(value) if str(op) == "LITERAL" else _CATEGORIES.get(str(value), "a")
