"""The package as a whole: what it exports, what it needs, where it runs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import droidlet_geometry

FOLDER = Path(droidlet_geometry.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))

EXERCISE = """
import sys
import numpy as np
import droidlet_geometry as g
blocked = np.zeros((9, 9), np.bool_)
blocked[4, :8] = True
assert g.plan_path(blocked, (0, 0), (8, 0), g.clearance_penalty(blocked, 3, 1.0)) is not None
assert np.isfinite(g.distance_field(blocked, (0, 0))).sum() == 9 * 9 - 8
assert g.connected_components(blocked)[1] == 1 and g.dilate(blocked, 1.5).sum() == 27
assert g.find_frontiers(np.where(blocked, 0, -1)) and g.segment_cells((0, 0), (3, 5)).shape[1] == 2
q = g.slerp(g.quaternion_from_yaw(0.0), g.quaternion_from_yaw(1.0), 0.5)
assert abs(g.yaw_of_quaternion(g.quaternion_from_matrix(g.quaternion_to_matrix(q))) - 0.5) < 1e-12
assert g.wrap_angle(4.0) < 0 and g.compose_poses(g.camera_pose((1, 2, 3), 1.0, 0.1), (0, 0, 1, 1, 0, 0, 0))
ours = {name.split(".")[0] for name in sys.modules if name.startswith("droidlet")}
assert ours == {"droidlet_geometry"}, ours
"""


def test_all_lists_exactly_the_public_names():
    public = {
        name
        for name, value in vars(droidlet_geometry).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }
    assert set(droidlet_geometry.__all__) == public
    assert list(droidlet_geometry.__all__) == sorted(droidlet_geometry.__all__)


@pytest.mark.parametrize("name", droidlet_geometry.__all__)
def test_everything_public_is_documented_and_typed(name):
    value = getattr(droidlet_geometry, name)
    assert inspect.getdoc(value)
    if inspect.isfunction(value):
        assert set(inspect.signature(value).parameters) <= set(inspect.get_annotations(value))
        assert "return" in inspect.get_annotations(value)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_sources_parse_on_python_3_9_and_import_numpy_alone(file):
    tree = ast.parse(file.read_text(), feature_version=(3, 9))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= {"__future__", "math", "typing", "numpy", "droidlet_geometry"}


def test_it_works_alone_in_a_fresh_interpreter():
    run_exercise(sys.executable)


def test_it_works_on_python_3_9(python39):
    run_exercise(str(python39))


def run_exercise(python: str) -> None:
    done = subprocess.run(
        [python, "-W", "error", "-c", f"import sys; sys.path.insert(0, {str(FOLDER.parent)!r})\n{EXERCISE}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_functions_leave_their_arguments_alone_and_results_are_nobodys_alias():
    blocked = np.zeros((6, 6), np.bool_)
    blocked[2, :4] = True
    penalty = np.ones((6, 6))
    for array in (blocked, penalty):
        array.flags.writeable = False
    results = [
        droidlet_geometry.dilate(blocked, 1),
        droidlet_geometry.distance_field(blocked, (0, 0), penalty),
        droidlet_geometry.plan_path(blocked, (0, 0), (5, 0), penalty),
        droidlet_geometry.connected_components(blocked)[0],
        droidlet_geometry.distance_to_mask(blocked, 3.0),
        droidlet_geometry.line_of_sight(blocked, (0, 0), (5, 5)),
        droidlet_geometry.wrap_angle(penalty),
        droidlet_geometry.quaternion_normalize(penalty[0, :4]),
        droidlet_geometry.quaternion_conjugate(penalty[0, :4]),
        droidlet_geometry.simplify_path(blocked, np.array([[0, 0], [0, 5]])),
    ]
    for result in results:
        assert not np.shares_memory(result, blocked) and not np.shares_memory(result, penalty)
