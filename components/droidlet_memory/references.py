"""Where the things are that a question refers to, and what left and front mean there."""

from __future__ import annotations

import math
from typing import NamedTuple

from droidlet_memory.asking import Asking, Vector, position_of, size_of
from droidlet_memory.attributes import heading_of
from droidlet_memory.looking import speaker_of
from droidlet_schema import Filters, MemoryNode, Pose2, Query, ReferenceFrame, ReferenceObject, Triple

MOST_SPOTS = 64  # of the things that a reference fits, the nearest to the viewer count
LOOK_AHEAD_M = 2.0  # where the speaker looks, unless that is known: this far ahead

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


def spots(reference: ReferenceObject, asking: Asking, frame: ReferenceFrame | None = None) -> list[Spot]:
    """The places that a reference may mean, with the front and left of a frame of reference; none where
    either is not known.

    The first that is given counts: `special`, `coordinates_m` (x y or x y z), `filters`, `text_span` (any
    word said of a thing).
    """
    if reference.special is not None:
        found = _special(reference.special, asking.query)
    elif reference.coordinates_m is not None:
        found = _coordinates(reference.coordinates_m, asking.query.viewer)
    else:
        found = _of_nodes(meant(reference, asking), asking.query.viewer)
    if frame is None or not found:
        return found
    front = _front_of(frame, asking)
    return [] if front is None else [_turned(spot, front) for spot in found]


def meant(reference: ReferenceObject, asking: Asking) -> list[MemoryNode]:
    """The nodes that fit a reference's filters, or its text."""
    if reference.filters is not None:
        return asking.found(reference.filters)
    return asking.found(Filters(Triple("has_tag", reference.text_span))) if reference.text_span else []


def _turned(spot: Spot, front: Vector2) -> Spot:
    return spot._replace(front=front, left=(-front[1], front[0]))


def _front_of(frame: ReferenceFrame, asking: Asking) -> Vector2 | None:
    """Which way is the front of a frame of reference."""
    if frame == "ABSOLUTE":
        return (1.0, 0.0)
    if isinstance(frame, str):
        frame = ReferenceObject(special=frame)
    if frame.special is None and frame.coordinates_m is None:
        return _front_of_things(meant(frame, asking), asking.query.viewer)
    found = spots(frame, asking)
    return found[0].front if found else None


def _front_of_things(nodes: list[MemoryNode], viewer: Pose2) -> Vector2 | None:
    """Of the thing nearest to the viewer: where it is heading, else the side towards the viewer."""
    found = nearest(_of_nodes(nodes, viewer), viewer, 1)
    if not found:
        headings = (heading_of(node) for node in nodes)
        return next((_ahead(yaw_rad) for yaw_rad in headings if yaw_rad is not None), None)
    node = next(node for node in nodes if node.id == found[0].node_id)
    yaw_rad = heading_of(node)
    return found[0].front if yaw_rad is None else _ahead(yaw_rad)


def _ahead(yaw_rad: float) -> Vector2:
    return (math.cos(yaw_rad), math.sin(yaw_rad))


def _special(name: str, query: Query) -> list[Spot]:
    if name == "SPEAKER_LOOK" and query.look_m is not None:
        return _coordinates(query.look_m, query.viewer)
    if name == "AGENT":
        return _of_pose(query.viewer)
    pose = speaker_of(query) if name == "SPEAKER" else query.speaker
    if pose is None:
        return []
    if name == "SPEAKER":
        return _of_pose(pose)
    ahead = [spot.front for spot in _of_pose(pose)]
    return [
        seen_from(query.viewer, (pose.x_m + LOOK_AHEAD_M * x, pose.y_m + LOOK_AHEAD_M * y, 0.0))
        for x, y in ahead
    ]


def _of_pose(pose: Pose2) -> list[Spot]:
    if not all(map(math.isfinite, (pose.x_m, pose.y_m, pose.yaw_rad))):
        return []
    front = _ahead(pose.yaw_rad)
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
