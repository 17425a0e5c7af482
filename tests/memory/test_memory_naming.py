"""Who names whom: paths against their direction, and things that others are said to be of, in both bodies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_schema import (
    Comparator,
    CountOf,
    DropTriple,
    Filters,
    Forget,
    FrozenMap,
    MemoryNode,
    PathStep,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    Triple,
    TriplePattern,
)

IDS = tuple(f"object/{i}" for i in range(4))
NAMES = ("Bob", "the bobs", "Ann")
PREDICATES = ("member_of", "has_name")
triples = st.builds(Triple, st.sampled_from(PREDICATES), st.sampled_from(IDS + NAMES))
nodes = st.builds(
    lambda node_id, held, said: MemoryNode(
        node_id,
        "Task",
        0,
        0,
        properties=FrozenMap({"label": held}) if held else FrozenMap(),
        triples=tuple(said),
    ),
    st.sampled_from(IDS),
    st.one_of(st.none(), st.sampled_from(IDS)),
    st.lists(triples, max_size=2, unique_by=lambda t: (t.predicate, t.object)),
)
changes = st.one_of(
    st.builds(PutNode, nodes),
    st.builds(PutNode, nodes),
    st.builds(DropTriple, st.sampled_from(IDS), triples),
    st.builds(Forget, st.sampled_from(IDS)),
)
patterns = st.builds(
    TriplePattern,
    st.sampled_from((None, *PREDICATES)),
    st.sampled_from((None, *IDS[:2], *NAMES)),
    st.just("OBJECT"),
    st.sampled_from((None, None, 0.5)),
)
INVERSE = [CountOf((PathStep(by, inverse=True),)) for by in ("member_of", "label")]


def asking(where):
    """A question about all nodes."""
    return Query(1, Filters(where, memory_type="ALL"), 0, Pose2(0.0, 0.0, 0.0))


@settings(max_examples=80)
@given(st.lists(st.lists(changes, min_size=1, max_size=4), min_size=1, max_size=5), patterns)
def test_who_is_named_is_found_alike_in_both_bodies_at_every_revision(commits, pattern):
    """Also where a property named somebody once, and does no more."""
    working, stored = [Memory.empty()], [Memory.open()]
    for wanted in commits:
        for memories in (working, stored):
            memories.append(memories[-1].commit(wanted))
    asked = [asking(pattern), *(asking(Comparator(by, "GREATER_THAN_EQUAL", 1.0)) for by in INVERSE)]
    for one, other in zip(working, stored):
        for query in asked:
            assert other.query(query) == one.query(query)
    stored[-1].close()


@pytest.fixture
def family():
    """A hundred things, the half of them children of the first, which is called Bob."""
    memory = Memory.open().commit(PutNode(MemoryNode(f"object/{i}", "Task", 0, 0)) for i in range(100))
    said = [PutTriple(f"object/{i}", Triple("member_of", "object/0")) for i in range(0, 100, 2)]
    memory = memory.commit([*said, PutTriple("object/1", Triple("has_name", "Bob"))])
    memory = memory.commit([PutTriple("object/1", Triple("member_of", "object/7"))])
    yield memory
    memory.close()


@pytest.mark.parametrize("newest", [True, False])
def test_what_somebody_of_a_name_says_is_found_by_the_name(family, newest):
    memory = family if newest else family.at(revision=2)
    query = asking(TriplePattern("member_of", "Bob", "OBJECT"))
    told = memory.explain(query)
    assert (told.whole_tables, told.judged) == ((), ())
    assert [node.id for node in memory.query(query).nodes] == ["object/7"] * newest


@pytest.mark.parametrize("newest", [True, False])
def test_what_anybody_says_is_told_by_sql_of_each_node(family, newest):
    memory = family if newest else family.at(revision=2)
    query = asking(TriplePattern("member_of", None, "OBJECT"))
    told = memory.explain(query)
    assert told.judged == () and "nodes" in told.whole_tables
    assert [node.id for node in memory.query(query).nodes] == ["object/0", "object/7"][: 1 + newest]


def test_who_names_a_node_is_found_through_an_index(family):
    plan = family.body._store.plans.naming("object/0", family_scope(family))
    steps = family.body._store.connection.execute(f"EXPLAIN QUERY PLAN {plan.text}", plan.given).fetchall()
    assert not [step[3] for step in steps if step[3].startswith("SCAN")]


def family_scope(memory):
    """The scope of a question about the newest revision."""
    from droidlet_memory.compiler.scope import Scope

    return Scope(memory.body._store.kinds, memory.revision, True)
