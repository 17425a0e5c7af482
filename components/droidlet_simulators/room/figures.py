"""People with limbs: where their keypoints are in the world, what they look like, and how far they reach."""

from __future__ import annotations

import math
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import SceneObject, array, evolve, record
from droidlet_simulators.room.colours import COLOURS, OTHER_COLOURS
from droidlet_simulators.room.primitives import BOX, CYLINDER, ROD, SPHERE, Primitives, Row, make_primitives
from droidlet_simulators.room.skeleton import HEIGHT_M, KEYPOINTS, Moment, Point, posture
from droidlet_simulators.room.world import RoomBody, RoomWorld, Stroll, leaves_of, things_of
from droidlet_simulators.scene import Walker

_LIMBS = (
    ("shoulder", "elbow", 0.045, None),
    ("elbow", "wrist", 0.04, None),
    ("hip", "knee", 0.08, "black"),
    ("knee", "ankle", 0.07, "black"),
)  # from, to, radius at nominal height, colour (None: the person's own)
_TORSO = (0.18, -0.02, 0.62)  # radius, from and to above the hips
_NECK = (0.05, 0.60, 0.70)
_HEAD = (0.12, 0.80)  # radius, middle above the hips
_HAND_M = 0.05
_FOOT_M = (0.11, 0.045, 0.03)  # half extents


@record
class PersonPose:
    """The truth about one person's posture: where its 17 COCO keypoints (KEYPOINTS) are in the world."""

    id: int
    points_m: NDArray[np.float64] = array("17 3", np.float64)


class Figure(NamedTuple):
    """A person with limbs at one moment, in the world."""

    body: SceneObject
    scale: float
    joints: Dict[str, Point]
    hips: Point


def figures_of(world: RoomWorld) -> Tuple[Figure, ...]:
    """Every person with limbs."""
    pairs = zip(world.scene.people, world.strolls)
    return tuple(_figure(walker, at, world.now_ns / 1e9) for walker, at in pairs if walker.limbs)


def people_poses(world: RoomWorld) -> Tuple[PersonPose, ...]:
    """The keypoints of all people, by id; those of stiff figures hang down."""
    pairs = zip(world.scene.people, world.strolls)
    figures = [_figure(walker, at, world.now_ns / 1e9) for walker, at in pairs]
    return tuple(
        PersonPose(figure.body.id, np.array([figure.joints[name] for name in KEYPOINTS], np.float64))
        for figure in sorted(figures, key=lambda figure: figure.body.id)
    )


def _figure(walker: Walker, at: Stroll, time_s: float) -> Figure:
    body = evolve(walker.body, x_m=at.x_m, y_m=at.y_m, yaw_rad=at.yaw_rad)
    scale = body.size_m[2] / HEIGHT_M
    walks = walker.stride_m > 0.0 and len(walker.route) > 1
    phase = 2.0 * math.pi * at.walked_m / walker.stride_m if walks else None
    targets = [_own(body, scale, gesture.target_m) for gesture in walker.gestures]
    joints = posture(Moment(time_s, phase, walker.gestures), targets)
    placed = {name: _placed(body, scale, point) for name, point in joints.items()}
    a, b = placed["left_hip"], placed["right_hip"]
    return Figure(body, scale, placed, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, a[2]))


def _floor(body: SceneObject) -> float:
    return body.z_m - body.size_m[2] / 2


def _placed(body: SceneObject, scale: float, point: Point) -> Point:
    """A point of the figure's frame in the world."""
    c, s = math.cos(body.yaw_rad), math.sin(body.yaw_rad)
    x, y, z = (scale * value for value in point)
    return (body.x_m + c * x - s * y, body.y_m + s * x + c * y, _floor(body) + z)


def _own(body: SceneObject, scale: float, point: Optional[Point]) -> Optional[Point]:
    """A point of the world in the figure's frame."""
    if point is None:
        return None
    c, s = math.cos(body.yaw_rad), math.sin(body.yaw_rad)
    dx, dy = point[0] - body.x_m, point[1] - body.y_m
    return ((c * dx + s * dy) / scale, (c * dy - s * dx) / scale, (point[2] - _floor(body)) / scale)


def figure_rows(figure: Figure) -> List[Row]:
    """A figure's parts for the renderer; all of one person's have its id, or what it is to be shown as."""
    body, k = figure.body, figure.scale
    own, skin, x, y, z = COLOURS[body.colour], OTHER_COLOURS["skin"], *figure.hips
    ident = body.id if body.semantic_id is None else body.semantic_id
    rows: List[Row] = []
    for radius, low, high, colour in ((*_TORSO, own), (*_NECK, skin)):
        middle = (x, y, z + k * (low + high) / 2)
        rows.append((CYLINDER, middle, (k * radius, k * radius, k * (high - low) / 2), 0.0, colour, ident))
    rows.append((SPHERE, (x, y, z + k * _HEAD[1]), (k * _HEAD[0],) * 3, 0.0, skin, ident))
    for side in ("left", "right"):
        for start, end, radius, name in _LIMBS:
            colour = own if name is None else COLOURS[name]
            ends = figure.joints[f"{side}_{start}"], figure.joints[f"{side}_{end}"]
            rows.append(_rod(*ends, k * radius, colour, ident))
        hand, foot = figure.joints[f"{side}_wrist"], figure.joints[f"{side}_ankle"]
        rows.append((SPHERE, hand, (k * _HAND_M,) * 3, 0.0, skin, ident))
        c, s = math.cos(body.yaw_rad), math.sin(body.yaw_rad)
        sole = (foot[0] + 0.04 * k * c, foot[1] + 0.04 * k * s, foot[2] - 0.03 * k)
        rows.append((BOX, sole, tuple(k * half for half in _FOOT_M), body.yaw_rad, COLOURS["black"], ident))
    return rows


def _rod(a: Point, b: Point, radius: float, colour: Tuple[float, float, float], ident: int) -> Row:
    """A tilted cylinder from one joint to the next."""
    ax, ay, az = (b[i] - a[i] for i in range(3))
    length = math.sqrt(ax * ax + ay * ay + az * az)
    along = (ax / length, ay / length, az / length)
    flat = math.hypot(along[0], along[1])
    side = (-along[1] / flat, along[0] / flat, 0.0) if flat > 1e-9 else (0.0, 1.0, 0.0)
    front = (
        side[1] * along[2] - side[2] * along[1],
        side[2] * along[0] - side[0] * along[2],
        side[0] * along[1] - side[1] * along[0],
    )
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)
    axes = np.array([front, side, along]).T
    return (ROD, middle, (radius, radius, length / 2), axes, colour, ident)


def figure_primitives(world: RoomWorld) -> Primitives:
    """All people with limbs, as the renderer draws them."""
    return make_primitives([row for figure in figures_of(world) for row in figure_rows(figure)])


def figure_bounds(figure: Figure) -> SceneObject:
    """The figure as an object: the smallest box about the body's axis that holds every limb."""
    body, low = figure.body, _floor(figure.body)
    c, s = math.cos(body.yaw_rad), math.sin(body.yaw_rad)
    deep, wide, high = 0.0, 0.0, low
    for row in figure_rows(figure):
        dx, dy, z = row[1][0] - body.x_m, row[1][1] - body.y_m, row[1][2]
        deep = max(deep, abs(c * dx + s * dy) + _extent(row, (c, s, 0.0)))
        wide = max(wide, abs(c * dy - s * dx) + _extent(row, (-s, c, 0.0)))
        high = max(high, z + _extent(row, (0.0, 0.0, 1.0)))
    return evolve(body, z_m=(low + high) / 2, size_m=(2 * deep, 2 * wide, high - low))


def _extent(row: Row, way: Point) -> float:
    """How far a part reaches from its middle in a direction along or across the body."""
    kind, _, half, axes, _, _ = row
    if kind == BOX:  # a foot, which is longer than wide
        return float(half[2] if way[2] else half[0])
    if kind == SPHERE:
        return float(half[0])
    along = axes[:, 2] if isinstance(axes, np.ndarray) else (0.0, 0.0, 1.0)
    part = abs(float(sum(u * v for u, v in zip(along, way))))
    return float(half[2] * part + half[0] * math.sqrt(max(0.0, 1.0 - part * part)))


def truth_of(world: RoomWorld) -> Tuple[SceneObject, ...]:
    """Everything that is there, by id; the boxes of people with limbs hold their limbs."""
    posed = {figure.body.id: figure_bounds(figure) for figure in figures_of(world)}
    return tuple(posed.get(thing.id, thing) for thing in things_of(world))


class Moving(NamedTuple):
    """Things, and where each is now instead of where it says."""

    things: List[SceneObject]
    places: List[Point]  # x and y in metres, yaw in radians

    def put(self, thing: SceneObject, at: Union[SceneObject, Stroll, RoomBody]) -> None:
        """Adds a thing."""
        self.things.append(thing)
        self.places.append((at.x_m, at.y_m, at.yaw_rad))


def moving_of(world: RoomWorld) -> Moving:
    """What is not where the scene has it: stiff people, doors and lids, what the robots hold."""
    moving = Moving([], [])
    for walker, at in zip(world.scene.people, world.strolls):
        if not walker.limbs:
            moving.put(walker.body, at)
    for leaf in leaves_of(world):
        moving.put(leaf, leaf)
    for body in world.bodies.values():
        if body.held is not None:
            moving.put(body.held, body)
    return moving
