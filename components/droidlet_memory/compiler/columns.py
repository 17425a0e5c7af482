"""Clauses about the numbers in a node's row: place, extent, times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from droidlet_memory.asking import ns_of
from droidlet_memory.comparing import SAME, SAME_SHARE
from droidlet_memory.compiler import said
from droidlet_memory.compiler.pieces import UNSAID, Piece
from droidlet_memory.compiler.places import along
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import NEVER, Sql, joined
from droidlet_memory.numerals import number_in
from droidlet_memory.units import scale_of
from droidlet_memory.words import clean, forms
from droidlet_schema import Attribute, Comparator, Comparison, Happened, Query

NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "X": "{x}",
        "Y": "{y}",
        "Z": "{z}",
        "HEIGHT": "{sz}",
        "WIDTH": "max({sx}, {sy})",
        "DEPTH": "min({sx}, {sy})",
        "BORN_TIME": "({created_ns} / 1e9)",
        "MODIFY_TIME": "({updated_ns} / 1e9)",
        "VISIT_TIME": "(nullif({attended}, 0) / 1e9)",
    }
)
"""Attributes that rows tell to the bit; SIZE is not among them: SQLite's cube root differs in the last bit."""

TEXTS: Mapping[str, str] = MappingProxyType({"NAME": "has_name", "COLOUR": "has_colour", "TAG": "has_tag"})
TIMES: Mapping[str, str] = MappingProxyType(
    {"CREATED": "{created_ns}", "UPDATED": "{updated_ns}", "ATTENDED": "nullif({attended}, 0)"}
)
MIRRORED: Mapping[str, Comparison] = MappingProxyType(
    {
        "GREATER_THAN": "LESS_THAN",
        "GREATER_THAN_EQUAL": "LESS_THAN_EQUAL",
        "LESS_THAN": "GREATER_THAN",
        "LESS_THAN_EQUAL": "GREATER_THAN_EQUAL",
    }
)
"""What holds of two sides the other way round."""
ORDERS: Mapping[str, str] = MappingProxyType(
    {"GREATER_THAN": ">", "GREATER_THAN_EQUAL": ">=", "LESS_THAN": "<", "LESS_THAN_EQUAL": "<="}
)


def compared(clause: Comparator, scope: Scope) -> Piece:
    """An attribute against a number or, for texts, a text; anything else is unsaid."""
    left, right, comparison = clause.left, clause.right, clause.comparison
    if isinstance(right, Attribute):
        left, right, comparison = right, left, MIRRORED.get(comparison, comparison)
        if clause.modulus is not None:
            return UNSAID
    if not isinstance(left, Attribute) or clause.modulus is not None:
        return UNSAID
    plain = clause.unit is None and clause.close_tolerance is None and clause.set_comparison is None
    if left.name in TEXTS and isinstance(right, str) and plain:
        return _text(TEXTS[left.name], comparison, right, scope)
    if left.name not in NUMBERS or not isinstance(right, float) or math.isnan(right):
        return UNSAID
    return _number(left.name, comparison, right * scale_of(clause.unit), clause, scope)


def _text(predicate: str, comparison: str, right: str, scope: Scope) -> Piece:
    found = said.speaking(said.meaning(forms(clean(right)), (predicate,)), scope)
    if comparison == "EQUAL":
        return found
    return UNSAID if comparison == "NOT_EQUAL" or number_in(right) is not None else Piece(NEVER)


def _number(name: str, comparison: str, right: float, clause: Comparator, scope: Scope) -> Piece:
    column, axis = NUMBERS[name], name.lower()
    if comparison in ORDERS:
        tested = Piece(_known(Sql(f"{column} {ORDERS[comparison]} ?", (right,))))
        return along(axis, comparison, right, tested, scope) if axis in "xyz" else tested
    tolerance = clause.close_tolerance
    if not math.isfinite(right) or (tolerance is not None and not math.isfinite(tolerance)):
        return UNSAID
    allowed = 0.0 if tolerance is None else tolerance * scale_of(clause.unit)
    equal = _close(column, right, allowed)
    if comparison == "NOT_EQUAL":
        return Piece(_known(Sql("NOT ") + equal.bracketed()))
    tested = Piece(_known(equal))
    return along(axis, comparison, right, tested, scope, allowed) if axis in "xyz" else tested


def _close(column: str, right: float, allowed: float) -> Sql:
    """As `comparing.Pair` does: the columns are finite."""
    slack = f"max({SAME}, {SAME_SHARE} * max(abs({column}), abs(?)))"
    return Sql(f"abs({column} - ?) <= ? + {slack}", (right, allowed, right))


def _known(test: Sql) -> Sql:
    """A test that is false, not unknown, of what is not there."""
    return Sql("coalesce(") + test + ", 0)"


def happened(clause: Happened, query: Query) -> Piece:
    """Times in the row; when something was finished is a property."""
    column = TIMES.get(clause.event)
    if column is None:
        return UNSAID
    tests = []
    for moment, order in ((clause.since, ">="), (clause.until, "<=")):
        if moment is not None:
            tests.append(Sql(f"{column} {order} ?", (_within(ns_of(moment, query)),)))
    known = _known(joined(" AND ", tests or [Sql(f"{column} IS NOT NULL")]))
    return Piece(known)


def _within(ns: int) -> int:
    """The nearest whole number that SQLite can compare with; no time lies beyond."""
    return max(-(2**63), min(2**63 - 1, ns))
