"""Every FILTERS of the shared command data, asked of a small world in both bodies, as its sentence means it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from droidlet_memory import Memory, filters_from_droidlet, parse_query, query_text
from droidlet_schema import Filters, evolve
from memory.two_cubes import ask, remembered, world

COMMANDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "droidlet" / "commands.json"
SCHEMAS = ("base", "robot", "minecraft")
EVERY_THING = {n.id for n in world() if n.id.split("/")[0] not in ("self", "dance", "plan", "task")}

# what each question finds: ids, or the values asked for
ANSWERS: dict[str, Any] = {
    "MEMORY WHERE has_name = 'cube' AND has_block_type = 'gold'": ["object/30"],
    "MEMORY WHERE has_block_type = 'gold' AND has_name = 'cube'": ["object/30"],
    "MEMORY WHERE has_block_type = 'gold'": ["object/30"],
    "MEMORY WHERE has_name = 'cube' AND has_size = 'small'": ["object/30"],
    "MEMORY WHERE has_name = 'cube' AND has_size = '1 x 1 x 1'": ["object/30"],
    "MEMORY WHERE has_name = 'sphere' AND has_size = 'small'": ["object/5"],
    "MEMORY WHERE has_name = 'circle'": ["thing/1"],
    "MEMORY WHERE has_name = 'diamond'": ["thing/2"],
    "MEMORY WHERE has_block_type = 'stone' AND has_name = 'rectangle' "
    'AND ("has_height" = 9 OR height = 9) AND "has_base" = 9': ["object/50"],
    "MEMORY WHERE has_name = 'square' AND (\"has_height\" = 1 OR height = 1)": ["object/60"],
    "MEMORY WHERE has_colour = 'red' AND has_name = 'cube'": ["object/20"],
    "MEMORY WHERE has_name = 'cube' AND has_colour = 'red'": ["object/20"],
    "MEMORY WHERE has_name = 'fluffy'": ["thing/3"],
    "MEMORY WHERE has_tag = 'fluff'": ["thing/4"],
    "MEMORY WHERE has_tag = 'fluffy'": ["thing/3"],  # a name is a tag, too
    "MEMORY WHERE has_name = 'hole'": ["hole/70", "hole/71"],
    'MEMORY WHERE has_name = \'hole\' AND "has_length" = 3 AND ("has_width" = 3 OR width = 3)': ["hole/70"],
    "MEMORY WHERE has_name = 'stone'": ["item/1"],
    "MEMORY WHERE has_name = 'tree'": ["thing/6"],
    "MEMORY WHERE has_name = 'house'": ["thing/5"],
    "MEMORY WHERE has_name = 'toy'": ["seen/1"],
    "MEMORY WHERE has_name = 'joe'": ["player/joe"],
    "MEMORY WHERE has_name = 'cow'": ["mob/1", "mob/2"],
    "MEMORY WHERE has_name = 'cube'": ["object/10", "object/20", "object/30"],
    "MEMORY WHERE has_tag = 'dance'": [],  # no thing of the world; of the dances it is the one
    "MEMORY COREFERENCE": EVERY_THING,  # which one it is, the interpreter knows
    "MEMORY ORDER BY DEFAULT": EVERY_THING,
    "MEMORY PLACED OF SPEAKER_LOOK ARGMIN DISTANCE(FROM SPEAKER_LOOK)": ["object/10"],
    "MEMORY ARGMIN DISTANCE(FROM SPEAKER_LOOK) LIMIT 2": ["object/10", "hole/71"],
    "MEMORY PLACED OF SPEAKER_LOOK ORDER BY DEFAULT": ["object/10"],
    "MEMORY WHERE has_name = 'cow' PLACED OF SPEAKER_LOOK ARGMIN DISTANCE(FROM SPEAKER_LOOK)": ["mob/1"],
    "MEMORY WHERE has_name = 'cube' PLACED OF SPEAKER_LOOK ARGMIN DISTANCE(FROM SPEAKER_LOOK)": ["object/10"],
    "MEMORY PLACED OF AGENT ARGMIN DISTANCE(FROM AGENT)": ["object/5"],
    "MEMORY WHERE has_name = 'cube' AND NOT has_tag = 'SPEAKER' ARGMAX DISTANCE(FROM SPEAKER) LIMIT 1": [
        "object/30"
    ],
    "MEMORY WHERE has_name = 'cube' AND NOT has_tag = 'SPEAKER' ARGMAX DISTANCE(FROM SPEAKER) LIMIT 2": [
        "object/30",
        "object/20",
    ],
    "MEMORY WHERE has_tag = '_VOXEL_OBJECT' ARGMIN born_time": ["object/5"],
    "MEMORY WHERE has_tag = '_VOXEL_OBJECT' ARGMAX born_time": ["object/62"],  # nobody builds a hole
    "num_blocks WHERE has_tag = '_VOXEL_OBJECT' ARGMIN born_time": (1,),
    "num_blocks WHERE has_tag = '_VOXEL_OBJECT' ARGMIN born_time ORDINAL 2": (27,),
    "num_blocks WHERE has_tag = '_VOXEL_OBJECT' ARGMAX born_time": (3,),
    "num_blocks WHERE has_name = 'cube' AND has_colour = 'blue'": (27,),
    "COUNT WHERE has_name = 'cube'": 3,
    "COUNT WHERE has_colour = 'blue'": 3,
    "name PLACED OF SPEAKER_LOOK ARGMIN DISTANCE(FROM SPEAKER_LOOK)": ("cube",),
    "name PLACED LEFT OF (SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'cube') "
    "ARGMIN DISTANCE(FROM (SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'cube'))": ("triangle",),
    "name ARGMIN DISTANCE(FROM AGENT)": ("sphere",),
    "name WHERE AND (NOT has_tag = 'SPEAKER') ARGMIN DISTANCE(FROM SPEAKER)": ("cow",),
    "height WHERE has_colour = 'blue' AND has_name = 'cube'": (3,),
    "width WHERE has_colour = 'red' AND has_name = 'cube'": (2,),
    "DISTANCE(FROM SPEAKER) WHERE has_name = 'cow' PLACED OF SPEAKER_LOOK "
    "ARGMIN DISTANCE(FROM SPEAKER_LOOK)": (17**0.5,),
    "EXTENT(RIGHT FROM POINT(0, 0, 0) FRAME ABSOLUTE) WHERE has_name = 'cow'": (-13, 8),
    "EXTENT(RIGHT FROM POINT(0, 0, 0) FRAME ABSOLUTE) WHERE has_name = 'cow' PLACED OF SPEAKER_LOOK "
    "ARGMIN DISTANCE(FROM SPEAKER_LOOK)": (-13,),
    "location of the agent": ((0, 0, 0),),
    "what it does": ("Build", "Move"),
    "what it builds": ("triangle",),
    "where it goes": ((-30, 20, 2),),
    "run_count COREFERENCE": (2, 0, 1, 0),  # of which task, the interpreter knows
}
AT_RANDOM = {  # how many are drawn from which
    "MEMORY WHERE has_name = 'cube' ORDER BY RANDOM LIMIT 1": (1, {"object/10", "object/20", "object/30"}),
    "MEMORY WHERE has_name = 'cube' ORDER BY RANDOM LIMIT 2": (2, {"object/10", "object/20", "object/30"}),
    "MEMORY WHERE has_name = 'sheep' ORDER BY RANDOM LIMIT 5 SAME ALLOWED": (5, {"mob/3", "mob/4"}),
}
NOW = "(running = 1 AND NOT paused = 1 AND NOT FINISHED EVER)"
CALLED = {  # the questions that are not about reference objects
    "SELECT location FROM ReferenceObject WHERE has_tag = 'SELF'": "location of the agent",
    f"SELECT action FROM TASKS WHERE {NOW[1:-1]}": "what it does",
    f"SELECT task_reference_object -> name FROM TASKS WHERE {NOW} AND has_action = 'BUILD'": "what it builds",
    f"SELECT task_reference_object -> location FROM TASKS WHERE {NOW} AND has_action = 'MOVE'": "where it goes",
    "SELECT run_count FROM TASKS COREFERENCE": "run_count COREFERENCE",
}


def called(filters: Filters) -> str:
    """What a question is called above."""
    text = query_text(filters)
    about = " FROM REFERENCE_OBJECT"
    return CALLED.get(text) or text.removeprefix("SELECT ").replace(about, "", 1)


def inside(form: Any) -> Iterator[Any]:
    """Every FILTERS in a form, outermost first."""
    if isinstance(form, dict):
        yield from ([form["filters"]] if "filters" in form else [])
        form = list(form.values())
    if isinstance(form, list):
        for part in form:
            yield from inside(part)


def asked() -> dict[str, Filters]:
    """Every FILTERS of the shared data by what it is called; each goes through its text form and back."""
    if not COMMANDS.is_file():
        pytest.skip("the shared command data (../shared) is not here")
    found = {}
    for item in json.loads(COMMANDS.read_text())["items"]:
        whole = [item["logical_form"]] if item["kind"] == "filters_fragment" else []
        for form in (*whole, *inside(item["logical_form"])):
            filters = filters_from_droidlet(form)
            assert parse_query(query_text(filters)) == filters
            found[called(filters)] = filters
    return found


@pytest.fixture(scope="module", params=[Memory.empty, Memory.open], ids=["working", "stored"])
def memory(request: pytest.FixtureRequest) -> Memory:
    made: Memory = remembered(request.param(SCHEMAS))
    return made


def test_every_question_of_the_shared_commands_is_answered_as_it_is_meant(memory: Memory) -> None:
    questions = asked()
    assert questions.keys() == ANSWERS.keys() | AT_RANDOM.keys()
    for name, expected in ANSWERS.items():
        answer = ask(memory, questions[name])
        ids = [node.id for node in answer.nodes]
        if isinstance(expected, tuple):
            assert answer.values == expected or answer.values == pytest.approx(expected), name
        elif isinstance(expected, int):
            assert answer.count == expected, name
        else:
            assert (set(ids) if isinstance(expected, set) else ids) == expected, name


def test_what_is_drawn_is_drawn_from_all_that_fit(memory: Memory) -> None:
    questions = asked()
    for name, (many, among) in AT_RANDOM.items():
        drawn = [[n.id for n in ask(memory, questions[name], seed).nodes] for seed in range(30)]
        assert {len(one) for one in drawn} == {many}, name
        assert {node_id for one in drawn for node_id in one} == among, name
        if many <= len(among):  # never the same twice
            assert all(len(set(one)) == many for one in drawn), name


def test_a_dance_is_found_among_the_dances(memory: Memory) -> None:
    dances = evolve(asked()["MEMORY WHERE has_tag = 'dance'"], memory_type="DANCES")
    assert [node.id for node in ask(memory, dances).nodes] == ["dance/1"]
