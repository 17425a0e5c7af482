"""What a body's sensors give."""

from __future__ import annotations

from typing import Any, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.fields import array
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.record import record
from droidlet_schema.records.blocks import BlockSenses
from droidlet_schema.records.geometry import Intrinsics, Pose, Pose2
from droidlet_schema.records.language import Chat


@record
class Frame:
    """One picture of an RGB-D camera, with the pose of its optical frame (x right, y down, z forward).

    Depth is along the optical axis; in fisheye and equirectangular pictures, which look sideways and back, it is
    along each pixel's ray. What a camera does not sense is zeros.
    """

    rgb: NDArray[Any] = array("H W 3", np.uint8)  # sRGB, row 0 on top
    depth_m: NDArray[Any] = array("H W", np.float32)  # metres along the optical axis, 0 = no return
    intrinsics: Intrinsics
    camera: Pose


@record
class SemanticImage:
    """Which object each pixel shows, as the simulator knows it; never an input of perception."""

    ids: NDArray[Any] = array("H W", np.int32)  # semantic ids of the scene, 0 = nothing


@record
class JointState:
    """Where a joint is and how fast it moves: rad and rad/s, for sliding joints m and m/s."""

    position: float
    velocity: float


@record
class Contact:
    """A part of the body that touches something."""

    part: str
    object_id: Optional[int]  # None: the building, or another agent
    force_n: float  # along the contact's normal; 0.0 where the engine has no forces


@record
class Observation:
    """What one agent senses after a step: its odometry and one entry per camera, by the camera's name."""

    now_ns: int
    pose: Pose2
    collided: bool
    frames: FrozenMap[str, Frame]
    semantics: FrozenMap[str, SemanticImage] = FrozenMap()
    poses: FrozenMap[str, Pose] = FrozenMap()  # of the body's parts in the world frame, by name
    joints: FrozenMap[str, JointState] = FrozenMap()
    contacts: Tuple[Contact, ...] = ()
    held: Optional[int] = None  # the object in the hand
    heard: Tuple[Chat, ...] = ()  # what the other agents said in the last step
    blocks: Optional[BlockSenses] = None  # in a block world, for who asked for it
