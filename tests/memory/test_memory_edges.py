"""Values at the edges: whatever is odd is data in both bodies alike, or refused with one sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from droidlet_memory import CommitRefused, Memory, NoSuchRevision, parse_query, query_text
from droidlet_memory.nodes import Player, Task, memory_node
from droidlet_schema import (
    Attend,
    Attribute,
    Comparator,
    Filters,
    Happened,
    Location,
    MemoryNode,
    Mentions,
    Moment,
    Pose2,
    Property,
    PutNode,
    Query,
    RecordError,
    ReferenceObject,
    Triple,
    TriplePattern,
    Where,
)

STARTS = (Memory.empty, Memory.open)
AND = Filters().where  # of no clause: all fit
BEYOND = 2**63  # of what an int of 64 bits holds
TEXTS = (
    "x' OR 1=1 --", '"', "'", "\0", "a\0b", "NEAR/2", "a AND", "*", "(((", "^a", "-a", "a:b", "\x1a", "\u202e", "é",
    "e\u0301", "\ufdfd" * 1000, "   ", "\n", "%", "_", "\\", "{key}", "{type}", ":at", "?", "?1", "{0}", "{{",
)  # fmt: skip
numbers = st.one_of(
    st.floats(),
    st.sampled_from((0.0, 5e-324, 1e30, 3.4e38, 3.5e38, 1e39, 1e308, math.inf)),
    st.integers(-3, 3).map(float),
)


def found(memory: Memory, where: Where, memory_type: str = "ALL", **more) -> list[str]:
    filters = Filters(where, memory_type=memory_type, **more)
    return [node.id for node in memory.query(Query(1, filters, 0, Pose2(0, 0, 0))).nodes]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_any_text_is_a_text(start, text) -> None:
    memory = start().commit([PutNode(memory_node(Player("player/1", name=text)))])
    said: tuple[Where, ...] = (
        Triple("has_name", text),
        Triple("has_tag", text),
        TriplePattern("has_name", text),
        Comparator(Attribute("NAME"), "EQUAL", text),
        Comparator(Property("name"), "EQUAL", text),
    )
    for where in said:
        assert found(memory, where) == ["player/1"], where
        filters = Filters(where)
        assert parse_query(query_text(filters)) == filters
    words = any(letter.isalnum() for letter in text)
    assert found(memory, Mentions(text)) == (["player/1"] if words else [])


@pytest.mark.parametrize("start", STARTS)
def test_a_text_of_megabytes_is_a_text(start) -> None:
    long = "long " * 400_000
    memory = start().commit([PutNode(memory_node(Player("player/1", name=long)))])
    assert found(memory, Triple("has_name", long)) == found(memory, Mentions("long long")) == ["player/1"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("node_id", ["a\0", " a", "a ", "", "a" * 201, "a\nb", "a\u202eb"], ids=ascii)
def test_what_is_no_id_is_refused(start, node_id) -> None:
    with pytest.raises(CommitRefused, match=r"changes\[0\].node.id: expected an id such as"):
        start().commit([PutNode(MemoryNode(node_id, "Chat", 0, 0))])


@pytest.mark.parametrize("wrong", ["\ud800", "a\udfffb"], ids=ascii)
def test_half_a_letter_is_no_text(wrong) -> None:
    for make in (
        lambda: MemoryNode(wrong, "Chat", 0, 0),
        lambda: Player("p", name=wrong),
        lambda: Mentions(wrong),
    ):
        with pytest.raises(RecordError, match="without lone surrogates"):
            make()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("number", [BEYOND - 1, -BEYOND])
def test_the_last_times_and_numbers_are_kept(start, number) -> None:
    task = Task("task/1", number, number, number, run_count=number)
    memory = start().commit([PutNode(memory_node(task))])
    node = memory.node("task/1")
    assert (node.created_ns, node.updated_ns, node.properties["run_count"]) == (number,) * 3
    assert found(memory, Happened("CREATED", Moment(number), Moment(number))) == ["task/1"]
    assert memory.now_ns == max(number, 0) and memory.verify()
    assert memory.at(time_ns=BEYOND - 1) == memory


@pytest.mark.parametrize("start", STARTS)
def test_times_beyond_are_refused(start) -> None:
    memory = start()
    for change, words in (
        (PutNode(MemoryNode("a", "Chat", BEYOND, 0)), "node.created_ns"),
        (PutNode(MemoryNode("a", "Chat", 0, BEYOND)), "node.updated_ns"),
        (Attend("a", BEYOND), "now_ns"),
    ):
        with pytest.raises(CommitRefused, match=rf"changes\[0\].{words}: expected nanoseconds below 2\^63"):
            memory.commit([change])
    with pytest.raises(CommitRefused, match="now_ns"):
        memory.commit([PutNode(MemoryNode("a", "Chat", 0, 0))], BEYOND)
    for revision in (-1, 1, BEYOND, 10**30, True, 0.0):
        with pytest.raises(NoSuchRevision):
            memory.at(revision=revision)


@example([(1e39, 1.0, 2.0)], 1e39, 1.0)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=4), numbers, numbers)
def test_places_of_any_size_are_found_alike(places, value, reach) -> None:
    """An R-tree keeps its boxes in 32 bits: places beyond these are found all the same."""
    puts = [
        PutNode(MemoryNode(f"object/{n}", "ReferenceObject", 0, 0, 0, place, place[::-1]))
        for n, place in enumerate(places)
    ]
    working, stored = (start().commit(puts) for start in STARTS)
    assert repr(working.nodes()) == repr(stored.nodes()) and stored.verify()
    there = Location("NEAR", reach, (ReferenceObject(coordinates_m=(value, places[0][1])),))
    for memory_type in ("ALL", "ReferenceObject"):
        assert found(working, AND, memory_type, location=there) == found(
            stored, AND, memory_type, location=there
        )
        for axis in "XYZ":
            for comparison in ("EQUAL", "NOT_EQUAL", "GREATER_THAN", "LESS_THAN_EQUAL"):
                where = Comparator(Attribute(axis), comparison, value)
                assert found(working, where, memory_type) == found(stored, where, memory_type), where


@pytest.mark.parametrize("start", STARTS)
def test_what_nothing_can_be_called_is_not_there(start) -> None:
    memory = start().commit([PutNode(MemoryNode("a", "Chat", 0, 0))])
    for nothing in ("\ud800", "a\udfff", None, 3):
        assert memory.node(nothing) is None and memory.history(nothing) == () == memory.ids(nothing)
        assert memory.saying([nothing]) == ()


@pytest.mark.parametrize("start", STARTS)
def test_what_is_given_wrongly_is_told_in_one_sentence(start) -> None:
    put = PutNode(MemoryNode("a", "Chat", 0, 0))
    memory, query = start().commit([put]), Query(1, Filters(), 0, Pose2(0, 0, 0))
    for wrong in (put, None, 3):
        with pytest.raises(CommitRefused, match="changes: expected a list of changes"):
            memory.commit(wrong)
    for wrong in ("SELECT MEMORY FROM ALL", Filters(), None):
        for ask in (memory.query, memory.explain, lambda query: memory.query(query, 3)):
            with pytest.raises(TypeError, match=r"expected a Query, got \w+: Query\(1, filters, now_ns"):
                ask(wrong)
    for use in (
        lambda: memory.query(query, 1.5),
        lambda: memory.nodes(first="3"),
        lambda: memory.at(time_ns=1.5),
        lambda: memory.at(time_ns=math.nan),
    ):
        with pytest.raises(TypeError, match="(first|time_ns): expected an int, got"):
            use()
    with pytest.raises(TypeError, match=r"expected several texts, got the text 'chat/1': write \['chat/1'\]"):
        memory.saying("chat/1")
