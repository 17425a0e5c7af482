"""What callers give, or one sentence about what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from droidlet_memory.errors import CommitRefused
from droidlet_schema import Change, Query


def changes_in(changes: Any) -> tuple[Change, ...]:
    """Changes as a tuple. Raises CommitRefused for what is no sequence of any."""
    try:
        return tuple(changes)
    except TypeError:
        raise CommitRefused("changes", changes, "expected a list of changes, also where it is one") from None


def query_in(query: Any) -> Query:
    """A query. Raises TypeError for what is none."""
    if isinstance(query, Query):
        return query
    raise TypeError(
        f"expected a Query, got {type(query).__name__}: Query(1, filters, now_ns, Pose2(0, 0, 0)), "
        "where filters may be parse_query(text)"
    )


def whole(number: Any, name: str) -> int:
    """A whole number. Raises TypeError for what is none."""
    if type(number) is int:
        return number
    raise TypeError(f"{name}: expected an int, got {number!r:.40}")


def texts_in(texts: Iterable[str]) -> frozenset[str]:
    """Texts, less those that nothing can hold. Raises TypeError for a text where several are expected."""
    if isinstance(texts, str):
        raise TypeError(f"expected several texts, got the text {texts!r:.80}: write [{texts!r:.80}]")
    return frozenset(text for text in texts if is_text(text))


def is_text(text: object) -> bool:
    """Whether something is a text that can be written down: lone surrogates cannot."""
    if not isinstance(text, str):
        return False
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
