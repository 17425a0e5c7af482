"""Clauses about the numbers in a node's row: place, extent, times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from droidlet_memory.comparing import SAME, SAME_SHARE
from droidlet_memory.compiler import said
from droidlet_memory.compiler.pieces import UNSAID, Piece
from droidlet_memory.compiler.places import along
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import NEVER, Sql
from droidlet_memory.numerals import number_in
from droidlet_memory.words import clean, forms
from droidlet_schema import Attribute, Comparator, Happened

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
ORDERS: Mapping[str, str] = MappingProxyType(
    {"GREATER_THAN": ">", "GREATER_THAN_EQUAL": ">=", "LESS_THAN": "<", "LESS_THAN_EQUAL": "<="}
)


def compared(clause: Comparator, scope: Scope) -> Piece:
    """An attribute against a number or, for texts, a text; anything else is unsaid."""
    left, right = clause.left, clause.right
    extras = (clause.unit, clause.close_tolerance, clause.modulus, clause.set_comparison)
    if not isinstance(left, Attribute) or extras != (None, None, None, None):
        return UNSAID
    if left.name in TEXTS and isinstance(right, str):
        return _text(TEXTS[left.name], clause.comparison, right, scope)
    if left.name in NUMBERS and isinstance(right, float):
        tested = _number(NUMBERS[left.name], clause.comparison, right)
        axis = left.name.lower()
        return along(axis, clause.comparison, right, tested, scope) if axis in "xyz" else tested
    return UNSAID


def _text(predicate: str, comparison: str, right: str, scope: Scope) -> Piece:
    found = said.speaking(said.meaning(forms(clean(right)), (predicate,)), scope)
    if comparison == "EQUAL":
        return found
    return UNSAID if comparison == "NOT_EQUAL" or number_in(right) is not None else Piece(NEVER)


def _number(column: str, comparison: str, right: float) -> Piece:
    if math.isnan(right):
        return UNSAID
    if comparison in ORDERS:
        return Piece(_known(Sql(f"{column} {ORDERS[comparison]} ?", (right,))))
    equal = _equal(column, right)
    return Piece(_known(equal if comparison == "EQUAL" else Sql("NOT ") + equal.bracketed()))


def _equal(column: str, right: float) -> Sql:
    """As `comparing` does: the columns are finite."""
    if math.isinf(right):
        return Sql(f"{column} = ?", (right,))
    allowed = f"max({SAME}, {SAME_SHARE} * max(abs({column}), abs(?)))"
    return Sql(f"abs({column} - ?) <= {allowed}", (right, right))


def _known(test: Sql) -> Sql:
    """A test that is false, not unknown, of what is not there."""
    return Sql("coalesce(") + test + ", 0)"


def happened(clause: Happened) -> Piece:
    """Times in the row; what was last changed is found by its index."""
    return UNSAID
