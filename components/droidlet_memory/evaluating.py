"""Answers to queries: the FILTERS language over plain nodes.

A query is answered in this order: the nodes of the memory type (as of `at_time`), by the order of ids; the
where clause, the location, the selector, the output. What a part means is said where it is done:
`conditions`, `comparing`, `relations`, `selecting`, `measuring`. Coreference ("it") is the interpreter's to
resolve: `contains_coreference` and `other` change nothing here. What is unknown has no value; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from droidlet_memory.asking import Asking, Nodes, World, in_order
from droidlet_memory.conditions import condition
from droidlet_memory.measuring import told
from droidlet_memory.relations import related
from droidlet_memory.schemas import Composition
from droidlet_memory.selecting import select
from droidlet_schema import Answer, Filters, MemoryNode, Query


def answer(
    schema: Composition,
    nodes: Mapping[str, MemoryNode] | Iterable[MemoryNode],
    query: Query,
    past: Callable[[int], Mapping[str, MemoryNode]] | None = None,
) -> Answer:
    """The nodes that fit a query, their number (also for COUNT), and a value for each when an attribute is
    asked for, a row of values when several are. `past` gives the nodes of another time, for `at_time`.
    """
    return answer_in(Nodes(schema, nodes, past), query)


def answer_in(world: World, query: Query) -> Answer:
    """The same in any world."""
    asking = asking_in(world, query).during(query.filters)
    return answered(find(query.filters, asking), asking)


def asking_in(world: World, query: Query) -> Asking:
    """A query about to be answered."""
    return Asking(world, query, find, world)


def answered(nodes: Sequence[MemoryNode], asking: Asking) -> Answer:
    """The answer that the nodes found give."""
    query, found = asking.query, tuple(nodes)
    output = query.filters.output
    if isinstance(output, str):
        return Answer(query.id, found, len(found))
    if isinstance(output, tuple):
        tellers = [told(one, asking) for one in output]
        rows = tuple(tuple(tell(node) for tell in tellers) for node in found)
        return Answer(query.id, found, len(found), rows=rows)
    tell = told(output, asking)
    return Answer(query.id, found, len(found), tuple(tell(node) for node in found))


def find(filters: Filters, asking: Asking) -> list[MemoryNode]:
    """The nodes that filters fit, in the selector's order."""
    asking = asking.during(filters)
    pool = asking.world.pool(filters.memory_type)
    holds = condition(filters.where, pool, asking)
    fitting = in_order(node for node in pool if holds(node))
    if filters.location is not None:
        fitting = related(fitting, filters.location, asking)
    return select(fitting, filters.selector, asking)
