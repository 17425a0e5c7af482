"""The errors of this package; the wording is made here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Iterable


class SchemasError(ValueError):
    """Schemas that do not fit together: missing, doubled, conflicting, unknown; names both sides."""


class CommitRefused(ValueError):
    """A commit that was not made: `place` in the changes, the `value` found there, the `reason`. Nothing
    changed.
    """

    def __init__(self, place: str, value: object, reason: str) -> None:
        self.place, self.value, self.reason = place, value, reason
        super().__init__(f"{place}: {reason}, got {value!r:.80}")


class NoSuchRevision(LookupError):
    """A moment that this memory does not reach."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "; did you mean X?" where a known word is close, else the known words."""
    words = sorted(known)
    close = get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]!r}?" if close else "; known: " + ", ".join(words)
