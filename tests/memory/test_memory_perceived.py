"""What the tracker knows, memory knows; and it is told only what is new."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import IN_VIEW, Memory, changes_from_tracks
from droidlet_memory.perceived import FRESH_NS, GREW_M, MOVED_M, UNSURE, VIEW_NS
from droidlet_schema import Forget, MemoryNode, PutNode, Track, Tracks, Triple, evolve

TICK_NS = 100_000_000
metres = st.floats(-3, 3)
sizes = st.floats(0.05, 2)
tracks = st.lists(
    st.builds(
        Track,
        st.integers(1, 4),
        st.sampled_from(("chair", "table")),
        st.sampled_from(("red", "")),
        st.sampled_from((0.1, 0.4, 0.6, 1.0)),
        st.tuples(metres, metres, metres),
        st.tuples(sizes, sizes, sizes),
        st.just(0),
        st.integers(0, 3).map(lambda n: n * TICK_NS),  # the age; the test makes a time of it
    ),
    max_size=4,
    unique_by=lambda t: t.id,
)


def said(node, predicate):
    return [t.object for t in node.triples if t.predicate == predicate]


@settings(max_examples=200)
@given(st.lists(tracks, min_size=1, max_size=6), st.integers(1, 3))
def test_memory_follows_the_tracker(moments, apart):
    other = MemoryNode("chat/1", "Chat", 0, 0)
    memory = Memory.empty().commit([PutNode(other)])
    for number, seen in enumerate(moments):
        now_ns = (number + 1) * apart * TICK_NS
        seen = [evolve(t, last_seen_ns=max(0, now_ns - t.last_seen_ns)) for t in seen]
        before = set(memory.held)
        memory = memory.commit(changes_from_tracks(Tracks(tuple(seen)), memory, now_ns), now_ns)
        expected = {f"object/{t.id}": t for t in seen}
        expected = {
            i: t for i, t in expected.items() if t.score >= 0.5 or (i in before and t.score >= UNSURE)
        }
        assert set(memory.held) == {"chat/1", *expected}
        for node_id, track in expected.items():
            node = memory.node(node_id)
            assert said(node, "has_name") == [track.label]
            assert said(node, "has_colour") == ([track.colour] if track.colour else [])
            in_view = now_ns - track.last_seen_ns <= VIEW_NS
            assert (IN_VIEW in node.triples) == in_view
            assert math.dist(node.position_m, track.centre_m) <= MOVED_M
            assert all(abs(a - b) <= GREW_M for a, b in zip(node.size_m, track.size_m))
            lag = track.last_seen_ns - node.updated_ns
            assert lag < FRESH_NS if in_view else lag <= 0
        assert changes_from_tracks(Tracks(tuple(seen)), memory, now_ns) == ()


def of(number=1, now_ns=0, x=0.0, **more):
    track = Track(number, "chair", "red", 0.9, (x, 0, 0.5), (0.5, 0.5, 1), 0, now_ns)
    return Tracks((evolve(track, **more),))


def test_a_still_thing_in_view_is_told_once_a_second():
    memory, told = Memory.empty(), 0
    for tick in range(100):
        now_ns = tick * TICK_NS
        changes = changes_from_tracks(of(now_ns=now_ns, x=0.0001 * tick), memory, now_ns)
        memory, told = memory.commit(changes), told + len(changes)
    assert told == memory.revision == 10
    assert len(memory.history("object/1")) == 10


def test_a_sighting_missed_is_no_news_and_leaving_is_told_with_its_time():
    memory = Memory.empty().commit(changes_from_tracks(of(), Memory.empty(), 0))
    assert changes_from_tracks(of(), memory, 2 * TICK_NS) == ()
    late = of(now_ns=5 * TICK_NS)
    memory = memory.commit(changes_from_tracks(late, memory, 5 * TICK_NS))
    assert memory.revision == 1
    memory = memory.commit(changes_from_tracks(late, memory, 9 * TICK_NS))
    node = memory.node("object/1")
    assert IN_VIEW not in node.triples and node.updated_ns == 5 * TICK_NS
    assert changes_from_tracks(late, memory, 10**12) == ()


def test_a_new_name_takes_the_old_ones_place_but_what_people_said_stays():
    memory = Memory.empty().commit(changes_from_tracks(of(), Memory.empty(), 0))
    mine = MemoryNode(
        "object/1", "ReferenceObject", 0, 0, 0, (0, 0, 0.5), (0.5, 0.5, 1), (Triple("has_tag", "mine"),)
    )
    memory = memory.commit([PutNode(mine)])
    memory = memory.commit(changes_from_tracks(of(label="stool", colour="blue"), memory, 0))
    node = memory.node("object/1")
    assert (said(node, "has_name"), said(node, "has_colour")) == (["stool"], ["blue"])
    assert said(node, "has_tag") == ["_in_view", "mine"]


def test_a_track_that_is_gone_is_forgotten():
    memory = Memory.empty().commit(changes_from_tracks(of(), Memory.empty(), 0))
    assert changes_from_tracks(Tracks(), memory, 0) == (Forget("object/1"),)
