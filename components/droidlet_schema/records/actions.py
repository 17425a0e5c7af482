"""What a body can be told to do within one step."""

from __future__ import annotations

from typing import Union

from droidlet_schema.record import record


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


Action = Union[Drive, Move, Turn, Look, Speak, Stop]
