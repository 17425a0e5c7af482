"""Commands that turn the body: by an angle, or towards something."""

from __future__ import annotations

import math

import attrs

from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.described import AGENT
from droidlet_dialog.destinations import place
from droidlet_dialog.here import place_skipped
from droidlet_dialog.moving import PARTS, Bag
from droidlet_dialog.nouns import noun_phrase
from droidlet_dialog.numbers import angle, is_time, number, times, vague
from droidlet_dialog.text import Read, Text, longest
from droidlet_schema import Facing, Location, TurnForm

LITTLE_RAD, LOT_RAD = math.radians(20), math.radians(120)


def turning(text: Text, at: int) -> Clause | None:
    """ "Turn left", "rotate 45 degrees clockwise", "make a U-turn", "turn to the chair"."""
    return furthest(_turning_by(text, at), _facing(text, at))


_WHOLE = {"half": math.pi, "full": 2 * math.pi}


def _turning_by(text: Text, at: int) -> Clause | None:
    verb = text.match("turn", at)
    if verb is None:
        made = _turned(text, at)
        said = text.match("side", at) or angle(text, at)
        return made if made is not None and said is not None and text.at_end(made.end) else None
    kind, end = verb
    made = _turned(text, end) if kind != "half" or times(text, end) is None else None
    if kind == "needs" and made is not None and made.end == end + 1 and number(text, end) is not None:
        return None if text.at_end(end) or abs(number(text, end)[0]) < 10 else made  # type: ignore[index]
    if made is not None or kind == "needs":
        return made
    amount = _WHOLE.get(kind)
    often = times(text, end) if amount else None
    if amount and often is not None:
        return _turn(text, Bag(amount=amount * often[0]), often[1])
    return _turn(text, Bag(amount=amount), end) if amount else Clause(TurnForm(Facing()), end, _more)


def _more(text: Text, at: int) -> Clause | None:
    return _turned(text, text.past(at, "to"))


def _turned(text: Text, at: int) -> Clause | None:
    bag, end, given = Bag(), at, False
    for _ in range(PARTS):
        start = text.past(end, "by", "for", "a", "an", "another", "your", "body", "about", "exactly", "to")
        read = _turn_part(text, start, bag) or _turn_part(text, end, bag)
        if read is None:
            break
        (bag, end), given = read, True
        end = text.past(end, "turn", "rotation", "spin", "more", "circle", "again", "around")
    return _turn(text, bag, end) if given else None


def _turn_part(text: Text, at: int, bag: Bag) -> Read[Bag]:
    side = text.match("side", at)
    if side is not None and not bag.direction and text.word(side[1]) not in ("of", "from"):
        return attrs.evolve(bag, direction=side[0]), side[1]
    often = times(text, at) if bag.times is None else None
    if often is not None:
        return attrs.evolve(bag, times=often[0]), often[1]
    if bag.amount is not None or bag.rough:
        return None
    turned = angle(text, at)
    if turned is not None:
        return attrs.evolve(bag, amount=turned[0]), turned[1]
    back = text.match("behind", at)
    if back is not None and not noun_phrase(text, back[1]):
        return attrs.evolve(bag, amount=math.pi), back[1]
    rough = vague(text, at)
    if rough is not None:
        return attrs.evolve(bag, rough=rough[0]), rough[1]
    return _bare_number(text, at, bag)


def _bare_number(text: Text, at: int, bag: Bag) -> Read[Bag]:
    """ "Turn 90" is in degrees, "three circles" in whole turns; "for 3 seconds" is no angle."""
    bare = number(text, at)
    if bare is None or text.match("length", bare[1]):
        return None
    part = text.after(bare[1], "of a turn", "of a full turn", "of a circle", "of a rotation")
    if part is not None:
        return attrs.evolve(bag, amount=bare[0] * 2 * math.pi), part
    whole = text.match("times", bare[1])
    if whole is not None:
        return attrs.evolve(bag, amount=bare[0] * 2 * math.pi), whole[1]
    if is_time(text, bare[1]):
        return None
    return attrs.evolve(bag, amount=math.radians(bare[0])), bare[1]


def _turn(text: Text, bag: Bag, end: int) -> Clause:
    amount = bag.amount
    if amount is None:
        alone = 2 * math.pi if bag.times is not None and not bag.direction else math.pi / 2
        amount = {"little": LITTLE_RAD, "lot": LOT_RAD}.get(bag.rough, alone)
    amount *= 1.0 if bag.times is None else bag.times
    yaw = -amount if bag.direction == "RIGHT" else amount
    return Clause(TurnForm(Facing(relative_yaw_rad=yaw)), end, _more)


def _facing(text: Text, at: int) -> Clause | None:
    verb = text.match("face", at)
    if verb is None:
        return None
    if text.at_end(verb[1]) and text.word(at) in ("face", "facing"):
        return Clause(TurnForm(Facing(location=Location())), verb[1])
    return _faced(text, verb[1])


def _faced(text: Text, at: int) -> Clause | None:
    starts = (at, *(at + 1 for word in ("to", "towards", "toward", "at", "back") if text.word(at) == word))
    read = longest(*(place(text, start) for start in starts))
    if read is None or text.word(at) == "for" or place_skipped(text, at) is not None:
        return None
    location, end = read
    if location.references == (AGENT,) and location.relative_direction in ("LEFT", "RIGHT", "BACK", "FRONT"):
        yaw = {"LEFT": math.pi / 2, "RIGHT": -math.pi / 2, "BACK": math.pi, "FRONT": 0.0}[
            location.relative_direction
        ]
        return Clause(TurnForm(Facing(relative_yaw_rad=yaw)), end)
    return Clause(
        TurnForm(Facing(location=location)),
        end,
        lambda said, next_at: _faced(said, said.past(next_at, "at", "to")),
    )
