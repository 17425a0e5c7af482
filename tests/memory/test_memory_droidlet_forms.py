"""Droidlet's own FILTERS are read, and answered as the sentences that they stand for mean."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_memory import FormRefused, Memory, filters_from_droidlet, parse_query, query_text
from droidlet_memory.droidlet_forms import (
    attribute_from_droidlet,
    comparator_from_droidlet,
    reference_from_droidlet,
)
from droidlet_memory.nodes import (
    BlockObject,
    BlockType,
    Mob,
    Player,
    ReferenceObject,
    Self,
    Task,
    memory_node,
)
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    Happened,
    LinearExtent,
    Location,
    Not,
    NumBlocks,
    Or,
    Pose2,
    Property,
    PutNode,
    Query,
    Selector,
    Triple,
    TriplePattern,
)
from droidlet_schema import ReferenceObject as Reference

COMMANDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "droidlet" / "commands.json"
SECOND = 1_000_000_000
WHITE, BLUE = (35, 0), (35, 11)


def called(*words):
    """What is said of a thing: its name, then perhaps its colour."""
    return tuple(map(Triple, ("has_name", "has_colour"), words))


def built(number, born_s, words, at, size, blocks):
    """A thing of blocks."""
    return BlockObject(
        f"object/{number}",
        born_s * SECOND,
        position_m=at,
        size_m=size,
        triples=called(*words),
        voxels=np.zeros((len(blocks), 3), np.int32),
        blocks=np.array(blocks, np.int32),
    )


# the agent stands at the origin and looks along +x; the speaker at (8, 8); z is up
WORLD = (
    Self("self", 0, position_m=(0, 0, 0)),
    built(4, 5, ("sphere", "green"), (1, -1, 0.5), (1, 1, 1), [WHITE]),
    built(1, 10, ("cube", "blue"), (4, 0, 1.5), (3, 3, 3), [BLUE] * 27),
    built(2, 20, ("cube", "red"), (4, 6, 1), (2, 2, 2), [WHITE] * 8),
    built(13, 25, ("cube", "white"), (-6, -6, 0.5), (1, 1, 1), [WHITE]),
    built(3, 30, ("triangle", "blue"), (4, 2.6, 1), (0.5, 0.5, 2), [BLUE] * 3),
    built(11, 40, ("tower",), (-3, 9, 2), (1, 1, 4), [WHITE, WHITE, WHITE, BLUE]),
    ReferenceObject(
        "object/5", 3 * SECOND, position_m=(-10, 0, 2), size_m=(4, 4, 4), triples=called("house")
    ),
    ReferenceObject(
        "object/10", 3 * SECOND, position_m=(7, 8, 0.2), size_m=(0.4, 0.4, 0.4), triples=called("box")
    ),
    Mob("mob/6", 1 * SECOND, position_m=(9, 2, 0.7), size_m=(1, 0.5, 1.4), mob_type="cow"),
    Mob("mob/7", 1 * SECOND, position_m=(2, -8, 0.7), size_m=(1, 0.5, 1.4), mob_type="cow"),
    Player("player/8", 2 * SECOND, 0, 50 * SECOND, (12, -3, 0.9), name="joe"),
    Player(
        "player/9", 2 * SECOND, position_m=(8, 8, 0.9), name="ann", triples=(Triple("has_tag", "SPEAKER"),)
    ),
    BlockType("block/35-0", triples=called("wool", "white"), block_id=35),
    BlockType("block/35-11", triples=called("wool", "blue"), block_id=35, block_meta=11),
    Task("task/1", action="Build", triples=(Triple("task_reference_object", "object/11"),)),
    Task("task/2", action="Move", triples=(Triple("task_reference_object", "object/5"),)),
    Task("task/3", action="Dance", finished_ns=9 * SECOND),
    Task("task/4", action="Dig", paused=True),
)
TRIANGLE, RED_CUBE, COW, OTHER_COW = (4, 2.4, 1.8), (4, 5, 1), (9, 1.8, 0.8), (2, -7.9, 1)
CUBES = ["object/1", "object/2", "object/13"]


@pytest.fixture(scope="module")
def memory():
    return Memory.empty(("base", "minecraft")).commit([PutNode(memory_node(node)) for node in WORLD])


SPEAKER = Pose2(8, 8, 0)


def ask(memory, filters, look=None, seed=0, speaker=SPEAKER):
    return memory.query(Query(1, filters, 60 * SECOND, Pose2(0, 0, 0), speaker, seed, look))


def ids(answer):
    return [node.id for node in answer.nodes]


# of each sentence: where its speaker looks, and what the sentence asks for in this world
VALUES = {
    "what is where I am looking": (TRIANGLE, ("triangle",)),
    "what are you doing": (None, ("Build", "Move")),
    "what are you building": (None, ("tower",)),
    "where are you going": (None, ((-10, 0, 2),)),
    "where are you": (None, ((0, 0, 0),)),
    "what is to the left of the cube?": (None, ("triangle",)),
    "how tall is the blue cube?": (None, (3,)),
    "how wide is the red cube?": (None, (2,)),
    "how many blocks are in the blue cube?": (None, (27,)),
    "what is the thing closest to you?": (None, ("sphere",)),
    "what is the thing closest to me?": (None, ("box",)),
    "number of blocks in blue cube": (None, (27,)),
    "number of blocks in the first thing built": (None, (1,)),
    "number of blocks in the second thing built": (None, (27,)),
    "number of blocks in the last thing built": (None, (4,)),
}
COUNTS = {"how many cubes are there?": 3, "how many blue things are there?": 2}
THINGS = {
    "that cow": (COW, ["mob/6"]),
    "that cube": (RED_CUBE, ["object/2"]),
    "a cow": (None, ["mob/6", "mob/7"]),  # any of these may be meant
    "a cube": (None, CUBES),
    "the farthest cube": (None, ["object/13"]),
    "two farthest cubes": (None, ["object/13", "object/1"]),
    "where I am looking": (TRIANGLE, ["object/3"]),
    "my location": (None, ["object/4"]),  # what is where the agent stands
    "the first thing that was built": (None, ["object/4"]),
    "the last thing that was built": (None, ["object/11"]),
    "house": (None, ["object/5"]),
}
CHANCES = {"a random cube": 1, "two random cubes": 2}


def shared(*kinds):
    """The items of these kinds in the shared command data."""
    if not COMMANDS.is_file():
        pytest.skip("the shared command data (../shared) is not here")
    return [item for item in json.loads(COMMANDS.read_text())["items"] if item["kind"] in kinds]


def check(memory, sentence, filters):
    """Whether filters are answered as their sentence means."""
    if sentence in COUNTS:
        assert ask(memory, filters).count == COUNTS[sentence] and filters.output == "COUNT"
    elif sentence in VALUES:
        look, values = VALUES[sentence]
        assert ask(memory, filters, look).values == values
    elif sentence in CHANCES:
        drawn = [ids(ask(memory, filters, seed=seed)) for seed in range(30)]
        assert {len(set(one)) for one in drawn} == {CHANCES[sentence]}
        assert {node_id for one in drawn for node_id in one} == set(CUBES)
    else:
        look, expected = THINGS[sentence]
        assert ids(ask(memory, filters, look)) == expected
    assert parse_query(query_text(filters)) == filters


def test_every_question_of_the_shared_commands_is_answered_as_it_is_meant(memory):
    asked = [item for item in shared("command") if item["logical_form"]["dialogue_type"] == "GET_MEMORY"]
    assert len(asked) == 13
    for item in asked:
        check(memory, item["utterance"], filters_from_droidlet(item["logical_form"]["filters"]))


def test_every_fragment_of_filters_finds_what_it_says(memory):
    fragments = shared("filters_fragment")
    assert len(fragments) == 16
    for item in fragments:
        check(memory, item["utterance"], filters_from_droidlet(item["logical_form"]))


def test_every_reference_object_finds_what_it_says(memory):
    fragments = shared("reference_object_fragment")
    assert len(fragments) == 7
    for item in fragments:
        reference = reference_from_droidlet(item["logical_form"])
        if item["utterance"] == "me":
            assert reference == Reference(special="AGENT")
        else:
            assert reference.filters is not None
            check(memory, item["utterance"], reference.filters)


MEASURED = {  # of which node, where the speaker looks, and what it measures
    "x": ("player/8", None, 3),
    "distance from me": ("player/8", None, math.hypot(4, 11)),
    "visit time": ("player/8", None, 50),
    "create time": ("player/8", None, 2),
    "number of blocks": ("object/1", None, 27),
    "number of blue blocks": ("object/11", None, 1),
    "distance from that cube": ("player/8", RED_CUBE, math.hypot(8, 9)),
    "distance from the house": ("player/8", None, math.hypot(22, 3)),
    "distance from joe": ("object/5", None, math.hypot(22, 3)),
}


def test_every_attribute_and_extent_measures_what_it_says(memory):
    fragments = shared("attribute_fragment", "linear_extent_fragment")
    assert len(fragments) == 10
    for item in fragments:
        form = item["logical_form"]
        whole = form if item["kind"] == "attribute_fragment" else {"linear_extent": form}
        node_id, look, expected = MEASURED[item["utterance"]]
        filters = Filters(
            Comparator(Attribute("ID"), "EQUAL", Filters(Comparator(Attribute("ID"), "EQUAL", node_id))),
            attribute_from_droidlet(whole),
        )
        assert ask(memory, filters, look).values == pytest.approx((expected,))


def test_conditions_about_things_hold_when_they_are_true(memory):
    forms = {item["utterance"]: item["logical_form"]["condition"] for item in shared("condition_fragment")}

    def holds(sentence, look=None, speaker=SPEAKER):
        clause = comparator_from_droidlet(forms.pop(sentence) if look is None else forms[sentence])
        return ask(memory, Filters(clause, memory_type="AGENT"), look, speaker=speaker).count == 1

    assert holds("a cow has x greater than 5")  # droidlet's x is to the right: one is 8 m to the right
    assert not holds("that cow has x greater than 5", COW)
    assert holds("that cow has x greater than 5", OTHER_COW)
    assert not holds("that cow is closer than 2 steps to me", COW)
    assert holds("that cow is closer than 2 steps to me", COW, Pose2(9, 3.5, 0))
    for sentence in ("2 minutes", "18 seconds"):  # conditions on the clock are no questions to memory
        with pytest.raises(FormRefused, match="not a thing of memory"):
            comparator_from_droidlet(forms[sentence])


def test_all_filters_of_all_commands_are_read():
    def inside(form):
        if isinstance(form, dict):
            yield from ([form["filters"]] if "filters" in form else [])
            form = list(form.values())
        if isinstance(form, list):
            for part in form:
                yield from inside(part)

    found = [f for item in shared("command", "action_fragment") for f in inside(item["logical_form"])]
    assert len(found) > 70
    for form in found:
        filters = filters_from_droidlet(form)
        assert parse_query(query_text(filters)) == filters


# the sentences above with forms of our own, for whoever has not the shared data
OWN = {
    "what are you doing": {
        "output": {"attribute": "NAME"},
        "memory_type": "TASKS",
        "where_clause": {"AND": [{"pred_text": "has_tag", "obj_text": "CURRENTLY_RUNNING"}]},
    },
    "where are you going": {
        "output": {"attribute": {"task_info": {"reference_object": {"attribute": "location"}}}},
        "memory_type": "TASKS",
        "where_clause": {"pred_text": "has_name", "obj_text": {"fixed_value": "move"}},
    },
    "where are you": {
        "output": {"attribute": "LOCATION"},
        "where_clause": {"AND": [{"pred_text": "has_tag", "obj_text": "SELF"}]},
    },
    "how many cubes are there?": {
        "output": "COUNT",
        "where_clause": {"AND": [{"pred_text": "has_name", "obj_text": "the cubes"}]},
    },
    "two farthest cubes": {
        "where_clause": {"AND": [{"pred_text": "has_name", "obj_text": "cube"}]},
        "selector": {
            "ordinal": "two",
            "return_quantity": {
                "argval": {
                    "polarity": "MAX",
                    "quantity": {
                        "attribute": {
                            "linear_extent": {
                                "source": {"reference_object": {"special_reference": "SPEAKER"}}
                            }
                        }
                    },
                }
            },
        },
    },
    "that cow": {
        "where_clause": {"AND": [{"pred_text": "has_name", "obj_text": "cow"}]},
        "selector": {
            "location": {"reference_object": {"special_reference": {"fixed_value": "SPEAKER_LOOK"}}}
        },
    },
    "two random cubes": {
        "where_clause": {"AND": [{"pred_text": "has_name", "obj_text": "cube"}]},
        "selector": {"return_quantity": {"random": "2"}},
    },
}


@pytest.mark.parametrize("sentence", OWN)
def test_forms_of_our_own_are_answered_as_they_are_meant(memory, sentence):
    check(memory, sentence, filters_from_droidlet(OWN[sentence]))


def fits(form, filters):
    assert filters_from_droidlet(form) == filters


def test_what_the_shared_data_does_not_show():
    red, cube = Triple("has_colour", "red"), Triple("has_name", "cube")
    one, other = ({"pred_text": t.predicate, "obj_text": t.object} for t in (red, cube))
    fits({"where_clause": {"OR": [one, {"NOT": [other]}]}}, Filters(Or((red, Not(cube)))))
    fits({"where_clause": {"NOT": {"AND": [one, other]}}}, Filters(Not(And((red, cube)))))
    fits({"where_clause": {"pred_text": "has_height", "obj_text": "ten"}}, Filters(tall(10)))
    fits(
        {"where_clause": {"pred_text": "has_radius", "obj_text": "10"}},
        Filters(Comparator(Property("has_radius"), "EQUAL", 10)),
    )
    fits(
        {"where_clause": {"subj_text": "bob", "pred_text": "owns"}},
        Filters(TriplePattern("owns", "bob", "OBJECT")),
    )
    fits(
        {"where_clause": {"pred_text": "member_of", "obj": {"where_clause": one, "memory_type": "SET"}}},
        Filters(TriplePattern("member_of", Filters(red, memory_type="SET"))),
    )
    same = Filters(Comparator(Attribute("ID"), "EQUAL", "object/1"), memory_type="ALL")
    fits({"where_clause": {"pred": "near", "obj": "object/1"}}, Filters(TriplePattern("near", same)))
    compared = {
        "input_left": {"attribute": "HEIGHT"},
        "comparison_type": {"modulus": "3", "close_tolerance": "0.5"},
        "input_right": {"filters": {"output": {"attribute": "WIDTH"}, "where_clause": one}},
        "comparison_measure": {"fixed_value": "feet"},
        "set_comparison": "ALL",
    }
    wide = Filters(red, Attribute("WIDTH"))
    fits(
        {"where_clause": compared},
        Filters(Comparator(Attribute("HEIGHT"), "EQUAL", wide, "feet", 0.5, 3, "ALL")),
    )
    place = {
        "relative_direction": "LEFT",
        "steps": "3",
        "has_measure": "feet",
        "reference_object": {"special_reference": {"coordinates_span": "1, 2, 3"}},
    }
    there = Location("LEFT", 3 * 0.3048, (Reference(coordinates_m=(3, -1, 2)),))
    fits(
        {"selector": {"location": place, "return_quantity": "ALL"}},
        Filters(selector=Selector(), location=there),
    )
    blue = {
        "num_blocks": {"block_filters": {"where_clause": {"pred_text": "has_colour", "obj_text": "blue"}}}
    }
    fits({"output": {"attribute": blue}}, Filters(output=NumBlocks(Triple("has_colour", "blue"))))
    framed = {
        "linear_extent": {
            "relative_direction": "LEFT",
            "frame": {"player_span": "joe"},
            "has_measure": "cm",
            "source": {"special_reference": "AGENT"},
            "destination": {"reference_object": {"text_span": "the door"}},
        }
    }
    joe = Reference(filters=Filters(Triple("has_name", "joe"), memory_type="Player"))
    extent = LinearExtent("LEFT", Reference(special="AGENT"), Reference("the door"), joe, "cm")
    fits({"output": {"attribute": framed}}, Filters(output=extent))
    fits(
        {"memory_type": "TASKS", "where_clause": {"pred_text": "has_tag", "obj_text": "FINISHED"}},
        Filters(Happened("FINISHED"), memory_type="TASKS"),
    )
    fits(
        {"special": {"fixed_value": "THIS"}, "output": {"attribute": "RUN_COUNT"}},
        Filters(output=Attribute("RUN_COUNT"), memory_type="TASKS", contains_coreference=True),
    )
    fits(
        {"selector": {"return_quantity": "RANDOM", "ordinal": "5", "same": "ALLOWED"}},
        Filters(selector=Selector("RANDOM", count=5, same="ALLOWED")),
    )


def tall(metres):
    """What is said to be, or is, so high."""
    said = Comparator(Property("has_height"), "EQUAL", metres)
    return Or((said, Comparator(Attribute("HEIGHT"), "EQUAL", metres)))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ([], "the form: expected a mapping, got []"),
        (
            {"where_claus": {}},
            "the form: 'where_claus' is not known here; did you mean 'where_clause'?, got {'where_claus': {}}",
        ),
        (
            {"memory_type": "DREAMS"},
            "memory_type: expected one of REFERENCE_OBJECT, TASKS, CHAT, AGENT, PROGRAM, "
            "DANCES, SET, REWARD, LOCATION, ALL, got 'DREAMS'",
        ),
        (
            {"where_clause": {"AND": [{"pred_text": [0, [1, 2]], "obj_text": "x"}]}},
            "where_clause.AND[0].pred_text: expected a text (spans of words have to be texts already), "
            "got [0, [1, 2]]",
        ),
        (
            {"where_clause": {"NOT": [{}, {}]}},
            "where_clause.NOT: NOT has one clause: put several under AND or OR, got [{}, {}]",
        ),
        ({"output": {"attribute": "BEAUTY"}}, "output.attribute: expected an attribute: NAME, "),
        (
            {"selector": {"ordinal": "SECOND"}},
            "selector: an ordinal needs an argval: the second of what order?",
        ),
        (
            {"where_clause": {"subj_text": "a", "obj_text": "b"}},
            "where_clause: a triple that is asked about leaves its subject or its object open",
        ),
        ({"where_clause": {"pred_text": "has_name", "obj_text": "\ud800"}}, "the form: "),
    ],
)
def test_what_is_not_known_is_refused_in_one_sentence(form, message):
    with pytest.raises(FormRefused) as caught:
        filters_from_droidlet(form)
    assert str(caught.value).startswith(message)


def test_forms_inside_one_another_without_end_are_refused():
    form = {"pred_text": "has_name", "obj_text": "x"}
    for _ in range(3000):
        form = {"NOT": [form]}
    with pytest.raises(FormRefused, match="at most 30 forms inside one another"):
        filters_from_droidlet({"where_clause": form})


_KEYS = (
    "output memory_type where_clause selector AND OR NOT pred_text obj_text subj input_left input_right attribute "
    "comparison_type return_quantity argval ordinal location reference_object special_reference filters "
    "fixed_value linear_extent source num_blocks block_filters coordinates_span contains_coreference"
)
KEYS = st.sampled_from(_KEYS.split())
WORDS = st.sampled_from(
    ["COUNT", "has_name", "cube", "ALL", "x", "EQUAL", "RANDOM", "1 2 3", "FIRST", "yes", "AGENT"]
)
forms = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
)


@given(st.dictionaries(KEYS, forms, max_size=4))
def test_any_form_is_read_or_refused(form):
    try:
        filters = filters_from_droidlet(form)
    except FormRefused as error:
        assert error.reason
    else:
        assert parse_query(query_text(filters)) == filters
