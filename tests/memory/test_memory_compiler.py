"""What SQL finds in a stored memory is what the working memory finds, at every revision."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_memory.asking import MAX_DEPTH
from droidlet_memory.store.present import make_room
from droidlet_memory.store.reading import AT_ONCE
from droidlet_schema import (
    And,
    Attend,
    Attribute,
    Comparator,
    DropTriple,
    Filters,
    Forget,
    Location,
    MemoryNode,
    Not,
    Or,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    ReferenceObject,
    Triple,
)
from memory.memory_strategies import queries, times, triples, worlds


def changes_to(ids):
    """Changes of nodes that may be there."""
    node_ids = st.sampled_from(ids or ("object/0",))
    return st.lists(
        st.one_of(
            st.builds(PutTriple, node_ids, triples),
            st.builds(DropTriple, node_ids, triples),
            st.builds(Attend, node_ids, times),
            st.builds(Forget, node_ids),
        ),
        max_size=4,
    )


@st.composite
def histories(draw):
    """Two worlds of the same ids, one after the other, with small changes between."""
    first, second = draw(worlds), draw(worlds)
    ids = tuple(node.id for node in first)
    small = draw(changes_to(ids))
    put = [change for change in small if not isinstance(change, PutTriple) or change.node_id in ids]
    forgotten = {change.node_id for change in put if isinstance(change, Forget)}
    put = [c for c in put if not isinstance(c, PutTriple) or c.node_id not in forgotten]
    gone = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    return [
        [PutNode(node) for node in first],
        put,
        [Forget(node_id) for node_id in gone],
        [PutNode(node) for node in second],
    ]


def put_again(memory, changes):
    """Those changes that a memory takes: a node's type changes only along the hierarchy."""
    for change in changes:
        if not isinstance(change, PutNode):
            yield change
            continue
        old = memory.node(change.node.id)
        if old is None or old.node_type == change.node.node_type:
            yield change


def both_bodies_answer_alike(commits, asked):
    working, stored = [Memory.empty()], [Memory.open()]
    for changes in commits:
        wanted = tuple(put_again(working[-1], changes))
        working.append(working[-1].commit(wanted))
        stored.append(stored[-1].commit(wanted))
    for one, other in zip(working, stored):
        assert one.digest == other.digest
        for query in asked:
            wanted_answer = one.query(query)
            assert other.query(query) == wanted_answer
            assert other.query(query) == wanted_answer  # by the plan that was kept
    stored[-1].close()


HISTORIES = histories(), st.lists(queries, min_size=1, max_size=3)
test_both_bodies_answer_alike_at_every_revision = settings(max_examples=50)(
    given(*HISTORIES)(both_bodies_answer_alike)
)
test_both_bodies_answer_alike_in_many_histories = pytest.mark.slow(
    settings(max_examples=500)(given(*HISTORIES)(both_bodies_answer_alike))
)


THOUSAND = tuple(
    PutNode(
        MemoryNode(
            f"object/{i}",
            "ReferenceObject",
            i,
            i,
            position_m=(i % 40 * 1.0, i // 40 * 1.0, 0.0),
            triples=(
                Triple("has_colour", "red" if i % 50 == 0 else "blue"),
                Triple("has_name", f"thing {i}"),
            ),
        )
    )
    for i in range(1000)
)
NEAR = Location("NEAR", 1.0, (ReferenceObject(coordinates_m=(3.0, 3.0)),))
INDEXED = {
    "a colour": Filters(Triple("has_colour", "red")),
    "a tag": Filters(Triple("has_tag", "red")),
    "one name": Filters(Comparator(Attribute("NAME"), "EQUAL", "thing 7")),
    "a rare and a common": Filters(And((Triple("has_colour", "blue"), Triple("has_name", "thing 7")))),
    "either of two": Filters(Or((Triple("has_name", "thing 8"), Triple("has_name", "thing 7")))),
    "all but": Filters(And((Triple("has_colour", "red"), Not(Triple("has_name", "thing 50"))))),
    "a number besides": Filters(
        And((Triple("has_colour", "red"), Comparator(Attribute("X"), "GREATER_THAN", 20.0)))
    ),
    "beyond a line": Filters(Comparator(Attribute("X"), "GREATER_THAN", 38.5)),
    "near a point": Filters(location=NEAR),
    "near a point and red": Filters(Triple("has_colour", "red"), location=NEAR),
    "a type": Filters(memory_type="CHAT"),
    "a tag of a type": Filters(Triple("has_tag", "_player")),
}


@pytest.mark.parametrize("what", INDEXED)
@pytest.mark.parametrize("newest", [True, False])
def test_no_table_is_looked_through_where_an_index_serves(what, newest):
    memory = Memory.open().commit(THOUSAND)
    later = memory.commit((Forget("object/3"),))
    asked = memory if not newest else later
    told = asked.explain(Query(1, INDEXED[what], 0, Pose2(0.0, 0.0, 0.0)))
    assert told.whole_tables == (), told.steps
    later.close()


def test_a_question_that_no_index_serves_says_so():
    memory = Memory.open().commit(THOUSAND)
    filters = Filters(Comparator(Attribute("HEIGHT"), "GREATER_THAN", 20.0))
    told = memory.explain(Query(1, filters, 0, Pose2(0.0, 0.0, 0.0)))
    assert told.whole_tables == ("nodes",)
    memory.close()


def test_values_are_bound_and_never_part_of_the_statement():
    name = "x' OR 1=1 --"
    player = MemoryNode("player/1", "Player", 0, 0, triples=(Triple("has_name", name),))
    memory = Memory.open().commit((*THOUSAND, PutNode(player)))
    query = Query(1, Filters(Triple("has_name", name)), 0, Pose2(0.0, 0.0, 0.0))
    assert [node.id for node in memory.query(query).nodes] == ["player/1"]
    assert "OR 1=1" not in memory.explain(query).sql
    memory.close()


@pytest.mark.parametrize("levels", [MAX_DEPTH, MAX_DEPTH + 1])
def test_what_is_asked_too_deep_fits_nothing_there_and_all_it_should_elsewhere(levels):
    red = Filters(Triple("has_colour", "red"))
    working, stored = (memory.commit(THOUSAND[:2]) for memory in (Memory.empty(), Memory.open()))
    deep = red
    for _ in range(levels):  # of the two each is near the other; both are looked for twice at every level
        deep = Filters(location=Location("NEAR", 2.0, (ReferenceObject(filters=deep),)))
    for filters in (deep, red):
        query = Query(1, filters, 0, Pose2(0.0, 0.0, 0.0))
        assert stored.query(query) == working.query(query)
    assert stored.query(query).count == 1
    stored.close()


spells = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(1, 40)), max_size=12)
"""Of nodes: when a tag is set, and for how many commits."""


@settings(max_examples=40)
@given(spells, st.integers(0, 60))
def test_what_was_said_for_however_long_is_found_at_every_revision_also_of_a_part_of_its_history(made, cut):
    tag, asked = (
        Triple("has_tag", "lit"),
        Query(1, Filters(Triple("has_tag", "lit")), 0, Pose2(0.0, 0.0, 0.0)),
    )
    working, stored = ([memory.commit(THOUSAND[:4])] for memory in (Memory.empty(), Memory.open()))
    for moment in range(60):
        on = {node for node, begin, count in made if begin <= moment < begin + count}
        changes = [(PutTriple if i in on else DropTriple)(f"object/{i}", tag) for i in range(4)]
        for memories in (working, stored):
            memories.append(memories[-1].commit(changes))
    fork = stored[cut].fork()
    kept, _ = fork.truncate_before(cut // 2)
    for one, other in zip(working, stored):
        assert other.query(asked) == one.query(asked)
        if cut // 2 <= one.revision <= cut:
            assert kept.at(revision=one.revision).query(asked) == one.query(asked)
    kept.close()
    stored[-1].close()


def test_more_nodes_at_once_than_are_kept_are_read_again():
    """What was kept of them before is not taken for what they are now."""
    count = AT_ONCE + 1
    asked = Query(1, Filters(Comparator(Attribute("NAME"), "EQUAL", "thing")), 0, Pose2(0.0, 0.0, 0.0))
    named = (Triple("has_name", "thing"),)

    def nodes(updated_ns):
        return tuple(
            MemoryNode(f"object/{i}", "ReferenceObject", 0, updated_ns, triples=named) for i in range(count)
        )

    memory = Memory.open()
    for moment in (0, 1):
        memory = memory.commit([PutNode(node) for node in nodes(moment)])
        assert [node.updated_ns for node in memory.query(asked).nodes] == [moment] * count
    assert [node.updated_ns for node in memory.at(revision=1).query(asked).nodes] == [0] * count
    memory = memory.commit([Forget(node.id) for node in nodes(1)])
    assert memory.query(asked).count == 0
    memory.close()


@given(st.lists(st.integers(0, 30), max_size=100), st.integers(1, 20))
def test_what_is_kept_never_grows_beyond_its_bound_and_the_newest_stays(keys, most):
    kept = {}
    for key in keys:
        make_room(kept, most)
        kept[key] = True
        assert len(kept) <= most and key in kept
