"""Where to go: a point, a thing, a side of a thing or of somebody."""

from __future__ import annotations

from droidlet_dialog.here import beside_agent
from droidlet_dialog.nouns import DEPTH, noun_phrase, relation
from droidlet_dialog.numbers import coordinates, length
from droidlet_dialog.text import Read, Text, longest
from droidlet_schema import Location, ReferenceObject, evolve


def destination(text: Text, at: int) -> Read[Location]:
    """Where to go: coordinates, a thing, a side of a thing or of somebody."""
    if text.word(at) == "from":
        left = noun_phrase(text, at + 1, DEPTH)
        at = left[1] if left is not None else at
    reads = []
    for start in _starts(text, at):
        reads.append(place(text, start))
    return longest(*reads)


def _starts(text: Text, at: int) -> list[int]:
    """Where a place may begin behind prepositions: "over to the", "up to", "back to the"."""
    starts = [at]
    while len(starts) < 5 and (text.match("to", starts[-1]) or written_2(text, starts[-1])):
        starts.append(starts[-1] + 1)
    return starts


def written_2(text: Text, at: int) -> bool:
    """ "Go 2 the chair"."""
    return text.word(at) == "2" and text.word(at + 1) in ("the", "my", "that", "a", "an")


def place(text: Text, at: int) -> Read[Location]:
    """A point, a thing, a side of a thing or of somebody, where the thing stands."""
    key = ("place", at, 0)
    if key not in text.memo:
        text.memo[key] = _read_place(text, at)
    found: Read[Location] = text.memo[key]
    return found


def _read_place(text: Text, at: int) -> Read[Location]:
    """Reads where to go: coordinates, a distance, a direction, or something with a name."""
    named = noun_phrase(text, at + 1) if text.word(at) == "where" else None
    if named is not None and text.word(named[1]) in ("is", "are", "was"):  # "to where the bed is"
        return Location(references=(named[0],), text_span=named[0].text_span), named[1] + 1
    point = coordinates(text, at)
    if point is not None:
        return Location(
            references=(ReferenceObject(text.span(at, point[1]), coordinates_m=point[0]),),
            text_span=text.span(at, point[1]),
        ), point[1]
    distance = length(text, text.past(at, "within", "to"))
    if distance is not None:
        near = _within(text, distance)
        if near is not None:
            return near
        beside = relation(text, text.past(distance[1], "to", "the")) or relation(text, distance[1])
        return (evolve(beside[0], distance_m=distance[0]), beside[1]) if beside else None
    side = beside_agent(text, at)
    beside = relation(text, at)
    if (
        beside is not None
        and beside[0].relative_direction in ("UP", "INSIDE")
        and text.word(at) in ("on", "in", "into", "over", "upon")
    ):
        beside = None if text.match("pronoun", at + 1) else beside
    thing = noun_phrase(text, at)
    plain = (Location(references=(thing[0],), text_span=thing[0].text_span), thing[1]) if thing else None
    mine = side if side is not None and side[0].references[0].special == "SPEAKER" else None
    return longest(mine, beside, plain, side if text.word(at) != "the" else None)


def _within(text: Text, distance: tuple[float, int]) -> Read[Location]:
    """ "(Within) 1 metre of the chair", "2 metres from me"."""
    start = text.after(distance[1], "away from", "from", "of", "off", "short of")
    thing = noun_phrase(text, start) if start is not None else None
    if thing is None:
        return None
    return Location("NEAR", distance[0], (thing[0],), text.span(distance[1], thing[1])), thing[1]
