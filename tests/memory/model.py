"""What changes do to a memory, in the plainest words: worlds of facts, and one world per revision."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_schema import (
    Attend,
    DropTriple,
    Forget,
    FrozenMap,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    evolve,
    record,
)
from memory.memory_strategies import nodes, times, triples

IDS = st.sampled_from(("object/1", "object/2", "object/10", "self", "player/bob", "x' OR 1=1 --"))
_angles = st.none() | st.integers(-3, 3) | st.sampled_from((0.5, -0.0))
properties = st.fixed_dictionaries(
    {}, optional={"entity_id": st.none() | st.integers(-3, 3), "yaw_rad": _angles, "pitch_rad": _angles}
).map(FrozenMap)
_things = nodes(IDS).filter(lambda n: n.node_type == "ReferenceObject")
doubtful = st.builds(
    lambda triple, sure: evolve(triple, confidence=sure),
    triples,
    st.none() | st.sampled_from((0.0, 0.25, 1.0)),
)
_odd = st.builds(
    lambda node, more, said: evolve(node, properties=more, triples=(*node.triples, said)),
    _things,
    properties,
    doubtful,
)
puts = st.one_of(_things, _things, _odd).map(PutNode)
changes = st.one_of(
    puts,
    puts,
    puts,
    st.builds(PutTriple, IDS, doubtful),
    st.builds(DropTriple, IDS, doubtful),
    st.builds(Attend, IDS, times),
    st.builds(Forget, IDS),
)
bad = st.one_of(
    st.builds(PutTriple, st.just("object/77"), triples),
    st.builds(Forget, st.sampled_from(("", " a", "a\n", "x" * 201))),
    st.just(PutNode(MemoryNode("object/1", "Unicorn", 0, 0))),
    st.just(PutNode(MemoryNode("object/1", "ReferenceObject", 0, 0, triples=(Triple("has_tag", "a", 1.5),)))),
    st.just(PutNode(MemoryNode("object/1", "ReferenceObject", 0, 0, triples=(Triple("has_color", "red"),)))),
)

Facts = dict[str, Any]


def facts(node: MemoryNode) -> Facts:
    """A node as plain facts."""
    said = {(t.predicate, t.object): t.confidence for t in node.triples}
    assert list(said) == sorted(said) and len(said) == len(node.triples)
    times = {"created": node.created_ns, "updated": node.updated_ns, "attended": node.attended_ns}
    return {
        "place": node.position_m,
        "size": node.size_m,
        "said": said,
        "properties": node.properties,
        **times,
    }


def of_put(node: MemoryNode) -> Facts:
    """The facts that a PutNode states."""
    said = {(t.predicate, t.object): t.confidence for t in node.triples}
    times = {"created": node.created_ns, "updated": node.updated_ns, "attended": node.attended_ns}
    return {
        "place": node.position_m,
        "size": node.size_m,
        "said": said,
        "properties": node.properties,
        **times,
    }


class Refused(Exception):
    """A change that no memory makes."""


def changed(world: dict[str, Facts], change: Any) -> dict[str, Facts]:
    """What one change does, in the plainest words."""
    node_id = change.node.id if isinstance(change, PutNode) else change.node_id
    old = world.get(node_id)
    if isinstance(change, Forget):
        return {i: f for i, f in world.items() if i != node_id}
    if isinstance(change, PutNode):
        new = of_put(change.node)
        if old:
            new["said"] = {**old["said"], **new["said"]}
            new["created"], new["attended"] = old["created"], max(old["attended"], new["attended"])
        return {**world, node_id: new}
    if old is None:
        if isinstance(change, PutTriple):
            raise Refused(node_id)
        return world
    if isinstance(change, Attend):
        return {**world, node_id: {**old, "attended": max(old["attended"], change.now_ns)}}
    said = (change.triple.predicate, change.triple.object)
    others = {text: sure for text, sure in old["said"].items() if text != said}
    dropped = isinstance(change, DropTriple)
    return {
        **world,
        node_id: {**old, "said": others if dropped else {**others, said: change.triple.confidence}},
    }


def world_of(memory: Memory) -> dict[str, Facts]:
    """All that a memory holds, as plain facts."""
    return {node.id: facts(node) for node in memory.nodes()}


@record
class Holder:
    """A state that holds a memory."""

    memory: Memory
    tick: int = 0
