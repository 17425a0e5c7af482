"""A memory is a value: commits, forks and journeys in time, beside a model of plain snapshots."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from droidlet_memory import CommitRefused, Memory, NodeType, NoSuchRevision, Schema
from droidlet_memory.working.journal import Commit, append, length, newest_first, without_newest
from droidlet_schema import (
    Answer,
    Attend,
    DropTriple,
    Filters,
    Forget,
    FrozenMap,
    MemoryNode,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    Triple,
    decode,
    digest,
    encode,
    evolve,
    record,
)
from memory.memory_strategies import nodes, times, triples

IDS = st.sampled_from(("object/1", "object/2", "object/10", "self", "player/bob", "x' OR 1=1 --"))
puts = nodes(IDS).filter(lambda n: n.node_type == "ReferenceObject").map(PutNode)
changes = st.one_of(
    puts,
    puts,
    st.builds(DropTriple, IDS, triples),
    st.builds(Attend, IDS, times),
    st.builds(Forget, IDS),
)
bad = st.one_of(
    st.builds(PutTriple, st.just("object/77"), triples),
    st.builds(Forget, st.sampled_from(("", " a", "a\n", "x" * 201))),
    st.just(PutNode(MemoryNode("object/1", "Unicorn", 0, 0))),
    st.just(PutNode(MemoryNode("object/1", "ReferenceObject", 0, 0, triples=(Triple("has_color", "red"),)))),
)

Facts = dict[str, Any]


def facts(node: MemoryNode) -> Facts:
    """A node as plain facts."""
    said = [(t.predicate, t.object) for t in node.triples]
    assert said == sorted(set(said))
    times = {"created": node.created_ns, "updated": node.updated_ns, "attended": node.attended_ns}
    return {"place": node.position_m, "size": node.size_m, "said": set(said), **times}


def of_put(node: MemoryNode) -> Facts:
    """The facts that a PutNode states."""
    said = {(t.predicate, t.object) for t in node.triples}
    times = {"created": node.created_ns, "updated": node.updated_ns, "attended": node.attended_ns}
    return {"place": node.position_m, "size": node.size_m, "said": said, **times}


def changed(world: dict[str, Facts], change: Any) -> dict[str, Facts]:
    """What one change does, in the plainest words."""
    node_id = change.node.id if isinstance(change, PutNode) else change.node_id
    old = world.get(node_id)
    if isinstance(change, Forget):
        return {i: f for i, f in world.items() if i != node_id}
    if isinstance(change, PutNode):
        new = of_put(change.node)
        if old:
            new["said"] = new["said"] | old["said"]
            new["created"], new["attended"] = old["created"], max(old["attended"], new["attended"])
        return {**world, node_id: new}
    if old is None:
        return world
    if isinstance(change, Attend):
        return {**world, node_id: {**old, "attended": max(old["attended"], change.now_ns)}}
    said = (change.triple.predicate, change.triple.object)
    return {
        **world,
        node_id: {
            **old,
            "said": old["said"] - {said} if isinstance(change, DropTriple) else old["said"] | {said},
        },
    }


def world_of(memory: Memory) -> dict[str, Facts]:
    """All that a memory holds, as plain facts."""
    return {node.id: facts(node) for node in memory.nodes()}


@record
class Holder:
    """A state that holds a memory."""

    memory: Memory
    tick: int = 0


class Machine(RuleBasedStateMachine):
    """Each memory stands beside its whole past: a list of (time, world), one per revision."""

    memories: Bundle[Any] = Bundle("memories")

    @initialize(target=memories)
    def nothing(self):
        return Memory.empty(), [(None, {})]

    @rule(
        target=memories,
        pair=memories,
        wanted=st.lists(changes, min_size=1, max_size=4),
        now_ns=st.none() | times,
    )
    def commit(self, pair, wanted, now_ns):
        memory, past = pair
        before, world = world_of(memory), past[-1][1]
        for change in wanted:
            world = changed(world, change)
        stated = [c.node.updated_ns for c in wanted if isinstance(c, PutNode)]
        stated += [c.now_ns for c in wanted if isinstance(c, Attend)]
        time = max([past[-1][0] or 0, *(stated if now_ns is None else [now_ns])])
        child = memory.commit(wanted, now_ns)
        assert child.revision == memory.revision + 1
        assert child.now_ns == time
        assert world_of(child) == world
        again = memory.commit(tuple(wanted), now_ns)
        assert child == again and child.digest == again.digest != memory.digest
        assert world_of(memory) == before
        return child, [*past, (time, world)]

    @rule(pair=memories, good=st.lists(changes, max_size=2), wrong=bad)
    def refuse(self, pair, good, wrong):
        memory, past = pair
        name = memory.digest
        with pytest.raises(CommitRefused):
            memory.commit([*good, wrong])
        assert (memory.digest, world_of(memory)) == (name, past[-1][1])

    @rule(pair=memories)
    def nothing_new(self, pair):
        assert pair[0].commit(()) is pair[0].commit([], 5) is pair[0]

    @rule(target=memories, pair=memories, data=st.data())
    def at_revision(self, pair, data):
        memory, past = pair
        revision = data.draw(st.integers(0, len(past) - 1))
        old = memory.at(revision=revision)
        assert old.revision == revision
        assert world_of(old) == past[revision][1]
        assert old.at(revision=revision) == old
        return old, past[: revision + 1]

    @rule(pair=memories, time=times)
    def at_time(self, pair, time):
        memory, past = pair
        expected = max(r for r, (then, _) in enumerate(past) if then is None or then <= time)
        assert memory.at(time_ns=time).revision == expected

    @rule(pair=memories, revision=st.sampled_from((-1, 1)))
    def beyond(self, pair, revision):
        memory, past = pair
        with pytest.raises(NoSuchRevision, match=f"0 to {len(past) - 1}"):
            memory.at(revision=revision if revision < 0 else len(past))

    @rule(pair=memories, node_id=IDS)
    def history(self, pair, node_id):
        memory, past = pair
        found = {v.revision: v.node and facts(v.node) for v in memory.history(node_id)}
        known = None
        for revision, (_, world) in enumerate(past):
            if world.get(node_id) != known:
                assert revision in found  # each change has its version; a put of the same is one too
            if revision in found:
                known = found[revision]
            assert world.get(node_id) == known

    @rule(one=memories, two=memories)
    def diff(self, one, two):
        old, new = one[1][-1][1], two[1][-1][1]
        found = Memory.diff(one[0], two[0])
        assert {n.id for n in found.added} == new.keys() - old.keys()
        assert {n.id for n in found.removed} == old.keys() - new.keys()
        both = old.keys() & new.keys()
        assert {a.id for a, _ in found.changed} >= {i for i in both if old[i] != new[i]}
        assert {a.id for a, b in found.changed} <= both
        assert all(facts(a) == old[a.id] and facts(b) == new[b.id] for a, b in found.changed)

    @rule(target=memories, pair=memories)
    def fork(self, pair):
        fork = pair[0].fork()
        assert fork == pair[0]
        return fork, pair[1]

    @rule(target=memories, pair=memories)
    def travel(self, pair):
        state = Holder(pair[0], 3)
        back = decode(encode(state), Holder)
        assert digest(back) == digest(state) and back == state
        assert world_of(back.memory) == pair[1][-1][1] and back.memory.verify()
        return back.memory, pair[1]

    @rule(pair=memories)
    def query(self, pair):
        answer = pair[0].query(Query(1, Filters(memory_type="ALL"), 0, Pose2(0, 0, 0)))
        assert isinstance(answer, Answer)
        assert sorted(n.id for n in answer.nodes) == sorted(pair[1][-1][1])


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def put(number: int, *said: str, now_ns: int = 0, **more: Any) -> PutNode:
    """A thing with names."""
    node_triples = tuple(Triple("has_name", word) for word in said)
    return PutNode(MemoryNode(f"object/{number}", "ReferenceObject", 0, now_ns, triples=node_triples, **more))


def test_a_long_journal_is_a_list():
    plain: list[Commit] = []
    journal: tuple[Any, ...] = ()
    for n in range(300):
        commit = Commit(str(n), n, (), FrozenMap())
        journal, plain = append(journal, commit), [commit, *plain]
        assert length(journal) == n + 1
        assert len(journal) <= 10
    assert [c.now_ns for c in newest_first(journal)] == [c.now_ns for c in plain]
    for count in range(301):
        assert [c.now_ns for c in newest_first(without_newest(journal, count))] == [
            c.now_ns for c in plain[count:]
        ]


def test_thousands_of_commits_travel_and_reach_back():
    memory = Memory.empty()
    for n in range(5000):
        memory = memory.commit([Attend("object/3", n), put(n % 3, now_ns=n)])
    back = decode(encode(memory), Memory)
    assert back == memory and back.held == memory.held
    assert back.at(revision=2).nodes() == memory.at(revision=2).nodes() == memory.at(time_ns=1).nodes()
    assert len(memory.history("object/1")) == 1667


def test_equal_content_by_another_way_is_another_memory():
    one = Memory.empty().commit([put(1)]).commit([put(2)])
    two = Memory.empty().commit([put(2)]).commit([put(1)])
    assert one.held == two.held and one != two and one.digest != two.digest
    assert Memory.diff(one, two) == Memory.diff(two, one) == Memory.diff(one, one)
    assert Memory.empty(("droidlet",)).digest != Memory.empty(("droidlet", "robot")).digest


def test_a_chain_that_does_not_fit_its_content_is_told():
    memory = Memory.empty().commit([put(1, "chair")]).commit([Forget("object/9")], 7)
    other = Memory.empty().commit([put(1, "table")])
    assert memory.verify()
    assert not Memory(evolve(memory.body, held=other.held)).verify()


def test_the_digest_is_one_in_every_process():
    code = (
        "from droidlet_memory import Memory; from droidlet_schema import *;"
        "put = PutNode(MemoryNode('object/1', 'Self', 1, 2));"
        "print(Memory.empty().commit([put, Attend('object/1', 7)]).digest)"
    )
    seen = set()
    for seed in ("0", "1"):
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        seen.add(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
            ).stdout
        )
    here = (
        Memory.empty().commit([PutNode(MemoryNode("object/1", "Self", 1, 2)), Attend("object/1", 7)]).digest
    )
    assert seen == {here + "\n"}


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (PutNode(MemoryNode("object/1", "Charr", 0, 0)), "changes[1].node.node_type", "droidlet, robot"),
        (
            PutNode(MemoryNode("object/1", "ReferenceObjekt", 0, 0)),
            "changes[1].node.node_type",
            "'ReferenceObject'?",
        ),
        (PutNode(MemoryNode(" a", "Chat", 0, 0)), "changes[1].node.id", "object/3"),
        (
            PutNode(MemoryNode("object/7", "Chat", 0, 0)),
            "changes[1].node.node_type",
            "object/7 is a ReferenceObject",
        ),
        (PutTriple("object/7", Triple("has_color", "red")), "changes[1].triple.predicate", "'has_colour'?"),
        (PutTriple("object/8", Triple("has_tag", "red")), "changes[1].node_id", "put the node before"),
        (Attend("", 3), "changes[1].node_id", "printable"),
        ("chair", "changes[1]", "expected PutNode"),
    ],
)
def test_what_is_refused_names_the_place_the_value_and_the_cause(change, place, words):
    memory = Memory.empty().commit([put(7, "chair")])
    with pytest.raises(CommitRefused) as refused:
        memory.commit([put(1), change])
    assert refused.value.place == place
    assert place in str(refused.value) and words in str(refused.value)
    assert memory.node("object/1") is None


def test_a_time_that_is_none_is_refused():
    for time in ("now", 1.5, True):
        with pytest.raises(CommitRefused, match="now_ns"):
            Memory.empty().commit([put(1)], time)


def test_a_type_may_become_more_or_less_exact():
    memory = Memory.empty().commit([put(1)])
    for node_type in ("DetectedObject", "ReferenceObject", "Player", "Self"):
        memory = memory.commit([PutNode(MemoryNode("object/1", node_type, 0, 0))])
    with pytest.raises(CommitRefused, match="object/1 is a Self"):
        memory.commit([PutNode(MemoryNode("object/1", "DetectedObject", 0, 0))])


def test_nodes_by_type_and_in_order():
    mine = Schema("mine", ("droidlet",), (NodeType("Chair", "ReferenceObject"), NodeType("Throne", "Chair")))
    memory = Memory.empty(("droidlet", mine)).commit(
        [
            put(10),
            put(9),
            PutNode(MemoryNode("object/2", "Throne", 0, 0)),
            PutNode(MemoryNode("self", "Self", 0, 0)),
        ]
    )
    assert [n.id for n in memory.nodes()] == ["self", "object/2", "object/9", "object/10"]
    assert [n.id for n in memory.nodes("Chair")] == ["object/2"]
    assert [n.id for n in memory.nodes("Nothing")] == []


def test_a_moment_is_named_in_one_way():
    for wrong in ({}, {"revision": 0, "time_ns": 0}):
        with pytest.raises(TypeError, match="one of the two"):
            Memory.empty().at(**wrong)
