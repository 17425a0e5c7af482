"""The JavaScript endpoint as a simulator of ours; its address is in the environment."""

from __future__ import annotations

import os
from typing import Any, Tuple

from droidlet_schema import Pose2, SceneObject, record
from droidlet_simulators import contract as contract  # its records must be known here
from droidlet_transport.parts import Part
from droidlet_transport.service import Client


@record
class ToyWorld:
    """The toy's world."""

    robot: Pose2
    objects: Tuple[SceneObject, ...]
    now_ns: int


def toy() -> Any:
    return Part(Client(os.environ["DROIDLET_TOY_ADDRESS"]))
