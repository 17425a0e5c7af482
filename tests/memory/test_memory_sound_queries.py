"""Questions that went wrong elsewhere: each is answered here as it is meant."""

from __future__ import annotations

import pytest

from droidlet_memory import Memory, filters_from_droidlet, parse_query, query_text
from droidlet_schema import (
    Attribute,
    Comparator,
    Filters,
    FrozenMap,
    LinearExtent,
    MemoryNode,
    Not,
    Or,
    Pose2,
    Property,
    PutNode,
    Query,
    ReferenceObject,
    Selector,
    Triple,
)

BODIES = ("working", "stored")


def thing(number, x, y, *said):
    return MemoryNode(
        f"object/{number}",
        "ReferenceObject",
        0,
        0,
        position_m=(x, y, 0.0),
        triples=tuple(Triple(predicate, text) for predicate, text in said),
    )


CHAIR, TABLE, LAMP = ("has_name", "chair"), ("has_name", "table"), ("has_name", "lamp")
THINGS = (
    thing(1, 0.0, 0.0, CHAIR, ("has_colour", "red"), ("has_colour", "blue"), ("has_size", "10")),
    thing(2, 1.0, 2.0, TABLE, ("has_colour", "red"), ("has_size", "ten")),
    thing(3, 4.0, 1.0, LAMP, ("has_size", "1")),
)


@pytest.fixture(params=BODIES)
def ask(request):
    """Asks either body of a memory of three things for numbers of things that fit."""
    empty = Memory.empty() if request.param == "working" else Memory.open()
    memory = empty.commit([PutNode(node) for node in THINGS])

    def answer(filters, **more):
        query = Query(1, filters, 0, Pose2(0, 0, 0), **more)
        return [int(node.id.rpartition("/")[2]) for node in memory.query(query).nodes]

    yield answer
    if request.param == "stored":
        memory.close()


def a(*said):
    return Triple(*said)


def test_or_and_not_stand_anywhere_whatever_they_find(ask):
    assert ask(Filters(Or((a(*CHAIR), a(*TABLE))))) == [1, 2]
    assert ask(Filters(Or((a(*CHAIR),)))) == [1]
    assert ask(Filters(Or((a("has_name", "cup"), a("has_name", "cat"))))) == []
    assert ask(Filters(Not(a(*CHAIR)))) == [2, 3]
    assert ask(Filters(Not(Or((a(*CHAIR), Not(a("has_colour", "red"))))))) == [2]
    forms = [{"pred_text": "has_name", "obj_text": name} for name in ("chair", "table")]
    assert ask(filters_from_droidlet({"where_clause": {"OR": forms}})) == [1, 2]
    assert ask(filters_from_droidlet({"where_clause": {"NOT": forms[:1]}})) == [2, 3]


def test_the_distance_from_the_line_of_a_look_is_measured(ask):
    # the speaker at the origin looks along +y: thing 1 is where it stands, 2 is 1 m beside the line, 3 is 4 m
    look = {"speaker": Pose2(0, 0, 0), "look_m": (0, 5, 0)}
    assert ask(Filters(selector=Selector("MIN", Attribute("LOOK_DISTANCE"), 2, 2)), **look) == [2, 3]
    near = Comparator(Attribute("LOOK_DISTANCE"), "EQUAL", 1.0)
    assert ask(Filters(near), **look) == [2]
    assert ask(Filters(near)) == []  # nobody knows where the speaker is


def test_an_offset_between_two_things_is_metres_and_signed(ask):
    to = ReferenceObject(filters=Filters(a(*LAMP)))
    source = ReferenceObject(filters=Filters(a(*TABLE)))
    for direction, offset in (("FRONT", 3.0), ("BACK", -3.0), ("RIGHT", 1.0), ("LEFT", -1.0)):
        extent = LinearExtent(direction, source, to, "ABSOLUTE")
        assert ask(Filters(Comparator(extent, "EQUAL", offset))) == [1, 2, 3]
        assert ask(Filters(Comparator(extent, "EQUAL", -offset))) == []


@pytest.mark.parametrize("body", BODIES)
def test_a_missing_id_is_none_and_fits_nothing(body):
    memory = Memory.empty() if body == "working" else Memory.open()
    memory = memory.commit([PutNode(node) for node in THINGS])
    assert memory.node("object/77") is None
    for node_id, count in (("object/77", 0), ("object/1", 1)):
        answer = memory.query(
            Query(1, Filters(Comparator(Attribute("ID"), "EQUAL", node_id)), 0, Pose2(0, 0, 0))
        )
        assert isinstance(answer.nodes, tuple) and len(answer.nodes) == answer.count == count
    if body == "stored":
        memory.close()


def test_sets_are_compared_pair_by_pair(ask):
    def colour(comparison, other, several=None):
        return ask(Filters(Comparator(Attribute("COLOUR"), comparison, other, set_comparison=several)))

    tables = Filters(a(*TABLE), Attribute("COLOUR"))
    chairs = Filters(a(*CHAIR), Attribute("COLOUR"))
    assert colour("EQUAL", "red") == colour("EQUAL", "red", "ANY") == [1, 2]
    assert colour("EQUAL", "red", "ALL") == [2]  # thing 1 is blue, too
    assert colour("EQUAL", tables, "ANY") == [1, 2]
    assert colour("EQUAL", tables, "ALL") == [2]
    assert colour("EQUAL", chairs, "ALL") == []  # red is not blue
    assert colour("NOT_EQUAL", "blue") == [2]  # of thing 1 blue is said
    assert colour("NOT_EQUAL", "blue", "ANY") == [1, 2]
    assert colour("EQUAL", Filters(a(*LAMP), Attribute("COLOUR")), "ALL") == []  # nothing is known of it


def test_zero_is_a_number_like_any_other(ask):
    def x(comparison, number):
        return ask(Filters(Comparator(Attribute("X"), comparison, number)))

    assert (x("EQUAL", 0), x("NOT_EQUAL", 0)) == ([1], [2, 3])
    assert (x("GREATER_THAN", 0), x("LESS_THAN_EQUAL", 0)) == ([2, 3], [1])
    assert ask(Filters(Comparator(0.0, "LESS_THAN", Attribute("X")))) == [2, 3]
    none = Filters(a("has_name", "cup"), "COUNT")
    assert ask(Filters(Comparator(none, "EQUAL", 0))) == [1, 2, 3]


def test_a_number_is_all_its_digits_also_in_words(ask):
    def size(comparison, number):
        return ask(Filters(Comparator(Property("has_size"), comparison, number)))

    assert size("EQUAL", 10) == [1, 2]
    assert size("EQUAL", 1) == [3]
    assert size("GREATER_THAN", "nine") == [1, 2]
    for text in ("10", "ten"):
        form = {"where_clause": {"pred_text": "has_length", "obj_text": text}}
        clause = Comparator(Property("has_length"), "EQUAL", 10.0)
        assert filters_from_droidlet(form) == Filters(clause)


NAMES = (
    "Anna Maria",
    "a AND b",
    "(x)",
    "x' OR 1=1 --",
    'quo"te',
    "name={name}",
    "NOT",
    "<<?, has_name, ?>>",
    "",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", BODIES)
def test_whatever_a_speaker_is_called_is_a_name(name, body):
    people = [
        MemoryNode(
            "player/1", "Player", 0, 0, properties=FrozenMap({"name": name}), triples=(a("has_name", name),)
        ),
        MemoryNode("player/2", "Player", 0, 0, triples=(a("has_name", "bob"),)),
    ]
    memory = Memory.empty() if body == "working" else Memory.open()
    memory = memory.commit([PutNode(node) for node in people])
    form = {"where_clause": {"AND": [{"pred_text": "has_name", "obj_text": name}]}}
    for filters in (
        Filters(a("has_name", name)),
        Filters(Comparator(Attribute("NAME"), "EQUAL", name)),
        filters_from_droidlet(form),
    ):
        for asked in (filters, parse_query(query_text(filters))):
            answer = memory.query(Query(1, asked, 0, Pose2(0, 0, 0)))
            assert [node.id for node in answer.nodes] == ["player/1"]
    if body == "stored":
        memory.close()
