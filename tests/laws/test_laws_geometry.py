"""The functions of geometry keep every law that applies to them."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import numpy as np
import pytest

from droidlet_laws import check_component
from droidlet_laws.laws import CODEC, NO_HASH_ORDER, OLD_STATE
from droidlet_schema import Intrinsics, Pose, Pose2

_GRID = np.zeros((12, 16), bool)
_GRID[3:9, 7] = True
_POINTS = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]])
_POSE = Pose(1.0, 2.0, 0.5, 0.8, 0.0, 0.0, 0.6)
_CAMERA = Intrinsics(16, 12, 10.0, 10.0, 8.0, 6.0)
_DEPTH = np.full((12, 16), 2.0, np.float32)

CALLS: Dict[str, List[Tuple[Any, ...]]] = {
    "camera_pose": [(Pose2(1.0, 2.0, 0.3), 1.0, 0.1, -0.2), (Pose2(0.0, 0.0, -3.0), 1.0, 0.0)],
    "cell_to_world": [(np.array([[1, 2], [3, 4]]), 0.0, 1.0, 0.1), (np.array([5, 6]), 0.0, 1.0, 0.1)],
    "compose_pose2": [(Pose2(1.0, 2.0, 0.3), Pose2(0.1, 0.0, 0.2)), (Pose2(1.0, 2.0, 0.3), (1.0, 2.0, 3.0))],
    "dilate": [(_GRID, 2.0), (~_GRID, 1.0), (_GRID, 0.0)],
    "distance_to_mask": [(_GRID,), (~_GRID,), (_GRID, 3.0)],
    "line_of_sight": [(_GRID, np.array([[0, 0]]), np.array([[11, 15]])), (_GRID, [[5, 2]], [[5, 12]])],
    "plan_path": [(_GRID, (5, 2), (5, 12)), (_GRID, (0, 0), (11, 15))],
    "project_camera_points": [(_POINTS, _CAMERA), (_POINTS[:1].copy(), _CAMERA)],
    "quaternion_to_matrix": [(np.array([1.0, 0.0, 0.0, 0.0]),), (np.array([0.6, 0.0, 0.0, 0.8]),)],
    "transform_points": [(_POSE, _POINTS), (_POSE, _POINTS[0].copy())],
    "unproject_to_world": [(_DEPTH, _CAMERA, _POSE), (_DEPTH * 2, _CAMERA, _POSE)],
    "wrap_angle": [(4.0,), (np.array([1.0, -4.0]),)],
}


@pytest.mark.parametrize("name", CALLS)
def test_geometry_keeps_the_laws(name: str) -> None:
    report = check_component(f"droidlet_geometry:{name}", CALLS[name], processes=name == "plan_path")
    assert report.refused == 0
    processes = set() if name == "plan_path" else {NO_HASH_ORDER}
    assert {law for law, _ in report.not_exercised} == {OLD_STATE, CODEC} | processes
