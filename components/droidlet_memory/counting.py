"""How many nodes there are of a type, or that fit a question, and the first few of them: without reading all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Union

from droidlet_memory.asking import Asking
from droidlet_memory.compiler.answering import Finding, answer, asking_of
from droidlet_memory.compiler.clauses import piece
from droidlet_memory.compiler.pieces import ALWAYS
from droidlet_memory.compiler.scope import Question, Scope
from droidlet_memory.compiler.sql import Sql
from droidlet_memory.compiler.statement import statement
from droidlet_memory.evaluating import answered
from droidlet_memory.store.body import Stored
from droidlet_memory.store.registry import STORES
from droidlet_memory.working.body import Working
from droidlet_schema import Answer, Filters, MemoryNode, Query, evolve

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

Body = Union[Working, Stored]

PRESENT = "SELECT type, count(*) FROM nodes WHERE type IS NOT NULL AND since <= ? GROUP BY type"
ENDED = "SELECT type, count(*) FROM past WHERE since <= ? AND until > ? GROUP BY type"
FIRST = """SELECT n.key FROM (SELECT DISTINCT key FROM ({})) f CROSS JOIN nodes n ON n.key = f.key
    ORDER BY n.stem, n.number, n.id LIMIT :first"""
MOST = 2**63 - 1  # what SQLite counts to


def counts(body: Body) -> dict[str, int]:
    """The number of nodes of each type that has any, in the order of the types' names."""
    found = Counter(dict(_stored(body))) if isinstance(body, Stored) else _working(body)
    return dict(sorted(found.items()))


def _working(body: Working) -> Counter[str]:
    return Counter(node.node_type for node in body.held.values())


def _stored(body: Stored) -> Iterator[tuple[str, int]]:
    store, found = STORES.find(body.store), Counter[int]()
    with store.reading():
        body.check(store)
        found.update(dict(store.connection.execute(PRESENT, (body.revision,))))
        if body.revision != store.head:
            found.update(dict(store.connection.execute(ENDED, (body.revision, body.revision))))
        yield from ((store.words.type_name(number), many) for number, many in found.items())


def first_of(body: Body, types: frozenset[str] | None, first: int) -> tuple[MemoryNode, ...]:
    """The first so many nodes of some types, or of all, in the order of ids."""
    if isinstance(body, Working):
        return body.nodes(types)[: max(first, 0)]
    store = STORES.find(body.store)
    with store.reading():
        body.check(store)
        known = None if types is None else [store.words.type_id(name) for name in sorted(types)]
        numbers = None if known is None else [number for number in known if number is not None]
        scope = Scope(store.kinds, body.revision, body.revision == store.head)
        return tuple(_nodes(store, statement(ALWAYS, numbers, scope), scope, first))


def limited(filters: Filters) -> bool:
    """Whether the selector asks for the first so many and nothing else."""
    selector = filters.selector
    return (
        selector is not None
        and selector.quantity == "ALL"
        and selector.attribute is None
        and selector.same != "REQUIRED"
    )


def first_found(body: Body, query: Query, first: int) -> Answer:
    """The answer to a question with the first so many of the nodes that it finds, and the number of all. Where
    SQL alone tells which fit, no others are read.
    """
    if isinstance(body, Working):
        return _shortened(body.query(query), first)
    store = STORES.find(body.store)
    with store.reading():
        body.check(store)
        asking = asking_of(store, body.revision, query)
        rows = _telling(query.filters, asking)
        if rows is None or not isinstance(asking.world, Finding):
            return _shortened(answer(store, body.revision, query), first)
        scope, selector = asking.world.scope, query.filters.selector
        most = MOST if selector is None or selector.count is None else max(selector.count, 0)
        told = answered(_nodes(store, rows, scope, min(first, most)), asking)
        return evolve(told, count=min(most, _count(store, rows, scope)))


def _count(store: Store, rows: Sql, scope: Scope) -> int:
    text, given = rows.bound()
    wanted = f"SELECT count(DISTINCT key) FROM ({text})"
    return int(store.connection.execute(wanted, {**given, "at": scope.revision}).fetchone()[0])


def _shortened(whole: Answer, first: int) -> Answer:
    most = max(first, 0)
    if len(whole.nodes) <= most:
        return whole
    return evolve(whole, nodes=whole.nodes[:most], values=whole.values[:most], rows=whole.rows[:most])


def _telling(filters: Filters, asking: Asking) -> Sql | None:
    """SELECT of the (key, revision last written) of just the nodes that fit; None where SQL cannot tell it."""
    if filters.location is not None or not isinstance(asking.world, Finding):
        return None
    if filters.selector is not None and not limited(filters):
        return None
    scope = asking.world.scope
    wanted = piece(filters.where, Question(scope, asking))
    return statement(wanted, scope.kinds.asked(filters.memory_type), scope) if wanted.exact else None


def _nodes(store: Store, rows: Sql, scope: Scope, first: int) -> list[MemoryNode]:
    """The first so many of the nodes that a SELECT gives the keys of, in the order of ids."""
    text, given = rows.bound()
    most = min(max(first, 0), MOST)
    found = store.connection.execute(FIRST.format(text), {**given, "at": scope.revision, "first": most})
    return store.reader.by_keys([row[0] for row in found], scope.revision)
