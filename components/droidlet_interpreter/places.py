"""Points beside things: to their left, behind them, between two, away from them."""

from __future__ import annotations

import math

from droidlet_schema import MemoryNode, Pose2

CLEARANCE_M = 0.45  # from a thing's edge to the middle of the body


def between(first: MemoryNode, second: MemoryNode) -> tuple[float, float]:
    """The middle of the gap between two things, world frame metres."""
    one, two = first.position_m or (0.0, 0.0, 0.0), second.position_m or (0.0, 0.0, 0.0)
    return (one[0] + two[0]) / 2, (one[1] + two[1]) / 2


def beside(viewer: Pose2, node: MemoryNode, direction: str, distance_m: float | None) -> tuple[float, float]:
    """A point on a side of a thing, as the viewer sees it: its front is towards the viewer. World frame
    metres.
    """
    x, y, _ = node.position_m or (0.0, 0.0, 0.0)
    sight = math.atan2(y - viewer.y_m, x - viewer.x_m)
    turned = {"LEFT": math.pi / 2, "RIGHT": -math.pi / 2, "BACK": 0.0}.get(direction, math.pi)
    away = distance_m if distance_m is not None else (1.5 if direction == "AWAY" else CLEARANCE_M)
    reach = _half_along(node, sight + turned) + away
    return x + reach * math.cos(sight + turned), y + reach * math.sin(sight + turned)


def _half_along(node: MemoryNode, angle_rad: float) -> float:
    """How far a thing's box reaches from its middle along a direction."""
    half_x, half_y = (abs(extent) / 2 for extent in (node.size_m or (0.2, 0.2, 0.2))[:2])
    across, along = abs(math.cos(angle_rad)), abs(math.sin(angle_rad))
    to_x = half_x / across if across > 1e-9 else math.inf
    to_y = half_y / along if along > 1e-9 else math.inf
    return min(to_x, to_y)
