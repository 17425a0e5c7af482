"""What changes do to nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from droidlet_memory.errors import CommitRefused, did_you_mean
from droidlet_memory.schemas import ROOT, Composition
from droidlet_schema import (
    Attend,
    Change,
    DropTriple,
    Forget,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    evolve,
)

MAX_ID = 200
LATEST_NS = 2**63 - 1


class Lookup(Protocol):
    """Where the nodes before a commit are found."""

    def get(self, node_id: str, /) -> MemoryNode | None:
        """The node of an id, None where there is none."""


class Draft:
    """The nodes as changes are made to them, one after the other; lives only while one commit is made."""

    def __init__(self, schema: Composition, nodes: Lookup) -> None:
        self.schema = schema
        self.nodes = nodes
        self.written: dict[str, MemoryNode | None] = {}

    def get(self, node_id: str) -> MemoryNode | None:
        """A node as it stands now."""
        return self.written[node_id] if node_id in self.written else self.nodes.get(node_id)


def drafted(schema: Composition, nodes: Lookup, changes: Iterable[Change]) -> dict[str, MemoryNode | None]:
    """What the changes write: nodes by id, None for those forgotten. Raises CommitRefused naming the
    change.
    """
    draft = Draft(schema, nodes)
    for index, change in enumerate(changes):
        step = _STEPS.get(type(change))
        if step is None:
            raise CommitRefused(
                f"changes[{index}]", change, "expected PutNode, PutTriple, DropTriple, Attend or Forget"
            )
        step(draft, change, f"changes[{index}]")
    return draft.written


def _put_node(draft: Draft, change: PutNode, place: str) -> None:
    node, old = change.node, draft.get(change.node.id)
    _check_node(draft.schema, node, old, place + ".node")
    said = draft.schema.said(node)
    kept = () if old is None else _kept(draft.schema, old, said)
    triples = in_order((*kept, *said, *node.triples))
    created, attended = node.created_ns, node.attended_ns
    if old is not None:
        created, attended = old.created_ns, max(old.attended_ns, attended)
    if (triples, created, attended) != (node.triples, node.created_ns, node.attended_ns):
        node = evolve(node, triples=triples, created_ns=created, attended_ns=attended)
    draft.written[node.id] = node


def _kept(schema: Composition, old: MemoryNode, said: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """What stays said of a node that is put again: all but what only its old properties said."""
    if not old.properties:
        return old.triples
    gone = [triple for triple in schema.said(old) if triple not in said]
    return tuple(t for t in old.triples if t not in gone) if gone else old.triples


def _put_triple(draft: Draft, change: PutTriple, place: str) -> None:
    _check_predicate(draft.schema, change.triple, place + ".triple")
    _check_confidence(change.triple, place + ".triple")
    node = draft.get(change.node_id)
    if node is None:
        raise CommitRefused(
            place + ".node_id", change.node_id, "no such node: put the node before its triples"
        )
    _check_about(draft.schema, change.triple, node, place + ".triple")
    if change.triple not in node.triples:
        draft.written[node.id] = evolve(node, triples=in_order((*node.triples, change.triple)))


def _drop_triple(draft: Draft, change: DropTriple, place: str) -> None:
    _check_id(change.node_id, place + ".node_id")
    node = draft.get(change.node_id)
    dropped = (change.triple.predicate, change.triple.object)  # however sure
    if node is not None:
        kept = tuple(t for t in node.triples if (t.predicate, t.object) != dropped)
        if len(kept) < len(node.triples):
            draft.written[node.id] = evolve(node, triples=kept)


def _attend(draft: Draft, change: Attend, place: str) -> None:
    _check_id(change.node_id, place + ".node_id")
    _check_time(change.now_ns, place + ".now_ns")
    node = draft.get(change.node_id)
    if node is not None and node.attended_ns < change.now_ns:
        draft.written[node.id] = evolve(node, attended_ns=change.now_ns)


def _forget(draft: Draft, change: Forget, place: str) -> None:
    _check_id(change.node_id, place + ".node_id")
    if draft.get(change.node_id) is not None:
        draft.written[change.node_id] = None


_STEPS: Mapping[type, Callable[[Draft, Any, str], None]] = {
    PutNode: _put_node,
    PutTriple: _put_triple,
    DropTriple: _drop_triple,
    Attend: _attend,
    Forget: _forget,
}


CHANGES = frozenset(_STEPS)


def in_order(triples: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """Triples in order, each once."""
    if len(triples) < 2:
        return triples
    by_text = {(t.predicate, t.object): t for t in triples}
    return tuple(by_text[text] for text in sorted(by_text))


def _check_node(schema: Composition, node: MemoryNode, old: MemoryNode | None, place: str) -> None:
    _check_id(node.id, place + ".id")
    if node.node_type not in schema.types:
        reason = f"no node type of the schemas {', '.join(schema.names)}"
        raise CommitRefused(
            place + ".node_type", node.node_type, reason + did_you_mean(node.node_type, schema.types)
        )
    if old is not None and not (
        schema.is_a(node.node_type, old.node_type) or schema.is_a(old.node_type, node.node_type)
    ):
        reason = f"{node.id} is a {old.node_type}: a node's type changes only up or down the hierarchy"
        raise CommitRefused(place + ".node_type", node.node_type, reason)
    if max(node.created_ns, node.updated_ns, node.attended_ns) > LATEST_NS:
        for name in ("created_ns", "updated_ns", "attended_ns"):
            _check_time(getattr(node, name), f"{place}.{name}")
    for index, triple in enumerate(node.triples):
        if triple.confidence is not None:
            _check_confidence(triple, f"{place}.triples[{index}]")
        known = schema.predicates.get(triple.predicate)
        if known is None or known.about != ROOT:
            _check_predicate(schema, triple, f"{place}.triples[{index}]")
            _check_about(schema, triple, node, f"{place}.triples[{index}]")
    misfit = schema.misfit(node)
    if misfit is not None:
        name, value, reason = misfit
        raise CommitRefused(f"{place}.properties[{name!r}]", value, f"{node.id}: {reason}")


def _check_id(node_id: str, place: str) -> None:
    if not node_id or len(node_id) > MAX_ID or node_id != node_id.strip() or not node_id.isprintable():
        reason = (
            f'expected an id such as "object/3": 1 to {MAX_ID} printable characters, no space at either end'
        )
        raise CommitRefused(place, node_id, reason)


def _check_time(time_ns: int, place: str) -> None:
    if time_ns > LATEST_NS:
        raise CommitRefused(place, time_ns, "expected nanoseconds below 2^63")


def _check_confidence(triple: Triple, place: str) -> None:
    sure = triple.confidence
    if sure is not None and not (0 <= sure <= 1 and math.copysign(1.0, sure) > 0):
        raise CommitRefused(place + ".confidence", sure, "expected a number from 0 to 1, or None")


def _check_predicate(schema: Composition, triple: Triple, place: str) -> None:
    if triple.predicate not in schema.predicates:
        reason = f"no predicate of the schemas {', '.join(schema.names)}"
        raise CommitRefused(
            place + ".predicate", triple.predicate, reason + did_you_mean(triple.predicate, schema.predicates)
        )


def _check_about(schema: Composition, triple: Triple, node: MemoryNode, place: str) -> None:
    about = schema.predicates[triple.predicate].about
    if about != ROOT and not schema.is_a(node.node_type, about):
        reason = f"{triple.predicate} is said of a {about}, and {node.id} is a {node.node_type}"
        raise CommitRefused(place + ".predicate", triple.predicate, reason)
