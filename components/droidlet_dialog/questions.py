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
from droidlet_dialog.described import AGENT, Described, clauses_of, named_like
from droidlet_dialog.here import place_skipped
from droidlet_dialog.nouns import noun_phrase, predicate
from droidlet_dialog.text import Read, Text
from droidlet_dialog.wh_questions import wh_question
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    GetCapabilities,
    LinearExtent,
    Location,
    OtherForm,
    ReferenceObject,
    Triple,
    Where,
    evolve,
)


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
        _by_compass(text, at),
    )


def _by_compass(text: Text, at: int) -> Clause | None:
    """ "Which way is north": nobody knows that indoors."""
    asking = text.word(at) in ("which", "where", "what", "are", "is")
    if not asking or _last_compass(text) < at:
        return None
    end = len(text.words)
    return Clause(OtherForm(text.span(at, end)), end)


def _last_compass(text: Text) -> int:
    """Where a sentence last names a point of the compass; -1 where it does not."""
    key = ("compass", 0, 0)
    if key not in text.memo:
        places = [place for place in range(len(text.words)) if text.match("compass", place)]
        text.memo[key] = places[-1] if places else -1
    found: int = text.memo[key]
    return found


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
    far = text.match("remote", end)
    if far is not None and thing[0].special is None and text.at_end(_past_tails(text, far[1])):
        away = evolve(filters, output=LinearExtent("AWAY", AGENT))
        return Clause(ask(away, text, start, far[1]), far[1])
    asserted = _asserted(text, end, filters.where)
    if thing[0].special == "AGENT":
        return _of_agent(text, asserted, start) if asserted else None
    parted = _parted(filters) if text.word(at) not in _OPEN else None
    if parted is not None:  # "is the bed bigger than the box" was read as one thing
        return Clause(ask(parted[0], text, start, end, holds=parted[1]), end)
    if asserted is not None:
        return Clause(ask(filters, text, start, asserted[1], holds=asserted[0]), asserted[1])
    if filters.where == And() and not filters.contains_coreference or text.word(at) in _OPEN:
        return Clause(ask(filters, text, start, end), end)
    if filters.location is not None:  # "is the chair left of the table" was read as one thing
        holds = Filters(location=filters.location)
        return Clause(ask(evolve(filters, location=None), text, start, end, holds=holds), end)
    return None


def _parted(filters: Filters) -> tuple[Filters, Filters] | None:
    """A thing, and what it is compared with."""
    clauses = filters.where.clauses if isinstance(filters.where, And) else ()
    than = tuple(clause for clause in clauses if isinstance(clause, Comparator))
    if not than:
        return None
    thing = And(tuple(clause for clause in clauses if not isinstance(clause, Comparator)))
    return evolve(filters, where=thing), Filters(And(than))


def _of_agent(text: Text, asserted: tuple[Filters, int], start: int) -> Clause | None:
    """ "Are you near the table": the same as whether the table is near you; so for "bigger than the table"."""
    where = asserted[0].where
    than = where.clauses[0] if isinstance(where, And) and where.clauses else None
    if isinstance(than, Comparator) and isinstance(than.right, ReferenceObject):
        held = Filters(And((evolve(than, right=AGENT),)))
        return Clause(ask(as_filters(than.right), text, start, asserted[1], holds=held), asserted[1])
    place = asserted[0].location
    if place is None or place.relative_direction != "NEAR" or place.references[0].filters is None:
        return None
    holds = Filters(location=Location("NEAR", references=(AGENT,)))
    form = ask(as_filters(place.references[0]), text, start, asserted[1], holds=holds)
    return Clause(form, asserted[1])


def _asserted(text: Text, at: int, subject: Where) -> Read[Filters]:
    """What is said to hold: a colour, a size, a class or a place, or more or less than of another thing."""
    at = text.past(at, "really", "still", "made", "of", "already", "also", "look", "seem", "to", "be")
    read = predicate(text, Described(), at, 0)
    if read is not None:
        found, end = read
        held = tuple(_like(clause, subject) for clause in found.clauses)
        return Filters(And(held), selector=found.selector, location=found.location), end
    word, kinds = text.word(at), ("thing", "things", "anything", "place", "tail", "direction")
    unknown = word.isalpha() and word not in text.lexicon.closed and not text.any_of(kinds, at)
    if unknown and text.at_end(at + 1):
        return Filters(And((Triple("has_tag", word),))), at + 1  # "comfortable"
    same = text.after(at, "the same")
    named = noun_phrase(text, at) if text.word(at) in ("a", "an", "the") and same is None else None
    if named is None or named[0].filters is None:
        return None
    wanted = everything(named[0].filters)
    return Filters(wanted.where, selector=wanted.selector, location=wanted.location), named[1]


def _like(clause: Where, subject: Where) -> Where:
    """ "Is the blue chair bigger than the red one": the red chair."""
    if not isinstance(clause, Comparator) or not isinstance(clause.right, ReferenceObject):
        return clause
    return evolve(clause, right=named_like(clause.right, clauses_of(subject)))


def _past_tails(text: Text, at: int) -> int:
    """The place behind words that say nothing at the end of a clause."""
    while (tail := text.match("tail", at)) is not None:
        at = tail[1]
    return at


def _told(text: Text, at: int, start: int) -> Clause | None:
    """ "Tell me whether the chair is red", "tell me its colour"."""
    read = possessed(text, at)
    if read is not None:
        return Clause(ask(read[0], text, start, read[1]), read[1])
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    vague = thing[0].filters is not None and text.any_of(("anything", "thing", "things"), at) is not None
    if vague and text.at_end(thing[1]) and thing[0].filters is not None:
        now = text.span(thing[1] - 2, thing[1]) in ("you see", "can see")
        form = ask(evolve(as_filters(thing[0]), output=Attribute("NAME")), text, start, thing[1], now)
        return Clause(form, thing[1])
    if text.word(at - 1) == "about" and text.at_end(thing[1]) and thing[0].filters is not None:
        return Clause(
            ask(evolve(as_filters(thing[0]), output=Attribute("LOCATION")), text, start, thing[1]), thing[1]
        )
    if text.word(thing[1]) not in ("is", "are"):
        return None
    holds = _asserted(text, thing[1] + 1, as_filters(thing[0]).where)
    return (
        Clause(ask(as_filters(thing[0]), text, start, holds[1], holds=holds[0]), holds[1]) if holds else None
    )


def _any(text: Text, at: int) -> Clause | None:
    """ "Anything to your left?"."""
    read = things(text, at) if text.word(at) in ("anything", "any", "anybody", "anyone") else None
    return Clause(ask(everything(read[0]), text, at, read[1]), read[1]) if read else None
