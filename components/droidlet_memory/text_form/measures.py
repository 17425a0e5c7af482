"""Reading properties, references, frames and moments."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, cast

from droidlet_memory.text_form.cursor import Cursor
from droidlet_memory.text_form.vocabulary import (
    ATTRIBUTES,
    DIRECTIONS,
    FRAMES,
    NS,
    SPECIAL,
    UNIT_WORDS,
)
from droidlet_schema import (
    Attribute,
    AttributeName,
    CountOf,
    Direction,
    LinearExtent,
    Measured,
    Moment,
    NumBlocks,
    PathStep,
    Property,
    ReferenceFrame,
    ReferenceObject,
    Unit,
    Walk,
)

Special = Literal["SPEAKER", "AGENT", "SPEAKER_LOOK"]
MOST_CHARACTERS = 40  # of a time
PROPERTY = 'a property such as height, weight_kg or "any name"'


def begins_measure(cursor: Cursor) -> bool:
    """Whether a property is next."""
    calls = any(cursor.sees(word, "(") for word in ("DISTANCE", "EXTENT", "COUNT", "BLOCKS"))
    token = cursor.token
    return calls or token.kind == "name" or cursor.is_plain(token) or cursor.sees("^") or cursor.sees("->")


def measure(cursor: Cursor) -> Measured:
    """A property, or a path to one."""
    path = _path(cursor)
    if path is None:
        return _plain_measure(cursor)
    if not cursor.skip("("):
        return Walk(path, _plain_measure(cursor))
    with cursor.nested():
        end = measure(cursor)
    cursor.expect(")")
    return Walk(path, end)


def _path(cursor: Cursor) -> tuple[PathStep, ...] | None:
    """Steps, each with "->" behind it; a mere "->" is a path of no steps; None where there is no path."""
    if cursor.skip("->"):
        return ()
    steps: list[PathStep] = []
    while cursor.sees("^") or (
        _names(cursor) and cursor.ahead().value == "->" and cursor.ahead().kind == "sign"
    ):
        steps.append(_step(cursor))
        cursor.expect("->")
    return tuple(steps) or None


def _names(cursor: Cursor) -> bool:
    return cursor.token.kind == "name" or cursor.is_plain(cursor.token)


def _step(cursor: Cursor) -> PathStep:
    inverse = cursor.skip("^")
    return PathStep(cursor.name("a predicate or property that leads to other nodes"), inverse)


def _plain_measure(cursor: Cursor) -> Measured:
    if cursor.skip("DISTANCE", "("):
        return _extent(cursor, "AWAY")
    if cursor.skip("EXTENT", "("):
        return _extent(cursor, cast(Direction, cursor.one_of(DIRECTIONS, "a direction such as LEFT")))
    if cursor.skip("COUNT", "("):
        return _count(cursor)
    if cursor.skip("BLOCKS", "("):
        where = cursor.where() if cursor.skip("WHERE") else None
        cursor.expect(")")
        return NumBlocks(where)
    if cursor.token.kind == "word" and cursor.token.value.lower() in ATTRIBUTES:
        return Attribute(cast(AttributeName, ATTRIBUTES[cursor.take().value.lower()]))
    return Property(cursor.name(PROPERTY))


def _extent(cursor: Cursor, direction: Direction) -> LinearExtent:
    cursor.expect("FROM")
    source = reference(cursor)
    destination = reference(cursor) if cursor.skip("TO") else None
    seen = frame(cursor) if cursor.skip("FRAME") else None
    unit = unit_word(cursor) if cursor.skip("IN") else None
    cursor.expect(")")
    return LinearExtent(direction, source, destination, seen, unit)


def _count(cursor: Cursor) -> CountOf:
    steps: list[PathStep] = []
    while cursor.sees("^") or _names(cursor):
        steps.append(_step(cursor))
        if not cursor.skip("->"):
            break
    filters = cursor.filters() if cursor.skip("AMONG") else None
    cursor.expect(")")
    return CountOf(tuple(steps), filters)


def unit_word(cursor: Cursor) -> Unit:
    """A unit. Raises QueryTextError for any other word."""
    if not cursor.word_in(UNIT_WORDS):
        raise cursor.error("a unit: " + ", ".join(sorted(set(UNIT_WORDS.values()))))
    return cast(Unit, UNIT_WORDS[cursor.take().value.lower()])


def frame(cursor: Cursor) -> ReferenceFrame:
    """Whose left and front are meant."""
    if cursor.sees("THING"):
        return thing(cursor)
    return cast(ReferenceFrame, cursor.one_of(FRAMES, "AGENT, SPEAKER, ABSOLUTE or THING(...)"))


def reference(cursor: Cursor) -> ReferenceObject:
    """Something spoken of."""
    return thing(cursor) if cursor.sees("THING") else _part(cursor, ReferenceObject())


def thing(cursor: Cursor) -> ReferenceObject:
    """THING(...): something spoken of in several ways, or in none."""
    cursor.expect("THING")
    cursor.expect("(")
    found = ReferenceObject()
    with cursor.nested():
        while not cursor.sees(")"):
            found = _part(cursor, found)
            if not cursor.skip(","):
                break
    cursor.expect(")")
    return found


def _part(cursor: Cursor, known: ReferenceObject) -> ReferenceObject:
    """What is known of a thing and one way more to speak of it."""
    token = cursor.token
    span, special, at, filters = known.text_span, known.special, known.coordinates_m, known.filters
    if token.kind == "text" and not span:
        return ReferenceObject(cursor.take().value, special, at, filters)
    if special is None and token.kind == "word" and token.value.upper() in SPECIAL:
        special = cast(Special, cursor.take().value.upper())
    elif at is None and cursor.skip("POINT", "("):
        at = _numbers(cursor)
    elif filters is None and cursor.sees("("):
        filters = cursor.filters()
    else:
        raise cursor.error("AGENT, SPEAKER, SPEAKER_LOOK, POINT(...), (SELECT ...), a text or THING(...)")
    return ReferenceObject(span, special, at, filters)


def _numbers(cursor: Cursor) -> tuple[float, ...]:
    found: list[float] = []
    while not cursor.sees(")"):
        found.append(cursor.number())
        if not cursor.skip(","):
            break
    cursor.expect(")")
    return tuple(found)


def moment(cursor: Cursor) -> Moment:
    """A time of the run's clock, or so long ago."""
    token, expected = cursor.token, "a time such as 5 seconds or 10 minutes AGO"
    if token.kind != "number" or len(token.value) > MOST_CHARACTERS or "e" in token.value.lower():
        raise cursor.error(expected)
    count = Fraction(cursor.take().value)
    word = cursor.token.value.lower()
    if cursor.token.kind != "word" or (word != "ns" and UNIT_WORDS.get(word) not in NS):
        raise cursor.error("a unit of time: days, hours, minutes, seconds, ms or ns")
    ns = count * (1 if word == "ns" else NS[UNIT_WORDS[word]])
    if ns.denominator != 1:
        raise cursor.error("a time of whole nanoseconds", token)
    cursor.take()
    return Moment(int(ns), cursor.skip("AGO"))
