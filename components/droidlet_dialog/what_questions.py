"""Questions for things themselves, or what they are: what, which, who, list."""

from __future__ import annotations

from droidlet_dialog.asking import (
    BE,
    PERSON,
    as_filters,
    ask,
    beside,
    is_here,
    place_asked,
    possessed,
    seen_phrase,
    things,
)
from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.described import Described, clauses_of
from droidlet_dialog.here import place_skipped
from droidlet_dialog.nouns import noun_phrase, predicate
from droidlet_dialog.text import Text
from droidlet_schema import And, Attribute, Comparator, Filters, GetMemory, Location, evolve


def what_question(text: Text, at: int) -> Clause | None:
    """ "What do you see", "what is left of the table", "which chairs are red", "who is there", "list all
    chairs".
    """
    read = text.match("inquire", at)
    if read is None:
        return None
    kind, start = read
    start = (
        text.past(start, "all", "else", "other") if text.word(start) in ("else", "all", "other") else start
    )
    everywhere = text.match("place", text.past(start, "the", "this", "your", "whole"))
    if kind == "list" and everywhere is not None:
        return Clause(ask(Filters(output=Attribute("NAME")), text, at, everywhere[1]), everywhere[1])
    named = things(text, start) or (things(text, read[1]) if start != read[1] else None)
    if named is None and kind == "which" and text.word(start) in ("one", "ones"):
        named = Filters(), start + 1
    of_kind = _listed(text, named[1], named[0], at, kind) if named else None
    anything = _listed(text, start, PERSON if kind == "who" else Filters(), at, "")
    return furthest(of_kind, anything, _what_property(text, start, at), _what_is(text, start, at))


def _listed(text: Text, at: int, filters: Filters, start: int, kind: str) -> Clause | None:
    seen = seen_phrase(text, text.past(at, "that"))
    be = text.past(at, *BE)
    if seen is not None:
        place, end, now = place_asked(text, text.past(seen[1], "there")), seen[1], seen[0]
    else:
        place, end, now = (place_asked(text, be) if be > at else None), be, False
        if place is None:
            if kind == "list" and be == at:
                return Clause(ask(evolve(filters, output=Attribute("NAME")), text, start, at), at)
            which = _which_are(text, be, filters, start) if be > at else None
            return which if kind or (which is not None and _tells_apart(which)) else None
    end = place[1] if place else end
    now = now or (place is not None and (is_here(place[0]) or _ahead(place[0])))
    if place is not None and not is_here(place[0]):
        filters = evolve(filters, location=place[0])
    end = place_skipped(text, end) or end
    return Clause(ask(evolve(filters, output=Attribute("NAME")), text, start, end, now), end)


def _tells_apart(clause: Clause) -> bool:
    """Whether this asks for some of the things rather than for anything: "what is red", "what is nearest"."""
    if not isinstance(clause.form, GetMemory):
        return False
    filters = clause.form.filters
    clauses = filters.where.clauses if isinstance(filters.where, And) else ()
    if filters.selector is not None or any(isinstance(clause, Comparator) for clause in clauses):
        return True
    return any(c.predicate == "has_colour" for c in clauses_of(filters.where))


def _ahead(location: Location) -> bool:
    return beside(location) == "FRONT"


def _which_are(text: Text, at: int, filters: Filters, start: int) -> Clause | None:
    """ "Which chairs are red", "which chair is nearest": the things themselves."""
    read = predicate(text, Described(), at, 0)
    if read is None:
        return None
    found = read[0]
    base = filters.where.clauses if isinstance(filters.where, And) else (filters.where,)
    filters = evolve(filters, where=And((*base, *found.clauses)), selector=found.selector or filters.selector)
    filters = evolve(filters, location=found.location or filters.location, output=Attribute("NAME"))
    return Clause(ask(filters, text, start, read[1]), read[1])


def _what_property(text: Text, at: int, start: int) -> Clause | None:
    """ "What is its colour", "what is the chair's height"."""
    be = text.past(at, *BE)
    read = possessed(text, be) if be > at else None
    return Clause(ask(read[0], text, start, read[1]), read[1]) if read else None


def _what_is(text: Text, at: int, start: int) -> Clause | None:
    """ "What is that", "what is the nearest thing", "which is the biggest chair"; told: "what that is"."""
    end = text.past(at, *BE)
    thing = noun_phrase(text, end)
    if end == at:
        told = thing is not None and text.word(thing[1]) in BE and text.at_end(thing[1] + 1)
        thing = (thing[0], thing[1] + 1) if told and thing is not None else None
    if thing is None or thing[0].filters is None:
        return None
    filters, end = as_filters(thing[0]), thing[1]
    place = place_asked(text, end) if filters.location is None else None
    if place is not None:
        filters, end = filters if is_here(place[0]) else evolve(filters, location=place[0]), place[1]
    if not _can_be_seen(text, filters):
        return None
    return Clause(ask(evolve(filters, output=Attribute("NAME")), text, start, end), end)


def _can_be_seen(text: Text, filters: Filters) -> bool:
    """Whether filters ask for things of a known kind, or for any that stand somewhere; not "what is love"."""
    names = [c.object for c in clauses_of(filters.where) if c.predicate == "has_name"]
    return all(name in text.lexicon.classes for name in names)
