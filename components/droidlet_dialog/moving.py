"""Moves by a distance: "forward", "two metres back", "a bit to the left"; and what follows any way of going."""

from __future__ import annotations

import attrs

from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.destinations import destination
from droidlet_dialog.nouns import noun_phrase, relation
from droidlet_dialog.numbers import coordinates, is_time, length, number, times, vague
from droidlet_dialog.text import Read, Text
from droidlet_schema import Location, MoveForm, evolve

PARTS = 5  # of a move or a turn: a direction, an amount, ...
LITTLE_M, LOT_M, ONCE_M = 0.3, 2.0, 1.0  # "a bit", "a lot", one of "twice"


def go_there(text: Text, read: tuple[Location, int]) -> Clause:
    """The command to go to a place that has been read."""
    return Clause(MoveForm(read[0]), read[1], go_again)


def go_again(text: Text, at: int) -> Clause | None:
    """The next goal of the verb before: "... and then to the bed", "... and left"."""
    by = _by(text, at, "")
    read = destination(text, text.past(at, "to"))
    to = go_there(text, read) if read else None
    return furthest(to, by)


@attrs.frozen
class Bag:
    """What has been read of a move or a turn, in whatever order it was said."""

    direction: str = ""
    amount: float | None = None
    rough: str = ""
    times: float | None = None  # "twice"


def moving(text: Text, at: int) -> Clause | None:
    """A move by a distance or to a side, with or without a verb."""
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
    return Clause(MoveForm(evolve(location, text_span="")), end, go_again)
