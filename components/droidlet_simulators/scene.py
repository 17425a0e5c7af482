"""A scene as data: what stands where before anything moves. Metres, origin in the flat's corner."""

from __future__ import annotations

from typing import Tuple

from droidlet_schema import Pose2, SceneObject, record


@record
class Wall:
    """A solid block of wall, from its lowest to its highest corner."""

    x0_m: float
    y0_m: float
    z0_m: float
    x1_m: float
    y1_m: float
    z1_m: float


@record
class Doorway:
    """A gap in a wall: its middle on the floor, and the direction (as yaw) in which one walks through."""

    x_m: float
    y_m: float
    yaw_rad: float
    width_m: float


@record
class Area:
    """One room's floor, an axis-aligned rectangle."""

    name: str
    x0_m: float
    y0_m: float
    x1_m: float
    y1_m: float


@record
class Walker:
    """A person: stands at the only point of the route, or walks round its points for ever."""

    body: SceneObject  # where the walk begins, on the route's first point
    route: Tuple[Tuple[float, float], ...]
    speed_m_s: float = 0.6


@record
class Scene:
    """A furnished flat; the floor spans (0, 0) to size_m, outer walls, floor and ceiling stand around it."""

    size_m: Tuple[float, float, float]
    areas: Tuple[Area, ...]
    walls: Tuple[Wall, ...]  # inside the flat
    doorways: Tuple[Doorway, ...]
    objects: Tuple[SceneObject, ...]
    people: Tuple[Walker, ...]
    start: Pose2  # of the robot
