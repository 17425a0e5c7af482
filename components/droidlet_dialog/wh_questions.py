"""Questions with a question word: how many, how far, where, which colour, when, what."""

from __future__ import annotations

from droidlet_dialog.asking import (
    BE,
    as_filters,
    ask,
    is_here,
    place_asked,
    property_output,
    seen_phrase,
    things,
)
from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.described import AGENT, Described
from droidlet_dialog.here import place_skipped
from droidlet_dialog.nouns import noun_phrase, predicate
from droidlet_dialog.text import Text
from droidlet_dialog.what_questions import what_question
from droidlet_schema import And, Attribute, Filters, LinearExtent, evolve


def wh_question(text: Text, at: int) -> Clause | None:
    """The question with a question word that begins here and reads furthest."""
    return furthest(
        _how_many(text, at),
        _measure(text, at),
        _where(text, at),
        _colour(text, at),
        _when(text, at),
        what_question(text, at),
    )


def _how_many(text: Text, at: int) -> Clause | None:
    read = text.match("count", at)
    return _counted(text, read[1], at) if read else None


def _counted(text: Text, at: int, start: int) -> Clause | None:
    what = things(text, text.past(at, "of", "different", "the"))
    filters, end = what if what else (Filters(), text.past(at, "different"))
    seen = seen_phrase(text, text.past(end, "that"))
    if what is None and seen is None and text.word(end) not in BE:
        return None
    now, end = seen if seen else (False, end)
    place = place_asked(text, end) if filters.location is None else None
    said = (
        predicate(text, Described(), text.past(end, *BE), 0)
        if seen is None and text.word(end) in BE
        else None
    )
    if place is not None:
        end = place[1]
        filters = filters if is_here(place[0]) else evolve(filters, location=place[0])
    elif said is not None and said[0].clauses and isinstance(filters.where, And):
        filters, end = evolve(filters, where=And((*filters.where.clauses, *said[0].clauses))), said[1]
    elif what is None and seen is None:
        return None
    end = place_skipped(text, end) or end
    form = ask(evolve(filters, output="COUNT"), text, start, end, now)
    return Clause(form, end, lambda said, next_at: _counted(said, next_at, next_at))


def _measure(text: Text, at: int) -> Clause | None:
    read = text.match("measure", at)
    return _measured(text, at, read) if read else None


def _measured(text: Text, at: int, read: tuple[str, int]) -> Clause | None:
    name, end = read
    between = _apart(text, at, end) if name == "AWAY" else None
    if between is not None:
        return between
    end = text.past(end, *BE)
    end = text.past(end, "it", "to") if text.word(end + 1) == "to" else end
    thing = noun_phrase(text, end)
    if thing is None:
        return None
    end = text.past(thing[1], *BE, "away", "off", "exactly", "apart")
    source = AGENT
    if name == "AWAY" and text.word(end) in ("from", "and", "to"):
        other = noun_phrase(text, end + 1)
        source, end = other if other else (AGENT, text.past(end, "from", "here"))
        if thing[0].special == "AGENT" and source is not AGENT:
            thing, source = (source, end), AGENT  # "how far are you from the chair"
    output = LinearExtent("AWAY", source) if name == "AWAY" else property_output(name)
    form = ask(evolve(as_filters(thing[0]), output=output), text, at, end)
    return Clause(form, end, lambda said, next_at: _measured(said, next_at, (name, next_at)))


def _apart(text: Text, start: int, at: int) -> Clause | None:
    """ "How far is it from the bed to the sofa", "how far apart are the bed and the sofa"."""
    at = text.past(at, *BE, "it", "apart", "the", "distance")
    joins = ("to", "and") if text.word(at) in ("from", "between") else ("and",)
    first = noun_phrase(text, text.past(at, "from", "between"))
    if first is None and text.word(at - 1) == "the":
        first = noun_phrase(text, at - 1)
    if first is None or text.word(first[1]) not in joins:
        return None
    second = noun_phrase(text, first[1] + 1)
    if second is None or AGENT in (first[0], second[0]):
        return None
    source = LinearExtent("AWAY", second[0])
    form = ask(evolve(as_filters(first[0]), output=source), text, start, second[1])
    return Clause(form, text.past(second[1], *BE, "apart"))


def _where(text: Text, at: int) -> Clause | None:
    read = text.match("locate", at)
    return _located(text, read[1], at) if read else None


def _located(text: Text, at: int, start: int) -> Clause | None:
    sought = text.match("sought", at)
    end = sought[1] if sought else text.past(at, *BE, "did", "do")
    thing = noun_phrase(text, end)
    if thing is None:
        return None
    end = text.past(thing[1], *BE, "be", "located", "standing", "exactly", "now", "hiding", "gone", "found")
    if thing[0].special is not None and not text.at_end(end):
        return None
    form = ask(evolve(as_filters(thing[0]), output=Attribute("LOCATION")), text, start, end)
    return Clause(form, end, lambda said, next_at: _located(said, next_at, next_at))


def _colour(text: Text, at: int) -> Clause | None:
    read = text.match("tint", at)
    return _coloured(text, read[1], at) if read else None


def _coloured(text: Text, at: int, start: int) -> Clause | None:
    seen = seen_phrase(text, at)
    if seen is not None:  # "which colours have you seen": things are told with their colours
        return Clause(ask(Filters(output=Attribute("NAME")), text, start, seen[1], seen[0]), seen[1])
    thing = noun_phrase(text, text.past(at, *BE, "does", "do", "has", "have", "of"))
    if thing is None:
        return None
    end = text.past(thing[1], *BE, "have", "has", "painted", "in", "exactly")
    form = ask(evolve(as_filters(thing[0]), output=Attribute("COLOUR")), text, start, end)
    return Clause(form, end, lambda said, next_at: _coloured(said, next_at, next_at))


def _when(text: Text, at: int) -> Clause | None:
    read = text.match("recall", at)
    thing = noun_phrase(text, read[1]) if read else None
    if thing is None:
        return None
    return Clause(
        ask(evolve(as_filters(thing[0]), output=Attribute("MODIFY_TIME")), text, at, thing[1]), thing[1]
    )
