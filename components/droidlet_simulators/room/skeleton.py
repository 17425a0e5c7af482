"""A person's joints: where they are as it stands, walks, waves, points, raises a hand or sits.

The figure is 1.72 m tall, x forward, y left, z up from the floor between its feet; others are scaled. Lengths of
limbs are about those of an adult (Winter, "Biomechanics and motor control of human movement", 2009, fig. 4.1),
drawn as the stiff figure of the same height.
"""

from __future__ import annotations

import math
from typing import Dict, NamedTuple, Optional, Sequence, Tuple

from droidlet_simulators.scene import Gesture

Point = Tuple[float, float, float]

KEYPOINTS = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""The 17 keypoints of COCO, in their order."""
HEIGHT_M = 1.72
UPPER_ARM_M, FOREARM_M, THIGH_M, SHIN_M = 0.28, 0.26, 0.37, 0.37
_ANKLE_M = 0.06
_BLEND_S = 0.6  # from rest into a gesture, and out of it
_WAVE_HZ = 1.2
_SEAT_RAD = math.radians(65)  # of the thighs from straight down
_SEAT_BACK_M = 0.08
_FACE: Dict[str, Point] = {
    "nose": (0.12, 0.0, 0.80),
    "left_eye": (0.105, 0.04, 0.83),
    "right_eye": (0.105, -0.04, 0.83),
    "left_ear": (0.0, 0.11, 0.80),
    "right_ear": (0.0, -0.11, 0.80),
    "left_shoulder": (0.0, 0.215, 0.56),
    "right_shoulder": (0.0, -0.215, 0.56),
    "left_hip": (0.0, 0.10, 0.0),
    "right_hip": (0.0, -0.10, 0.0),
}  # above the middle of the hips


class Moment(NamedTuple):
    """What decides a posture."""

    time_s: float
    phase_rad: Optional[float]  # of the walk, one turn for two steps; None: it does not walk
    gestures: Tuple[Gesture, ...]


def weight(gesture: Gesture, time_s: float) -> float:
    """How far a gesture is carried out, 0 to 1, with smooth ends."""
    part = min(time_s - gesture.from_s, gesture.to_s - time_s) / _BLEND_S
    part = max(0.0, min(1.0, part))
    return part * part * (3.0 - 2.0 * part)


def sits(gestures: Sequence[Gesture], time_s: float) -> float:
    """How far a person has sat down, 0 to 1."""
    return max((weight(g, time_s) for g in gestures if g.kind == "sit"), default=0.0)


def posture(moment: Moment, targets: Sequence[Optional[Point]]) -> Dict[str, Point]:
    """Every keypoint in the figure's own frame; `targets` are what the gestures point at, in that frame too."""
    seated = sits(moment.gestures, moment.time_s)
    legs = {side: _leg(side, moment.phase_rad, seated) for side in ("left", "right")}
    drop = min(thigh[2] * THIGH_M + shin[2] * SHIN_M for thigh, shin in legs.values())
    hips = (-_SEAT_BACK_M * seated, 0.0, _ANKLE_M - drop)
    joints = {name: _plus(hips, offset) for name, offset in _FACE.items()}
    for side, (thigh, shin) in legs.items():
        joints[f"{side}_knee"] = _plus(joints[f"{side}_hip"], thigh, THIGH_M)
        joints[f"{side}_ankle"] = _plus(joints[f"{side}_knee"], shin, SHIN_M)
        upper, fore = _arm(side, joints[f"{side}_shoulder"], moment, targets, seated)
        joints[f"{side}_elbow"] = _plus(joints[f"{side}_shoulder"], upper, UPPER_ARM_M)
        joints[f"{side}_wrist"] = _plus(joints[f"{side}_elbow"], fore, FOREARM_M)
    return {name: joints[name] for name in KEYPOINTS}


def _leg(side: str, phase_rad: Optional[float], seated: float) -> Tuple[Point, Point]:
    """Directions of thigh and shin; the leg that comes forward bends."""
    swing, bend = 0.0, 0.0
    if phase_rad is not None:
        phase = phase_rad if side == "left" else phase_rad + math.pi
        swing, bend = 0.4 * math.sin(phase), 0.5 * max(0.0, math.cos(phase))
    thigh = (1.0 - seated) * swing + seated * _SEAT_RAD
    return _forward(thigh), _forward((1.0 - seated) * (swing - bend))


def _forward(angle_rad: float) -> Point:
    """The direction that is so far forward from straight down."""
    return (math.sin(angle_rad), 0.0, -math.cos(angle_rad))


def _arm(
    side: str, shoulder: Point, moment: Moment, targets: Sequence[Optional[Point]], seated: float
) -> Tuple[Point, Point]:
    """Directions of upper arm and forearm: the rest, or what the strongest gesture of that arm asks for."""
    swing = 0.0
    if moment.phase_rad is not None:
        swing = -0.35 * math.sin(moment.phase_rad if side == "left" else moment.phase_rad + math.pi)
    upper, fore = _forward((1.0 - seated) * swing), _forward((1.0 - seated) * (swing + 0.15 * abs(swing)))
    best = 0.0
    wanted = (upper, fore)
    for gesture, target in zip(moment.gestures, targets):
        strength = weight(gesture, moment.time_s) if gesture.kind != "sit" and gesture.side == side else 0.0
        if strength > best:
            best, wanted = strength, _gestured(gesture.kind, side, shoulder, target, moment.time_s)
    return _between(upper, wanted[0], best), _between(fore, wanted[1], best)


def _gestured(
    kind: str, side: str, shoulder: Point, target: Optional[Point], time_s: float
) -> Tuple[Point, Point]:
    out = 1.0 if side == "left" else -1.0
    if kind == "raise":
        return _unit((0.10, 0.10 * out, 1.0)), (0.0, 0.0, 1.0)
    if kind == "wave":
        sway = 0.6 * math.sin(2.0 * math.pi * _WAVE_HZ * time_s)
        return _unit((0.25, 0.8 * out, 0.25)), _unit((0.1, sway, 1.0))
    if target is None:
        return (1.0, 0.0, 0.0), (1.0, 0.0, 0.0)
    way = _unit((target[0] - shoulder[0], target[1] - shoulder[1], target[2] - shoulder[2]))
    return way, way


def _between(a: Point, b: Point, part: float) -> Point:
    """From one direction to another, by way of the front: an arm goes up before the body."""
    ahead = 2.0 * part * (1.0 - part)
    return _unit(
        (
            (1.0 - part) * a[0] + part * b[0] + ahead,
            (1.0 - part) * a[1] + part * b[1],
            (1.0 - part) * a[2] + part * b[2],
        )
    )


def _unit(v: Point) -> Point:
    length = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    return (v[0] / length, v[1] / length, v[2] / length) if length > 1e-9 else (1.0, 0.0, 0.0)


def _plus(point: Point, way: Point, length: float = 1.0) -> Point:
    return (point[0] + length * way[0], point[1] + length * way[1], point[2] + length * way[2])
