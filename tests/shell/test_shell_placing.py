"""Parts of an agent at places of their own: nothing in its file changes, nor does what it does."""

from __future__ import annotations

import dataclasses
import types

import attrs
import pytest

from agents import robot_assistant
from droidlet_perception import ObjectDetector, OccupancyMapper
from droidlet_style.cli.run import main
from droidlet_style.placing import NoSuchPart, placed_parts, read_places, recipe
from droidlet_style.session import Session
from droidlet_transport import load
from droidlet_transport.parts import Part


def test_places_are_read_by_name():
    texts = [
        "thread",
        "detector=process",
        "a.b=tcp://127.0.0.1:5",
        "detector=inline",
        "interpreter:/x=y/python A=1",
        "eye=process MUJOCO_GL=egl",
    ]
    assert read_places(texts) == {
        "simulator": "interpreter:/x=y/python A=1",
        "eye": "process MUJOCO_GL=egl",
        "detector": "inline",
        "a.b": "tcp://127.0.0.1:5",
    }
    with pytest.raises(ValueError, match="place is 'nowhere'"):
        read_places(["detector=nowhere"])


@dataclasses.dataclass(frozen=True)
class Plain:
    size: int = 3
    names: list[str] = dataclasses.field(default_factory=list)


def test_a_part_is_told_by_its_class_and_what_is_not_by_default():
    assert recipe(OccupancyMapper(cell_m=0.2)) == (
        "droidlet_perception.mapper:OccupancyMapper",
        {"cell_m": 0.2},
    )
    assert recipe(ObjectDetector()) == ("droidlet_perception.detector:ObjectDetector", {})
    assert recipe(Plain(4)) == (f"{__name__}:Plain", {"size": 4})
    with pytest.raises(TypeError, match="function is neither"):
        recipe(read_places)


def test_a_part_from_a_file_is_made_from_that_file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("import attrs\n@attrs.frozen\nclass Mine:\n    n: int = 1\n")
    mine = load(f"{path}:Mine")
    assert recipe(mine(2)) == (f"{path}:Mine", {"n": 2}) and load(recipe(mine(2))[0]) is mine


def digest(places, ticks=3):
    session = Session(
        agent="robot_assistant", config=robot_assistant.Config(), seed=39, ticks=ticks, say=["explore"]
    )
    with placed_parts(robot_assistant, places) as placed:
        robot_assistant.run(robot_assistant.Config(), session)
        assert sorted(placed) == sorted(places)
    session.finish()
    return session.digest


def test_an_agent_whose_parts_are_elsewhere_does_the_same():
    before = robot_assistant.make
    expected = digest({})
    assert digest({"detector": "thread", "mapper": "thread", "stack.limits": "inline"}) == expected
    assert robot_assistant.make is before


def inner():
    @attrs.frozen
    class Eye:
        detector: ObjectDetector

    @attrs.frozen
    class Robot:
        eye: Eye

    module = types.ModuleType("robot_module")
    module.make = lambda: (Robot(Eye(ObjectDetector())), None)
    return module


def test_parts_within_parts_have_dotted_names():
    module = inner()
    with placed_parts(module, {"eye.detector": "thread"}) as placed:
        agent, _ = module.make()
        assert agent.eye.detector is placed["eye.detector"] and isinstance(agent.eye.detector, Part)
    assert isinstance(module.make()[0].eye.detector, ObjectDetector)


def test_names_that_are_no_parts_are_told():
    module = inner()
    with (
        placed_parts(module, {"eye.ear": "thread"}),
        pytest.raises(NoSuchPart, match="no part 'ear'; it has detector"),
    ):
        module.make()
    with (
        pytest.raises(NoSuchPart, match=r"no make\(config, key\)"),
        placed_parts(types.ModuleType("m"), {"a": "thread"}),
    ):
        pass


class Bare:
    """Made by hand."""

    def __init__(self, ear=None):
        self.ear = ear

    def __call__(self, heard):
        return heard


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        (Plain(names=Bare()), "part 'names': Bare is neither .*; write @attrs.frozen above its class"),
        (Bare(Plain()), "Bare is neither .* be made with another ear; write @attrs.frozen"),
    ],
)
def test_parts_that_cannot_be_made_again_are_told(agent, text):
    module = types.ModuleType("m")
    module.make = lambda: (agent, None)
    name = "ear" if isinstance(agent, Bare) else "names"
    with placed_parts(module, {name: "inline"}), pytest.raises(NoSuchPart, match=text):
        module.make()


def test_the_command_line_places_parts(tmp_path, capsys):
    arguments = ["robot_assistant", "--say", "hello", "--ticks", "2", "--quiet"]
    assert main([*arguments, "--place", "thread", "--place", "detector=thread", "--deadline", "30"]) == 0
    assert main([*arguments, "--place", "nose=thread"]) == 2
    assert "no part 'nose'; it has config, detector" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*arguments, "--place", "detector=nowhere"])
    assert "place is 'nowhere'" in capsys.readouterr().err
