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


class CommitConflict(ValueError):
    """Other changes on a memory that has a next one already: `made` is the digest of that one, `refused` of
    the one that was not made.
    """

    def __init__(self, parent: str, made: str, refused: str) -> None:
        self.parent, self.made, self.refused = parent, made, refused
        super().__init__(
            f"memory {parent} goes on as {made}: these other changes would lead to {refused}; "
            "memory.fork(path) goes another way from here"
        )


class StoreError(RuntimeError):
    """A store that cannot be had or used; nothing in it was changed."""


class StoreClosed(StoreError):
    """The store of a memory is not open in this process."""


class StoreBusy(StoreError):
    """Another process writes to this file."""


class StoreUnreadable(StoreError):
    """A file that is no memory, is damaged, or is of a newer format."""


class Damaged(ValueError):
    """Inside this package: rows that do not fit together; people are told StoreUnreadable, with the file."""


class StoreUnwritable(StoreError):
    """Nothing can be written: a full disk, a file or folder that is read-only, a memory open for reading."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "; did you mean X?" where a known word is close, else the known words."""
    words = sorted(known)
    close = get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]!r}?" if close else "; known: " + ", ".join(words)
