"""What policies drop, beside a plain reading of them; traces, links, and what never goes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_memory import CHATS, KEEP, USUAL, Forgetting, Memory, SchemasError, forgetting_changes
from droidlet_memory.nodes import Archived, get
from droidlet_memory.store.reading import Reader
from droidlet_schema import (
    DropTriple,
    Forget,
    FrozenMap,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    decode,
    encode,
)

S = 1_000_000_000
TYPES = ("Chat", "ReferenceObject", "Player", "Self", "Task")
limits = st.none() | st.integers(0, 5).map(float)
policies = st.builds(
    Forgetting,
    st.lists(st.sampled_from((*TYPES, "Memory", "Archived")), max_size=2).map(tuple),
    limits,
    limits,
    st.none() | st.integers(0, 4),
    st.sampled_from(((), (KEEP,))),
    st.booleans(),
)
times = st.integers(0, 6).map(lambda s: s * S)
triples = st.sampled_from((Triple("has_tag", KEEP), Triple("has_name", "x"), Triple("member_of", "a/2")))
worlds = st.lists(
    st.tuples(st.sampled_from(TYPES), times, times, times, st.lists(triples, max_size=2).map(tuple)),
    max_size=7,
).map(lambda facts: [MemoryNode(f"a/{i}", *rest[:4], triples=rest[4]) for i, rest in enumerate(facts)])
LINEAGE = {"Player": ("Player", "ReferenceObject"), "Self": ("Self", "Player", "ReferenceObject")}


def plainly(nodes: list[MemoryNode], policy: Forgetting, now_ns: int) -> set[str]:
    """Which of these nodes one policy lets go."""
    about = [
        n
        for n in nodes
        if "Memory" in policy.types or set(LINEAGE.get(n.node_type, (n.node_type,))) & set(policy.types)
    ]
    free = [
        n
        for n in about
        if n.node_type != "Self"
        and not any(t.predicate == "has_tag" and t.object in policy.keep for t in n.triples)
    ]
    gone = set()
    for n in free:
        if policy.age_s is not None and (now_ns - n.updated_ns) / S > policy.age_s:
            gone.add(n.id)
        if policy.unattended_s is not None:
            seen = max(n.created_ns, n.attended_ns)
            if (now_ns - seen) / S > policy.unattended_s:
                gone.add(n.id)
    if policy.capacity is not None:
        left = [n for n in free if n.id not in gone]
        left.sort(key=lambda n: (max(n.created_ns, n.updated_ns, n.attended_ns), n.id))
        while left and len(about) - len(gone) > policy.capacity:
            gone.add(left.pop(0).id)
    return gone


@given(worlds, policies, times)
def test_a_policy_drops_what_it_says(nodes, policy, now_ns):
    memory = Memory.empty().commit([PutNode(n) for n in nodes])
    held = [memory.node(n.id) for n in nodes]
    changes, report = forgetting_changes(memory, policy, now_ns)
    gone = plainly(held, policy, now_ns)
    assert {d.node_id for d in report.dropped} == gone and len(report.dropped) == len(gone)
    after = memory.commit(changes, now_ns)
    assert {n.id for n in after.nodes() if n.node_type != "Archived"} == {n.id for n in nodes} - gone
    traces = {n.properties["archive_of"] for n in after.nodes("Archived")}
    assert traces == (gone if policy.archive else set())
    assert all(d.reason for d in report.dropped) and decode(encode(report)) == report
    if "a/2" in gone:  # what was said of it leads to its trace, or nowhere
        led = {t.object for n in after.nodes() for t in n.triples if t.predicate == "member_of"}
        assert led <= ({"archive/a/2"} if policy.archive else set()) or all(
            n.node_type == "Archived" for n in after.nodes() if Triple("member_of", "a/2") in n.triples
        )
    if "Archived" not in policy.types and "Memory" not in policy.types:
        assert forgetting_changes(after, policy, now_ns)[0] == ()
    with Memory.open() as store:
        stored = store.commit([PutNode(n) for n in nodes])
        assert forgetting_changes(stored, policy, now_ns) == (changes, report)


@given(worlds, st.lists(policies, max_size=3), times)
def test_policies_apply_one_after_the_other(nodes, several, now_ns):
    memory = step = Memory.empty().commit([PutNode(n) for n in nodes])
    changes, report = forgetting_changes(memory, several, now_ns)
    together = memory.commit(changes, now_ns)
    for policy in several:
        step = step.commit(forgetting_changes(step, policy, now_ns)[0], now_ns)
    assert together.nodes() == step.nodes()
    assert {d.node_id for d in report.dropped} == {n.id for n in nodes} - {n.id for n in together.nodes()}
    left = {d.archived_as for d in report.dropped} - {None}
    assert left == {n.id for n in together.nodes("Archived")}


def chat(number: int, said_s: float, **more: object) -> PutNode:
    """Something said."""
    at = int(said_s * S)
    return PutNode(
        MemoryNode(f"chat/{number}", "Chat", at, at, properties=FrozenMap({"text": "hello"}), **more)
    )


def test_chats_fade_and_leave_a_trace_that_is_found():
    memory = Memory.empty().commit(
        [
            chat(1, 0, triples=(Triple("said_by", "bob"),)),
            chat(2, 86_000, triples=(Triple("chat_effect", "chat/1"),)),
        ]
    )
    changes, report = forgetting_changes(memory, USUAL, 90_000 * S)
    assert [(d.node_id, d.reason, d.archived_as) for d in report.dropped] == [
        ("chat/1", "not changed for 25 h", "archive/chat/1")
    ]
    assert report.stay == 2  # the other chat, and the trace
    after = memory.commit(changes, 90_000 * S)
    trace = get(after, "archive/chat/1", Archived)
    assert trace is not None and (trace.archive_of, trace.was, trace.archived_ns) == (
        "chat/1",
        "Chat",
        90_000 * S,
    )
    assert Triple("said_by", "bob") in trace.triples and Triple("archive_of", "chat/1") in trace.triples
    assert after.node("chat/2").triples == (Triple("chat_effect", "archive/chat/1"),)
    assert memory.node("chat/1") is not None and after.at(revision=1) == memory


def test_no_more_chats_than_there_is_room_for():
    memory = Memory.empty().commit([chat(n, n) for n in range(CHATS.capacity + 5)])
    changes, report = forgetting_changes(memory, CHATS, 2000 * S)
    assert [d.node_id for d in report.dropped] == [f"chat/{n}" for n in range(5)]
    assert {d.reason for d in report.dropped} == {"more than 1000 of them"}
    after = memory.commit(changes)
    assert len(after.nodes("Chat")) == 1000 and len(after.nodes("Archived")) == 5


def test_a_trace_takes_the_place_of_an_older_trace_of_the_same_id():
    memory = Memory.empty()
    policy = Forgetting(("Chat",), age_s=1, archive=True)
    for now_s in (10, 20):
        word = Triple("has_tag", f"at {now_s}")
        memory = memory.commit([chat(1, now_s, triples=(word,))])
        changes, _ = forgetting_changes(memory, policy, (now_s + 5) * S)
        memory = memory.commit(changes)
    (trace,) = memory.nodes("Archived")
    assert trace.created_ns == 25 * S and Triple("has_tag", "at 10") not in trace.triples
    long = "x" * 198
    memory = Memory.empty().commit([PutNode(MemoryNode(long, "Chat", 0, 0))])
    memory = memory.commit(forgetting_changes(memory, policy, 5 * S)[0])
    (trace,) = memory.nodes()
    assert trace.properties["archive_of"] == long and len(trace.id) < 60


def test_a_task_leaves_a_trace_without_what_is_said_of_tasks_only():
    said = (Triple("has_parent_task", "task/0"), Triple("has_reason", "bob asked"))
    memory = Memory.empty().commit(
        [PutNode(MemoryNode(f"task/{i}", "Task", 0, i * S, triples=said * i)) for i in range(2)]
    )
    memory = memory.commit(forgetting_changes(memory, Forgetting(("Task",), 0.5, archive=True), 2 * S)[0])
    traces = {n.id: [t.predicate for t in n.triples] for n in memory.nodes()}
    assert traces == {"archive/task/0": ["archive_of"], "archive/task/1": ["archive_of", "has_reason"]}


def test_the_agent_itself_stays_whatever_is_said():
    memory = Memory.empty().commit([PutNode(MemoryNode("self", "Self", 0, 0))])
    memory = memory.commit([PutTriple("self", Triple("has_name", "r2"))])
    assert forgetting_changes(memory, Forgetting(age_s=0, capacity=0), 10**12)[0] == ()


def test_only_nodes_of_the_types_named_and_those_that_refer_to_them_are_read(monkeypatch):
    puts = [PutNode(MemoryNode(f"object/{n}", "ReferenceObject", 0, 0)) for n in range(200)]
    puts += [chat(n, n) for n in range(3)]
    about = PutNode(MemoryNode("chat/9", "Chat", 9 * S, 9 * S, triples=(Triple("chat_effect", "chat/0"),)))
    memory, read = Memory.open().commit([*puts, about]), set()
    look = Reader.by_key
    monkeypatch.setattr(Reader, "by_key", lambda self, key, *at: read.add(key) or look(self, key, *at))
    changes, report = forgetting_changes(memory, Forgetting(("Chat",), capacity=3), 10 * S)
    assert [dropped.node_id for dropped in report.dropped] == ["chat/0"]
    assert changes == (DropTriple("chat/9", Triple("chat_effect", "chat/0")), Forget("chat/0"))
    assert len(read) <= 4


@given(worlds, st.frozensets(st.sampled_from(("a/2", "x", "nothing", KEEP)), max_size=3))
def test_who_refers_to_something_is_found_alike(nodes, texts):
    for start in (Memory.empty, Memory.open):
        memory = start().commit([PutNode(n) for n in nodes])
        expected = [n.id for n in memory.nodes() if any(t.object in texts for t in n.triples)]
        assert [n.id for n in memory.saying(texts)] == expected


def test_what_is_no_policy_is_refused():
    for wrong in ({"age_s": -1}, {"unattended_s": math.nan}, {"capacity": -1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Forgetting(**wrong)
    with pytest.raises(SchemasError, match="'Chta'.*did you mean 'Chat'"):
        forgetting_changes(Memory.empty(), Forgetting(("Chta",)), 0)


@pytest.mark.parametrize(
    ("seconds", "words"), [(1.5, "1 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (200_000, "2 days")]
)
def test_a_reason_says_how_long(seconds, words):
    memory = Memory.empty().commit([chat(1, 0)])
    changes, report = forgetting_changes(memory, Forgetting(("Chat",), age_s=1), int(seconds * S))
    assert report.dropped[0].reason == f"not changed for {words}" and changes == (Forget("chat/1"),)
