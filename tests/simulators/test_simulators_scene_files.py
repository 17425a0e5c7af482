"""Scenes as text and as files: every scene comes back, by hand is easy, and mistakes are named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import FrozenMap, Key, Pose2, SceneObject
from droidlet_schema.strategies import of
from droidlet_simulators import RoomSimulator, Scene, SceneError, load_scene, make_scene, save_scene
from droidlet_simulators.scene_files import scene_from_text, scene_to_text

BY_HAND = """
size_m = [6, 5, 2.6]
areas = [{name = "hall", x0_m = 0, y0_m = 0, x1_m = 6, y1_m = 5}]
walls = []
doorways = []
people = []
start = {x_m = 1, y_m = 1, yaw_rad = 0}

[[objects]]
id = 10
class_name = "chair"
colour = "red"
x_m = 3
y_m = 2
z_m = 0.45
yaw_rad = 0
size_m = [0.5, 0.5, 0.9]
"""


@settings(max_examples=40)
@given(of(Scene))
def test_any_scene_comes_back_from_its_text(scene):
    assert scene_from_text(scene_to_text(scene)) == scene


@settings(max_examples=10)
@given(st.integers(0, 500))
def test_a_flat_comes_back_from_its_file(tmp_path_factory, seed):
    path = str(tmp_path_factory.mktemp("scenes") / "flat.json")
    scene = make_scene(seed, people=2)
    save_scene(path, scene)
    assert load_scene(path) == scene


def test_a_scene_by_hand_in_toml_and_in_json(tmp_path):
    chair = SceneObject(10, "chair", "red", 3.0, 2.0, 0.45, 0.0, (0.5, 0.5, 0.9))
    (tmp_path / "hall.toml").write_text(BY_HAND)
    scene = load_scene(str(tmp_path / "hall.toml"))
    (tmp_path / "hall.json").write_text(scene_to_text(scene))

    assert scene.objects == (chair,) and scene.start == Pose2(1.0, 1.0, 0.0)
    assert scene.starts == FrozenMap() and load_scene(str(tmp_path / "hall.json")) == scene
    assert RoomSimulator().reset(scene, Key((0, 0)))[0]["robot"].pose.x_m == 1.0


@pytest.mark.parametrize(
    ("text", "form", "named"),
    [
        (
            BY_HAND.replace("x_m = 3", 'x_m = "there"'),
            "toml",
            r"objects\[0\].x_m: expected float, got 'there'",
        ),
        (BY_HAND.replace("walls", "wals"), "toml", "wals: Scene has no such field"),
        (BY_HAND.replace("[[objects]]", "[[objects"), "toml", "no TOML"),
        ("{", "json", "no JSON"),
        ("[]", "json", "expected a table of the fields of Scene"),
        ("{}", "json", "Scene lacks size_m"),
        ('{"$": "Castle"}', "json", "expected a known record"),
        ("[" * 100_000, "json", "no JSON"),
        ("{}", "yaml", "form is 'yaml'"),
    ],
)
def test_a_mistake_in_the_text_is_named(text, form, named):
    with pytest.raises(SceneError, match=named):
        scene_from_text(text, form=form)


def test_what_cannot_be_read_or_written_is_said_with_its_path(tmp_path):
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"name": "caf\xe9"}')
    with pytest.raises(SceneError, match=r"latin.json: a scene's file holds UTF-8"):
        load_scene(str(latin))
    with pytest.raises(FileNotFoundError):
        load_scene(str(tmp_path / "none.json"))
    with pytest.raises(SceneError, match="written as JSON"):
        save_scene(str(tmp_path / "a.toml"), make_scene(0))
    with pytest.raises(SceneError, match="scene is 42"):
        save_scene(str(tmp_path / "b.json"), 42)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["latin.json"]


@settings(max_examples=40)
@given(st.text(max_size=30) | of(Scene).map(lambda scene: json.dumps(scene_to_text(scene))[:200]))
def test_any_text_is_a_scene_or_one_error(text):
    try:
        scene_from_text(text)
    except SceneError as error:
        assert str(error)
