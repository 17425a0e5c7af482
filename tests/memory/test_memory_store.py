"""The store behind a memory: whatever a node is made of, however little is kept in caches, whoever asks."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_memory import CommitRefused, Memory
from droidlet_memory.chain import chained, encoded
from droidlet_memory.store import blobs, reading, words
from droidlet_memory.store.registry import STORES
from droidlet_schema import Attend, Change, FrozenMap, MemoryNode, PutNode, Triple, digest, encode, evolve
from droidlet_schema.strategies import of
from memory.memory_strategies import times
from memory.test_memory_machine import Machine

numbers = st.floats() | st.sampled_from((0.0, -0.0, 1e300, -1e300, 5e-324, math.inf, -math.inf, math.nan))
vectors = st.none() | st.tuples(numbers, numbers, numbers)
texts = st.text(max_size=8) | st.sampled_from(
    ("", "\0", "a\0b", "É", "\U0001f600", "'; DROP TABLE nodes; --")
)
odd = st.builds(
    MemoryNode,
    st.sampled_from(
        ("object/1", "object/2", "object/999999999999999999", "object/9999999999999999999", "É/0")
    ),
    st.just("ReferenceObject"),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-(2**63), 2**63 - 1),
    times,
    vectors,
    vectors,
    st.lists(st.builds(Triple, st.sampled_from(("has_name", "has_tag")), texts), max_size=3).map(tuple),
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(odd, min_size=1, max_size=3), min_size=1, max_size=4))
def test_every_node_comes_back_to_the_bit_at_every_revision(tmp_path_factory, commits):
    path = tmp_path_factory.mktemp("odd") / "a.memory"
    working, stored = [Memory.empty()], [Memory.open(path=path)]
    for nodes in commits:
        working.append(working[-1].commit(map(PutNode, nodes)))
        stored.append(stored[-1].commit(map(PutNode, nodes)))
    for _ in range(2):
        for one, two in zip(working, stored):
            assert encode(one.nodes()) == encode(two.nodes()) and one == two
        assert stored[-1].verify() and stored[0].fork().nodes() == ()
        stored[-1].close()
        stored.append(Memory.open(path=path))
        working.append(working[-1])
    stored[-1].close()


@given(st.lists(of(Change), max_size=20).map(tuple), st.integers(0, 2**63 - 1))
def test_the_chain_is_the_digest_of_all_that_it_covers(changes, now_ns):
    parent = digest(changes)
    assert tuple(map(bytes, encoded(changes))) == tuple(map(bytes, encode(changes)))
    assert chained(parent, encoded(changes), now_ns) == digest((parent, changes, now_ns))


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 65535, 65536])
def test_the_chain_of_many_changes(count):
    changes = tuple([Attend("object/1", 5)] * count)
    assert encoded(changes)[0] == encode(changes)[0]


@given(of(Change) | st.binary(max_size=20) | st.just(b"x" * 100_000))
def test_what_is_put_away_comes_back(value):
    assert blobs.unpack(blobs.pack(value), None) == value
    assert len(blobs.pack(b"x" * 100_000)) < 2000


class Forgetful(Machine):
    """The caches keep next to nothing, texts are learnt two by two."""

    SMALL = {(words, "KEPT"): 3, (words, "WORDS_AT_ONCE"): 2, (reading, "KEPT"): 2, (reading, "IDS_KEPT"): 2}

    def __init__(self) -> None:
        super().__init__()
        self.usual = {(module, name): getattr(module, name) for module, name in self.SMALL}
        for (module, name), value in self.SMALL.items():
            setattr(module, name, value)

    def teardown(self) -> None:
        for (module, name), value in self.usual.items():
            setattr(module, name, value)
        super().teardown()


TestForgetful = Forgetful.TestCase
TestForgetful.settings = settings(
    max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


def put(number: int, value: int, *names: str) -> PutNode:
    """A thing."""
    said = tuple(Triple("has_name", name) for name in names)
    return PutNode(MemoryNode(f"object/{number}", "ReferenceObject", 0, value, triples=said))


def test_one_thread_writes_while_others_read():
    first = Memory.open().commit([put(i, 1) for i in range(20)])
    memories, stop = [first], threading.Event()

    def read() -> int:
        count = 0
        while not stop.is_set():
            memory = memories[-1]
            assert {node.updated_ns for node in memory.nodes()} == {memory.revision}
            assert {node.updated_ns for node in first.nodes()} == {1}
            count += 1
        return count

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for value in range(2, 60):
            memories.append(memories[-1].commit([put(i, value) for i in range(20)]))
        stop.set()
        assert all(reader.result() > 0 for reader in readers)
    assert memories[-1].verify()


def test_a_store_lives_as_long_as_what_leads_to_it():
    memory = Memory.open().commit([put(1, 1, "chair")])
    store_id = memory.body.store
    older = memory.at(revision=0)
    del memory
    assert STORES.find(store_id).head == 1
    del older
    assert store_id not in STORES.open and store_id not in STORES.users


def test_full_text_search_learns_all_texts_in_the_end():
    memory = Memory.open()
    for revision in range(3):
        memory = memory.commit([put(i, 0, f"thing number {revision} {i}") for i in range(400)])
    run = STORES.find(memory.body.store).connection.execute
    learnt = run("SELECT max(id) FROM said_words_docsize").fetchone()[0]
    assert run("SELECT count(*) FROM said WHERE id > ?", (learnt,)).fetchone()[0] < words.WORDS_AT_ONCE
    found = run("SELECT rowid FROM said_words WHERE said_words MATCH 'number AND 399'").fetchall()
    assert len(found) >= 2


def test_attention_makes_a_narrow_row_and_never_a_version():
    memory = Memory.open().commit(
        [evolve(put(1, 1, "chair"), node=evolve(put(1, 1).node, position_m=(1.0, 2.0, 0.0)))]
    )
    for now_ns in range(2, 50):
        memory = memory.commit([Attend("object/1", now_ns)])
    run = STORES.find(memory.body.store).connection.execute
    counts = {
        t: run(f"SELECT count(*) FROM {t}").fetchone()[0]
        for t in ("past", "past_types", "past_places", "places")
    }
    assert counts == {"past": 0, "past_types": 0, "past_places": 0, "places": 1}
    assert run("SELECT count(*) FROM attended").fetchone()[0] == 48
    assert [v.node.attended_ns for v in memory.history("object/1")] == [0, *range(2, 50)]


def test_cutting_a_history_gives_its_space_back(tmp_path):
    memory = Memory.open(path=tmp_path / "a.memory")
    for value in range(200):
        memory = memory.commit([put(i, value, f"name {value} of {i}") for i in range(20)])
    kept, told = memory.truncate_before(195)
    assert kept == memory and (told.commits, kept.oldest) == (195, 195)
    assert told.reclaimed_bytes > 100_000 and told.versions > 3000
    assert kept.nodes() == memory.nodes() and kept.verify()
    run = STORES.find(memory.body.store).connection.execute
    names = {row[0] for row in run("SELECT object FROM said")}
    assert names == {f"name {v} of {i}" for v in range(200) for i in range(20)} & {
        t.object for r in range(195, 201) for n in kept.at(revision=r).nodes() for t in n.triples
    }
    memory.close()


@pytest.mark.parametrize("empty", [Memory.empty, Memory.open])
def test_what_no_column_holds_is_refused(empty):
    late = 2**63
    node = MemoryNode("object/1", "ReferenceObject", 0, 0)
    for change, place in (
        (PutNode(evolve(node, created_ns=late)), "changes[0].node.created_ns"),
        (PutNode(evolve(node, attended_ns=late)), "changes[0].node.attended_ns"),
        (Attend("object/1", late), "changes[0].now_ns"),
        (
            PutNode(evolve(node, triples=(Triple("has_tag", "a", math.nan),))),
            "changes[0].node.triples[0].confidence",
        ),
    ):
        with pytest.raises(CommitRefused) as refused:
            empty().commit([change])
        assert refused.value.place == place
    with pytest.raises(CommitRefused, match="now_ns"):
        empty().commit([PutNode(node)], late)
    assert empty().commit([PutNode(evolve(node, properties=FrozenMap({"entity_id": 2**64 - 1})))]).nodes()
