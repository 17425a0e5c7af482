"""From filters to text."""

from __future__ import annotations

from droidlet_memory.text_form.vocabulary import AFTER_TYPES, SIGNS, is_loose_type, is_said
from droidlet_memory.text_form.words import (
    Nested,
    confidence,
    double_quoted,
    frame,
    identifier,
    is_always,
    measure,
    moment,
    number,
    quoted,
    reference,
    thing,
)
from droidlet_schema import (
    And,
    Comparator,
    Filters,
    Happened,
    Location,
    Mentions,
    Not,
    Or,
    ReferenceObject,
    Selector,
    Side,
    Triple,
    TriplePattern,
    Where,
)


def query_text(filters: Filters) -> str:
    """Filters as text that `parse_query` reads back as the same. Raises ValueError for what nests so
    deeply that it cannot be sent either.
    """
    return _filters(filters, Nested(_filters, _where))


def _filters(filters: Filters, nested: Nested) -> str:
    parts = [f"SELECT {_output(filters, nested)} FROM {_memory_type(filters.memory_type)}"]
    if not is_always(filters.where):
        parts.append(f"WHERE {_where(filters.where, nested)}")
    if filters.location is not None:
        parts.append(_location(filters.location, nested))
    if filters.selector is not None:
        parts.append(_selector(filters.selector, nested))
    if filters.at_time is not None:
        parts.append(f"AT TIME {moment(filters.at_time)}")
    parts += ["COREFERENCE"] * filters.contains_coreference + ["OTHER"] * filters.other
    return " ".join(parts)


def _memory_type(name: str) -> str:
    return double_quoted(name) if is_loose_type(name) else identifier(name, AFTER_TYPES)


def _output(filters: Filters, nested: Nested) -> str:
    output = filters.output
    if isinstance(output, str):
        return output
    if isinstance(output, tuple):
        return "(" + ", ".join(measure(one, nested) for one in output) + ")"
    return measure(output, nested)


def _location(location: Location, nested: Nested) -> str:
    parts = ["PLACED"]
    if location.relative_direction is not None:
        parts.append(location.relative_direction)
    if location.references:
        before = {"AWAY": "FROM ", "NEAR": "", "AROUND": "", "BETWEEN": ""}
        parts.append(
            before.get(location.relative_direction or "", "OF ")
            + ", ".join(reference(one, nested) for one in location.references)
        )
    if location.distance_m is not None:
        parts.append(f"AT {number(location.distance_m)}")
    if location.frame is not None:
        parts.append(f"FRAME {frame(location.frame, nested)}")
    if location.text_span:
        parts.append(f"SPAN {quoted(location.text_span)}")
    return " ".join(parts)


def _selector(selector: Selector, nested: Nested) -> str:
    words = {"MIN": "ARGMIN", "MAX": "ARGMAX", "RANDOM": "ORDER BY RANDOM", "ALL": "ORDER BY"}
    parts = [words[selector.quantity]]
    if selector.attribute is not None:
        parts.append(measure(selector.attribute, nested))
    elif selector.quantity == "ALL":
        parts.append("DEFAULT")
    if selector.ordinal != 1:
        parts.append(f"ORDINAL {selector.ordinal}")
    if selector.count is not None:
        parts.append(f"LIMIT {selector.count}")
    if selector.same != "DISALLOWED":
        parts.append(f"SAME {selector.same}")
    if selector.seed is not None:
        parts.append(f"SEED {selector.seed}")
    return " ".join(parts)


def _where(where: Where, nested: Nested) -> str:
    negations = 0
    while isinstance(where, Not):
        where, negations, nested = where.clause, negations + 1, nested.deeper()
    return "NOT " * negations + (_operand(where, nested) if negations else _positive(where, nested))


def _positive(where: Where, nested: Nested) -> str:
    if isinstance(where, Triple):
        return _triple(where)
    if isinstance(where, TriplePattern):
        return _pattern(where, nested)
    if isinstance(where, Happened):
        return _happened(where)
    if isinstance(where, Mentions):
        return f"MENTIONS {quoted(where.words)}"
    if isinstance(where, Comparator):
        return _comparator(where, nested)
    if isinstance(where, Not):
        return _where(where, nested)
    word = "AND" if isinstance(where, And) else "OR"
    if not where.clauses:
        return "TRUE" if word == "AND" else "FALSE"
    if len(where.clauses) == 1:
        return f"{word} ({nested.where(where.clauses[0])})"
    return f" {word} ".join(_operand(clause, nested) for clause in where.clauses)


def _operand(clause: Where, nested: Nested) -> str:
    """One of several: in parentheses where it has several itself."""
    if isinstance(clause, (And, Or)) and len(clause.clauses) > 1:
        return f"({nested.where(clause)})"
    return _where(clause, nested)


def _triple(triple: Triple) -> str:
    name = identifier(triple.predicate)
    if is_said(name):
        return f"{name} = {quoted(triple.object)}{confidence(triple.confidence)}"
    return f"SAID({name}, {quoted(triple.object)}){confidence(triple.confidence)}"


def _pattern(pattern: TriplePattern, nested: Nested) -> str:
    other, predicate = pattern.other, pattern.predicate
    side = "*" if other is None else quoted(other) if isinstance(other, str) else nested.filters(other)
    middle = "*" if predicate is None else identifier(predicate)
    triple = f"?, {middle}, {side}" if pattern.node_is == "SUBJECT" else f"{side}, {middle}, ?"
    return f"TRIPLE({triple}){confidence(pattern.confidence)}"


def _happened(clause: Happened) -> str:
    since, until = clause.since, clause.until
    if since is not None and until is not None:
        return f"{clause.event} BETWEEN {moment(since)} AND {moment(until)}"
    if since is not None:
        return f"{clause.event} SINCE {moment(since)}"
    return f"{clause.event} EVER" if until is None else f"{clause.event} UNTIL {moment(until)}"


def _comparator(clause: Comparator, nested: Nested) -> str:
    left, right = _side(clause.left, nested), _side(clause.right, nested)
    last = ""
    if clause.unit is not None:
        if isinstance(clause.right, float):
            right += f" {clause.unit}"
        elif isinstance(clause.left, float):
            left += f" {clause.unit}"
        else:
            last = f" IN {clause.unit}"
    text = f"{left} {SIGNS[clause.comparison]} {right}"
    if clause.modulus is not None:
        text += f" MODULO {number(clause.modulus)}"
    if clause.close_tolerance is not None:
        text += f" WITHIN {number(clause.close_tolerance)}"
    several = "" if clause.set_comparison is None else f" FOR {clause.set_comparison}"
    return text + last + several


def _side(side: Side, nested: Nested) -> str:
    if isinstance(side, float):
        return number(side)
    if isinstance(side, str):
        return quoted(side)
    if isinstance(side, Filters):
        return nested.filters(side)
    if isinstance(side, ReferenceObject):
        return thing(side, nested)
    return measure(side, nested)
