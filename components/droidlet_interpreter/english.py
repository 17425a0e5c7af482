"""Plain English for numbers, articles, plurals and lists."""

from __future__ import annotations

from collections.abc import Sequence

_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ADJECTIVES = frozenset(
    [
        *("red", "green", "blue", "yellow", "orange", "purple", "pink", "cyan", "white", "grey", "black"),
        *("brown", "big", "small", "tall", "short", "wide", "narrow"),
    ]
)


def number(count: int) -> str:
    """ "no", "one", ... "twelve", "13"."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def plural(noun: str) -> str:
    """The plural of a noun phrase whose last word is its noun."""
    if " or " in noun:
        *firsts, last = noun.replace(" or ", ", ").split(", ")
        kinds = (first if first in _ADJECTIVES else plural(first) for first in firsts)  # "red or blue sofas"
        return listed([*kinds, plural(last)], "or")
    if noun.endswith("person"):
        return noun[:-6] + "people"
    if noun.endswith("shelf"):
        return noun[:-1] + "ves"
    if noun.endswith(("s", "x", "ch", "sh", "z")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou") else noun + "s"


def a(noun: str) -> str:
    """A noun with "a" or "an"."""
    return f"{'an' if noun[:1] in 'aeiou' and not noun.startswith('uni') else 'a'} {noun}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """ "a chair, two cups and a table"."""
    return f"{', '.join(items[:-1])} {word} {items[-1]}" if len(items) > 1 else "".join(items)


def the(label: str) -> str:
    """A label with its article: "the red chair", "you"."""
    return label if label == "you" or label.startswith("(") else f"the {label}"
