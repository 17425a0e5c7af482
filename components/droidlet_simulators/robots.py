"""The usual robot as a spec: one camera on a neck, and what it senses besides."""

from __future__ import annotations

import math
from typing import Tuple

from droidlet_schema import Pose
from droidlet_simulators.contract import AgentSpec, CameraSpec


def robot(
    width: int = 128,
    height: int = 128,
    *,
    semantic: bool = False,
    horizontal_fov_rad: float = math.radians(80),
    camera_height_m: float = 1.1,
    model: str = "pinhole",
    id: str = "robot",
    camera: str = "head",
    senses: Tuple[str, ...] = ("pose", "collided"),
) -> AgentSpec:
    """An agent with one camera over its middle, on a neck; pictures in pixels.

    The camera takes rgb and depth, and with `semantic` which object each pixel shows. `senses` are of SENSES.
    A simulator raises SimulatorError for what cannot be.
    """
    pictures = ("rgb", "depth", "semantic") if semantic else ("rgb", "depth")
    mount = Pose(0.0, 0.0, camera_height_m)
    eye = CameraSpec(camera, width, height, horizontal_fov_rad, mount, model, pictures)
    return AgentSpec(id, (eye,), senses)
