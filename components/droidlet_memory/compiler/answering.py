"""Answers out of a store: SQL finds what may fit, and the working memory's own functions judge what SQL could
not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from droidlet_memory import evaluating
from droidlet_memory.asking import Asking, Nodes, World, in_order
from droidlet_memory.compiler.nodes import Unread
from droidlet_memory.compiler.planning import Plan
from droidlet_memory.compiler.quick import answer_of
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.conditions import condition
from droidlet_memory.evaluating import answered
from droidlet_memory.mentioning import texts_of
from droidlet_memory.relations import related
from droidlet_memory.schemas import Composition
from droidlet_memory.selecting import select
from droidlet_schema import Answer, Filters, MemoryNode, Query

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

REVISION = "SELECT max(revision) FROM commits WHERE revision <= ? AND coalesce(now_ns, ?) <= ?"


class Finding:
    """A store at a revision, as the world that one query is asked of."""

    def __init__(self, store: Store, revision: int) -> None:
        self._store, self._revision = store, revision
        self.scope = Scope(store.kinds, revision, revision == store.head)
        self._then: dict[int, Finding] = {}
        self._found: list[tuple[Filters, int, list[MemoryNode]]] = []

    @property
    def schema(self) -> Composition:
        """Under which the nodes stand."""
        return self._store.schema

    def pool(self, memory_type: str) -> Sequence[MemoryNode]:
        """The nodes of a memory type, read when somebody looks."""
        return Unread(lambda: self._nodes(self._store.plans.every(memory_type, self.scope)))

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""
        return self._store.reader.by_id(node_id, self._revision)

    def naming(self, node_id: str) -> Sequence[MemoryNode]:
        """The nodes that name an id, in what is said of them or in a property."""
        found = self._nodes(self._store.plans.naming(node_id, self.scope))
        return [node for node in found if node_id in texts_of(node)]  # properties of once are found, too

    def called(self, text: str) -> list[MemoryNode]:
        """The nodes of an id, or of a name that means this."""
        node, found = self.node(text), self._nodes(self._store.plans.called(text, self.scope))
        return found if node is None else in_order((*found, node))

    def saying(self, text: str) -> Sequence[MemoryNode]:
        """The nodes of which this very text is said."""
        return self._nodes(self._store.plans.saying(text, self.scope))

    def at(self, time_ns: int) -> World:
        """The store at a time; nothing before all that is kept."""
        given = (self._revision, time_ns, time_ns)
        revision = self._store.connection.execute(REVISION, given).fetchone()[0]
        if revision is None:
            return Nodes(self.schema, ())
        if revision not in self._then:
            self._then[revision] = Finding(self._store, revision)
        return self._then[revision]

    def found(self, filters: Filters, asking: Asking) -> list[MemoryNode]:
        """What filters inside the query fit: asked once, where SQL is made and where nodes are judged, or filters
        within filters would take twice as long at every level.
        """
        for known, depth, found in self._found:
            if known is filters and depth == asking.depth:
                return found
        found = self.find(filters, asking)
        self._found.append((filters, asking.depth, found))
        return found

    def find(self, filters: Filters, asking: Asking) -> list[MemoryNode]:
        """The nodes that filters fit, in the selector's order."""
        plan = self._store.plans.plan(filters, asking, self.scope)
        fitting = self._nodes(plan)
        if not plan.exact:
            holds = condition(filters.where, self.pool(filters.memory_type), asking)
            fitting = [node for node in fitting if holds(node)]
        if filters.location is not None:
            fitting = related(fitting, filters.location, asking)
        return fitting if filters.selector is None else select(fitting, filters.selector, asking)

    def _nodes(self, plan: Plan) -> list[MemoryNode]:
        return selected(self._store, plan, self.scope.revision, self.scope.newest)


def selected(store: Store, plan: Plan, revision: int, newest: bool) -> list[MemoryNode]:
    """The nodes that a plan's SELECT finds at a revision, in the order of ids."""
    reader = store.reader
    given = plan.given
    if not newest:
        given["at"] = revision  # bound at once: the next to use this plan may write its own
    rows = store.connection.execute(plan.text, given)
    if plan.alone:
        return reader.moments.nodes(rows, plan.types, revision)
    return reader.by_touches(rows)


def find(filters: Filters, asking: Asking) -> list[MemoryNode]:
    """The nodes that filters fit at the time that they ask about."""
    asking = asking.during(filters)
    world = asking.world
    if not isinstance(world, Finding):
        return evaluating.find(filters, asking)
    return world.found(filters, asking) if asking.depth else world.find(filters, asking)


def asking_of(store: Store, revision: int, query: Query) -> Asking:
    """What is at hand while a query is answered, at the time that it asks about."""
    world = Finding(store, revision)
    return Asking(world, query, find, world).during(query.filters)


def answer(store: Store, revision: int, query: Query) -> Answer:
    """What fits a question at a revision of a store."""
    newest = revision == store.head
    plan = store.plans.ready(query.filters, newest)
    if plan is not None:
        return answer_of(query.id, selected(store, plan, revision, newest))
    asking = asking_of(store, revision, query)
    return answered(find(query.filters, asking), asking)
