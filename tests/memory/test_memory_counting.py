"""How many nodes there are of each type, or fit a question, and the first of them, in both bodies and at any
revision.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import CommitRefused, Memory, NoSuchRevision, parse_query
from droidlet_memory.store.reading import Reader
from droidlet_schema import (
    Attribute,
    Change,
    Filters,
    Forget,
    MemoryNode,
    Pose2,
    PutNode,
    Query,
    Selector,
    Triple,
    evolve,
)
from memory.memory_strategies import queries
from memory.model import changes as any_changes

RANKED = ("X", "Y", "Z", "HEIGHT", "WIDTH", "DEPTH", "BORN_TIME", "MODIFY_TIME", "VISIT_TIME", "SIZE", "NAME")
CHAIR = (Triple("has_name", "chair"),)
TYPES = ("ReferenceObject", "Player", "Self", "Chat", "DetectedObject")
puts = st.builds(lambda n: PutNode(MemoryNode(f"x/{n}", TYPES[n % 5], 0, 0)), st.integers(0, 12))
changes = st.lists(puts | st.builds(lambda n: Forget(f"x/{n}"), st.integers(0, 12)), min_size=1, max_size=6)


@pytest.mark.parametrize("start", [Memory.empty, Memory.open])
@given(commits=st.lists(changes, max_size=5), first=st.integers(-1, 15))
@settings(max_examples=40, deadline=None)
def test_they_are_those_of_all_nodes(start, commits: list[list[Change]], first: int) -> None:
    memory = start()
    for one in commits:
        memory = memory.commit(one)
    for revision in range(memory.revision + 1):
        then = memory.at(revision=revision)
        assert then.counts() == dict(sorted(Counter(node.node_type for node in then.nodes()).items()))
        for node_type in (None, "ReferenceObject", "Player", "Nothing"):
            assert then.nodes(node_type, first) == then.nodes(node_type)[: max(first, 0)]
            alone = tuple(n for n in then.nodes(node_type) if node_type in (None, n.node_type))
            assert then.nodes(node_type, below=False) == alone
            assert then.nodes(node_type, first, below=False) == alone[: max(first, 0)]


@pytest.mark.parametrize("start", [Memory.empty, Memory.open])
def test_a_memory_of_nothing_counts_nothing(start) -> None:
    assert start().counts() == {} and start().nodes(first=3) == ()


@pytest.mark.parametrize("start", [Memory.empty, Memory.open])
@given(commits=st.lists(changes, max_size=5))
@settings(max_examples=20, deadline=None)
def test_commits_made_again_give_the_same_memory(start, commits: list[list[Change]]) -> None:
    memory, again = start(), Memory.empty()
    for now_ns, one in enumerate(commits):
        memory = memory.commit(one, now_ns)
    for told in memory.commits():
        again = again.commit(told.changes, told.now_ns)
        assert (again.revision, again.digest) == (told.revision, told.digest)
    assert again == memory and tuple(memory.commits(memory.revision)) == ()
    assert list(memory.commits(2)) == list(memory.commits())[2:]
    if memory.revision > 3:
        cut, _ = memory.truncate_before(3)
        assert [one.revision for one in cut.commits(1)] == list(range(4, memory.revision + 1))


@given(
    commits=st.lists(st.lists(any_changes, min_size=1, max_size=6), max_size=4),
    asked=st.lists(queries, min_size=1, max_size=4),
    first=st.integers(-1, 4),
    selector=st.none()
    | st.builds(
        Selector,
        st.sampled_from(("ALL", "MIN", "MAX")),
        st.none() | st.sampled_from(RANKED).map(Attribute),
        st.integers(0, 3),
        st.none() | st.integers(0, 3),
        st.sampled_from(("DISALLOWED", "ALLOWED", "REQUIRED")),
    ),
)
@settings(max_examples=150, deadline=None)
def test_the_first_that_fit_a_question_are_those_of_all_that_fit(commits, asked, first, selector) -> None:
    working, stored = Memory.empty(), Memory.open()
    for one in commits:
        with suppress(CommitRefused):
            working, stored = working.commit(one), stored.commit(one)
    if selector is not None:
        asked = [evolve(q, filters=evolve(q.filters, selector=selector)) for q in asked]
    for revision in range(working.revision + 1):
        then = (working.at(revision=revision), stored.at(revision=revision))
        for query in asked:
            whole, most = then[0].query(query), max(first, 0)
            assert then[1].query(query) == whole
            for memory in then:
                answer = memory.query(query, first)
                assert (answer.nodes, answer.count) == (whole.nodes[:most], whole.count)
                assert (answer.values, answer.rows) == (whole.values[:most], whole.rows[:most])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT MEMORY FROM ALL",
        "SELECT COUNT FROM ALL LIMIT 3",
        "SELECT x FROM REFERENCE_OBJECT WHERE has_name = 'chair' ARGMIN x LIMIT 3",
        "SELECT MEMORY FROM ALL ARGMAX height ORDINAL 1 LIMIT 3",
        "SELECT height FROM REFERENCE_OBJECT WHERE height > 1 m",
        "SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'chair' AND NOT has_colour = 'red'",
    ],
)
def test_only_the_first_are_read(text, monkeypatch) -> None:
    """Counted by how often a stored node is looked up."""
    puts = [
        PutNode(MemoryNode(f"x/{n}", "ReferenceObject", 0, 0, 0, (n // 2, 0, 0), (1, 1, 2), CHAIR))
        for n in range(500)
    ]
    memory, read = Memory.open().commit(puts), []
    look = Reader.by_key
    monkeypatch.setattr(Reader, "by_key", lambda *given: read.append(given) or look(*given))
    filters = parse_query(text)
    answer = memory.query(Query(1, filters, 0, Pose2(0, 0, 0)), 3)
    assert [node.id for node in answer.nodes] == ["x/0", "x/1", "x/2"] and len(read) == 3
    assert answer.count == (500 if filters.selector is None else 3)


def test_of_what_was_cut_there_is_nothing_to_count() -> None:
    old = Memory.open().commit([PutNode(MemoryNode("x/1", "Chat", 0, 0))])
    new = old.commit([Forget("x/1")])
    new.truncate_before(2)
    query = Query(1, Filters(memory_type="ALL"), 0, Pose2(0, 0, 0))
    for ask in (
        old.counts,
        lambda: old.nodes(first=1),
        lambda: old.ids("x/", 1),
        lambda: old.query(query, 1),
    ):
        with pytest.raises(NoSuchRevision, match="revisions 2 to 2"):
            ask()
    assert new.counts() == {}
