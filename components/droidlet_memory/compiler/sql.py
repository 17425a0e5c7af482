"""SQL as text with the values bound to it; values are never part of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Sql(NamedTuple):
    """A piece of SQL and what its question marks stand for, in order; `:at` is the revision asked about."""

    text: str
    given: tuple[Any, ...] = ()

    def __add__(self, other: Sql | str) -> Sql:  # type: ignore[override]  # two pieces, not two tuples
        """One after the other."""
        if isinstance(other, str):
            return Sql(self.text + other, self.given)
        return Sql(self.text + other.text, self.given + other.given)

    def bound(self) -> tuple[str, dict[str, Any]]:
        """The text and the values by name, as sqlite3 takes them; but for `at`."""
        values: dict[str, Any] = {f"v{index}": value for index, value in enumerate(self.given)}
        pieces = self.text.split("?")
        named = [f"{piece}:v{index}" for index, piece in enumerate(pieces[:-1])]
        return "".join(named) + pieces[-1], values

    def bracketed(self) -> Sql:
        """The same in parentheses."""
        return Sql(f"({self.text})", self.given)


NEVER = Sql("0")


def joined(word: str, pieces: Iterable[Sql]) -> Sql:
    """Pieces with a word such as " AND " between them."""
    many = tuple(pieces)
    return Sql(word.join(piece.text for piece in many), tuple(v for piece in many for v in piece.given))


def marks(values: Sequence[Any]) -> Sql:
    """A list of values: (?, ?, ?)."""
    return Sql("(" + ", ".join("?" * len(values)) + ")", tuple(values))
