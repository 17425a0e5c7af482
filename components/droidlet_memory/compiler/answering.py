"""Answers out of a store: SQL finds what may fit, and the working memory's own functions judge what SQL could
not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from droidlet_memory.asking import Asking
from droidlet_memory.compiler.nodes import Unread
from droidlet_memory.compiler.planning import Plan
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.conditions import condition
from droidlet_memory.evaluating import answered
from droidlet_memory.relations import related
from droidlet_memory.selecting import select
from droidlet_schema import Answer, Filters, MemoryNode, Query

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store


class Finding:
    """Finds what filters fit in a store at a revision; lives while one query is answered."""

    def __init__(self, store: Store, revision: int) -> None:
        self._store = store
        self.scope = Scope(store.kinds, revision, revision == store.head)

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

    def pool(self, memory_type: str) -> Sequence[MemoryNode]:
        """The nodes of a memory type, read when somebody looks."""
        return Unread(lambda: self._all(memory_type))

    def asking(self, query: Query) -> Asking:
        """What is at hand while a query is answered."""
        return Asking(self._store.schema, self.pool("ALL"), query, self.find, pools=self.pool)

    def _all(self, memory_type: str) -> list[MemoryNode]:
        return self._nodes(self._store.plans.every(memory_type, self.scope))

    def _nodes(self, plan: Plan) -> list[MemoryNode]:
        """The nodes that a plan's SELECT finds, in the order of ids."""
        given = {**plan.given, "at": self.scope.revision}
        return self._store.reader.by_touches(self._store.connection.execute(plan.text, given))


def answer(store: Store, revision: int, query: Query) -> Answer:
    """What fits a question at a revision of a store."""
    asking = Finding(store, revision).asking(query)
    return answered(asking.find(query.filters, asking), asking)
