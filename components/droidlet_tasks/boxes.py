"""Things as boxes on the floor: x0 y0 x1 y1, metres, world frame."""

from __future__ import annotations

import math
from typing import Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import MemoryNode, Pose2

Box = Tuple[float, float, float, float]


def footprint(node: MemoryNode) -> Box:
    """A node's box on the floor, x0 y0 x1 y1 in metres."""
    return box_at(node.position_m or (0.0, 0.0, 0.0), node.size_m or (0.2, 0.2, 0.2))


def box_at(centre_m: Tuple[float, float, float], size_m: Tuple[float, float, float]) -> Box:
    """The box on the floor of what has its middle at a point and an extent along the world's axes."""
    (x, y, _), (sx, sy, _) = centre_m, size_m
    return (x - sx / 2, y - sy / 2, x + sx / 2, y + sy / 2)


def box_distance(points: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """Distance (...) in metres of points (..., 2) to a box on the floor; 0 inside."""
    x0, y0, x1, y1 = box
    dx = np.maximum(np.maximum(x0 - points[..., 0], points[..., 0] - x1), 0.0)
    dy = np.maximum(np.maximum(y0 - points[..., 1], points[..., 1] - y1), 0.0)
    return np.asarray(np.hypot(dx, dy))


def gap_to(pose: Pose2, box: Optional[Box]) -> float:
    """Metres from the body's centre to the edge of a footprint; infinity where there is none."""
    return math.inf if box is None else float(box_distance(np.array([pose.x_m, pose.y_m]), box))
