"""What the robot's body can do, and how far an action carries it."""

from __future__ import annotations

import math
from typing import Tuple

from droidlet_schema import Action, Drive, Look, Move, Stop, Turn, record


@record
class Limits:
    """Shape and limits of the robot; it is an upright cylinder."""

    radius_m: float = 0.18
    height_m: float = 1.2
    forward_m_s: float = 0.5
    turn_rad_s: float = 1.5
    pan_rad: float = math.radians(90)  # to each side
    tilt_rad: float = math.radians(60)  # up and down
    reach_m: float = 1.0  # of the hand, from the robot's middle
    lift_m: float = 1.4  # how high the hand gets
    carry_m: float = 0.35  # half of the width that the hand takes

    def look(self, action: Look) -> Tuple[float, float]:
        """Pan and tilt as far as the neck goes."""
        return _clip(action.pan_rad, self.pan_rad), _clip(action.tilt_rad, self.tilt_rad)


def _clip(value: float, most: float) -> float:
    return max(-most, min(most, value))


def travel(action: Action, left_s: float, limits: Limits) -> Tuple[float, float, float]:
    """Metres ahead, radians to the left and seconds used of the seconds left, all within the limits."""
    if isinstance(action, Drive):
        speed, turn = (
            _clip(action.forward_m_s, limits.forward_m_s),
            _clip(action.turn_rad_s, limits.turn_rad_s),
        )
        return speed * left_s, turn * left_s, left_s
    if isinstance(action, Move):
        forward = _clip(action.distance_m, limits.forward_m_s * left_s)
        return forward, 0.0, abs(forward) / limits.forward_m_s
    if isinstance(action, Turn):
        turn = _clip(action.angle_rad, limits.turn_rad_s * left_s)
        return 0.0, turn, abs(turn) / limits.turn_rad_s
    return 0.0, 0.0, left_s if isinstance(action, Stop) else 0.0
