"""The one error of query texts."""

from __future__ import annotations


class QueryTextError(ValueError):
    """A text that is no query: where (`position` in the text, `line` and `column` from 1), what was `found`
    there, and what was `expected`.
    """

    def __init__(self, text: str, position: int, found: str, expected: str) -> None:
        before = text[:position]
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.found, self.expected = found, expected
        super().__init__(f"line {self.line}, column {self.column}: expected {expected}, found {found}")
