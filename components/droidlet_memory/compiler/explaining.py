"""How a stored memory answers a question: the SQL, SQLite's own plan for it, and what is judged afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from droidlet_memory.compiler.answering import Finding, asking_of
from droidlet_memory.compiler.planning import Plan
from droidlet_memory.results import Explanation
from droidlet_memory.store.tables import DDL
from droidlet_schema import Filters, FrozenMap, Query

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

TABLES = frozenset(re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", " ".join(DDL))) - {"meta", "types", "spans"}
"""Those that grow with the memory."""
NAMED = re.compile(r"\b(?:FROM|JOIN) (\w+)(?: (?!CROSS|LEFT|JOIN|WHERE|UNION|ORDER|ON)(\w+))?")
"""A table, and what a SELECT calls it."""


def explained(store: Store, revision: int, query: Query) -> Explanation:
    """How a question would be answered at a revision."""
    asking = asking_of(store, revision, query)
    finding = asking.world if isinstance(asking.world, Finding) else Finding(store, revision)
    plan = store.plans.plan(query.filters, asking, finding.scope)
    given = {**plan.given, "at": finding.scope.revision}
    steps = tuple(str(row[3]) for row in store.connection.execute(f"EXPLAIN QUERY PLAN {plan.text}", given))
    values = FrozenMap({name: repr(value) for name, value in given.items()})
    whole = _whole(steps, plan.text) | (frozenset() if plan.found else {"nodes"})
    return Explanation(plan.text, values, steps, _judged(plan, query.filters), tuple(sorted(whole)))


def _whole(steps: tuple[str, ...], text: str) -> frozenset[str]:
    """The tables that a plan looks through from end to end."""
    called = {alias or name: name for name, alias in NAMED.findall(text)}
    scanned = [
        step.split()[1] for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step
    ]
    return TABLES & {called.get(name, name) for name in scanned}


def _judged(plan: Plan, filters: Filters) -> tuple[str, ...]:
    parts = [] if plan.exact else ["where"]
    if filters.location is not None:
        parts.append("location")
    if filters.selector is not None:
        parts.append("selector")
    return tuple(parts)
