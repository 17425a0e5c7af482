"""Comparisons within a sentence: "bigger than the table", "taller than 1 metre", "closer to the bed than the sofa"."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from droidlet_dialog.described import AGENT, SPEAKER, named_like
from droidlet_dialog.numbers import length
from droidlet_dialog.text import Read, Text
from droidlet_schema import (
    Attribute,
    AttributeName,
    Comparator,
    Comparison,
    LinearExtent,
    ReferenceObject,
    Where,
)

NounPhrase = Callable[[Text, int, int], Read[ReferenceObject]]


def measured(name: str, source: ReferenceObject = AGENT) -> Attribute | LinearExtent:
    """The property that a word compares: AWAY is the distance from the agent, or from a source."""
    return LinearExtent("AWAY", source) if name == "AWAY" else Attribute(cast(AttributeName, name))


def comparator(meaning: str, other: ReferenceObject | float, source: ReferenceObject = AGENT) -> Comparator:
    """ "SIZE GREATER_THAN" and another thing, or metres, as a clause."""
    name, comparison = meaning.split()
    return Comparator(measured(name, source), cast(Comparison, comparison), other)


def compared(
    text: Text, at: int, depth: int, noun_phrase: NounPhrase, head: tuple[Where, ...] = ()
) -> Read[Comparator]:
    """A comparison with a thing or a length; in "bigger than the red one" the one is a `head`."""
    read = text.match("comparative", at)
    if read is None:
        return None
    meaning, end = read
    source = AGENT
    if text.word(end) in ("to", "from") and meaning.startswith("AWAY"):
        beside = noun_phrase(text, end + 1, depth + 1)
        if beside is None:
            return None
        source, end = beside
    if text.word(end - 1) != "as":
        if text.word(end) != "than":
            return None
        end += 1
    metres = length(text, end)
    if metres is not None:
        return comparator(meaning, metres[0], source), text.past(metres[1], "away", "tall", "high", "wide")
    other = noun_phrase(text, end, depth + 1)
    if other is None:
        return None
    thing = named_like(other[0], head)
    if thing.special not in (None, SPEAKER.special, AGENT.special):
        return None
    return comparator(meaning, thing, source), text.past(other[1], "is", "are", "does", "do")
