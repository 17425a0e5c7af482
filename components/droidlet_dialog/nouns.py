"""Noun phrases: "it", "the second nearest red chair left of the table", "something blue that is not a ball"."""

from __future__ import annotations

import attrs
from droidlet_schema import (
    And,
    Attribute,
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

from droidlet_dialog.lexicon import singular
from droidlet_dialog.numbers import SMALL
from droidlet_dialog.text import Read, Text, longest
from droidlet_dialog.tokens import COMMA

DEPTH = 3  # of things within the description of things
AGENT = ReferenceObject(special="AGENT")
SPEAKER = ReferenceObject(special="SPEAKER")
_SPECIAL = {"speaker": "SPEAKER", "agent": "AGENT"}
_CLAUSE = ("that is", "which is", "that are", "which are", "who is", "that stands", "which stands", "standing", "that has", "that was")


@attrs.frozen
class Described:
    """What has been read of a noun phrase so far."""

    determiner: str = ""
    clauses: tuple[Where, ...] = ()
    selector: Selector | None = None
    location: Location | None = None
    ordinal: int = 1
    count: int | None = None
    noun: str = ""  # "thing", "things", "anything", "unknown", or "" while there is none
    colour_word: str = ""


def noun_phrase(text: Text, at: int, depth: int = 0) -> Read[ReferenceObject]:
    """Something spoken of, or None. Things "or" other things are read as one."""
    read = longest(_full(text, at, depth), _pronoun(text, at))
    while read is not None and text.word(read[1]) == "or":
        other = _full(text, read[1] + 1, depth)
        joined = _either(read[0], other[0]) if other else None
        if other is None or joined is None:
            break
        read = evolve(joined, text_span=text.span(at, other[1])), other[1]
    return read


def _either(first: ReferenceObject, second: ReferenceObject) -> ReferenceObject | None:
    a, b = first.filters, second.filters
    if a is None or b is None or a.location or b.location or a.selector or b.selector or a.contains_coreference:
        return None
    name = _name_of(b.where)
    where = a.where
    if name is not None and _name_of(where) is None and isinstance(where, And):
        where = And((*where.clauses, name))  # "a red or a blue chair"
    options = where.clauses if isinstance(where, Or) else (where,)
    return ReferenceObject(filters=Filters(Or((*options, b.where))))


def _name_of(where: Where) -> Where | None:
    clauses = where.clauses if isinstance(where, And) else (where,)
    return next((c for c in clauses if isinstance(c, (Triple, Or)) and _is_name(c)), None)


def _is_name(clause: Where) -> bool:
    if isinstance(clause, Triple):
        return clause.predicate == "has_name"
    return isinstance(clause, Or) and all(_is_name(c) for c in clause.clauses)


def _pronoun(text: Text, at: int) -> Read[ReferenceObject]:
    read = text.match("pronoun", at)
    if read is None:
        return None
    meaning, end = read
    span = text.span(at, end)
    if meaning in _SPECIAL:
        return ReferenceObject(span, special="SPEAKER" if meaning == "speaker" else "AGENT"), end
    return ReferenceObject(span, filters=Filters(contains_coreference=True, other=meaning == "other")), end


def _full(text: Text, at: int, depth: int) -> Read[ReferenceObject]:
    determiner = text.match("determiner", at)
    found = Described(determiner[0] if determiner else "")
    start = determiner[1] if determiner else at
    found, end = _before_noun(text, found, start)
    found, end = _noun(text, found, end)
    if not found.noun and not (found.determiner and (found.clauses or found.selector)):
        return None
    found, end = _after_noun(text, found, end, depth)
    return ReferenceObject(text.span(at, end), filters=_filters(found)), end


def _before_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    while at < len(text.words):
        start = text.past(at, COMMA) if found.clauses or found.selector else at
        start = text.past(start, "very", "really", "coloured", "of", "own", "quite", "pretty", "rather", "so", "same")
        read = _modifier(text, found, start)
        if read is None:
            return found, at if start != at and text.word(start - 1) == COMMA else start
        found, at = read
    return found, at


def _modifier(text: Text, found: Described, at: int) -> Read[Described]:
    colour = text.match("colour", at)
    if colour is not None:
        return _colours(text, found, at, colour)
    superlative = text.match("superlative", at)
    if superlative is not None:
        return attrs.evolve(found, selector=_superlative(superlative[0], found.ordinal)), superlative[1]
    ordinal = text.match("ordinal", at)
    if ordinal is not None:
        return attrs.evolve(found, ordinal=int(ordinal[0])), ordinal[1]
    size = text.match("size", at)
    if size is not None and not text.match("relation", at) and not text.match("thing", at):
        if " " in size[0]:
            return attrs.evolve(found, selector=_superlative(size[0], found.ordinal)), size[1]
        return attrs.evolve(found, clauses=(*found.clauses, Triple("has_size", size[0]))), size[1]
    word = text.word(at)
    counted = word in SMALL and SMALL[word] > 0 or word.isascii() and word.isdigit() and 0 < len(word) < 3
    if counted and text.any_of(("thing", "things", "anything", "colour", "size", "superlative"), at + 1):
        return attrs.evolve(found, count=SMALL.get(word) or int(word)), at + 1
    tagged = _unknown_adjective(text, at)
    return (attrs.evolve(found, clauses=(*found.clauses, Triple("has_tag", word))), at + 1) if tagged else None


def _colours(text: Text, found: Described, at: int, first: tuple[str, int]) -> Read[Described]:
    meanings, end = [first[0]], first[1]
    while text.word(end) == "or" and (other := text.match("colour", end + 1)):
        meanings, end = [*meanings, other[0]], other[1]
    clause: Where = Triple("has_colour", first[0])
    if len(meanings) > 1:
        clause = Or(tuple(Triple("has_colour", colour) for colour in meanings))
    return attrs.evolve(found, clauses=(*found.clauses, clause), colour_word=text.span(at, end)), text.past(end, "coloured", "colour")


def _unknown_adjective(text: Text, at: int) -> bool:
    """Whether an unknown word stands right before a known noun: "the comfortable chair"."""
    word = text.word(at)
    if not word.isalpha() or word in text.lexicon.closed or text.match("thing", at) or text.match("things", at):
        return False
    if text.match("anything", at) or text.match("place", at) or text.match("tail", at):
        return False
    return text.any_of(("thing", "things", "anything", "colour"), at + 1) is not None


def _superlative(meaning: str, ordinal: int) -> Selector:
    """A selector from "MIN AWAY", "MAX SIZE", "MAX LEFT"..."""
    quantity, name = meaning.split()
    measured = LinearExtent(name, AGENT) if name in ("AWAY", "LEFT", "RIGHT") else Attribute(name)  # type: ignore[arg-type]
    return Selector("MIN" if quantity == "MIN" else "MAX", measured, ordinal)


def _noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    read = text.any_of(("thing", "things"), at)
    if read is not None:
        return _known_noun(text, found, at, read)
    anything = text.match("anything", at)
    if anything is not None and (found.determiner or found.clauses or found.selector or text.word(at) not in ("one", "ones")):
        many = anything[0] == "all" and "every" in text.word(at)
        found = attrs.evolve(found, noun="anything", determiner="all" if many else found.determiner)
        return _before_noun(text, found, anything[1]) if not found.clauses else (found, anything[1])
    return _unknown_noun(text, found, at)


def _known_noun(text: Text, found: Described, at: int, read: tuple[str, int]) -> tuple[Described, int]:
    meaning, end = read
    while (further := text.any_of(("thing", "things"), end)) is not None and text.match("relation", end) is None:
        at, (meaning, end) = end, further  # "glass table": the last noun is the head
    many = text.match("things", at)
    names = tuple(Triple("has_name", name) for name in meaning.split("|"))
    clause: Where = names[0] if len(names) == 1 else Or(names)
    kind = "things" if many is not None and many[1] == end else "thing"
    if text.word(end) in ("one", "ones"):
        end += 1
    return attrs.evolve(found, clauses=(clause, *found.clauses), noun=kind), end


def _unknown_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    if found.noun or (found.colour_word and found.determiner != "a" and found.determiner != "an" and not _is_noun(text, at)):
        return found, at
    end = at
    while end < min(at + 3, len(text.words)) and _is_noun(text, end):
        end += 1
    if end == at:
        if found.colour_word and found.determiner in ("a", "an"):  # "an orange" is no colour
            clause = Triple("has_name", found.colour_word)
            return attrs.evolve(found, clauses=(clause, *found.clauses[:-1]), noun="unknown"), end
        return found, at
    words = list(text.words[at:end])
    kind = "unknown" if singular(words[-1]) == words[-1] else "things"
    words[-1] = singular(words[-1])
    return attrs.evolve(found, clauses=(Triple("has_name", " ".join(words)), *found.clauses), noun=kind), end


def _is_noun(text: Text, at: int) -> bool:
    word = text.word(at)
    return (
        bool(word)
        and word[0].isalpha()
        and word not in text.lexicon.closed
        and not text.at_end(at)
        and text.match("tail", at) is None
    )


def _after_noun(text: Text, found: Described, at: int, depth: int) -> tuple[Described, int]:
    while depth < DEPTH:
        read = _postmodifier(text, found, at, depth)
        if read is None or read[1] <= at:
            break
        found, at = read
    return found, at


def _postmodifier(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    start = text.past(at, COMMA) if text.word(at) == COMMA and text.after(at + 1, *_CLAUSE) else at
    clause = text.after(start, *_CLAUSE)
    if clause is not None:
        return predicate(text, found, clause, depth)
    seen = text.after(at, "that you can see", "you can see", "that you have seen", "you have seen", "that you see", "you see", "that you saw",
                      "you saw", "that you found", "you found", "that i mentioned", "i mentioned", "that you know", "you know", "that exist",
                      "that exists", "i told you about", "you can find", "that you can find", "that there is", "that there are")  # fmt: skip
    if seen is not None:
        return found, seen
    inside = place_skipped(text, at)
    if inside is not None:
        return found, inside
    superlative = _nearest_to(text, found, at, depth)
    if superlative is not None:
        return superlative
    coloured = text.match("colour", text.past(at, "in", "of", "coloured", "painted")) if text.word(at) in ("in", "coloured", "painted") else None
    if coloured is not None:
        return attrs.evolve(found, clauses=(*found.clauses, Triple("has_colour", coloured[0]))), coloured[1]
    if found.location is not None:
        return None
    place = longest(relation(text, at, depth + 1), beside_agent(text, at))
    return (attrs.evolve(found, location=place[0]), place[1]) if place else None


def place_skipped(text: Text, at: int) -> int | None:
    """The place behind "in the room", "around here", "of the house": words that exclude nothing."""
    if text.word(at) not in ("in", "of", "inside", "around", "within", "on", "at", "throughout", "from"):
        return None
    start = text.past(at + 1, "the", "this", "your", "my", "our", "that", "whole", "entire")
    place = text.match("place", start)
    if place is None or text.match("thing", start) or (start == at + 1 and text.word(start) not in ("view", "sight", "memory")):
        return None
    return None if text.word(place[1]) in ("of", "side") else place[1]


def predicate(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """After "that is": a colour, a size, a place; each may be denied."""
    negative = text.word(at) == "not"
    at += negative
    read = _modifier(text, Described(), at)
    if read is not None and read[0].clauses:
        added = tuple(Not(clause) if negative else clause for clause in read[0].clauses)
        return attrs.evolve(found, clauses=(*found.clauses, *added)), read[1]
    if read is not None and read[0].selector is not None and not text.match("relation", at):
        return attrs.evolve(found, selector=read[0].selector), read[1]
    named = _full(text, at, depth + 1)
    if named is not None and negative and named[0].filters is not None:
        return attrs.evolve(found, clauses=(*found.clauses, Not(named[0].filters.where))), named[1]
    place = _nearest_to(text, found, at, depth) or None
    if place is not None:
        return place
    where = longest(relation(text, at, depth + 1), beside_agent(text, at))
    return (attrs.evolve(found, location=where[0]), where[1]) if where and found.location is None and not negative else None


def _nearest_to(text: Text, found: Described, at: int, depth: int) -> Read[Described]:
    """ "nearest to the bed", "closest to me", "farthest from you": a selector of its own."""
    near = text.after(at, "nearest to", "closest to", "nearest", "closest", "next to closest")
    far = text.after(at, "farthest from", "furthest from", "farthest away from", "furthest away from", "most distant from", "farthest", "furthest")
    start = near if near is not None else far
    selector = found.selector
    if start is None and selector is not None and isinstance(selector.attribute, LinearExtent) and text.word(at) in ("to", "from"):
        quantity, start = selector.quantity, at + 1  # "the chair nearest", "the nearest chair to the bed"
    elif start is None:
        return None
    else:
        quantity = "MIN" if near is not None else "MAX"
    source = noun_phrase(text, start, depth + 1) if depth < DEPTH else None
    if source is None:
        return None
    return attrs.evolve(found, selector=Selector(quantity, LinearExtent("AWAY", source[0]), found.ordinal)), source[1]


def relation(text: Text, at: int, depth: int = 0) -> Read[Location]:
    """A place in relation to things: "left of the chair", "between the bed and the table", "2 metres behind it"."""
    start = text.past(at, "right", "just", "directly", "immediately", "somewhere", "standing", "located", "placed") if text.match(
        "relation", at
    ) is None else at  # fmt: skip
    read = text.match("relation", start)
    if read is None or depth > DEPTH:
        return None
    direction, end = read
    thing = noun_phrase(text, end, depth)
    if thing is None:
        return None
    references, end = (thing[0],), thing[1]
    if direction == "BETWEEN" and text.word(end) in ("and", COMMA):
        second = noun_phrase(text, text.past(end, "and", COMMA), depth)
        if second is not None:
            references, end = (thing[0], second[0]), second[1]
    return Location(direction, references=references, text_span=text.span(at, end)), end  # type: ignore[arg-type]


def beside_agent(text: Text, at: int) -> Read[Location]:
    """A side of the agent: "on your left", "in front of you", "behind you"."""
    read = text.match("direction", at)
    if read is None or (" " not in text.span(at, read[1]) and read[0] not in ("LEFT", "RIGHT")):
        return None
    return Location(read[0], references=(AGENT,), text_span=text.span(at, read[1])), read[1]  # type: ignore[arg-type]


def _filters(found: Described) -> Filters:
    selector = found.selector
    if selector is None and found.ordinal > 1:
        selector = Selector("MIN", LinearExtent("AWAY", AGENT), found.ordinal)
    elif selector is not None and found.ordinal != selector.ordinal:
        selector = evolve(selector, ordinal=found.ordinal)
    if selector is None and found.determiner == "all":
        selector = Selector("ALL")
    if found.count is not None:
        selector = Selector("ALL", count=found.count) if selector is None else evolve(selector, count=found.count)
    many = found.noun == "things" and selector is None
    return Filters(
        where=And(found.clauses),
        selector=Selector("ALL") if many else selector,
        location=found.location,
        contains_coreference=found.determiner in ("that", "other"),
        other=found.determiner == "other",
    )
