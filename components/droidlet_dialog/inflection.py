"""The forms of English words: plurals of nouns, "-ing" of verbs."""

from __future__ import annotations

from collections.abc import Mapping


def plural(noun: str) -> str:
    """The regular plural of an English noun (its last word)."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return (
        noun[:-2] + "ves" if noun.endswith("fe") else noun[:-1] + "ves" if noun.endswith("lf") else noun + "s"
    )


def singular(noun: str) -> str:
    """A noun that may be a regular plural as one thing."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    return (
        noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3 else noun
    )


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    short = len(verb) == 3 and verb[1] in "aeiou" and verb[2] not in "aeiouwxy"
    return verb + verb[-1] + "ing" if short or verb in ("spin", "stop", "step") else verb + "ing"


def with_gerunds(phrases: Mapping[str, str]) -> dict[str, str]:
    """Phrases, and the same with their first word in "-ing", meaning the same."""
    found = dict(phrases)
    for phrase, meaning in phrases.items():
        first, _, rest = phrase.partition(" ")
        found.setdefault(f"{_gerund(first)} {rest}".strip(), meaning)
    return found


_IRREGULAR = {
    "person": "persons",
    "man": "men",
    "woman": "women",
    "child": "children",
    "shelf": "shelves",
    "bookshelf": "bookshelves",
}
_NUMBERLESS = frozenset(
    {"him", "her", "somebody", "someone", "anybody", "anyone", "he", "she", "people", "everyone", "everybody"}
)


def plurals(things: Mapping[str, str]) -> dict[str, str]:
    """The plurals of phrases for things, where they mean nothing else already."""
    found: dict[str, str] = {}
    for phrase, meaning in things.items():
        start, _, last = phrase.rpartition(" ")
        if last not in _NUMBERLESS:
            found.setdefault(f"{start} {_IRREGULAR.get(last) or plural(last)}".strip(), meaning)
    found["people"] = "person"
    return {phrase: meaning for phrase, meaning in found.items() if things.get(phrase, meaning) == meaning}
