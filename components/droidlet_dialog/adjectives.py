"""What is said of a noun without a second one: colours, sizes, numbers, "nearest", before it or behind it."""

from __future__ import annotations

import attrs

from droidlet_dialog.described import Described, superlative
from droidlet_dialog.numbers import SMALL
from droidlet_dialog.text import Read, Text
from droidlet_dialog.tokens import COMMA
from droidlet_schema import Or, Triple, Where

COUNTED = ("thing", "things", "anything", "colour", "size", "superlative")
MORE_CLAUSES = 6  # after a noun
_FILLERS = ("very", "really", "coloured", "own", "quite", "pretty", "rather", "so", "same")


def before_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    """What is said before a noun, word by word, and where the noun may begin."""
    for _ in range(MORE_CLAUSES):
        start = text.past(at, COMMA) if found.clauses or found.selector else at
        start = text.past(start, *_FILLERS)
        read = modifier(text, found, start)
        if read is None:
            return found, at if start != at and text.word(start - 1) == COMMA else start
        found, at = read
    return found, at


def modifier(text: Text, found: Described, at: int) -> Read[Described]:
    """One word before a noun: a colour, a size, a number, "nearest", or one that nobody knows."""
    colour = text.match("colour", at)
    if colour is not None:
        return _colours(text, found, at, colour)
    most = text.match("superlative", at)
    if most is not None and text.word(most[1]) != "than":
        return attrs.evolve(found, selector=superlative(most[0], found.ordinal)), most[1]
    ordinal = text.match("ordinal", at)
    if ordinal is not None and not text.match("relation", at):
        return attrs.evolve(found, ordinal=int(ordinal[0])), ordinal[1]
    size = text.match("size", at)
    if size is not None and not text.match("relation", at) and not text.match("thing", at):
        if " " in size[0]:
            return attrs.evolve(found, selector=superlative(size[0], found.ordinal)), size[1]
        return found.with_clause(Triple("has_size", size[0])), size[1]
    return _number_of(text, found, at) or _unknown_adjective(text, found, at)


def _number_of(text: Text, found: Described, at: int) -> Read[Described]:
    word = text.word(at)
    figure = word.isascii() and word.isdigit() and len(word) < 3
    count = SMALL.get(word) or (int(word) if figure else 0)
    return (attrs.evolve(found, count=count), at + 1) if count and text.any_of(COUNTED, at + 1) else None


def _colours(text: Text, found: Described, at: int, first: tuple[str, int]) -> Read[Described]:
    meanings, end = [first[0]], first[1]
    while (
        text.word(end) == "or" and len(meanings) < MORE_CLAUSES and (other := text.match("colour", end + 1))
    ):
        meanings, end = [*meanings, other[0]], other[1]
    clause: Where = Triple("has_colour", first[0])
    if len(meanings) > 1:
        clause = Or(tuple(Triple("has_colour", colour) for colour in meanings))
    found = attrs.evolve(found.with_clause(clause), colour_word=text.span(at, end))
    return found, text.past(end, "coloured", "colour")


def _unknown_adjective(text: Text, found: Described, at: int) -> Read[Described]:
    """An unknown word right before a known noun, as a tag: "the comfortable chair"."""
    word = text.word(at)
    if not word.isalpha() or word in text.lexicon.closed:
        return None
    if text.any_of(("thing", "things", "anything", "place", "tail"), at) or not text.any_of(
        ("thing", "things", "anything", "colour"), at + 1
    ):
        return None
    return found.with_clause(Triple("has_tag", word)), at + 1


def counted_off(text: Text, found: Described, at: int) -> Read[Described]:
    """ "Chair number two", "chair 2"; "the second chair from the left"."""
    end = text.past(at, "number", "no")
    word = text.word(end)
    number = SMALL.get(word) or (int(word) if word.isdigit() and len(word) < 3 else 0)
    alone = end > at or (text.word(at - 1) in text.lexicon.classes and word.isdigit())
    if number and found.noun == "thing" and found.ordinal == 1 and alone and text.at_end(end + 1):
        return attrs.evolve(found, ordinal=number), end + 1
    side = text.word(text.past(at + 1, "the"))
    if text.word(at) == "from" and side in ("left", "right") and found.selector is None:
        most = "MAX LEFT" if side == "left" else "MAX RIGHT"
        return attrs.evolve(found, selector=superlative(most, found.ordinal)), text.past(at + 1, "the") + 1
    return None


def in_colour(text: Text, found: Described, at: int) -> Read[Described]:
    """ "In red", "painted blue", behind a noun."""
    if text.word(at) not in ("in", "coloured", "painted"):
        return None
    colour = text.match("colour", text.past(at, "in", "coloured", "painted"))
    return (found.with_clause(Triple("has_colour", colour[0])), colour[1]) if colour else None
