"""How many nodes there are of each type, and the first of them, in both bodies and at any revision."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_schema import Change, Forget, MemoryNode, PutNode

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
