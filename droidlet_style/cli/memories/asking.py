"""Questions in the text form of FILTERS, asked of a memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from droidlet_memory import Memory, QueryTextError, parse_query, query_text
from droidlet_schema import Answer, Filters, Measured, MemoryType, Pose2, Query
from droidlet_style.cli.memories.opening import Wrong, known_type
from droidlet_style.cli.memories.values import plain

AGENT = "Self"  # the node type of the agent itself


class Asked(NamedTuple):
    """A question as it was asked, and what came of it."""

    query: Query
    answer: Answer

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands above the values asked for; nothing where only the nodes or their number are."""
        output = self.query.filters.output
        if isinstance(output, str):
            return ()
        return tuple(map(_head, output)) if isinstance(output, tuple) else (_head(output),)

    @property
    def values(self) -> list[list[Any]]:
        """The values asked for, for each node."""
        rows: Sequence[Sequence[Any]] = self.answer.rows or [(value,) for value in self.answer.values]
        return [[plain(value) for value in row] for row in rows]


def ask(memory: Memory, text: str, viewer: Sequence[float] | None, most: int) -> Asked:
    """Asks a question; the answer has no more than so many nodes, none for COUNT, and the number of all. Raises
    Wrong, saying where, for a text that is none.
    """
    try:
        filters = parse_query(text)
    except QueryTextError as error:
        raise Wrong(f"--query: {error}") from error
    if filters.memory_type not in get_args(MemoryType):
        known_type(memory, filters.memory_type)
    query = Query(1, filters, memory.now_ns or 0, _pose(memory, viewer))
    return Asked(query, memory.query(query, first=0 if filters.output == "COUNT" else most))


def _pose(memory: Memory, viewer: Sequence[float] | None) -> Pose2:
    """Where it is asked from: as told, else where the agent is, else the origin."""
    if viewer is not None:
        return Pose2(*viewer)
    for node in memory.nodes(AGENT, first=1):
        if node.position_m is not None and all(map(math.isfinite, node.position_m)):
            return Pose2(node.position_m[0], node.position_m[1], _yaw(node.properties.get("yaw_rad")))
    return Pose2(0.0, 0.0, 0.0)


def _yaw(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else 0.0


def _head(output: Measured) -> str:
    """A property as the text form has it."""
    return (
        query_text(Filters(output=output))
        .removeprefix("SELECT ")
        .removesuffix(f" FROM {Filters().memory_type}")
    )
