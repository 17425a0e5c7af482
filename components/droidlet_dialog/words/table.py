"""How vocabularies are written down: phrases divided by commas."""

from __future__ import annotations

from collections.abc import Mapping


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text divided by commas, spaces evened out, without repeats."""
    cleaned = (" ".join(part.split()) for part in text.split(","))
    return tuple(dict.fromkeys(part for part in cleaned if part))


def each(text: str) -> dict[str, str]:
    """Phrases that mean themselves."""
    return {phrase: phrase for phrase in phrases(text)}


def by_meaning(groups: Mapping[str, str]) -> dict[str, str]:
    """Phrases grouped by what they mean: {"red": "red, crimson"} -> {"red": "red", "crimson": "red"}.

    Raises ValueError for a phrase that stands in two groups.
    """
    found: dict[str, str] = {}
    for meaning, text in groups.items():
        for phrase in phrases(text):
            if found.setdefault(phrase, meaning) != meaning:
                raise ValueError(f"{phrase!r} stands under {found[phrase]!r} and under {meaning!r}")
    return found
