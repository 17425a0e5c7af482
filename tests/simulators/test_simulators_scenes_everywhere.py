"""One scene, from its text, in every engine: loaded as far as it goes, and what is not is said by name."""

from __future__ import annotations

import contextlib
import re
import sys

import pytest

from droidlet_schema import Key
from droidlet_simulators import make_scene, robot, scene_from_text, scene_to_text
from droidlet_simulators.engines import make_engine
from simulators.habitat_parts import faked

ENGINES = ("room", "voxel", "mujoco", "habitat")
FORMS = [
    "json",
    pytest.param("toml", marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="no tomllib")),
]


@contextlib.contextmanager
def engine(name):
    """An engine that is made by its name, Habitat over a FAKE of it."""
    if name == "mujoco":
        pytest.importorskip("mujoco", reason="mujoco is not installed")
    with faked() if name == "habitat" else contextlib.nullcontext():
        yield make_engine(name, agents=(robot(16, 12, semantic=True),))


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(("seed", "rooms"), [(5, 3), (11, 1)])
def test_everything_is_there_or_named_as_left_out(name, seed, rooms):
    scene = make_scene(seed, rooms=rooms, people=2, doors=True, containers=rooms, limbs=True, looks=True)
    things = {thing.id for thing in scene.objects}
    people, leaves = ({one.body.id for one in some} for some in (scene.people, scene.leaves))
    with engine(name) as simulator:
        there = {thing.id for thing in simulator.objects(simulator.reset(scene, Key(0))[1])}
        said = simulator.left_out(scene)
    gone = {
        int(found[1]) for line in said if (found := re.match(r"(?:object|person) (\d+).* left out", line))
    }
    assert (things | people) - there == gone
    assert leaves <= there or any(line.startswith("leaves") for line in said)
    assert there <= things | people | leaves
    assert (said == ()) == (name == "room")
    assert any("looks" in line for line in said) or name == "room"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ENGINES)
def test_a_scene_from_its_text_is_that_scene(name, form):
    scene = make_scene(5, rooms=1, people=1, doors=True)
    again = scene_from_text(scene_to_text(scene) if form == "json" else toml_of(scene), form=form)
    assert again == scene
    with engine(name) as simulator:
        assert simulator.reset(again, Key(0)) == simulator.reset(scene, Key(0))


def toml_of(scene):
    """The scene's JSON as TOML, which has it as values of its inline tables and arrays."""
    import json

    def value(one):
        if isinstance(one, dict):
            return "{" + ", ".join(f"{key} = {value(inner)}" for key, inner in one.items()) + "}"
        if isinstance(one, list):
            return "[" + ", ".join(value(inner) for inner in one) + "]"
        return json.dumps(one)

    return "\n".join(f"{key} = {value(inner)}" for key, inner in json.loads(scene_to_text(scene)).items())
