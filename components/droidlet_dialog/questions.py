"""Questions: what is seen, where, how many, which colour, whether; about the agent and about things."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from droidlet_schema import (
    And,
    Attribute,
    Filters,
    GetCapabilities,
    GetMemory,
    LinearExtent,
    Location,
    ReferenceObject,
    Triple,
    evolve,
)

from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.nouns import AGENT, Described, beside_agent, noun_phrase, place_skipped, relation
from droidlet_dialog.nouns import predicate as read_predicate
from droidlet_dialog.text import Read, Text, longest

_BE = ("is", "are", "was", "were", "am")
_SEE_NOW = ("do you see", "can you see", "you see", "you can see", "are you seeing", "could you see", "do you notice", "can you spot",
            "is visible", "are visible", "can be seen", "do you detect", "can you recognise", "can you detect", "do you currently see",
            "are you looking at", "you are seeing", "do you perceive", "did you just see", "do you recognise", "is in view",
            "are in view", "is there to see", "you are looking at")  # fmt: skip
_SEEN_EVER = ("have you seen", "did you see", "you have seen", "you saw", "have you found", "did you find", "do you know of", "do you know",
              "do you remember", "have you noticed", "have you come across", "have you detected", "you know", "you know of", "you remember",
              "you found", "you have found", "have you spotted", "did you notice", "have you ever seen", "have you observed",
              "did you spot", "did you discover", "have you discovered", "did you come across", "have you got", "do you have", "are you aware of",
              "you know about", "do you know about", "you have noticed", "have you encountered", "have you already seen")  # fmt: skip
_THERE = ("are there", "is there", "there are", "there is", "exist", "exists", "are around", "is around", "were there", "was there", "we have",
          "do we have", "do i have", "are here", "is here", "stand here", "are left")  # fmt: skip
_TELL = ("tell me", "do you know", "can you tell me", "could you tell me", "say", "i want to know", "i would like to know", "please tell me",
         "explain", "let me know", "i wonder", "i am wondering", "do you remember", "remind me", "answer me", "check", "see", "tell us",
         "can you say", "could you say", "would you tell me", "will you tell me", "find out", "have you any idea", "do you have any idea",
         "any idea", "report", "describe", "inform me", "work out", "do you happen to know", "can you describe", "could you describe",
         "can you please tell me", "figure out", "show me", "give me", "can you check", "could you check", "can you find out", "tell")  # fmt: skip


def question(text: Text, at: int) -> Clause | None:
    """The question that begins at a word and reads furthest; "tell me" and the like may stand before it."""
    plain = _plain(text, at)
    lead = text.after(at, *sorted(_TELL, key=len, reverse=True))
    if lead is not None:
        lead = text.past(lead, "about", "if", "whether", "me", ",")
        inner = furthest(_plain(text, lead), _told(text, lead, at))
        return furthest(plain, inner)
    return plain


def _plain(text: Text, at: int) -> Clause | None:
    return furthest(_about_agent(text, at), _capability(text, at), _how_many(text, at), _measure(text, at), _where(text, at), _colour(text, at),
                    _when(text, at), _what(text, at), _whether(text, at), _statement(text, at))  # fmt: skip


def ask(filters: Filters, text: Text, start: int, end: int, now: bool = False, holds: Filters | None = None) -> GetMemory:
    """A question with the words that it was asked in."""
    return GetMemory(filters, text.span(start, end), "NOW" if now else "EVER", holds)


def _agent(memory_type: str, tag: str, attribute: str = "") -> Filters:
    output = Attribute(attribute) if attribute else "MEMORY"  # type: ignore[arg-type]
    return Filters(Triple("has_tag", tag), output, memory_type=memory_type)  # type: ignore[arg-type]


ABOUT_AGENT: Mapping[str, Filters] = MappingProxyType(
    {
        "doing": _agent("TASKS", "CURRENTLY_RUNNING", "NAME"),
        "why": _agent("TASKS", "CURRENTLY_RUNNING", "REASON"),
        "done": _agent("TASKS", "FINISHED", "NAME"),
        "next": _agent("TASKS", "WAITING", "NAME"),
        "busy": _agent("TASKS", "CURRENTLY_RUNNING"),
        "goal": _agent("TASKS", "CURRENTLY_RUNNING", "LOCATION"),
        "self": _agent("AGENT", "SELF", "LOCATION"),
        "speaker": _agent("AGENT", "SPEAKER", "LOCATION"),
        "name": _agent("AGENT", "SELF", "NAME"),
        "well": _agent("AGENT", "SELF"),
        "said": _agent("CHAT", "SELF", "NAME"),
        "heard": _agent("CHAT", "SPEAKER", "NAME"),
    }
)
"""What is asked about the agent itself, its tasks or its talk, as filters."""


def _about_agent(text: Text, at: int) -> Clause | None:
    read = text.match("about", at)
    return Clause(ask(ABOUT_AGENT[read[0]], text, at, read[1]), read[1]) if read else None


def _capability(text: Text, at: int) -> Clause | None:
    read = text.match("capability", at)
    return Clause(GetCapabilities(), read[1]) if read else None


def _seen_phrase(text: Text, at: int) -> Read[bool]:
    """ "do you see" (True: now), "have you seen", "are there" (False: ever)."""
    reads: list[Read[bool]] = []
    for phrases, now in ((_SEE_NOW, True), (_SEEN_EVER, False), (_THERE, False)):
        ends = [end for phrase in phrases if (end := text.after(at, phrase)) is not None]
        reads.append((now, max(ends)) if ends else None)
    return longest(*reads)


def _place_of(text: Text, at: int) -> Read[Location]:
    """A place after a question: "in front of you", "near the table", "around you"."""
    start = text.past(at, "standing", "right", "just", "located", "that", "is", "are", "there")
    around = text.after(start, "around you", "around here", "around", "near you", "close to you", "nearby", "about", "next to you", "here")
    if around is not None:
        return Location("NEAR", references=(AGENT,), text_span=text.span(start, around)), around
    return longest(relation(text, start), beside_agent(text, start), _left_alone(text, start))


def _left_alone(text: Text, at: int) -> Read[Location]:
    word = text.word(at)
    direction = {"ahead": "FRONT", "behind": "BACK", "left": "LEFT", "right": "RIGHT"}.get(word)
    if direction is None:
        return None
    return Location(direction, references=(AGENT,), text_span=word), at + 1  # type: ignore[arg-type]


def _things(text: Text, at: int) -> Read[ReferenceObject]:
    thing = noun_phrase(text, at)
    return thing if thing is not None and thing[0].filters is not None else None


def _all(filters: Filters) -> Filters:
    """The same filters without a choice among what fits, where they chose only by number or "all"."""
    choice = filters.selector
    return evolve(filters, selector=None) if choice is not None and choice.quantity == "ALL" else filters


def _how_many(text: Text, at: int) -> Clause | None:
    start = text.after(at, "how many", "count", "count the", "what number of", "what is the number of", "the number of", "how much", "number of",
                       "what is the count of", "count all", "count up")  # fmt: skip
    if start is None:
        return None
    return _counted(text, start, at)


def _counted(text: Text, at: int, start: int) -> Clause | None:
    thing = _things(text, text.past(at, "of", "different"))
    end = thing[1] if thing else text.past(at, "things", "objects")
    filters = _all(thing[0].filters) if thing and thing[0].filters else Filters()
    seen = _seen_phrase(text, text.past(end, "that"))
    now = False
    if seen is not None:
        now, end = seen
    place = _place_of(text, end) if filters.location is None else None
    if place is not None and place[0].relative_direction != "NEAR" or place and place[0].references != (AGENT,):
        filters, end = evolve(filters, location=place[0]), place[1]
    elif place is not None:
        end = place[1]
    end = place_skipped(text, end) or end
    if thing is None and seen is None:
        return None
    return Clause(ask(evolve(filters, output="COUNT"), text, start, end, now), end, lambda next_at: _counted(text, next_at, next_at))


def _measure(text: Text, at: int) -> Clause | None:
    start = text.after(at, "how")
    read = text.match("measure", start) if start is not None else None
    named = text.after(at, "what is the size of", "what size is", "the size of", "what size has", "what are the dimensions of", "how big is")
    if named is not None:
        read, start = ("SIZE", named), named
    for phrase, name in (("height", "HEIGHT"), ("width", "WIDTH"), ("distance", "AWAY")):
        end = text.after(at, f"what is the {phrase} of", f"the {phrase} of", f"what is the {phrase} to", f"the {phrase} to", f"what is the {phrase} from here to",
                         f"what is the {phrase} between you and", f"what {phrase} is", f"what {phrase} has")  # fmt: skip
        if end is not None:
            read, start = (name, end), end
    if read is None:
        return None
    return _measured(text, at, read)


def _measured(text: Text, at: int, read: tuple[str, int]) -> Clause | None:
    name, end = read
    end = text.past(end, "is", "are", "was", "it", "to") if text.word(end + 1) == "to" else text.past(end, "is", "are", "was")
    thing = noun_phrase(text, end)
    if thing is None:
        return None
    end = text.past(thing[1], "is", "are", "away", "off", "exactly", "apart", "from", "here") if text.word(thing[1]) not in ("from",) else thing[1]
    source = AGENT
    if name == "AWAY" and text.word(end) in ("from", "and") or text.word(end - 1) == "from":
        other = noun_phrase(text, end + (text.word(end) in ("from", "and")))
        if other is not None:
            source, end = other
    output = LinearExtent("AWAY", source) if name == "AWAY" else Attribute(name)  # type: ignore[arg-type]
    filters = evolve(_as_filters(thing[0]), output=output)
    return Clause(ask(filters, text, at, end), end, lambda next_at: _measured(text, next_at, (name, next_at)))


def _as_filters(reference: ReferenceObject) -> Filters:
    """Filters for a reference: the speaker is a person, the agent itself is SELF."""
    if reference.filters is not None:
        return _all(reference.filters)
    tag = "SPEAKER" if reference.special == "SPEAKER" else "SELF"
    return Filters(Triple("has_tag", tag), memory_type="AGENT")


def _where(text: Text, at: int) -> Clause | None:
    start = text.after(at, "where", "which way", "whereabouts", "in which room", "in which direction", "what is the location of", "what is the position of",
                       "the location of", "the position of", "show me where", "in what direction")  # fmt: skip
    return _located(text, start, at) if start is not None else None


def _located(text: Text, at: int, start: int) -> Clause | None:
    end = text.after(at, "can i find", "do i find", "did you see", "have you seen", "did you last see", "did you find", "would i find", "could i find",
                     "do you see", "did i leave", "did i put", "can you see", "have you found", "might", "can", "could")  # fmt: skip
    end = text.past(at, *_BE, "did", "do") if end is None else end
    thing = noun_phrase(text, end)
    if thing is None:
        return None
    end = text.past(thing[1], *_BE, "be", "located", "standing", "exactly", "now", "hiding", "gone")
    filters = evolve(_as_filters(thing[0]), output=Attribute("LOCATION"))
    return Clause(ask(filters, text, start, end), end, lambda next_at: _located(text, next_at, next_at))


def _colour(text: Text, at: int) -> Clause | None:
    start = text.after(at, "what colour", "which colour", "what colours", "which colours", "what is the colour of", "the colour of", "what are the colours of",
                       "what is the colours of", "tell me the colour of", "colour of", "what kind of colour")  # fmt: skip
    return _coloured(text, start, at) if start is not None else None


def _coloured(text: Text, at: int, start: int) -> Clause | None:
    end = text.past(at, *_BE, "does", "do", "has", "have", "of")
    thing = noun_phrase(text, end)
    if thing is None:
        return None
    end = text.past(thing[1], *_BE, "have", "has", "painted", "in", "exactly")
    filters = evolve(_as_filters(thing[0]), output=Attribute("COLOUR"))
    return Clause(ask(filters, text, start, end), end, lambda next_at: _coloured(text, next_at, next_at))


def _when(text: Text, at: int) -> Clause | None:
    start = text.after(at, "when did you last see", "when did you see", "when have you seen", "when was the last time you saw", "how long ago did you see",
                       "when did you find", "when have you last seen", "when did you notice", "how long ago was")  # fmt: skip
    thing = noun_phrase(text, start) if start is not None else None
    if thing is None:
        return None
    filters = evolve(_as_filters(thing[0]), output=Attribute("MODIFY_TIME"))
    return Clause(ask(filters, text, at, thing[1]), thing[1])


def _what(text: Text, at: int) -> Clause | None:
    """ "What do you see", "what is left of the table", "which chairs are red", "who is there"."""
    start = text.after(at, "what kind of", "what kinds of", "what sort of", "what type of", "what types of", "what", "which of", "which", "who", "what all",
                       "list", "name", "enumerate", "describe", "show me a list of")  # fmt: skip
    if start is None:
        return None
    who = text.word(at) == "who"
    start = text.past(start, "all", "else", "other") if text.word(start) in ("else", "all", "other") else start
    things = _things(text, start)
    read = _listed(text, things[1], _all(things[0].filters), at) if things and things[0].filters else None
    person = Filters(And((Triple("has_name", "person"),)))
    return furthest(read, _listed(text, start, person if who else Filters(), at), _what_is(text, start, at))


def _listed(text: Text, at: int, filters: Filters, start: int) -> Clause | None:
    seen = _seen_phrase(text, text.past(at, "that"))
    listing = text.word(start) in ("list", "name", "enumerate", "describe") and filters != Filters()
    if seen is not None:
        place = _place_of(text, text.past(seen[1], "there"))
        end, now = seen[1], seen[0] or (place is not None and place[0].relative_direction == "NEAR" and place[0].references == (AGENT,))
    else:
        be = text.past(at, *_BE)
        place, end, now = (_place_of(text, be), be, False) if be > at else (None, at, False)
        if place is None and not listing:
            return _which_are(text, be, filters, start) if be > at and filters != Filters() else None
        now = place is not None and (place[0].references == (AGENT,) and place[0].relative_direction in ("NEAR", "FRONT"))
    if place is not None:
        end = place[1]
        if not (place[0].relative_direction == "NEAR" and place[0].references == (AGENT,)):
            filters = evolve(filters, location=place[0])
    end = place_skipped(text, end) or end
    return Clause(ask(evolve(filters, output=Attribute("NAME")), text, start, end, now), end)


def _which_are(text: Text, at: int, filters: Filters, start: int) -> Clause | None:
    """ "Which chairs are red": the things themselves."""
    read = read_predicate(text, Described(), at, 0)
    if read is None or not read[0].clauses:
        return None
    where = And((filters.where, *read[0].clauses))
    return Clause(ask(evolve(filters, where=where, output=Attribute("NAME")), text, start, read[1]), read[1])


def _what_is(text: Text, at: int, start: int) -> Clause | None:
    end = text.past(at, *_BE)
    thing = noun_phrase(text, end) if end > at else None
    if thing is None:
        return None
    if thing[0].special is not None:
        return None
    filters = _as_filters(thing[0])
    chosen = filters.selector is not None or filters.location is not None or filters.contains_coreference or filters.where == And()
    known = text.any_of(("thing", "things"), end + 1) is not None
    if not (chosen or known or text.word(start) == "which"):
        return None
    return Clause(ask(evolve(filters, output=Attribute("NAME")), text, start, thing[1]), thing[1])


def _whether(text: Text, at: int) -> Clause | None:
    """ "Is there a red chair", "have you seen a cup", "is the chair red", "is it near the bed"."""
    seen = _seen_phrase(text, at)
    if seen is not None:
        return _any_seen(text, seen, at)
    return _holds(text, at + 1, at) if text.word(at) in ("is", "are", "was", "were") else None


def _any_seen(text: Text, seen: tuple[bool, int], at: int) -> Clause | None:
    now, end = seen
    if text.word(at) in ("you", "there", "exist", "exists", "we") and at == 0:
        now = now and text.word(at) == "you"
    thing = noun_phrase(text, text.past(end, "already", "ever", "still", "also", "really"))
    if thing is None:
        return None
    filters, end = _as_filters(thing[0]), thing[1]
    place = _place_of(text, end) if filters.location is None else None
    if place is not None and place[0].references != (AGENT,) or place and place[0].relative_direction != "NEAR":
        filters, end = evolve(filters, location=place[0]), place[1]
    end = place_skipped(text, end) or end
    return Clause(ask(filters, text, at, end, now), end, lambda next_at: _any_seen(text, (now, next_at), next_at))


def _holds(text: Text, at: int, start: int) -> Clause | None:
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    reference, end = thing
    filters = _as_filters(reference)
    asserted = _asserted(text, end)
    if asserted is not None:
        return Clause(ask(filters, text, start, asserted[1], holds=asserted[0]), asserted[1])
    if filters.location is not None and not filters.contains_coreference:  # "is the chair left of the table" was read as one thing
        holds = Filters(location=filters.location)
        return Clause(ask(evolve(filters, location=None), text, start, end, holds=holds), end)
    if filters.where == And() or text.word(at) in ("a", "any", "some", "anything", "something", "anyone", "anybody", "someone"):
        return Clause(ask(filters, text, start, end), end)
    return None


def _asserted(text: Text, at: int) -> Read[Filters]:
    """What is said to hold: a colour, a size, a class or a place."""
    read = read_predicate(text, Described(), text.past(at, "really", "still", "made", "of"), 0)
    if read is None:
        named = noun_phrase(text, at) if text.word(at) in ("a", "an", "the") else None
        if named is None or named[0].filters is None:
            return None
        return Filters(named[0].filters.where), named[1]
    described, end = read
    return Filters(And(described.clauses), selector=described.selector, location=described.location), end


def _told(text: Text, at: int, start: int) -> Clause | None:
    """ "Tell me whether the chair is red", "tell me its colour", "describe what you see"."""
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    for phrase, name in (("colour", "COLOUR"), ("size", "SIZE"), ("height", "HEIGHT"), ("position", "LOCATION"), ("location", "LOCATION"), ("width", "WIDTH")):
        end = text.after(at, "its " + phrase, "his " + phrase, "her " + phrase, "their " + phrase)
        if end is not None:
            return Clause(ask(Filters(output=Attribute(name), contains_coreference=True), text, start, end), end)  # type: ignore[arg-type]
    if text.word(thing[1]) in ("is", "are"):
        holds = _asserted(text, thing[1] + 1)
        if holds is not None:
            return Clause(ask(_as_filters(thing[0]), text, start, holds[1], holds=holds[0]), holds[1])
    return None


def _statement(text: Text, at: int) -> Clause | None:
    """ "How are things", "anything to your left"."""
    thing = _things(text, at) if text.word(at) in ("anything", "any", "anybody", "anyone") else None
    if thing is None or thing[0].filters is None:
        return None
    return Clause(ask(_all(thing[0].filters), text, at, thing[1]), thing[1])


