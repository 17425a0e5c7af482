"""Queries mean what a naive second evaluator says that they mean, and answer whatever they are asked."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    Forget,
    LinearExtent,
    Location,
    MemoryNode,
    Not,
    Or,
    Pose2,
    PutNode,
    Query,
    ReferenceObject,
    Selector,
    Triple,
    strategies,
)
from memory import naive
from memory.memory_strategies import SCHEMAS, queries, rich_worlds

ORIGIN = Pose2(0, 0, 0)
AGENT = ReferenceObject(special="AGENT")


def thing(number, name, x, y, z=0.5, size=(0.5, 0.5, 1.0), colour="red", **more):
    triples = (Triple("has_colour", colour), Triple("has_name", name))
    return MemoryNode(
        f"object/{number}",
        "ReferenceObject",
        0,
        0,
        position_m=(x, y, z),
        size_m=size,
        triples=triples,
        **more,
    )


def ask(nodes, filters, viewer=ORIGIN, speaker=None, seed=0):
    memory = Memory.empty().commit([PutNode(node) for node in nodes])
    return memory.query(Query(1, filters, 0, viewer, speaker, seed))


def numbers(answer):
    return [int(node.id.rpartition("/")[2]) for node in answer.nodes]


def a(name):
    return Triple("has_name", name)


def by(name):
    return (ReferenceObject(filters=Filters(a(name))),)


def lived(*worlds, memory):
    """A memory that went through these worlds, two seconds each, and what a naive one would know."""
    past = []
    for number, nodes in enumerate(worlds):
        gone = [Forget(node_id) for node_id in memory.held]
        memory = memory.commit([*gone, *map(PutNode, nodes)], now_ns=2_000_000_000 * number)
        if memory.now_ns is not None:
            past.append((memory.now_ns, list(memory.held.values())))
    known = naive.Nodes(memory.held.values())
    known.past = past
    return memory, known


def the_naive_evaluator_agrees(first, second, nodes, query):
    memory, known = lived(first, second, nodes, memory=Memory.empty(SCHEMAS))
    answer = memory.query(query)
    with Memory.open(schemas=SCHEMAS) as opened:
        stored, _ = lived(first, second, nodes, memory=opened)
        assert stored.query(query) == answer
    ids, values = naive.answer(known, query)
    assert [node.id for node in answer.nodes] == ids
    assert (answer.query_id, answer.count) == (query.id, len(ids))
    several = isinstance(query.filters.output, tuple)
    assert len(answer.rows if several else answer.values) == len(values)
    for got, expected in zip(answer.rows or answer.values, values):
        assert alike(got, expected), (got, expected)
    assert memory.query(query) == answer


ASKED = rich_worlds, rich_worlds, rich_worlds, queries
test_the_naive_evaluator_gives_the_same_answer = settings(max_examples=70)(
    given(*ASKED)(the_naive_evaluator_agrees)
)
test_the_naive_evaluator_gives_the_same_answer_in_many_worlds = pytest.mark.slow(
    settings(max_examples=500)(given(*ASKED)(the_naive_evaluator_agrees))
)


def alike(got, expected):
    """The same but for rounding."""
    if isinstance(got, tuple) and isinstance(expected, tuple):
        return len(got) == len(expected) and all(map(alike, got, expected))
    if isinstance(got, float) and isinstance(expected, (float, int)):
        return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)
    return got == expected


@settings(max_examples=60)
@given(st.lists(strategies.of(MemoryNode), max_size=4), strategies.of(Query))
def test_whatever_is_asked_is_answered(nodes, query):
    memory = Memory.empty()
    for number, node in enumerate(nodes):
        put = MemoryNode(f"object/{number}", "ReferenceObject", 0, 0, 0, node.position_m, node.size_m)
        memory = memory.commit([PutNode(put)])
    answer = memory.query(query)
    assert answer.count == len(answer.nodes) <= len(nodes)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -0.0])
@pytest.mark.parametrize("direction", ["LEFT", "FRONT", "UP", "NEAR", "BETWEEN", "INSIDE", "AWAY"])
def test_odd_numbers_are_answered(value, direction):
    odd = thing(1, "chair", value, value, value, (value, value, value))
    references = (AGENT, ReferenceObject(coordinates_m=(value, value)), *by("chair"))
    for reference in references:
        extent = LinearExtent(direction, reference)
        filters = Filters(
            Or((Comparator(extent, "LESS_THAN", value), Triple("has_size", "big"))),
            extent,
            Selector("MAX", extent),
            Location(direction, value, (reference,)),
        )
        answer = ask(
            [odd, thing(2, "chair", 1, 1)], filters, Pose2(value, value, value), Pose2(value, 0, value)
        )
        assert answer.count <= 2


def test_clauses_far_inside_one_another_fit_nothing():
    where = a("chair")
    for _ in range(3000):
        where = And((where,))
    assert ask([thing(1, "chair", 1, 1)], Filters(where)).count == 0
    reference = AGENT
    for _ in range(300):
        reference = ReferenceObject(filters=Filters(location=Location("NEAR", None, (reference,))))
    assert ask([thing(1, "chair", 1, 1)], Filters(location=Location("NEAR", None, (reference,)))).count == 0


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("LEFT", [1]), ("RIGHT", [2]), ("FRONT", [3]), ("BACK", [4]), ("NEAR", [1, 2, 3, 4])],
)
def test_sides_of_a_thing_are_as_the_viewer_sees_them(direction, expected):
    # the viewer at the origin sees the table two metres ahead on +x: left of it is +y, its front is nearer
    chairs = [
        thing(1, "chair", 2, 1),
        thing(2, "chair", 2, -1),
        thing(3, "chair", 1, 0),
        thing(4, "chair", 3, 0),
    ]
    filters = Filters(a("chair"), location=Location(direction, None, by("table")))
    table = thing(9, "table", 2, 0)
    assert numbers(ask([*chairs, table], filters)) == expected
    behind = {1: 2, 2: 1, 3: 4, 4: 3}  # from the other side everything is the other way round
    swapped = sorted(behind[n] for n in expected)
    assert numbers(ask([*chairs, table], filters, Pose2(4, 0, math.pi))) == swapped
    assert (
        numbers(ask([*chairs, table], filters, Pose2(4, 0, 0.0))) == swapped
    )  # wherever the viewer is heading


def test_sides_of_the_agent_are_its_own():
    things = [
        thing(1, "chair", 0, 2),
        thing(2, "chair", 0, -2),
        thing(3, "chair", 2, 0),
        thing(4, "chair", -2, 0),
    ]
    for direction, expected in (("LEFT", 1), ("RIGHT", 2), ("FRONT", 3), ("BACK", 4)):
        filters = Filters(a("chair"), location=Location(direction))
        assert numbers(ask(things, filters)) == [expected]
        turned = Filters(
            a("chair"), location=Location(direction, None, (ReferenceObject(special="SPEAKER"),))
        )
        assert numbers(ask(things, turned, speaker=Pose2(0, 0, math.pi))) == [
            {1: 2, 2: 1, 3: 4, 4: 3}[expected]
        ]
        assert ask(things, turned).count == 0  # nobody knows where the speaker is


def test_what_is_only_loosely_there_counts_where_nothing_is_clearly():
    table, clear, loose = thing(9, "table", 2, 0), thing(1, "chair", 2, 1.5), thing(2, "chair", 4, 0.5)
    filters = Filters(a("chair"), location=Location("LEFT", None, by("table")))
    assert numbers(ask([table, clear, loose], filters)) == [1]
    assert numbers(ask([table, loose], filters)) == [2]
    far = thing(4, "chair", 2, 5)
    assert numbers(ask([table, clear, far], filters)) == [1]
    assert numbers(ask([table, far], filters)) == [4]
    mine = Filters(a("chair"), location=Location("LEFT"))
    assert numbers(ask([clear, far], mine, Pose2(2, 0, 0))) == [1, 4]  # of the agent: however far
    near = Filters(a("chair"), location=Location("NEAR", None, by("table")))
    assert numbers(ask([table, clear, thing(3, "chair", 2, 2.8)], near)) == [1]
    assert numbers(ask([table, thing(3, "chair", 2, 2.8)], near)) == [3]
    assert numbers(ask([table, thing(3, "chair", 2, 6.0)], near)) == []


def test_between_on_and_under():
    left, right = thing(1, "sofa", 0, 2), thing(2, "lamp", 0, -2)
    middle, aside = thing(3, "chair", 0, 0.3), thing(4, "chair", 3, 0)
    filters = Filters(a("chair"), location=Location("BETWEEN", None, by("sofa") + by("lamp")))
    assert numbers(ask([left, right, middle, aside], filters)) == [3]
    table = thing(5, "table", 2, 2, 0.4, (1, 1, 0.8))
    cup, bin_ = thing(6, "cup", 2.2, 2.1, 0.85, (0.1, 0.1, 0.1)), thing(7, "bin", 2, 2, 0.1, (0.2, 0.2, 0.2))
    for direction, expected in (("UP", [6]), ("DOWN", [7])):
        asked = Filters(Or((a("cup"), a("bin"))), location=Location(direction, None, by("table")))
        assert numbers(ask([table, cup, bin_], asked)) == expected


def test_the_nearest_the_second_and_the_farthest():
    chairs = [
        thing(1, "chair", 3, 0),
        thing(2, "chair", 1, 0),
        thing(10, "chair", 2, 0),
        thing(3, "lamp", 0, 0),
    ]
    away = LinearExtent("AWAY", AGENT)
    assert numbers(ask(chairs, Filters(a("chair"), selector=Selector("MIN", away)))) == [2]
    assert numbers(ask(chairs, Filters(a("chair"), selector=Selector("MIN", away, ordinal=2)))) == [10]
    assert numbers(ask(chairs, Filters(a("chair"), selector=Selector("MAX", away, count=2)))) == [1, 10]
    assert numbers(ask(chairs, Filters(a("chair"), selector=Selector("MIN", away, ordinal=4)))) == []
    assert numbers(ask(chairs, Filters(a("chair")))) == [1, 2, 10]  # by number, not by letter


def test_the_nearest_to_a_thing_of_its_own_name_is_another_one():
    chairs = [thing(1, "chair", 0, 0), thing(2, "chair", 5, 0), thing(3, "chair", 6, 0)]
    nearest = Filters(a("chair"), selector=Selector("MIN", LinearExtent("AWAY", by("chair")[0])))
    assert numbers(ask(chairs, nearest)) == [2]


def test_size_words_compare_things_of_one_name():
    tables = [thing(1, "table", 0, 0, size=(1, 1, 0.7)), thing(2, "table", 1, 0, size=(2, 1, 0.7))]
    chair = thing(3, "chair", 2, 0, size=(0.5, 0.5, 1))

    def of(word, name="table", nodes=(*tables, chair)):
        return numbers(ask(nodes, Filters(And((a(name), Triple("has_size", word))))))

    assert (of("big"), of("small"), of("wide"), of("the Large")) == ([2], [1], [2], [2])
    assert of("tall") == of("low") == [1, 2]  # alike in height
    assert of("big", "chair") == of("small", "chair") == [3]  # the only one known
    assert of("square") == []
    said = MemoryNode("object/4", "ReferenceObject", 0, 0, triples=(a("table"), Triple("has_size", "square")))
    assert of("square", nodes=(said,)) == [4]
    assert numbers(ask(tables, Filters(Comparator(Attribute("SIZE"), "EQUAL", "big")))) == [2]


def test_random_is_the_seeds_choice_and_others_do_not_disturb_it():
    chairs = [thing(n, "chair", n, 0) for n in range(8)]
    filters = Filters(a("chair"), selector=Selector("RANDOM"))
    picks = {seed: numbers(ask(chairs, filters, seed=seed)) for seed in range(40)}
    assert {n for pick in picks.values() for n in pick} == set(range(8))
    for seed, pick in picks.items():
        more = numbers(ask([*chairs, thing(8, "chair", 9, 0)], filters, seed=seed))
        assert more in (pick, [8])


def test_outputs():
    nodes = [thing(1, "chair", 1, 2), thing(2, "chair", 3, 4, colour="blue")]

    def values(output):
        return ask(nodes, Filters(a("chairs"), output)).values

    assert values("MEMORY") == values("COUNT") == ()
    assert values(Attribute("COLOUR")) == ("red", "blue")
    assert values(Attribute("LOCATION")) == ((1, 2, 0.5), (3, 4, 0.5))
    assert values(Attribute("SIZE")) == ((0.5, 0.5, 1),) * 2
    assert values(LinearExtent("AWAY", AGENT)) == pytest.approx((math.sqrt(5), 5))
    assert values(Attribute("ACTION")) == (None, None)
    assert ask(nodes, Filters(a("chair"), "COUNT")).count == 2
    assert ask(nodes, Filters(Not(a("chair")), "COUNT")).count == 0


def test_who_is_found_under_which_memory_type():
    me = MemoryNode("self", "Self", 0, 0)
    chat = MemoryNode("chat/1", "Chat", 0, 0)
    place = MemoryNode("place/1", "Location", 0, 0)
    nodes = [thing(1, "chair", 0, 0), me, chat, place]

    def ids(memory_type):
        return [n.id for n in ask(nodes, Filters(memory_type=memory_type)).nodes]

    assert ids("REFERENCE_OBJECT") == ["object/1"]
    assert (ids("AGENT"), ids("CHAT"), ids("TASKS")) == (["self"], ["chat/1"], [])
    assert ids("ALL") == ["self", "chat/1", "object/1", "place/1"]
    assert [n.id for n in ask(nodes, Filters(Triple("has_tag", "agent"), memory_type="ALL")).nodes] == [
        "self"
    ]


def test_a_thing_stands_in_no_relation_to_itself():
    chairs = [thing(1, "chair", 0, 0), thing(2, "chair", 1, 0), thing(3, "chair", 9, 0)]
    for direction in ("NEAR", "INSIDE", None, "AROUND"):
        filters = Filters(a("chair"), location=Location(direction, None, by("chair")))
        assert numbers(ask(chairs, filters)) == ([] if direction == "INSIDE" else [1, 2])
        assert numbers(ask(chairs[:1], filters)) == []


def test_a_distance_in_a_direction_is_meant_roughly():
    table = thing(9, "table", 10, 0)
    for distance_m, y, fits in (
        (1, 1.4, True),
        (1, 1.6, False),
        (4, 4.9, True),
        (4, 5.1, False),
        (4, 2.9, False),
    ):
        filters = Filters(a("chair"), location=Location("LEFT", distance_m, by("table")))
        assert bool(ask([table, thing(1, "chair", 10, y)], filters).count) is fits
    near = Filters(a("chair"), location=Location("NEAR", 2.0, by("table")))
    assert [ask([table, thing(1, "chair", 10, y)], near).count for y in (0.2, 2.4, 2.6)] == [1, 1, 0]


def test_a_thing_is_compared_with_another():
    def sized(number, name, edge, x):
        return thing(number, name, x, 0.0, size=(edge, edge, 2 * edge))

    things = [sized(1, "chair", 0.4, 1), sized(2, "chair", 0.9, 2), sized(3, "table", 0.7, 3)]
    things.append(sized(4, "table", 2.0, 9))  # farther away: not the one that is meant

    def than(attribute, comparison, name="table"):
        clause = Comparator(attribute, comparison, ReferenceObject(filters=Filters(a(name))))
        return numbers(ask(things, Filters(And((a("chair"), clause)))))

    assert than(Attribute("SIZE"), "GREATER_THAN") == [2]
    assert than(Attribute("HEIGHT"), "LESS_THAN") == [1]
    assert than(LinearExtent("AWAY", ReferenceObject(special="AGENT")), "LESS_THAN") == [1, 2]
    assert than(Attribute("SIZE"), "GREATER_THAN", "lamp") == []  # nobody knows one
    assert than(Attribute("SIZE"), "GREATER_THAN", "chair") == [2]  # than the nearest chair
    assert than(Attribute("NAME"), "EQUAL", "chair") == [1, 2]


def test_a_speaker_of_unknown_heading_looks_at_the_agent():
    things = [thing(1, "chair", 2, 2), thing(2, "chair", 2, -2), thing(3, "chair", 4, 0)]
    me = (ReferenceObject(special="SPEAKER"),)
    for direction, expected in (("LEFT", 2), ("RIGHT", 1), ("BACK", 3)):
        filters = Filters(a("chair"), location=Location(direction, None, me))
        assert numbers(ask(things, filters, speaker=Pose2(2, 0, math.nan))) == [expected]
    look = (ReferenceObject(special="SPEAKER_LOOK"),)
    filters = Filters(a("chair"), location=Location("NEAR", None, look))
    assert ask(things, filters, speaker=Pose2(2, 0, math.nan)).count == 0
