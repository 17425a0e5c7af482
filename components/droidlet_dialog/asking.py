"""What all questions are made of: a question with its words, "have you seen", "around you", "its colour"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, cast

from droidlet_dialog.described import AGENT
from droidlet_dialog.here import beside_agent
from droidlet_dialog.nouns import noun_phrase, relation
from droidlet_dialog.text import Read, Text, longest
from droidlet_schema import (
    And,
    Attribute,
    AttributeName,
    Direction,
    Filters,
    GetMemory,
    LinearExtent,
    Location,
    MemoryType,
    ReferenceObject,
    Triple,
    evolve,
)

Output = Literal["MEMORY", "COUNT"] | Attribute | LinearExtent
PERSON = Filters(And((Triple("has_name", "person"),)))
BE = ("is", "are", "was", "were", "am")


def ask(
    filters: Filters, text: Text, start: int, end: int, now: bool = False, holds: Filters | None = None
) -> GetMemory:
    """A question with the words that it was asked in."""
    return GetMemory(filters, text.span(start, end), "NOW" if now else "EVER", holds)


def property_output(name: str) -> Output:
    """What to tell of a thing, by the name of a property: AWAY is the distance from the agent."""
    return LinearExtent("AWAY", AGENT) if name == "AWAY" else Attribute(cast(AttributeName, name))


def _agent(memory_type: MemoryType, tag: str, attribute: str = "") -> Filters:
    output = property_output(attribute) if attribute else "MEMORY"
    return Filters(Triple("has_tag", tag), output, memory_type=memory_type)


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


def everything(filters: Filters) -> Filters:
    """The same filters without a choice among what fits, where they chose only by number or "all"."""
    choice = filters.selector
    return evolve(filters, selector=None) if choice is not None and choice.quantity == "ALL" else filters


def as_filters(reference: ReferenceObject) -> Filters:
    """Filters for a reference; the speaker is a person, the agent a node of its own."""
    if reference.filters is not None:
        chosen = reference.filters.selector
        return everything(reference.filters) if chosen is None or chosen.count is None else reference.filters
    return PERSON if reference.special == "SPEAKER" else evolve(ABOUT_AGENT["self"], output="MEMORY")


def things(text: Text, at: int) -> Read[Filters]:
    """A thing or things that memory may know, as filters."""
    read = noun_phrase(text, at)
    return (
        (everything(read[0].filters), read[1]) if read is not None and read[0].filters is not None else None
    )


def seen_phrase(text: Text, at: int) -> Read[bool]:
    """ "do you see" (True: now), "have you seen", "are there" (False: ever)."""
    read = text.match("see", at)
    if read is not None and text.word(read[1] - 1) == "left" and text.word(read[1]) == "of":
        return None  # "are left of the table"
    return (read[0] == "now", read[1]) if read else None


_ALONE: Mapping[str, Direction] = MappingProxyType(
    {"ahead": "FRONT", "behind": "BACK", "left": "LEFT", "right": "RIGHT"}
)


def place_asked(text: Text, at: int) -> Read[Location]:
    """A place after a question: "in front of you", "near the table", "around you"."""
    start = text.past(at, "standing", "just", "located", "that", "is", "are", "there")
    if text.word(start) == "right" and text.any_of(("relation", "direction"), start + 1):
        start += 1
    around = text.match("around", start)
    if around is not None:
        return Location("NEAR", references=(AGENT,), text_span=text.span(start, around[1])), around[1]
    side = _ALONE.get(text.word(start))
    alone = (Location(side, references=(AGENT,), text_span=text.word(start)), start + 1) if side else None
    looked_at = text.match("pronoun", start)
    look = None
    if looked_at is not None and looked_at[0] == "look":
        span = text.span(start, looked_at[1])
        look = (
            Location(references=(ReferenceObject(span, special="SPEAKER_LOOK"),), text_span=span),
            looked_at[1],
        )
    return longest(relation(text, start), beside_agent(text, start), alone, look)


def beside(location: Location) -> str:
    """The side of the agent that a place is, "" for places elsewhere."""
    ours = [reference.special for reference in location.references] == ["AGENT"]
    return location.relative_direction or "" if ours else ""


def is_here(location: Location) -> bool:
    """Whether a place is just "around you", which excludes nothing."""
    return beside(location) == "NEAR"


def possessed(text: Text, at: int) -> Read[Filters]:
    """ "Its colour", "the chair's height", "the size of the bed": what to tell, and of what."""
    start = text.past(at, "the", "exact")
    named = text.match("property", start)
    if named is not None and text.word(named[1]) == "of":
        thing = noun_phrase(text, named[1] + 1)
        return (evolve(as_filters(thing[0]), output=property_output(named[0])), thing[1]) if thing else None
    if text.word(at) in ("its", "his", "her", "their"):
        owned = text.match("property", at + 1)
        coreference = Filters(contains_coreference=True)
        return (evolve(coreference, output=property_output(owned[0])), owned[1]) if owned else None
    thing = noun_phrase(text, at)
    owned = text.match("property", thing[1]) if thing else None
    if thing is None or owned is None:
        return None
    return evolve(as_filters(thing[0]), output=property_output(owned[0])), owned[1]
