"""Where clauses: which nodes they hold for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from droidlet_memory.asking import Asking, ns_of
from droidlet_memory.attributes import finished_ns, texts
from droidlet_memory.comparing import compared, is_size_word
from droidlet_memory.mentioning import mentioning
from droidlet_memory.sizes import of_size
from droidlet_memory.words import Word
from droidlet_schema import (
    And,
    Comparator,
    Filters,
    Happened,
    MemoryNode,
    Mentions,
    Not,
    Triple,
    TriplePattern,
    Where,
)

Condition = Callable[[MemoryNode], bool]


def condition(where: Where, pool: Sequence[MemoryNode], asking: Asking) -> Condition:
    """The test that a clause stands for; `pool` are the nodes asked about, which size words compare."""
    if asking.too_deep:
        return _never
    if isinstance(where, Triple):
        return _said(where, pool, asking)
    if isinstance(where, TriplePattern):
        return _matched(where, asking)
    if isinstance(where, Happened):
        return _happened(where, asking)
    if isinstance(where, Comparator):
        return _compared(where, pool, asking)
    if isinstance(where, Mentions):
        return mentioning(where.words)
    if isinstance(where, Not):
        inner = condition(where.clause, pool, asking.deeper())
        return lambda node: not inner(node)
    clauses = [condition(clause, pool, asking.deeper()) for clause in where.clauses]
    if isinstance(where, And):
        return lambda node: all(clause(node) for clause in clauses)
    return lambda node: any(clause(node) for clause in clauses)


def _never(node: MemoryNode) -> bool:
    return False


def _compared(clause: Comparator, pool: Sequence[MemoryNode], asking: Asking) -> Condition:
    word = is_size_word(clause)
    if word is None:
        return compared(clause, asking)
    fits = _said(Triple("has_size", word), pool, asking)
    return fits if clause.comparison == "EQUAL" else lambda node: not fits(node)


def _said(triple: Triple, pool: Sequence[MemoryNode], asking: Asking) -> Condition:
    """Said of a node by this predicate or as a tag; has_tag: by any predicate, or of all of its type."""
    wanted, predicate, least = Word(triple.object), triple.predicate, triple.confidence
    anything = predicate == "has_tag"
    fits_size = of_size(triple.object, pool) if predicate == "has_size" else _never
    types = asking.world.schema.types

    def holds(node: MemoryNode) -> bool:
        for said in node.triples:
            if (
                (anything or said.predicate in (predicate, "has_tag"))
                and wanted.means(said.object)
                and (least is None or sureness(said) >= least)
            ):
                return True
        if anything and any(wanted.means(tag) for tag in types[node.node_type].tags):
            return least is None or least <= 1
        return fits_size(node)

    return holds


def sureness(triple: Triple) -> float:
    """How sure a triple is, 0 to 1."""
    return 1.0 if triple.confidence is None else triple.confidence


def _matched(pattern: TriplePattern, asking: Asking) -> Condition:
    other, least = pattern.other, pattern.confidence
    fitting = {node.id for node in asking.found(other)} if isinstance(other, Filters) else set()

    def speaks(triple: Triple) -> bool:
        return pattern.predicate in (None, triple.predicate) and (least is None or sureness(triple) >= least)

    if pattern.node_is == "OBJECT":
        says = _names_it(other, fitting)
        return lambda node: any(
            says(subject) and any(t.object == node.id and speaks(t) for t in subject.triples)
            for subject in asking.world.saying(node.id)
        )
    if isinstance(other, str):
        wanted = Word(other)
        return lambda node: any(speaks(t) and wanted.means(t.object) for t in node.triples)
    return lambda node: any(speaks(t) and (other is None or t.object in fitting) for t in node.triples)


def _names_it(other: None | str | Filters, fitting: set[str]) -> Condition:
    """Whether a node is the subject asked for."""
    if other is None:
        return lambda node: True
    if isinstance(other, Filters):
        return lambda node: node.id in fitting
    wanted = Word(other)
    return lambda node: node.id == other or any(wanted.means(name) for name in texts("has_name", node))


def _happened(clause: Happened, asking: Asking) -> Condition:
    when = _EVENTS[clause.event]
    since = None if clause.since is None else ns_of(clause.since, asking.query)
    until = None if clause.until is None else ns_of(clause.until, asking.query)

    def holds(node: MemoryNode) -> bool:
        time_ns = when(node)
        if time_ns is None:
            return False
        return (since is None or time_ns >= since) and (until is None or time_ns <= until)

    return holds


_EVENTS: Mapping[str, Callable[[MemoryNode], int | None]] = MappingProxyType(
    {
        "CREATED": lambda node: node.created_ns,
        "UPDATED": lambda node: node.updated_ns,
        "ATTENDED": lambda node: node.attended_ns or None,
        "FINISHED": finished_ns,
    }
)
