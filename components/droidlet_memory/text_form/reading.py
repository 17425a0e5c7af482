"""From text to filters."""

from __future__ import annotations

from typing import Literal, cast

from droidlet_memory.text_form.clauses import where
from droidlet_memory.text_form.cursor import Cursor
from droidlet_memory.text_form.errors import QueryTextError
from droidlet_memory.text_form.measures import begins_measure, frame, measure, moment, reference, unit_word
from droidlet_memory.text_form.vocabulary import AFTER_TYPES, DIRECTIONS, LENGTH_WORDS, is_loose_type
from droidlet_memory.units import LENGTHS
from droidlet_schema import (
    And,
    Direction,
    EncodeError,
    Filters,
    Location,
    Measured,
    RecordError,
    ReferenceFrame,
    ReferenceObject,
    Selector,
    digest,
)

Quantity = Literal["ALL", "RANDOM", "MIN", "MAX"]
Same = Literal["ALLOWED", "DISALLOWED", "REQUIRED"]


def parse_query(text: str) -> Filters:
    """The filters that a text stands for. Raises QueryTextError saying where the text is wrong, what stands
    there and what was expected; nothing else, whatever the text.
    """
    cursor = Cursor(text, filters, where)
    try:
        found = filters(cursor)
        if cursor.token.kind != "end":
            raise cursor.error("the end")
        digest(found)  # what cannot be sent is no query
    except RecordError as error:
        raise QueryTextError(
            text, cursor.token.position, str(error), "a value that a query can hold"
        ) from None
    except (EncodeError, RecursionError) as error:
        raise QueryTextError(text, 0, str(error), "fewer things inside one another") from None
    return found


def filters(cursor: Cursor) -> Filters:
    """A query."""
    cursor.expect("SELECT")
    output = _output(cursor)
    cursor.expect("FROM")
    kind = cursor.token.kind
    memory_type = cursor.name("a memory type such as REFERENCE_OBJECT, or a node type", AFTER_TYPES)
    if kind == "word" and is_loose_type(memory_type):
        memory_type = memory_type.upper()
    condition = where(cursor) if cursor.skip("WHERE") else And()
    location = _location(cursor) if cursor.skip("PLACED") else None
    selector = _selector(cursor)
    at_time = moment(cursor) if cursor.skip("AT", "TIME") else None
    coreference = cursor.skip("COREFERENCE")
    return Filters(
        condition, output, selector, location, memory_type, coreference, cursor.skip("OTHER"), at_time
    )


def _output(cursor: Cursor) -> Literal["MEMORY", "COUNT"] | Measured | tuple[Measured, ...]:
    if cursor.skip("MEMORY"):
        return "MEMORY"
    if cursor.sees("COUNT") and not cursor.sees("COUNT", "("):
        cursor.take()
        return "COUNT"
    if not cursor.skip("("):
        if not begins_measure(cursor):
            raise cursor.error("MEMORY, COUNT, a property, or several in parentheses")
        return measure(cursor)
    several: list[Measured] = []
    while not cursor.sees(")"):
        several.append(measure(cursor))
        if not cursor.skip(","):
            break
    cursor.expect(")")
    return tuple(several)


def _location(cursor: Cursor) -> Location:
    direction = _direction(cursor)
    references: list[ReferenceObject] = []
    if cursor.skip("OF") or cursor.skip("FROM") or not _is_past_references(cursor):
        references.append(reference(cursor))
        while cursor.skip(","):
            references.append(reference(cursor))
    distance: float | None = None
    if cursor.sees("AT") and not cursor.sees("AT", "TIME"):
        cursor.take()
        distance = cursor.number()
        if cursor.word_in(LENGTH_WORDS):
            distance *= LENGTHS[unit_word(cursor)]
    seen: ReferenceFrame | None = frame(cursor) if cursor.skip("FRAME") else None
    span = cursor.string() if cursor.skip("SPAN") else ""
    return Location(direction, distance, tuple(references), span, seen)


def _direction(cursor: Cursor) -> Direction | None:
    token = cursor.token
    if token.kind != "word" or token.value.upper() not in DIRECTIONS:
        return None
    return cast(Direction, cursor.take().value.upper())


def _is_past_references(cursor: Cursor) -> bool:
    token = cursor.token
    ends = AFTER_TYPES | {"FRAME", "SPAN"}
    return token.kind == "end" or cursor.sees(")") or (token.kind == "word" and token.value.upper() in ends)


def _selector(cursor: Cursor) -> Selector | None:
    if not any(
        cursor.sees(word) for word in ("ARGMIN", "ARGMAX", "ORDER", "ORDINAL", "LIMIT", "SAME", "SEED")
    ):
        return None
    start = cursor.token
    quantity, attribute, downwards = _order(cursor)
    ordinal = cursor.whole() if cursor.skip("ORDINAL") else 1
    count = cursor.whole() if cursor.skip("LIMIT") else None
    if downwards and count is None:
        raise cursor.error("ARGMAX, or a LIMIT to ORDER BY ... DESC", start)
    same: Same = "DISALLOWED"
    if cursor.skip("SAME"):
        words = ("ALLOWED", "DISALLOWED", "REQUIRED")
        same = cast(Same, cursor.one_of(words, "ALLOWED, DISALLOWED or REQUIRED"))
    seed = cursor.whole() if cursor.skip("SEED") else None
    return Selector(quantity, attribute, ordinal, count, same, seed)


def _order(cursor: Cursor) -> tuple[Quantity, Measured | None, bool]:
    """By what nodes are chosen; ORDER BY x DESC is the same as ARGMAX x."""
    for word, quantity in (("ARGMIN", "MIN"), ("ARGMAX", "MAX")):
        if cursor.skip(word):
            return cast(Quantity, quantity), measure(cursor) if begins_measure(cursor) else None, False
    if not cursor.skip("ORDER"):
        return "ALL", None, False
    cursor.expect("BY")
    if cursor.skip("RANDOM"):
        return "RANDOM", measure(cursor) if begins_measure(cursor) else None, False
    if cursor.skip("DEFAULT"):
        return "ALL", None, False
    attribute = measure(cursor)
    if cursor.skip("DESC"):
        return "MAX", attribute, True
    cursor.skip("ASC")
    return "ALL", attribute, False
