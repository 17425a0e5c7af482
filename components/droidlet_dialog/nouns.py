"""Noun phrases: "it", "the second nearest red chair left of the table", "something blue that is not a ball"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, cast

import attrs

from droidlet_dialog.adjectives import COUNTED, MORE_CLAUSES, before_noun, counted_off, in_colour, modifier
from droidlet_dialog.comparatives import compared
from droidlet_dialog.described import Described, either, filters_of, named_like
from droidlet_dialog.head_nouns import head_noun
from droidlet_dialog.here import beside_agent, place_skipped
from droidlet_dialog.text import Read, Text, longest
from droidlet_dialog.tokens import COMMA
from droidlet_schema import (
    And,
    Direction,
    Filters,
    LinearExtent,
    Location,
    Not,
    ReferenceObject,
    Selector,
    evolve,
)

DEPTH = 3  # of things within the description of things


def noun_phrase(text: Text, at: int, depth: int = 0) -> Read[ReferenceObject]:
    """Something spoken of, or None. Things "or" other things are read as one."""
    key = ("noun phrase", at, depth)  # many rules try the same place
    if key not in text.memo:
        text.memo[key] = _things_or_things(text, at, depth)
    found: Read[ReferenceObject] = text.memo[key]
    return found


def _things_or_things(text: Text, at: int, depth: int) -> Read[ReferenceObject]:
    read = longest(_pronoun(text, at), _full(text, at, depth))
    for _ in range(MORE_CLAUSES):
        if read is None or text.word(read[1]) != "or":
            break
        other = _full(text, read[1] + 1, depth)
        joined = either(read[0], other[0]) if other else None
        if other is None or joined is None:
            break
        read = evolve(joined, text_span=text.span(at, other[1])), other[1]
    return read


_SPECIAL: Mapping[str, Literal["SPEAKER", "AGENT", "SPEAKER_LOOK"]] = MappingProxyType(
    {"speaker": "SPEAKER", "agent": "AGENT", "look": "SPEAKER_LOOK"}
)


def _pronoun(text: Text, at: int) -> Read[ReferenceObject]:
    read = text.match("pronoun", at)
    if read is None:
        return None
    meaning, end = read
    span = text.span(at, end)
    special = _SPECIAL.get(meaning)
    if special is not None:
        return ReferenceObject(span, special=special), end
    return ReferenceObject(span, filters=Filters(contains_coreference=True, other=meaning == "other")), end


def _full(text: Text, at: int, depth: int) -> Read[ReferenceObject]:
    key = ("full", at, depth)
    if key not in text.memo:
        text.memo[key] = _read_full(text, at, depth)
    found: Read[ReferenceObject] = text.memo[key]
    return found


def _read_full(text: Text, at: int, depth: int) -> Read[ReferenceObject]:
    determiner = text.match("determiner", at)
    found = Described(determiner[0] if determiner else "")
    start = determiner[1] if determiner else at
    found, end = before_noun(text, found, start)
    found, end = head_noun(text, found, end)
    if not found.noun and not (found.determiner and (found.clauses or found.selector)):
        return None
    found, end = _after_noun(text, found, end, depth)
    return ReferenceObject(text.span(at, end), filters=filters_of(found)), end


def _after_noun(text: Text, found: Described, at: int, depth: int) -> tuple[Described, int]:
    for _ in range(MORE_CLAUSES if depth < DEPTH else 0):
        read = _postmodifier(text, found, at, depth)
        if read is None or read[1] <= at:
            break
        found, at = read
    return found, at


def _postmodifier(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    clause = text.match("clause", text.past(at, COMMA))
    if clause is not None:
        return predicate(text, found, clause[1], depth)
    known = text.match("known", at)
    if known is not None:
        return found, known[1]
    than = compared(text, at, depth, noun_phrase, found.clauses) if depth < DEPTH else None
    if than is not None:
        return found.with_clause(than[0]), than[1]
    if found.determiner == "whichever" and text.word(at) in ("is", "are"):
        return predicate(text, found, at + 1, depth)
    counted = counted_off(text, found, at)
    if counted is not None:
        return counted
    if text.word(at) == "of" and found.noun in ("", "anything"):
        return _of_these(text, found, at + 1, depth)
    inside = place_skipped(text, at)
    if inside is not None:
        return found, inside
    read = (
        _nearest_to(text, found, at, depth) or _except(text, found, at, depth) or in_colour(text, found, at)
    )
    if read is not None or found.location is not None:
        return read
    place = longest(relation(text, at, depth + 1), beside_agent(text, at))
    return (attrs.evolve(found, location=place[0]), place[1]) if place else None


def _of_these(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """ "The red one of the chairs": what kind of thing it is."""
    these = _full(text, at, depth + 1)
    if these is None or these[0].filters is None or not isinstance(these[0].filters.where, And):
        return None
    clauses = (*these[0].filters.where.clauses, *found.clauses)
    location = found.location or these[0].filters.location
    return attrs.evolve(found, clauses=clauses, noun="thing", location=location), these[1]


def _except(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """ "But not the red one": what is left out."""
    start = text.past(at, COMMA)
    read = text.match("except", start)
    if read is None and text.word(start) == "but" and found.noun == "anything":
        read = "but", start + 1
    left_out = _full(text, read[1], depth + 1) if read is not None else None
    if left_out is None or left_out[0].filters is None:
        return None
    return found.with_clause(Not(left_out[0].filters.where)), left_out[1]


def predicate(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """After "that is": a colour, a size, a class or a place; each but the place may be denied."""
    negative = text.word(at) == "not"
    at += negative
    than = compared(text, at, depth, noun_phrase, found.clauses) if depth < DEPTH else None
    if than is not None:
        return found.with_clause(Not(than[0]) if negative else than[0]), than[1]
    read = modifier(text, Described(), at)
    if read is not None and read[0].clauses and not text.any_of(COUNTED, read[1]):
        added = tuple(Not(clause) if negative else clause for clause in read[0].clauses)
        return found.with_clause(*added), read[1]
    near = _nearest_to(text, found, at, depth)
    if near is not None:
        return near
    if read is not None and read[0].selector is not None and not text.match("relation", at):
        return attrs.evolve(found, selector=read[0].selector), read[1]
    named = _full(text, at, depth + 1) if negative and depth < DEPTH else None
    if named is not None and named[0].filters is not None:
        return found.with_clause(Not(named[0].filters.where)), named[1]
    where = longest(relation(text, at, depth + 1), beside_agent(text, at))
    if where is None or found.location is not None or negative:
        return None
    return attrs.evolve(found, location=where[0]), where[1]


def _nearest_to(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """ "Nearest to the bed", "closest to me", "farthest from you": a selector with a source of its own."""
    said, chosen = text.match("nearest", at), found.selector
    if said is not None:
        quantity, start = said
    elif (
        chosen is not None and isinstance(chosen.attribute, LinearExtent) and text.word(at) in ("to", "from")
    ):
        start, quantity = at + 1, chosen.quantity  # "the nearest chair to the bed"
    else:
        return None
    source = noun_phrase(text, start, depth + 1) if depth < DEPTH else None
    if source is None:
        return None
    measured = LinearExtent("AWAY", source[0])
    selector = Selector("MIN" if quantity == "MIN" else "MAX", measured, found.ordinal)
    return attrs.evolve(found, selector=selector), source[1]


_RIGHT = ("right", "just", "directly", "immediately", "somewhere", "standing", "located", "placed")


def relation(text: Text, at: int, depth: int = 0) -> Read[Location]:
    """A place in relation to things: "left of the chair", "between the bed and the table", "behind it"."""
    start = at if text.match("relation", at) else text.past(at, *_RIGHT)
    sides = text.words[start : start + 4]
    if (
        len(sides) == 4
        and sides[1] == "or"
        and sides[3] == "of"
        and {sides[0], sides[2]} == {"left", "right"}
    ):
        start = start + 2  # "left or right of the table": asked of the one, told of the other
    read = text.match("relation", start)
    if read is None or depth > DEPTH:
        return None
    direction, end = read
    idle = text.match("tail", start)
    if idle is not None and idle[1] > end and text.at_end(idle[1]):
        return None  # "in total", "in here"
    thing = noun_phrase(text, end, depth)
    if thing is None:
        return None
    references, end = (thing[0],), thing[1]
    if direction == "BETWEEN" and text.word(end) in ("and", COMMA):
        second = noun_phrase(text, text.past(end, "and", COMMA), depth)
        if second is not None:
            like = second[0].filters.where if second[0].filters is not None else And()
            both = (named_like(thing[0], (like,)), second[0])
            return Location("BETWEEN", references=both, text_span=text.span(at, second[1])), second[1]
    return Location(cast(Direction, direction), references=references, text_span=text.span(at, end)), end
