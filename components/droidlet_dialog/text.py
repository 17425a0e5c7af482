"""One sentence as the grammar reads it. Every rule is a function of (text, place) that returns what it read
and where that ends.
"""

from __future__ import annotations

from typing import Any, TypeVar

import attrs

from droidlet_dialog.lexicon import Lexicon
from droidlet_dialog.tokens import COMMA

MOST_PASSED = 32  # small words in a row
T = TypeVar("T")
Read = tuple[T, int] | None  # what was read, and the place of the first word after it


@attrs.frozen
class Text:
    """The corrected words of a sentence with the lexicon to read them by."""

    words: tuple[str, ...]
    lexicon: Lexicon = attrs.field(repr=False)
    memo: dict[tuple[str, int, int], Any] = attrs.field(
        factory=dict, init=False, repr=False, eq=False
    )  # one reading's

    def match(self, category: str, at: int) -> Read[str]:
        """The longest phrase of a category at a place."""
        return self.lexicon.match(category, self.words, at)

    def any_of(self, categories: tuple[str, ...], at: int) -> Read[str]:
        """The longest phrase of several categories at a place; of equals, that of the first category."""
        return longest(*(self.match(category, at) for category in categories))

    def word(self, at: int) -> str:
        """The word at a place, "" behind the end."""
        return self.words[at] if at < len(self.words) else ""

    def after(self, at: int, *phrases: str) -> int | None:
        """The place behind the first of these phrases that stands here."""
        word = self.word(at)
        for phrase in phrases:
            if not phrase.startswith(word):
                continue
            parts = tuple(phrase.split())
            if self.words[at : at + len(parts)] == parts:
                return at + len(parts)
        return None

    def past(self, at: int, *words: str) -> int:
        """The place behind any of these single words, at most MOST_PASSED of them."""
        end = min(len(self.words), at + MOST_PASSED)
        while at < end and self.words[at] in words:
            at += 1
        return at

    def at_end(self, at: int) -> bool:
        """Whether a clause ends here."""
        return at >= len(self.words) or self.words[at] == COMMA or self.match("join", at) is not None

    def span(self, start: int, end: int) -> str:
        """Words as text."""
        return " ".join(word for word in self.words[start:end] if word != COMMA)


def longest(*reads: Read[T]) -> Read[T]:
    """What reads furthest; of equals the first."""
    best: Read[T] = None
    for read in reads:
        if read is not None and (best is None or read[1] > best[1]):
            best = read
    return best
