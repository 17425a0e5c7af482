"""What a body's sensors give."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.fields import array
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.record import record
from droidlet_schema.records.geometry import Intrinsics, Pose, Pose2


@record
class Frame:
    """One picture of an RGB-D camera, with the pose of its optical frame (x right, y down, z forward)."""

    rgb: NDArray[Any] = array("H W 3", np.uint8)  # sRGB, row 0 on top
    depth_m: NDArray[Any] = array("H W", np.float32)  # metres along the optical axis, 0 = no return
    intrinsics: Intrinsics
    camera: Pose


@record
class SemanticImage:
    """Which object each pixel shows, as the simulator knows it; never an input of perception."""

    ids: NDArray[Any] = array("H W", np.int32)  # object ids of the scene, 0 = nothing


@record
class Observation:
    """What one agent senses after a step: its odometry and one entry per camera, by the camera's name."""

    now_ns: int
    pose: Pose2
    collided: bool
    frames: FrozenMap[str, Frame]
    semantics: FrozenMap[str, SemanticImage] = FrozenMap()
