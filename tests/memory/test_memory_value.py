"""A memory is a value: commits, forks and journeys in time, beside a model of plain snapshots."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from droidlet_memory import CommitRefused, Memory, NodeType, Schema
from droidlet_memory.working.journal import Commit, append, length, newest_first, without_newest
from droidlet_schema import (
    Attend,
    Forget,
    FrozenMap,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    decode,
    encode,
    evolve,
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
    assert Memory.empty(("base",)).digest != Memory.empty(("base", "robot")).digest


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
        (PutNode(MemoryNode("object/1", "Charr", 0, 0)), "changes[1].node.node_type", "base, robot"),
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
    mine = Schema("mine", ("base",), (NodeType("Chair", "ReferenceObject"), NodeType("Throne", "Chair")))
    memory = Memory.empty(("base", mine)).commit(
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


def test_a_working_memory_needs_no_sqlite():
    code = (
        "import sys; sys.modules['sqlite3'] = sys.modules['_sqlite3'] = None;"
        "from droidlet_memory import Memory; from droidlet_schema import *;"
        "memory = Memory.empty().commit([PutNode(MemoryNode('self', 'Self', 1, 2))]);"
        "print(memory.query(Query(1, Filters(memory_type='ALL'), 0, Pose2(0, 0, 0))).count)"
    )
    env = {"PYTHONPATH": ":".join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert told.stdout == "1\n"
