"""Questions: about the agent, with a question word, or to be answered with yes or no; asked outright or
told of.
"""

from __future__ import annotations

from droidlet_dialog.asking import (
    ABOUT_AGENT,
    as_filters,
    ask,
    everything,
    is_here,
    place_asked,
    possessed,
    seen_phrase,
    things,
)
from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.comparing import comparing
from droidlet_dialog.described import AGENT, Described
from droidlet_dialog.nouns import noun_phrase, place_skipped, predicate
from droidlet_dialog.text import Read, Text
from droidlet_dialog.wh_questions import wh_question
from droidlet_schema import And, Attribute, Filters, GetCapabilities, Location, evolve


def question(text: Text, at: int) -> Clause | None:
    """The question that begins at a word and reads furthest; "tell me" and the like may stand before it."""
    plain = _plain(text, at)
    lead = text.match("tell", at)
    if lead is None:
        return plain
    start = text.past(lead[1], "about", "if", "whether", "me", "us", "exactly", ",")
    return furthest(plain, _plain(text, start), _told(text, start, at))


def _plain(text: Text, at: int) -> Clause | None:
    return furthest(
        _about_agent(text, at),
        _capability(text, at),
        wh_question(text, at),
        _whether(text, at),
        _any(text, at),
        comparing(text, at),
    )


def _about_agent(text: Text, at: int) -> Clause | None:
    read = text.match("about", at)
    if read is None:
        return None
    meaning, end = read
    if meaning == "why" and not text.at_end(end) and text.match("tail", end) is None:
        if text.after(end, "are you", "did you", "do you", "have you", "is it", "was it") is None:
            return None  # why the sky is blue is nothing that an agent knows
        end = len(text.words)
    return Clause(ask(ABOUT_AGENT[meaning], text, at, end), end)


def _capability(text: Text, at: int) -> Clause | None:
    read = text.match("capability", at)
    return Clause(GetCapabilities(), read[1]) if read else None


def _whether(text: Text, at: int) -> Clause | None:
    """ "Is there a red chair", "have you seen a cup", "is the chair red", "is it near the bed"."""
    seen = seen_phrase(text, at)
    if seen is not None:
        return _any_seen(text, seen, at)
    return _holds(text, at + 1, at) if text.word(at) in ("is", "are", "was", "were", "does", "am") else None


def _any_seen(text: Text, seen: tuple[bool, int], at: int) -> Clause | None:
    now, end = seen
    thing = noun_phrase(text, text.past(end, "already", "ever", "still", "also", "really", "just"))
    if thing is None:
        return None
    filters, end = as_filters(thing[0]), thing[1]
    place = place_asked(text, end) if filters.location is None else None
    if place is not None:
        filters, end = filters if is_here(place[0]) else evolve(filters, location=place[0]), place[1]
    end = place_skipped(text, end) or end
    return Clause(
        ask(filters, text, at, end, now), end, lambda said, next_at: _any_seen(said, (now, next_at), next_at)
    )


_OPEN = ("a", "any", "some", "anything", "something", "anyone", "anybody", "someone", "an")


def _holds(text: Text, at: int, start: int) -> Clause | None:
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    filters, end = as_filters(thing[0]), thing[1]
    asserted = _asserted(text, end)
    if thing[0].special == "AGENT":
        return _near_agent(text, asserted, start) if asserted else None
    if asserted is not None:
        return Clause(ask(filters, text, start, asserted[1], holds=asserted[0]), asserted[1])
    if filters.where == And() and not filters.contains_coreference or text.word(at) in _OPEN:
        return Clause(ask(filters, text, start, end), end)
    if filters.location is not None:  # "is the chair left of the table" was read as one thing
        holds = Filters(location=filters.location)
        return Clause(ask(evolve(filters, location=None), text, start, end, holds=holds), end)
    return None


def _near_agent(text: Text, asserted: tuple[Filters, int], start: int) -> Clause | None:
    """ "Are you near the table": the same as whether the table is near you."""
    place = asserted[0].location
    if place is None or place.relative_direction != "NEAR" or place.references[0].filters is None:
        return None
    holds = Filters(location=Location("NEAR", references=(AGENT,)))
    form = ask(as_filters(place.references[0]), text, start, asserted[1], holds=holds)
    return Clause(form, asserted[1])


def _asserted(text: Text, at: int) -> Read[Filters]:
    """What is said to hold: a colour, a size, a class or a place."""
    at = text.past(at, "really", "still", "made", "of", "already", "also", "look", "seem", "to", "be")
    read = predicate(text, Described(), at, 0)
    if read is not None:
        found, end = read
        return Filters(And(found.clauses), selector=found.selector, location=found.location), end
    named = noun_phrase(text, at) if text.word(at) in ("a", "an", "the") else None
    if named is None or named[0].filters is None:
        return None
    wanted = everything(named[0].filters)
    return Filters(wanted.where, selector=wanted.selector, location=wanted.location), named[1]


def _told(text: Text, at: int, start: int) -> Clause | None:
    """ "Tell me whether the chair is red", "tell me its colour"."""
    read = possessed(text, at)
    if read is not None:
        return Clause(ask(read[0], text, start, read[1]), read[1])
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    if text.word(at - 1) == "about" and text.at_end(thing[1]) and thing[0].filters is not None:
        return Clause(
            ask(evolve(as_filters(thing[0]), output=Attribute("LOCATION")), text, start, thing[1]), thing[1]
        )
    if text.word(thing[1]) not in ("is", "are"):
        return None
    holds = _asserted(text, thing[1] + 1)
    return (
        Clause(ask(as_filters(thing[0]), text, start, holds[1], holds=holds[0]), holds[1]) if holds else None
    )


def _any(text: Text, at: int) -> Clause | None:
    """ "Anything to your left?"."""
    read = things(text, at) if text.word(at) in ("anything", "any", "anybody", "anyone") else None
    return Clause(ask(everything(read[0]), text, at, read[1]), read[1]) if read else None
