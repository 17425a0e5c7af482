"""Forgetting by policy: an explicit call says what goes and why; committing its changes lets it go.

    changes, report = forgetting_changes(memory, USUAL, now_ns)
    memory = memory.commit(changes, now_ns)

History keeps what was forgotten until `truncate_before` cuts it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Protocol

from droidlet_memory.committing import MAX_ID
from droidlet_memory.errors import SchemasError, did_you_mean
from droidlet_memory.nodes import Archived, memory_node
from droidlet_memory.ordering import by_number
from droidlet_memory.schemas import ROOT, Composition
from droidlet_schema import (
    Change,
    DropTriple,
    Forget,
    MemoryNode,
    PutNode,
    PutTriple,
    digest,
    evolve,
    record,
)

KEEP = "_keep"
"""The tag of nodes that no policy drops, unless it says otherwise."""


@record
class Forgetting:
    """A policy about nodes of some types and of those below them. Each limit drops by itself; None: no limit.

    The agent's own node always stays, and so do nodes of which a tag of `keep` is said. With `archive` an
    Archived node takes a dropped one's place, with what was said of it; of those themselves nothing is left.
    """

    types: tuple[str, ...] = (ROOT,)
    age_s: float | None = None  # not changed for longer
    unattended_s: float | None = None  # neither made nor attended for longer
    capacity: int | None = None  # more than so many: those go that were longest not used in any way
    keep: tuple[str, ...] = (KEEP,)
    archive: bool = False

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for a limit below zero."""
        for name in ("age_s", "unattended_s", "capacity"):
            limit = getattr(self, name)
            if limit is not None and not limit >= 0:
                raise ValueError(f"Forgetting.{name} is 0 or more, or None, got {limit}")


CHATS = Forgetting(("Chat", "Interpreter", "Program"), age_s=24 * 3600.0, capacity=1000, archive=True)
"""Talk of the last day, at most a thousand; what went leaves a trace."""

USUAL = (CHATS, Forgetting(("Archived",), capacity=10_000))
"""What suits most agents: talk fades, and so do traces; things stay."""


@record
class Dropped:
    """A node that goes, why, and the id of what is left of it."""

    node_id: str
    node_type: str
    reason: str
    archived_as: str | None = None


@record
class ForgettingReport:
    """What goes, policy by policy, and how many nodes the policies were about that stay."""

    dropped: tuple[Dropped, ...] = ()
    stay: int = 0


class Forgetful(Protocol):
    """The part of a memory that forgetting asks."""

    @property
    def schema(self) -> Composition:
        """Its schemas."""

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""

    def nodes(self, node_type: str | None = None) -> tuple[MemoryNode, ...]:
        """All nodes, or those of a type and of those below it."""

    def saying(self, texts: Iterable[str]) -> tuple[MemoryNode, ...]:
        """The nodes of which one of these texts is said."""


def forgetting_changes(
    memory: Forgetful, policies: Forgetting | Iterable[Forgetting], now_ns: int
) -> tuple[tuple[Change, ...], ForgettingReport]:
    """What to commit so that a memory keeps to policies, applied one after the other, and what goes by it.

    What others say of a dropped node by a predicate that leads to nodes is taken back, or said of what is
    left of it. Committing the changes leaves none to make at that time. Reads all nodes of the types named,
    and those that refer to a node that is dropped. Raises SchemasError for a type that the memory does not
    know.
    """
    wanted = (policies,) if isinstance(policies, Forgetting) else tuple(policies)
    going = Going(memory, now_ns)
    for policy in wanted:
        going.apply(policy)
    return tuple(going.changes()), ForgettingReport(tuple(going.dropped), len(going.looked - going.gone))


class Going:
    """What goes; lives only while one list of changes is made."""

    def __init__(self, memory: Forgetful, now_ns: int) -> None:
        self.memory, self.now_ns = memory, now_ns
        self.dropped: list[Dropped] = []
        self.looked: set[str] = set()
        self.gone: set[str] = set()
        self.traces: dict[str, MemoryNode] = {}  # by their own ids
        self.left: dict[str, str | None] = {}  # of each node dropped: the id of its trace

    def apply(self, policy: Forgetting) -> None:
        """One policy, on what the ones before have left."""
        found = {node.id: node for name in policy.types for node in self._nodes(name)}
        self.looked.update(found)
        free = [node for node in found.values() if not self._kept(node, policy)]
        free.sort(key=lambda node: (_used(node), by_number(node)))
        overdue = {node.id: reason for node in free if (reason := self._overdue(node, policy))}
        if policy.capacity is not None:
            over = max(0, len(found) - len(overdue) - policy.capacity)
            others = [node.id for node in free if node.id not in overdue]
            overdue.update(dict.fromkeys(others[:over], f"more than {policy.capacity} of them"))
        for node in free:
            if node.id in overdue:
                self._drop(node, overdue[node.id], policy.archive)

    def _nodes(self, name: str) -> Iterator[MemoryNode]:
        schema = self.memory.schema
        if name not in schema.types:
            raise SchemasError(
                f"a policy forgets {name!r}, no node type of the schemas {', '.join(schema.names)}"
                + did_you_mean(name, schema.types)
            )
        for node in self.memory.nodes(name):
            if node.id not in self.gone and node.id not in self.traces:
                yield node
        yield from (trace for trace in self.traces.values() if schema.is_a(trace.node_type, name))

    def _kept(self, node: MemoryNode, policy: Forgetting) -> bool:
        tags = {triple.object for triple in node.triples if triple.predicate == "has_tag"}
        return self.memory.schema.is_a(node.node_type, "Self") or not tags.isdisjoint(policy.keep)

    def _overdue(self, node: MemoryNode, policy: Forgetting) -> str:
        old_s = (self.now_ns - node.updated_ns) / 1e9
        alone_s = (self.now_ns - max(node.created_ns, node.attended_ns)) / 1e9
        if policy.age_s is not None and old_s > policy.age_s:
            return f"not changed for {_duration(old_s)}"
        if policy.unattended_s is not None and alone_s > policy.unattended_s:
            return f"not attended for {_duration(alone_s)}"
        return ""

    def _drop(self, node: MemoryNode, reason: str, archive: bool) -> None:
        self.gone.add(node.id)
        made_now = self.traces.pop(node.id, None) is not None
        archived = archive and node.node_type != "Archived"
        trace = self._trace(node, reason) if archived else None
        if trace is not None:
            self.traces[trace.id] = trace
            self.gone.discard(trace.id)
        self.left[node.id] = None if trace is None else trace.id
        if made_now:  # the node itself is told of already: now nothing is left of it
            self.dropped = [
                evolve(d, archived_as=None) if d.archived_as == node.id else d for d in self.dropped
            ]
            self.left.update({i: None for i, left in self.left.items() if left == node.id})
        else:
            self.dropped.append(Dropped(node.id, node.node_type, reason, self.left[node.id]))

    def _trace(self, node: MemoryNode, reason: str) -> MemoryNode:
        predicates = self.memory.schema.predicates
        trace_id = f"archive/{node.id}"
        return memory_node(
            Archived(
                trace_id if len(trace_id) <= MAX_ID else f"archive/{digest(node.id)}",
                created_ns=self.now_ns,
                updated_ns=self.now_ns,
                position_m=node.position_m,
                size_m=node.size_m,
                triples=tuple(t for t in node.triples if predicates[t.predicate].about == ROOT),
                archive_of=node.id,
                was=node.node_type,
                archived_ns=self.now_ns,
                reason=reason,
            )
        )

    def changes(self) -> Iterator[Change]:
        """The changes: traces first, then what others say, then what goes."""
        for trace in self.traces.values():
            if self.memory.node(trace.id) is not None:
                yield Forget(trace.id)  # of an earlier one that had this id
            yield PutNode(trace)
        if self.left:
            yield from self._links()
        for node_id in self.left:
            if node_id not in self.traces and self.memory.node(node_id) is not None:
                yield Forget(node_id)

    def _links(self) -> Iterator[Change]:
        predicates = self.memory.schema.predicates
        for node in self.memory.saying(self.left):
            if node.id in self.gone or node.id in self.traces:
                continue
            for triple in node.triples:
                if predicates[triple.predicate].to is not None and triple.object in self.left:
                    yield DropTriple(node.id, triple)
                    trace = self.left[triple.object]
                    if trace is not None:
                        yield PutTriple(node.id, evolve(triple, object=trace))


def _used(node: MemoryNode) -> int:
    return max(node.created_ns, node.updated_ns, node.attended_ns)


def _duration(seconds: float) -> str:
    """ "90 s", "25 min", "3 h", "2 days": whole units, rounded down."""
    for unit_s, name in ((48 * 3600, "days"), (2 * 3600, "h"), (120, "min")):
        if seconds >= unit_s:
            return f"{math.floor(seconds / {'days': 86400, 'h': 3600, 'min': 60}[name])} {name}"
    return f"{math.floor(seconds)} s"
