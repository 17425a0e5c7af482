"""Answers out of a store: SQL finds what may fit, and the working memory's own functions judge what SQL could
not say.
"""

from __future__ import annotations

from collections.abc import Sequence

from droidlet_memory.asking import Asking, asked_types
from droidlet_memory.compiler.clauses import piece
from droidlet_memory.compiler.nodes import Unread
from droidlet_memory.compiler.pieces import ALWAYS, Piece, both
from droidlet_memory.compiler.places import around
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.statement import statement
from droidlet_memory.conditions import condition
from droidlet_memory.evaluating import answered
from droidlet_memory.relations import related
from droidlet_memory.selecting import select
from droidlet_memory.store.store import Store
from droidlet_schema import Answer, Filters, MemoryNode, Query


class Finding:
    """Finds what filters fit in a store at a revision; lives while one query is answered."""

    def __init__(self, store: Store, revision: int) -> None:
        self._store = store
        self._scope = Scope(store.schema, store.words.type_id, revision, revision == store.head)

    def find(self, filters: Filters, asking: Asking) -> list[MemoryNode]:
        """The nodes that filters fit, in the selector's order."""
        where = piece(filters.where, self._scope)
        whole = where
        if filters.location is not None:
            whole = both((where, around(filters.location, asking, self._scope)))
        fitting = self.nodes(whole, filters.memory_type)
        if not where.exact:
            holds = condition(filters.where, self.pool(filters.memory_type), asking)
            fitting = [node for node in fitting if holds(node)]
        if filters.location is not None:
            fitting = related(fitting, filters.location, asking)
        return fitting if filters.selector is None else select(fitting, filters.selector, asking)

    def pool(self, memory_type: str) -> Sequence[MemoryNode]:
        """The nodes of a memory type, read when somebody looks."""
        return Unread(lambda: self.nodes(ALWAYS, memory_type))

    def nodes(self, piece: Piece, memory_type: str) -> list[MemoryNode]:
        """The nodes of a memory type that pass a piece's test, in the order of ids."""
        text, given = self.statement(piece, memory_type)
        rows = self._store.connection.execute(text, given).fetchall()
        return self._store.reader.by_touches(rows)

    def statement(self, piece: Piece, memory_type: str) -> tuple[str, dict[str, object]]:
        """The SELECT, and the values bound to it."""
        names = asked_types(self._scope.schema, memory_type)
        types = None if names is None else self._scope.type_ids(names)
        return statement(piece, types, self._scope).bound(self._scope.revision)


def answer(store: Store, revision: int, query: Query) -> Answer:
    """What fits a question at a revision of a store."""
    finding = Finding(store, revision)
    asking = Asking(store.schema, finding.pool("ALL"), query, finding.find, pools=finding.pool)
    return answered(finding.find(query.filters, asking), asking)
