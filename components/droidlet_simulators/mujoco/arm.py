"""The arm as published: seven turning joints, a hand with two sliding fingers, and where they put the fingertips.

Lengths and limits are those of the Franka Emika Panda as its maker publishes them in the documentation of its
control interface: the Denavit-Hartenberg table after Craig, and the limits of positions, speeds and torques. Masses
are those that Gaz, Cognetti, Oliva, Robuffo Giordano and De Luca identified (IEEE Robotics and Automation Letters
4(4), 2019). The shapes are capsules and boxes drawn round these lengths.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Tuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Triple = Tuple[float, float, float]


class Link(NamedTuple):
    """One link: how its joint stands to the joint before, and what the joint can do."""

    a_m: float
    d_m: float
    alpha_rad: float
    low_rad: float
    high_rad: float
    speed_rad_s: float
    torque_n_m: float
    mass_kg: float
    capsules: Tuple[Tuple[Triple, Triple, float], ...]  # from, to and radius in the link's frame, metres


_HALF = math.pi / 2
LINKS: Tuple[Link, ...] = (
    Link(0.0, 0.333, 0.0, -2.8973, 2.8973, 2.175, 87.0, 4.970684, (((0, 0, -0.16), (0, 0, 0), 0.06),)),
    Link(0.0, 0.0, -_HALF, -1.7628, 1.7628, 2.175, 87.0, 0.646926, (((0, 0, 0), (0, -0.2, 0), 0.06),)),
    Link(
        0.0, 0.316, _HALF, -2.8973, 2.8973, 2.175, 87.0, 3.228604,
        (((0, 0, -0.1), (0, 0, 0), 0.055), ((0, 0, 0), (0.0825, 0, 0), 0.05)),
    ),
    Link(0.0825, 0.0, _HALF, -3.0718, -0.0698, 2.175, 87.0, 3.587895, (((0, 0, 0), (-0.0825, 0.08, 0), 0.05),)),
    Link(-0.0825, 0.384, -_HALF, -2.8973, 2.8973, 2.61, 12.0, 1.225946, (((0, 0, -0.26), (0, 0, -0.06), 0.045),)),
    Link(0.0, 0.0, _HALF, -0.0175, 3.7525, 2.61, 12.0, 1.666555, (((0, 0, 0), (0.088, 0, 0), 0.045),)),
    Link(0.088, 0.0, _HALF, -2.8973, 2.8973, 2.61, 12.0, 0.735522, (((0, 0, 0.02), (0, 0, 0.07), 0.04),)),
)  # fmt: skip

FOOT_MASS_KG = 0.629769
FLANGE_M = 0.107  # from the last joint to where the hand is screwed on
HAND_TURN_RAD = -math.pi / 4
HAND_MASS_KG = 0.73
FINGERS_M = 0.0584  # from the flange to the fingers' guide
GRIP_M = 0.1034  # from the flange to the point between the fingertips
FINGER_MASS_KG = 0.015
OPEN_M = 0.08  # the fingers' greatest distance
FINGER_SPEED_M_S = 0.05
FINGER_FORCE_N = 70.0

JOINTS: Tuple[str, ...] = tuple(f"joint{number}" for number in range(1, 8))
FINGERS = ("finger_left", "finger_right")


def arm_pose(joints_rad: npt.ArrayLike) -> Floats:
    """The 4x4 pose of the point between the fingertips in the frame of the arm's foot, for seven joint angles.

    Its z axis points out of the hand, its y axis along the fingers' way. Raises ValueError for other than seven
    finite numbers.
    """
    return _chain(joints_rad)[-1]


def _chain(joints_rad: npt.ArrayLike) -> Tuple[Floats, ...]:
    """The 4x4 poses of all joints' frames, then that of the grip point."""
    angles = np.asarray(joints_rad, np.float64)
    if angles.shape != (len(LINKS),) or not np.isfinite(angles).all():
        raise ValueError(f"joints_rad is {joints_rad!r}: {len(LINKS)} finite numbers, one per joint")
    at = np.eye(4)
    frames = []
    for link, angle in zip(LINKS, angles.tolist()):
        at = at @ _craig(link, angle)
        frames.append(at)
    c, s = math.cos(HAND_TURN_RAD), math.sin(HAND_TURN_RAD)
    hand = np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, FLANGE_M + GRIP_M], [0, 0, 0, 1]], np.float64)
    return (*frames, at @ hand)


def _craig(link: Link, angle: float) -> Floats:
    """From one joint's frame to the next (Craig, "Introduction to Robotics", 1986, section 3.4)."""
    ca, sa = math.cos(link.alpha_rad), math.sin(link.alpha_rad)
    c, s = math.cos(angle), math.sin(angle)
    return np.array(
        [
            [c, -s, 0.0, link.a_m],
            [s * ca, c * ca, -sa, -sa * link.d_m],
            [s * sa, c * sa, ca, ca * link.d_m],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def arm_jacobian(joints_rad: npt.ArrayLike) -> Floats:
    """How the grip point moves (first 3 rows, m/rad) and turns (last 3, rad/rad) with each joint, (6, 7)."""
    *frames, grip = _chain(joints_rad)
    axes = np.array([frame[:3, 2] for frame in frames])
    arms = np.array([grip[:3, 3] - frame[:3, 3] for frame in frames])
    return np.concatenate([np.cross(axes, arms).T, axes.T])
