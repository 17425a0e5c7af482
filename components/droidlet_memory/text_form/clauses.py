"""Reading where clauses."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Literal, cast

from droidlet_memory.text_form.cursor import Cursor
from droidlet_memory.text_form.measures import begins_measure, measure, moment, thing, unit_word
from droidlet_memory.text_form.vocabulary import COMPARISONS, EVENTS, UNIT_WORDS, is_said
from droidlet_schema import (
    And,
    Comparator,
    Comparison,
    Filters,
    Happened,
    Mentions,
    Moment,
    Not,
    Or,
    Side,
    Triple,
    TriplePattern,
    Unit,
    Where,
)

Event = Literal["CREATED", "UPDATED", "ATTENDED", "FINISHED"]
CLAUSE = "a clause such as has_colour = 'red' or height > 30 cm"


def where(cursor: Cursor) -> Where:
    """Clauses with OR between them; AND binds more."""
    clauses = [_all_of(cursor)]
    while cursor.skip("OR"):
        clauses.append(_all_of(cursor))
    return clauses[0] if len(clauses) == 1 else Or(tuple(clauses))


def _all_of(cursor: Cursor) -> Where:
    clauses = [_clause(cursor)]
    while cursor.skip("AND"):
        clauses.append(_clause(cursor))
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))


def _clause(cursor: Cursor) -> Where:
    with ExitStack() as negations:
        count = 0
        while cursor.skip("NOT"):
            negations.enter_context(cursor.nested())
            count += 1
        found = _positive(cursor)
    for _ in range(count):
        found = Not(found)
    return found


def _positive(cursor: Cursor) -> Where:
    if cursor.skip("TRUE"):
        return And()
    if cursor.skip("FALSE"):
        return Or()
    if cursor.sees("(") and not cursor.sees("(", "SELECT"):
        return _bracketed(cursor)
    if cursor.skip("AND"):
        return And((_bracketed(cursor),))
    if cursor.skip("OR"):
        return Or((_bracketed(cursor),))
    if cursor.skip("TRIPLE"):
        return _pattern(cursor)
    if cursor.skip("SAID"):
        return _said(cursor)
    if cursor.skip("MENTIONS"):
        return Mentions(cursor.string())
    if cursor.token.kind == "word" and cursor.token.value.upper() in EVENTS:
        return _happened(cursor)
    if _is_triple(cursor):
        predicate = cursor.take().value
        cursor.expect("=")
        return Triple(predicate, cursor.string(), _confidence(cursor))
    return _comparator(cursor)


def _bracketed(cursor: Cursor) -> Where:
    cursor.expect("(")
    found = cursor.where()
    cursor.expect(")")
    return found


def _is_triple(cursor: Cursor) -> bool:
    token, sign, text = cursor.token, cursor.ahead(), cursor.ahead(2)
    return token.kind == "word" and is_said(token.value) and sign[:2] == ("sign", "=") and text.kind == "text"


def _said(cursor: Cursor) -> Triple:
    cursor.expect("(")
    predicate = cursor.name("a predicate")
    cursor.expect(",")
    text = cursor.string()
    cursor.expect(")")
    return Triple(predicate, text, _confidence(cursor))


def _confidence(cursor: Cursor) -> float | None:
    return cursor.number() if cursor.skip("CONFIDENCE") else None


def _pattern(cursor: Cursor) -> TriplePattern:
    cursor.expect("(")
    node_is: Literal["SUBJECT", "OBJECT"] = "SUBJECT" if cursor.skip("?") else "OBJECT"
    other = None if node_is == "SUBJECT" else _other(cursor)
    cursor.expect(",")
    predicate = None if cursor.skip("*") else cursor.name("a predicate, or * for any")
    cursor.expect(",")
    if node_is == "SUBJECT":
        other = _other(cursor)
    else:
        cursor.expect("?")
    cursor.expect(")")
    return TriplePattern(predicate, other, node_is, _confidence(cursor))


def _other(cursor: Cursor) -> None | str | Filters:
    if cursor.skip("*"):
        return None
    if cursor.token.kind == "text":
        return cursor.string()
    if cursor.sees("("):
        return cursor.filters()
    raise cursor.error("? for the node, * for anything, a text or (SELECT ...)")


def _happened(cursor: Cursor) -> Happened:
    event = cast(Event, cursor.take().value.upper())
    since: Moment | None = None
    until: Moment | None = None
    if cursor.skip("BETWEEN"):
        since = moment(cursor)
        cursor.expect("AND")
        until = moment(cursor)
    elif cursor.skip("SINCE"):
        since = moment(cursor)
    elif cursor.skip("UNTIL"):
        until = moment(cursor)
    elif not cursor.skip("EVER"):
        raise cursor.error("SINCE, UNTIL, BETWEEN or EVER")
    return Happened(event, since, until)


def _comparator(cursor: Cursor) -> Comparator:
    left, unit = _side(cursor, None, CLAUSE)
    if cursor.token.kind != "sign" or cursor.token.value not in (*COMPARISONS, "<>"):
        raise cursor.error("one of " + " ".join(COMPARISONS))
    comparison = COMPARISONS[cursor.take().value.replace("<>", "!=")]
    right, unit = _side(cursor, unit, "a number, a text, a property, (SELECT ...) or THING(...)")
    modulus = cursor.number() if cursor.skip("MODULO") else None
    tolerance = cursor.number() if cursor.skip("WITHIN") else None
    if cursor.sees("IN"):
        if unit is not None:
            raise cursor.error("one unit for all numbers of a clause")
        cursor.take()
        unit = unit_word(cursor)
    several: Literal["ANY", "ALL"] | None = None
    if cursor.skip("FOR"):
        several = cast(Literal["ANY", "ALL"], cursor.one_of(("ANY", "ALL"), "ANY or ALL"))
    return Comparator(left, cast(Comparison, comparison), right, unit, tolerance, modulus, several)


def _side(cursor: Cursor, unit: Unit | None, expected: str) -> tuple[Side, Unit | None]:
    """A side, and the unit of the clause as far as it is known."""
    if cursor.is_number():
        number = cursor.number()
        if cursor.word_in(UNIT_WORDS):
            if unit is not None:
                raise cursor.error("one unit for all numbers of a clause")
            unit = unit_word(cursor)
        return number, unit
    if cursor.token.kind == "text":
        return cursor.string(), unit
    if cursor.sees("THING"):
        return thing(cursor), unit
    if cursor.sees("("):
        return cursor.filters(), unit
    if begins_measure(cursor):
        return measure(cursor), unit
    raise cursor.error(expected)
