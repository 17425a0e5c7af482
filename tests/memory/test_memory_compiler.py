"""What SQL finds in a stored memory is what the working memory finds, at every revision."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_schema import Attend, DropTriple, Forget, PutNode, PutTriple
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


@settings(max_examples=150)
@given(histories(), st.lists(queries, min_size=1, max_size=3))
def test_both_bodies_answer_alike_at_every_revision(commits, asked):
    working, stored = [Memory.empty()], [Memory.open()]
    for changes in commits:
        wanted = tuple(put_again(working[-1], changes))
        working.append(working[-1].commit(wanted))
        stored.append(stored[-1].commit(wanted))
    for one, other in zip(working, stored):
        assert one.digest == other.digest
        for query in asked:
            assert other.query(query) == one.query(query)
    stored[-1].close()
