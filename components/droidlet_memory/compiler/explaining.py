"""How a stored memory answers a question: the SQL, SQLite's own plan for it, and what is judged afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from droidlet_memory.compiler.answering import Finding, asking_of
from droidlet_memory.compiler.planning import Plan
from droidlet_memory.results import Explanation
from droidlet_schema import Filters, FrozenMap, Query

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

GROWING = frozenset(
    {"nodes", "k", "triples", "t", "past", "n", "v", "attended", "a", "touches", "r", "said"}
) | {
    "held",
    "h",
}


def explained(store: Store, revision: int, query: Query) -> Explanation:
    """How a question would be answered at a revision."""
    asking = asking_of(store, revision, query)
    finding = asking.world if isinstance(asking.world, Finding) else Finding(store, revision)
    plan = store.plans.plan(query.filters, asking, finding.scope)
    given = {**plan.given, "at": finding.scope.revision}
    steps = tuple(str(row[3]) for row in store.connection.execute(f"EXPLAIN QUERY PLAN {plan.text}", given))
    values = FrozenMap({name: repr(value) for name, value in given.items()})
    whole = _whole(steps) if plan.found else tuple(sorted({"nodes", *_whole(steps)} - {"k"}))
    return Explanation(plan.text, values, steps, _judged(plan, query.filters), whole)


def _whole(steps: tuple[str, ...]) -> tuple[str, ...]:
    scanned = [
        step.split()[1] for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step
    ]
    return tuple(sorted(GROWING.intersection(scanned)))


def _judged(plan: Plan, filters: Filters) -> tuple[str, ...]:
    parts = [] if plan.exact else ["where"]
    if filters.location is not None:
        parts.append("location")
    if filters.selector is not None:
        parts.append("selector")
    return tuple(parts)
