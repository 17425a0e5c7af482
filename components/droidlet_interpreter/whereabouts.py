"""How far away a thing is, and where it lies as the agent sees it."""

from __future__ import annotations

import math

from droidlet_interpreter.measures import metres, point
from droidlet_schema import MemoryNode, Pose2


def distance_m(pose: Pose2, node: MemoryNode) -> float:
    """From the agent to the nearest edge of a node's box on the floor plan."""
    if node.position_m is None:
        return math.inf
    size = node.size_m or (0.0, 0.0, 0.0)
    dx = max(0.0, abs(node.position_m[0] - pose.x_m) - abs(size[0]) / 2)
    dy = max(0.0, abs(node.position_m[1] - pose.y_m) - abs(size[1]) / 2)
    away = math.hypot(dx, dy)
    return away if away == away else math.inf


def bearing(pose: Pose2, x_m: float, y_m: float) -> str:
    """Where a point lies as the agent sees it: "ahead of me, to the left"."""
    angle = math.atan2(y_m - pose.y_m, x_m - pose.x_m) - pose.yaw_rad
    if not math.isfinite(angle):
        return "away"
    turned = math.degrees(math.atan2(math.sin(angle), math.cos(angle)))
    side = "left" if turned > 0 else "right"
    for limit, words in (
        (15.0, "straight ahead of me"),
        (65.0, f"ahead of me, to the {side}"),
        (115.0, f"to my {side}"),
        (165.0, f"behind me, to the {side}"),
    ):
        if abs(turned) <= limit:
            return words
    return "behind me"


def where_is(pose: Pose2, node: MemoryNode) -> str:
    """ "2.3 m ahead of me, to the left, at (1.2, 3.4)"."""
    if node.position_m is None:
        return "somewhere, I do not know where"
    x, y, _ = node.position_m
    return f"{metres(distance_m(pose, node))} away, {bearing(pose, x, y)}, at {point(x, y)}"
