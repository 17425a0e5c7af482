"""How many nodes there are of a type, or that fit a question, and the first few of them: without reading all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Union

from droidlet_memory.asking import Asking
from droidlet_memory.compiler.answering import Finding, answer, asking_of
from droidlet_memory.compiler.clauses import piece
from droidlet_memory.compiler.columns import NUMBERS
from droidlet_memory.compiler.pieces import ALWAYS
from droidlet_memory.compiler.scope import Question, Scope
from droidlet_memory.compiler.sql import Sql
from droidlet_memory.compiler.statement import NOW, statement
from droidlet_memory.evaluating import answered
from droidlet_memory.store.body import Stored
from droidlet_memory.store.registry import STORES
from droidlet_memory.working.body import Working
from droidlet_schema import Answer, Attribute, Filters, MemoryNode, Query, Selector, evolve

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

Body = Union[Working, Stored]

PRESENT = "SELECT type, count(*) FROM nodes WHERE type IS NOT NULL AND since <= ? GROUP BY type"
ENDED = "SELECT type, count(*) FROM past WHERE since <= ? AND until > ? GROUP BY type"
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
        return tuple(_nodes(store, statement(ALWAYS, numbers, scope), scope, first, Choice()))


class Choice(NamedTuple):
    """Which of the nodes that fit a selector wants: in the order of ids or, by a number, from the least on or
    from the greatest, those without one left out.
    """

    by: str | None = None  # in SQL, of a row of nodes k
    order: str = "ASC"
    skip: int = 0
    most: int = MOST


def choice(selector: Selector | None, newest: bool = True) -> Choice | None:
    """What a selector comes to in SQL; None where only a look at the nodes can tell."""
    if selector is None:
        return Choice()
    count, of = selector.count, selector.attribute
    if selector.same == "REQUIRED":
        return None
    if selector.quantity == "ALL" and of is None:
        return Choice(most=MOST if count is None else max(count, 0))
    if selector.quantity not in ("MIN", "MAX") or not newest:
        return None
    if not isinstance(of, Attribute) or of.name not in NUMBERS:
        return None
    order = "DESC" if selector.quantity == "MAX" else "ASC"
    most = 1 if count is None else max(count, 0)
    return Choice(NUMBERS[of.name].format(**NOW), order, max(selector.ordinal - 1, 0), most)


def chosen(filters: Filters) -> bool:
    """Whether SQL may choose for the selector that there is."""
    return filters.selector is not None and choice(filters.selector) is not None


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
        told = _told(store, query.filters, asking, first)
        return _shortened(answer(store, body.revision, query), first) if told is None else told


def _told(store: Store, filters: Filters, asking: Asking, first: int) -> Answer | None:
    """The answer where SQL alone tells which nodes it has, else None."""
    if filters.location is not None or not isinstance(asking.world, Finding):
        return None
    scope = asking.world.scope
    wanted, which = piece(filters.where, Question(scope, asking)), choice(filters.selector, scope.newest)
    if which is None or not wanted.exact:
        return None
    rows = statement(wanted, scope.kinds.asked(filters.memory_type), scope)
    nodes = _nodes(store, rows, scope, first, which)
    count = len(nodes) if which.most <= first else _count(store, rows, scope, which)
    return evolve(answered(nodes, asking), count=count)


def _count(store: Store, rows: Sql, scope: Scope, which: Choice) -> int:
    """How many nodes there are to choose from, and so are chosen."""
    text, given = rows.bound()
    wanted = f"SELECT count(DISTINCT key) FROM ({text})"
    if which.by is not None:
        wanted += f" JOIN nodes k USING (key) WHERE {which.by} IS NOT NULL"
    many = store.connection.execute(wanted, {**given, "at": scope.revision}).fetchone()[0]
    return max(min(which.most, int(many) - which.skip), 0)


def _shortened(whole: Answer, first: int) -> Answer:
    most = max(first, 0)
    if len(whole.nodes) <= most:
        return whole
    return evolve(whole, nodes=whole.nodes[:most], values=whole.values[:most], rows=whole.rows[:most])


def _nodes(store: Store, rows: Sql, scope: Scope, first: int, which: Choice) -> list[MemoryNode]:
    """The first so many of the chosen ones among the nodes that a SELECT gives the keys of."""
    text, given = rows.bound()
    wanted = f"SELECT k.key FROM (SELECT DISTINCT key FROM ({text})) f CROSS JOIN nodes k ON k.key = f.key"
    if which.by is not None:
        wanted += f" WHERE {which.by} IS NOT NULL ORDER BY {which.by} {which.order}, "
    else:
        wanted += " ORDER BY "
    given |= {"at": scope.revision, "first": max(min(first, which.most), 0), "skip": which.skip}
    found = store.connection.execute(f"{wanted} k.stem, k.number, k.id LIMIT :first OFFSET :skip", given)
    return store.reader.by_keys([row[0] for row in found], scope.revision)
