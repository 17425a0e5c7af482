"""What a body can be told to do within one step."""

from __future__ import annotations

from typing import Union

from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.record import record
from droidlet_schema.records.block_actions import (
    Craft,
    Dig,
    DropItem,
    HoldItem,
    Jump,
    LookAtBlock,
    PickUpItem,
    PlaceBlock,
    SetLook,
    SpawnMob,
    StepBlock,
    UseItem,
)
from droidlet_schema.records.geometry import Pose


@record
class Drive:
    """Drive with these velocities for one step."""

    forward_m_s: float
    turn_rad_s: float  # positive = left


@record
class Move:
    """Move straight ahead (negative: back) by a distance, as far as one step allows."""

    distance_m: float


@record
class Turn:
    """Turn on the spot, positive = left, as far as one step allows."""

    angle_rad: float


@record
class Look:
    """Point the camera: pan from straight ahead (positive = left), tilt from level (positive = up)."""

    pan_rad: float
    tilt_rad: float


@record
class Speak:
    """Say something aloud."""

    text: str


@record
class Stop:
    """Stand still."""


@record
class PickUp:
    """Take an object that is within reach into the hand."""

    object_id: int


@record
class PutDown:
    """Put what is in the hand down; the pose is of the object's centre, in the world frame."""

    place: Pose


@record
class Open:
    """Open a door or a container that is within reach, as far as it goes."""

    object_id: int


@record
class Close:
    """Close a door or a container that is within reach."""

    object_id: int


@record
class JointVelocities:
    """Move joints with these velocities for one step, rad/s (sliding joints: m/s), by the joints' names."""

    velocities: FrozenMap[str, float]


@record
class JointTargets:
    """Hold joints at these positions, rad (sliding joints: m), by the joints' names, until told otherwise."""

    positions: FrozenMap[str, float]


@record
class Grip:
    """Move the fingers of the gripper this far apart, as far as what is between them allows."""

    opening_m: float


BlockAction = Union[
    StepBlock,
    Jump,
    SetLook,
    LookAtBlock,
    Dig,
    PlaceBlock,
    HoldItem,
    DropItem,
    PickUpItem,
    UseItem,
    SpawnMob,
    Craft,
]
"""What only a body in a block world does."""
Action = Union[
    Drive,
    Move,
    Turn,
    Look,
    Speak,
    Stop,
    PickUp,
    PutDown,
    Open,
    Close,
    JointVelocities,
    JointTargets,
    Grip,
    BlockAction,
]
