"""Where clauses: which nodes they hold for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import ge, gt, le, lt
from types import MappingProxyType

from droidlet_memory.asking import MAX_DEPTH, Asking, position_of
from droidlet_memory.attributes import Quantity, quantity, texts
from droidlet_memory.sizes import of_size
from droidlet_memory.words import Word
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Happened,
    LinearExtent,
    MemoryNode,
    Not,
    Or,
    ReferenceObject,
    Triple,
    TriplePattern,
    Where,
    evolve,
)

Condition = Callable[[MemoryNode], bool]
SAME = 1e-6  # numbers this close, absolutely or relatively, are equal

_TEXT_ATTRIBUTES: Mapping[str, str] = MappingProxyType(
    {"NAME": "has_name", "COLOUR": "has_colour", "TAG": "has_tag"}
)


def condition(where: Where, pool: Sequence[MemoryNode], asking: Asking, depth: int = 0) -> Condition:
    """The test that a clause stands for; `pool` are the nodes asked about, which size words compare."""
    if depth > MAX_DEPTH:
        return _never
    if isinstance(where, (TriplePattern, Happened)):
        return _never
    if isinstance(where, Triple):
        return _said(where, pool, asking)
    if isinstance(where, Comparator):
        return _compared(where, pool, asking)
    if isinstance(where, Not):
        inner = condition(where.clause, pool, asking, depth + 1)
        return lambda node: not inner(node)
    clauses = [condition(clause, pool, asking, depth + 1) for clause in where.clauses]
    if isinstance(where, And):
        return lambda node: all(clause(node) for clause in clauses)
    return _any_of(where, clauses)


def _any_of(where: Or, clauses: list[Condition]) -> Condition:
    return lambda node: any(clause(node) for clause in clauses)


def _never(node: MemoryNode) -> bool:
    return False


def _said(triple: Triple, pool: Sequence[MemoryNode], asking: Asking) -> Condition:
    """Said of a node by this predicate or as a tag; has_tag: by any predicate, or of all of its type."""
    wanted, predicate = Word(triple.object), triple.predicate
    anything = predicate == "has_tag"
    fits_size = of_size(triple.object, pool) if predicate == "has_size" else _never
    types = asking.schema.types

    def holds(node: MemoryNode) -> bool:
        for said in node.triples:
            if (anything or said.predicate in (predicate, "has_tag")) and wanted.means(said.object):
                return True
        if anything and any(wanted.means(tag) for tag in types[node.node_type].tags):
            return True
        return fits_size(node)

    return holds


def _compared(clause: Comparator, pool: Sequence[MemoryNode], asking: Asking) -> Condition:
    left, right, comparison = clause.left, clause.right, clause.comparison
    if not isinstance(left, (Attribute, LinearExtent)):
        return _never
    if isinstance(right, ReferenceObject):
        value = _of_thing(quantity(left, asking), right, asking)
        return _compared(evolve(clause, right=value), pool, asking) if value is not None else _never
    if not isinstance(right, (float, str)):
        return _never
    number = _number(right)
    if isinstance(left, Attribute) and left.name in _TEXT_ATTRIBUTES:
        return _compared_text(_TEXT_ATTRIBUTES[left.name], comparison, str(right))
    if (
        isinstance(left, Attribute)
        and left.name == "SIZE"
        and number is None
        and comparison in ("EQUAL", "NOT_EQUAL")
    ):
        fits = _said(Triple("has_size", str(right)), pool, asking)
        return fits if comparison == "EQUAL" else lambda node: not fits(node)
    measure = quantity(left, asking)
    if number is None:
        return _measured_text(measure, comparison, str(right))
    compare = _COMPARISONS[comparison]
    return lambda node: _is_number(value := measure(node)) and compare(value, number)


def _of_thing(
    measure: Callable[[MemoryNode], Quantity], reference: ReferenceObject, asking: Asking
) -> float | str | None:
    """What the thing referred to measures; of several that it may mean, the nearest to the viewer counts."""
    nodes = asking.found(reference.filters) if reference.filters is not None else []
    viewer = asking.query.viewer
    placed = [
        (math.hypot(at[0] - viewer.x_m, at[1] - viewer.y_m), index, node)
        for index, node in enumerate(nodes)
        if (at := position_of(node)) is not None
    ]
    return measure(min(placed)[2]) if placed else None


def _measured_text(measure: Callable[[MemoryNode], Quantity], comparison: str, right: str) -> Condition:
    wanted = Word(right)

    def holds(node: MemoryNode) -> bool:
        value = measure(node)
        return (
            isinstance(value, str)
            and comparison in _EQUALITY
            and wanted.means(value) is _EQUALITY[comparison]
        )

    return holds


def _compared_text(predicate: str, comparison: str, right: str) -> Condition:
    """EQUAL: one of the texts said is meant; NOT_EQUAL: some are said and none is meant; there is no other
    order of texts.
    """
    wanted = Word(right)

    def holds(node: MemoryNode) -> bool:
        said = texts(predicate, node)
        return (
            bool(said)
            and comparison in _EQUALITY
            and any(wanted.means(t) for t in said) is _EQUALITY[comparison]
        )

    return holds


_EQUALITY: Mapping[str, bool] = MappingProxyType({"EQUAL": True, "NOT_EQUAL": False})


def _number(right: float | str) -> float | None:
    """A number, or text that reads as one; never NaN."""
    try:
        number = float(right)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _is_number(value: Quantity) -> bool:
    return isinstance(value, float) and not math.isnan(value)


def _equal(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=SAME, abs_tol=SAME)


_COMPARISONS: Mapping[str, Callable[..., bool]] = MappingProxyType(
    {
        "GREATER_THAN": gt,
        "GREATER_THAN_EQUAL": ge,
        "LESS_THAN": lt,
        "LESS_THAN_EQUAL": le,
        "EQUAL": _equal,
        "NOT_EQUAL": lambda a, b: not _equal(a, b),
    }
)
