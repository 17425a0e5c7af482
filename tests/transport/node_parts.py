"""The JavaScript endpoint as a simulator of ours; its address is in the environment."""

from __future__ import annotations

import os
from typing import Any, Tuple

from droidlet_schema import Pose2, SceneObject, record
from droidlet_simulators import contract as contract  # its records must be known here
from droidlet_style.placement import place


@record
class ToyWorld:
    """The toy's world."""

    robot: Pose2
    objects: Tuple[SceneObject, ...]
    now_ns: int


def toy() -> Any:
    return place("toy", os.environ["DROIDLET_TOY_ADDRESS"])
