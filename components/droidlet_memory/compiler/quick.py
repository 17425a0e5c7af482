"""The quick way through a question that has nothing but clauses about what is said of things: its plan was made
before, and its answer is what the SELECT finds.
"""

from __future__ import annotations

from typing import Any

from droidlet_schema import And, Answer, Filters, MemoryNode, Triple

Key = tuple[Any, ...]

_put_id, _put_nodes, _put_count, _put_values, _put_rows = (
    getattr(Answer, name).__set__ for name in ("query_id", "nodes", "count", "values", "rows")
)


def key_of(filters: Filters, newest: bool) -> Key | None:
    """What tells the plan of one clause of triples from another's, quickly; None for any other clause."""
    where = filters.where
    if filters.location is not None:
        return None
    if type(where) is Triple:
        return where.predicate, where.object, where.confidence, filters.memory_type, newest
    if type(where) is And and all(type(clause) is Triple for clause in where.clauses):
        words = [(c.predicate, c.object, c.confidence) for c in where.clauses if type(c) is Triple]
        return (*words, filters.memory_type, newest)
    return None


def nothing_else(filters: Filters) -> bool:
    """Whether filters ask for the nodes that fit their clause now, for all of them, and for no more."""
    return filters.selector is None and filters.at_time is None and type(filters.output) is str


def answer_of(query_id: int, nodes: list[MemoryNode]) -> Answer:
    """`Answer(query_id, tuple(nodes), len(nodes))` of nodes out of the store: they were checked when they were
    made, and are not looked at one by one again.
    """
    made = object.__new__(Answer)
    _put_id(made, query_id)
    _put_nodes(made, tuple(nodes))
    _put_count(made, len(nodes))
    _put_values(made, ())
    _put_rows(made, ())
    return made
