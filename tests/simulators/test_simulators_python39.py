"""The package stays readable for Python 3.9, in which a Habitat worker lives."""

import ast
import pathlib

import pytest

import droidlet_simulators
from simulators.old_python import assert_alike

FILES = sorted(pathlib.Path(droidlet_simulators.__file__).parent.rglob("*.py"))


def evaluated_annotations(tree):
    """The annotations of record and NamedTuple fields, which are resolved when the program runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (node.decorator_list or node.bases):
            for line in node.body:
                if isinstance(line, ast.AnnAssign):
                    yield line.annotation


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_nothing_newer(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    for annotation in evaluated_annotations(tree):
        assert "|" not in ast.unparse(annotation), f"line {annotation.lineno}: write Optional or Union"
    imports = {a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names}
    assert "tomllib" not in imports


WALK = """
import sys
from droidlet_schema import Drive, Key, Look, digest
from droidlet_simulators import RoomSimulator, make_scene, robot

simulator = RoomSimulator((robot(32, 32, semantic=True),))
observations, world = simulator.reset(make_scene(3), Key(0))
for _ in range(5):
    observations, world = simulator.step({"robot": (Look(0.0, -0.3), Drive(0.4, 0.7))}, world)
print(sys.version_info[:2], digest(world.bodies), observations["robot"].pose)
"""


def test_a_walk_on_python_3_9_is_the_walk_on_this_one(python39):
    assert_alike(python39, WALK)
