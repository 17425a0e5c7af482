"""Things as boxes on the floor: x0 y0 x1 y1, metres, world frame."""

from __future__ import annotations

import math
from typing import Optional, Tuple

from droidlet_schema import MemoryNode, Pose2

Box = Tuple[float, float, float, float]


def footprint(node: MemoryNode) -> Box:
    """A node's box on the floor, x0 y0 x1 y1 in metres."""
    x, y, _ = node.position_m or (0.0, 0.0, 0.0)
    sx, sy, _ = node.size_m or (0.2, 0.2, 0.2)
    return (x - sx / 2, y - sy / 2, x + sx / 2, y + sy / 2)


def gap_to(pose: Pose2, box: Optional[Box]) -> float:
    """Metres from the body's centre to the edge of a footprint."""
    if box is None:
        return math.inf
    dx = max(box[0] - pose.x_m, pose.x_m - box[2], 0.0)
    dy = max(box[1] - pose.y_m, pose.y_m - box[3], 0.0)
    return math.hypot(dx, dy)
