"""The line along which the speaker looks."""

from __future__ import annotations

import math
from collections.abc import Callable

from droidlet_memory.asking import position_of
from droidlet_schema import MemoryNode, Pose2, Query, evolve


def speaker_of(query: Query) -> Pose2 | None:
    """The speaker; one whose heading is unknown (NaN) is taken to be turned to the agent spoken to."""
    speaker, viewer = query.speaker, query.viewer
    if speaker is None or not math.isnan(speaker.yaw_rad):
        return speaker
    return evolve(speaker, yaw_rad=math.atan2(viewer.y_m - speaker.y_m, viewer.x_m - speaker.x_m))


def look_distance(query: Query) -> Callable[[MemoryNode], float | None]:
    """How far the middle of a node lies from the line of the speaker's look on the floor plan, metres: the
    line begins at the speaker and runs towards `look_m`, where that is known, else along the heading.
    """
    speaker, ahead = query.speaker, _direction(query)
    if speaker is None or ahead is None:
        return lambda node: None
    x_m, y_m, (dx, dy) = speaker.x_m, speaker.y_m, ahead

    def distance(node: MemoryNode) -> float | None:
        at = position_of(node)
        if at is None:
            return None
        x, y = at[0] - x_m, at[1] - y_m
        along = x * dx + y * dy
        value = abs(x * dy - y * dx) if along > 0 else math.hypot(x, y)
        return None if math.isnan(value) else value

    return distance


def _direction(query: Query) -> tuple[float, float] | None:
    speaker = query.speaker
    if speaker is None or not all(map(math.isfinite, (speaker.x_m, speaker.y_m))):
        return None
    if query.look_m is not None:
        dx, dy = query.look_m[0] - speaker.x_m, query.look_m[1] - speaker.y_m
        far = math.hypot(dx, dy)
        if 0 < far < math.inf:
            return dx / far, dy / far
    if not math.isfinite(speaker.yaw_rad):
        return None
    return math.cos(speaker.yaw_rad), math.sin(speaker.yaw_rad)
