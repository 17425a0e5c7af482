"""Where the things are that a question refers to, and what left and front mean there."""

from __future__ import annotations

import math
from typing import NamedTuple

from droidlet_memory.asking import Asking, Vector, position_of, size_of
from droidlet_schema import Filters, MemoryNode, Pose2, ReferenceObject, Triple, evolve

MOST_SPOTS = 64  # of the things that a reference fits, the nearest to the viewer count
LOOK_AHEAD_M = 2.0  # where the speaker looks: this far ahead

Vector2 = tuple[float, float]


class Spot(NamedTuple):
    """A place referred to: its middle, half its extent, its own front and left (unit vectors), and the node
    there.
    """

    at: Vector
    half: Vector
    front: Vector2
    left: Vector2
    node_id: str | None = None


def spots(reference: ReferenceObject, asking: Asking) -> list[Spot]:
    """The places that a reference may mean; none where it is not known.

    The first that is given counts: `special`, `coordinates_m` (x y or x y z), `filters`, `text_span` (any
    word said of a thing).
    """
    if reference.special is not None:
        return _special(reference.special, asking)
    if reference.coordinates_m is not None:
        return _coordinates(reference.coordinates_m, asking.query.viewer)
    if reference.filters is not None:
        return _of_nodes(asking.found(reference.filters), asking.query.viewer)
    if reference.text_span:
        return _of_nodes(asking.found(Filters(Triple("has_tag", reference.text_span))), asking.query.viewer)
    return []


def viewer_spot(asking: Asking) -> list[Spot]:
    """The agent itself: front is ahead of it, left is its own left."""
    return _of_pose(asking.query.viewer)


def _special(name: str, asking: Asking) -> list[Spot]:
    pose = asking.query.viewer if name == "AGENT" else asking.query.speaker
    if pose is None:
        return []
    if name != "SPEAKER_LOOK":
        return _of_pose(_facing(pose, asking.query.viewer) if name == "SPEAKER" else pose)
    ahead = [spot.front for spot in _of_pose(pose)]
    return [
        seen_from(asking.query.viewer, (pose.x_m + LOOK_AHEAD_M * x, pose.y_m + LOOK_AHEAD_M * y, 0.0))
        for x, y in ahead
    ]


def _facing(speaker: Pose2, viewer: Pose2) -> Pose2:
    """A speaker whose heading is unknown (NaN) is taken to look at the agent spoken to."""
    if not math.isnan(speaker.yaw_rad):
        return speaker
    return evolve(speaker, yaw_rad=math.atan2(viewer.y_m - speaker.y_m, viewer.x_m - speaker.x_m))


def _of_pose(pose: Pose2) -> list[Spot]:
    if not all(map(math.isfinite, (pose.x_m, pose.y_m, pose.yaw_rad))):
        return []
    front = (math.cos(pose.yaw_rad), math.sin(pose.yaw_rad))
    return [Spot((pose.x_m, pose.y_m, 0.0), (0.0, 0.0, 0.0), front, (-front[1], front[0]))]


def _coordinates(at: tuple[float, ...], viewer: Pose2) -> list[Spot]:
    if len(at) not in (2, 3) or not all(map(math.isfinite, at)):
        return []
    return [seen_from(viewer, (at[0], at[1], at[2] if len(at) == 3 else 0.0))]


def _of_nodes(nodes: list[MemoryNode], viewer: Pose2) -> list[Spot]:
    made = []
    for node in nodes:
        at, size = position_of(node), size_of(node) or (0.0, 0.0, 0.0)
        if at is not None:
            half = (size[0] / 2, size[1] / 2, size[2] / 2)
            made.append(seen_from(viewer, at, half, node.id))
    return nearest(made, viewer, MOST_SPOTS)


def nearest(found: list[Spot], viewer: Pose2, count: int) -> list[Spot]:
    """At most `count` spots, the nearest to the viewer where there are more."""
    if len(found) <= count:
        return found
    return sorted(found, key=lambda spot: math.hypot(spot.at[0] - viewer.x_m, spot.at[1] - viewer.y_m))[
        :count
    ]


def seen_from(viewer: Pose2, at: Vector, half: Vector = (0.0, 0.0, 0.0), node_id: str | None = None) -> Spot:
    """A thing's place as the viewer sees it: its front is the side towards the viewer, left is to the left of
    the line of sight.

    From right on top of it (or from nowhere) the line of sight is the viewer's heading, or +x.
    """
    dx, dy = at[0] - viewer.x_m, at[1] - viewer.y_m
    far = math.hypot(dx, dy)
    if 0 < far < math.inf:
        sight = (dx / far, dy / far)
    else:
        sight = (
            (math.cos(viewer.yaw_rad), math.sin(viewer.yaw_rad))
            if math.isfinite(viewer.yaw_rad)
            else (1.0, 0.0)
        )
    return Spot(at, half, (-sight[0], -sight[1]), (-sight[1], sight[0]), node_id)
