"""Noun phrases: "it", "the second nearest red chair left of the table", "something blue that is not a
ball".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, cast

import attrs

from droidlet_dialog.comparatives import compared
from droidlet_dialog.described import (
    AGENT,
    SPEAKER,
    Described,
    either,
    filters_of,
    named_like,
    superlative,
)
from droidlet_dialog.lexicon import singular
from droidlet_dialog.numbers import SMALL
from droidlet_dialog.text import Read, Text, longest
from droidlet_dialog.tokens import COMMA
from droidlet_schema import (
    And,
    Direction,
    Filters,
    LinearExtent,
    Location,
    Not,
    Or,
    ReferenceObject,
    Selector,
    Triple,
    Where,
    evolve,
)

DEPTH = 3  # of things within the description of things
_COUNTED = ("thing", "things", "anything", "colour", "size", "superlative")
_MORE_CLAUSES = 6  # after a noun


def noun_phrase(text: Text, at: int, depth: int = 0) -> Read[ReferenceObject]:
    """Something spoken of, or None. Things "or" other things are read as one."""
    key = ("noun phrase", at, depth)  # many rules try the same place
    if key not in text.memo:
        text.memo[key] = _things_or_things(text, at, depth)
    found: Read[ReferenceObject] = text.memo[key]
    return found


def _things_or_things(text: Text, at: int, depth: int) -> Read[ReferenceObject]:
    read = longest(_pronoun(text, at), _full(text, at, depth))
    for _ in range(_MORE_CLAUSES):
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
    found, end = _before_noun(text, found, start)
    found, end = _noun(text, found, end)
    if not found.noun and not (found.determiner and (found.clauses or found.selector)):
        return None
    found, end = _after_noun(text, found, end, depth)
    return ReferenceObject(text.span(at, end), filters=filters_of(found)), end


_FILLERS = ("very", "really", "coloured", "own", "quite", "pretty", "rather", "so", "same")


def _before_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    for _ in range(_MORE_CLAUSES):
        start = text.past(at, COMMA) if found.clauses or found.selector else at
        start = text.past(start, *_FILLERS)
        read = _modifier(text, found, start)
        if read is None:
            return found, at if start != at and text.word(start - 1) == COMMA else start
        found, at = read
    return found, at


def _modifier(text: Text, found: Described, at: int) -> Read[Described]:
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
    return (attrs.evolve(found, count=count), at + 1) if count and text.any_of(_COUNTED, at + 1) else None


def _colours(text: Text, found: Described, at: int, first: tuple[str, int]) -> Read[Described]:
    meanings, end = [first[0]], first[1]
    while (
        text.word(end) == "or" and len(meanings) < _MORE_CLAUSES and (other := text.match("colour", end + 1))
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


def _noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    read = text.any_of(("thing", "things"), at)
    if read is not None:
        return _known_noun(text, found, at, read)
    anything = text.match("anything", at)
    said = found.determiner or found.clauses or found.selector or found.count
    if anything is not None and (said or text.word(at) not in ("one", "ones")):
        every, many = "every" in text.word(at), anything[0] == "all"
        found = attrs.evolve(found, noun="anything", plural=many)
        found = attrs.evolve(found, determiner="all" if every else found.determiner)
        return _before_noun(text, found, anything[1]) if not found.clauses else (found, anything[1])
    return _unknown_noun(text, found, at)


def _known_noun(text: Text, found: Described, at: int, read: tuple[str, int]) -> tuple[Described, int]:
    meaning, end = read
    for _ in range(_MORE_CLAUSES):
        further = text.any_of(("thing", "things"), end)
        if further is None or text.match("relation", end) is not None:
            break
        at, (meaning, end) = end, further  # "glass table": the last noun is the head
    if text.word(at) in ("everyone", "everybody"):
        found = attrs.evolve(found, determiner="all")
    many = text.match("things", at)
    names = tuple(Triple("has_name", name) for name in meaning.split("|"))
    kind = "things" if many is not None and many[1] == end else "thing"
    in_turn = text.after(end, "one after", "one by", "one at") is not None
    end = end if in_turn else text.past(end, "one", "ones")
    return found.named(names[0] if len(names) == 1 else Or(names), kind), end


def _unknown_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    end = at
    while end < min(at + 3, len(text.words)) and _is_noun(text, end):
        end += 1
    if end == at:
        if found.colour_word and found.determiner in ("a", "an"):  # "an orange" is no colour
            found = attrs.evolve(found, clauses=found.clauses[:-1])
            return found.named(Triple("has_name", found.colour_word), "unknown"), end
        return found, at
    *words, last = text.words[at:end]
    name = " ".join([*words, singular(last)])
    return found.named(Triple("has_name", name), "unknown" if singular(last) == last else "things"), end


def _is_noun(text: Text, at: int) -> bool:
    word = text.word(at)
    if not word or not word[0].isalpha() or word in text.lexicon.closed:
        return False
    return not text.at_end(at) and text.match("tail", at) is None


def _after_noun(text: Text, found: Described, at: int, depth: int) -> tuple[Described, int]:
    for _ in range(_MORE_CLAUSES if depth < DEPTH else 0):
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
    counted = _counted_off(text, found, at)
    if counted is not None:
        return counted
    if text.word(at) == "of" and found.noun in ("", "anything"):
        return _of_these(text, found, at + 1, depth)
    inside = place_skipped(text, at)
    if inside is not None:
        return found, inside
    read = (
        _nearest_to(text, found, at, depth) or _except(text, found, at, depth) or _in_colour(text, found, at)
    )
    if read is not None or found.location is not None:
        return read
    place = longest(relation(text, at, depth + 1), beside_agent(text, at))
    return (attrs.evolve(found, location=place[0]), place[1]) if place else None


def _counted_off(text: Text, found: Described, at: int) -> Read[Described]:
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


def _of_these(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """ "The red one of the chairs": what kind of thing it is."""
    these = _full(text, at, depth + 1)
    if these is None or these[0].filters is None or not isinstance(these[0].filters.where, And):
        return None
    clauses = (*these[0].filters.where.clauses, *found.clauses)
    location = found.location or these[0].filters.location
    return attrs.evolve(found, clauses=clauses, noun="thing", location=location), these[1]


def _in_colour(text: Text, found: Described, at: int) -> Read[Described]:
    if text.word(at) not in ("in", "coloured", "painted"):
        return None
    colour = text.match("colour", text.past(at, "in", "coloured", "painted"))
    return (found.with_clause(Triple("has_colour", colour[0])), colour[1]) if colour else None


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


_PLACE_PREPOSITIONS = ("in", "of", "inside", "around", "within", "on", "at", "throughout", "from")


def place_skipped(text: Text, at: int) -> int | None:
    """The place behind "in the room", "around here", "of the house": words that exclude nothing."""
    if text.word(at) not in _PLACE_PREPOSITIONS:
        return None
    start = text.past(at + 1, "the", "this", "your", "my", "our", "that", "whole", "entire")
    place = text.match("place", start)
    if place is None or text.match("thing", start):
        return None
    if start == at + 1 and text.word(start) not in ("view", "sight", "memory"):
        return None
    return None if text.word(place[1]) in ("of", "side") else place[1]


def predicate(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """After "that is": a colour, a size, a class or a place; each but the place may be denied."""
    negative = text.word(at) == "not"
    at += negative
    than = compared(text, at, depth, noun_phrase, found.clauses) if depth < DEPTH else None
    if than is not None:
        return found.with_clause(Not(than[0]) if negative else than[0]), than[1]
    read = _modifier(text, Described(), at)
    if read is not None and read[0].clauses and not text.any_of(_COUNTED, read[1]):
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


def beside_agent(text: Text, at: int) -> Read[Location]:
    """A side of the agent: "on your left", "in front of you", "behind you"; or of the speaker: "on my left"."""
    mine = text.match("mine", at)
    if mine is not None:
        span = text.span(at, mine[1])
        return Location(cast(Direction, mine[0]), references=(SPEAKER,), text_span=span), mine[1]
    read = text.match("direction", at)
    if read is None or (" " not in text.span(at, read[1]) and read[0] not in ("LEFT", "RIGHT")):
        return None
    direction = cast(Direction, read[0])
    return Location(direction, references=(AGENT,), text_span=text.span(at, read[1])), read[1]


__all__ = ["beside_agent", "noun_phrase", "place_skipped", "predicate", "relation"]
