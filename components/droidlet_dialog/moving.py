"""Commands that move the body: go to a place, or by a distance; find a thing and go there."""

from __future__ import annotations

from typing import Literal

import attrs

from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.described import SPEAKER
from droidlet_dialog.nouns import DEPTH, beside_agent, noun_phrase, relation
from droidlet_dialog.numbers import coordinates, is_time, length, number, times, vague
from droidlet_dialog.text import Read, Text, longest
from droidlet_dialog.tokens import COMMA
from droidlet_schema import (
    Filters,
    Location,
    MoveForm,
    ReferenceObject,
    SearchForm,
    Triple,
    evolve,
)

PARTS = 5  # of a move or a turn: a direction, an amount, ...
LITTLE_M, LOT_M, ONCE_M = 0.3, 2.0, 1.0  # "a bit", "a lot", one of "twice"


def going(text: Text, at: int) -> Clause | None:
    """ "Go to the chair", "come here", "move two metres back", "approach it", "come back"."""
    return furthest(
        _going_back(text, at),
        _going_to(text, at) if _written_2(text, at + 1) else None,
        _moving_by(text, at),
        _coming(text, at),
        _going_to(text, at),
        _reaching(text, at),
    )


def _going_to(text: Text, at: int) -> Clause | None:
    verb = text.match("go", at)
    if verb is None:
        return _stopping_at(text, at)
    read = destination(text, verb[1])
    if read is not None:
        return _to(text, read)
    twice = text.match("go", verb[1]) if text.match("go", at - 1) is None else None
    inner = _going_to(text, verb[1]) if twice else None  # "go stand behind the chair"
    if inner is not None:
        return inner
    return Clause(MoveForm(Location()), verb[1], _again)


def _stopping_at(text: Text, at: int) -> Clause | None:
    """ "Stop next to the bin", "wait at the door"."""
    if text.word(at) not in ("stop", "wait", "halt", "stay", "stopping", "waiting"):
        return None
    start = at + 1 if text.word(at + 1) != "at" else at + 2
    beside = text.match("relation", start) is not None or length(text, start) is not None
    if start == at + 1 and not beside or text.match("thing", start):
        return None
    read = place(text, start)
    return _to(text, read) if read is not None and read[0].references[0].special is None else None


def _to(text: Text, read: tuple[Location, int]) -> Clause:
    return Clause(MoveForm(read[0]), read[1], _again)


def _again(text: Text, at: int) -> Clause | None:
    by = _by(text, at, "")
    read = destination(text, text.past(at, "to"))
    to = _to(text, read) if read else None
    return furthest(to, by)


def _reaching(text: Text, at: int) -> Clause | None:
    verb = text.match("reach", at)
    read = destination(text, verb[1]) if verb else None
    if read is not None:
        return _to(text, read)
    return Clause(MoveForm(Location()), verb[1]) if verb else None


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
    while len(starts) < 5 and (text.match("to", starts[-1]) or _written_2(text, starts[-1])):
        starts.append(starts[-1] + 1)
    return starts


def _written_2(text: Text, at: int) -> bool:
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


def _coming(text: Text, at: int) -> Clause | None:
    read = text.match("come", at)
    if read is None:
        return None
    end = read[1]
    away: Literal["AWAY"] | None = "AWAY" if read[0] == "AWAY" else None
    form = MoveForm(Location(away, references=(SPEAKER,), text_span="from me" if away else "to me"))
    return Clause(form, end, _again)


_SHUFFLES = (
    "move",
    "moving",
    "step",
    "stepping",
    "roll",
    "rolling",
    "scoot",
    "slide",
    "inch",
    "shift",
    "crawl",
)


def _going_back(text: Text, at: int) -> Clause | None:
    """ "Go back", "come back to where you started"; "come back" alone is to the speaker."""
    verb = text.match("go", at)
    if verb is None:
        return None
    end = verb[1]
    if text.word(at).startswith("step") and text.word(end) == "back":
        return None  # "step back"
    came = text.match("come", at) if text.word(at).startswith("com") else None
    if text.span(at, end) in ("return", "returning") and text.at_end(end):
        return None
    starts = (end, end - 1) if text.word(end - 1) == "back" else (end,)
    spot = longest(*(text.match("spot", start) for start in starts))
    if spot is None or (came is not None and (spot[1] <= came[1] or spot[0] != "START")):
        return None
    if (
        text.word(at) in _SHUFFLES
        and spot == ("BEFORE", end)
        or spot == ("BEFORE", end + 1)
        and text.word(at) in _SHUFFLES
    ):
        return None  # "move back" is a move
    if length(text, spot[1]) or vague(text, spot[1]) or number(text, spot[1]):
        return None
    return _to(text, (_spot(spot[0], text.span(at, spot[1])), spot[1]))


def _spot(tag: str, span: str) -> Location:
    """A place of the agent's own past: where it started, or where it was before."""
    filters = Filters(Triple("has_tag", tag), memory_type="AGENT", contains_coreference=True)
    return Location(references=(ReferenceObject(span, filters=filters),), text_span=span)


@attrs.frozen
class Bag:
    """What has been read of a move or a turn, in whatever order it was said."""

    direction: str = ""
    amount: float | None = None
    rough: str = ""
    times: float | None = None  # "twice"


def _moving_by(text: Text, at: int) -> Clause | None:
    verb = text.match("step", at)
    if verb is not None:
        if verb[0] and text.match("to", verb[1]) and not text.match("direction", verb[1]):
            return None  # "back to the chair"
        return _by(text, verb[1], verb[0]) or (_moved(text, Bag(verb[0]), verb[1], at) if verb[0] else None)
    if text.word(at) in ("take", "make", "do", "taking", "making"):
        read = length(text, at + 1) or length(
            text, text.past(at + 1, "a", "an", "one", "big", "small", "little")
        )
        return (
            _by(text, at + 1 if read and length(text, at + 1) else at + 2, "")
            if read and text.lexicon.match("length", text.words, read[1] - 1)
            else None
        )
    return None if text.match("turn", at) else _bare(text, at)


def _bare(text: Text, at: int) -> Clause | None:
    """A move without a verb: "forward", "two metres back"; "left" and "right" alone are turns."""
    made = _by(text, at, "")
    said = _collect(text, at, Bag())[0].direction
    if made is None or not said or not isinstance(made.form, MoveForm):
        return None
    location = made.form.location
    if location.relative_direction in ("LEFT", "RIGHT") and location.distance_m is None:
        return None
    if location.relative_direction in (None, "UP", "DOWN"):
        return None
    return made if text.at_end(made.end) else None


def _by(text: Text, at: int, direction: str) -> Clause | None:
    bag, end = _collect(text, at, Bag(direction))
    if end == at and not (bag.amount or bag.rough):
        return None
    if not bag.direction and bag.amount is None and not bag.rough:
        return None
    return _moved(text, bag, end, at)


def _collect(text: Text, at: int, bag: Bag) -> tuple[Bag, int]:
    for _ in range(PARTS):
        start = text.past(at, "by", "for", "about", "another", "exactly", "to", "your", "around")
        read = _amount(text, start, bag) or _direction(text, at, bag) or _direction(text, start, bag)
        if read is None:
            return bag, at
        bag, at = read
    return bag, at


def _direction(text: Text, at: int, bag: Bag) -> Read[Bag]:
    read = text.match("direction", at)
    if read is None or text.word(read[1]) in ("of", "from") or relation(text, at):
        return None
    if not bag.direction or bag.direction == read[0] or text.span(at, read[1]) in ("straight", "back"):
        return attrs.evolve(bag, direction=bag.direction or read[0]), read[1]
    return (
        (attrs.evolve(bag, direction=read[0]), read[1])
        if bag.direction in ("FRONT", "BACK") and bag.amount is None
        else None
    )


def _amount(text: Text, at: int, bag: Bag) -> Read[Bag]:
    often = times(text, at) if bag.direction and bag.times is None else None
    if often is not None:
        return attrs.evolve(bag, times=often[0]), often[1]
    if bag.amount is not None or bag.rough:
        return None
    read = length(text, at)
    if read is not None:
        return attrs.evolve(bag, amount=read[0]), text.past(read[1], "more", "further", "away")
    rough = vague(text, at)
    thing = noun_phrase(text, at) if rough is not None else None
    if rough is not None and (thing is None or thing[1] <= rough[1]):
        return attrs.evolve(bag, rough=rough[0]), rough[1]
    bare = None if text.match("relation", at) else number(text, at)
    if (
        bare is not None
        and coordinates(text, at) is None
        and not (text.match("angle", bare[1]) or is_time(text, bare[1]))
    ):
        return attrs.evolve(bag, amount=bare[0]), text.past(bare[1], "more")
    return None


def _moved(text: Text, bag: Bag, end: int, start: int) -> Clause:
    distance = bag.amount if bag.amount is not None else {"little": LITTLE_M, "lot": LOT_M}.get(bag.rough)
    if bag.times is not None:
        distance = bag.times * (ONCE_M if distance is None else distance)
    direction = bag.direction or "FRONT"
    if distance is not None and distance < 0:
        distance, direction = (
            -distance,
            {"FRONT": "BACK", "BACK": "FRONT", "LEFT": "RIGHT", "RIGHT": "LEFT"}.get(direction, direction),
        )
    location = Location(direction, distance, text_span=text.span(start, end))  # type: ignore[arg-type]
    return Clause(MoveForm(evolve(location, text_span="")), end, _again)


def seeking(text: Text, at: int) -> Clause | None:
    """ "Find the red ball", "look for something to sit on", "where can I find a cup"."""
    verb = text.match("seek", at)
    if verb is None:
        return None
    return _sought(text, verb[1]) or Clause(SearchForm(ReferenceObject()), verb[1])


def _sought(text: Text, at: int) -> Clause | None:
    at = text.past(at, "for", "out", "where")
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    end = text.past(thing[1], "is", "are", COMMA) if text.word(thing[1]) in ("is", "are") else thing[1]
    return Clause(SearchForm(thing[0]), end, _sought)
