"""Things of a scene as MJCF bodies: compounds of boxes, balls and cylinders, fixed, loose or led."""

from __future__ import annotations

import math
from typing import List, Tuple

import numpy as np

from droidlet_geometry import quaternion_from_matrix
from droidlet_schema import SceneObject, evolve
from droidlet_simulators.mujoco.robot import HIDDEN, numbers
from droidlet_simulators.room.pack import thing_primitives
from droidlet_simulators.room.primitives import BOX, SPHERE, Primitives
from droidlet_simulators.scene import Leaf

LOOSE_M3 = 0.07
"""Things whose bounding box is no larger than this can be pushed and grasped; larger ones stand fast."""
_DENSITY_KG_M3 = {"book": 600.0, "bottle": 400.0, "cup": 350.0, "vase": 250.0, "bin": 60.0, "ball": 60.0}
_DENSITY_OTHER = 150.0  # of a closed box with something in it
_MOVES = 'conaffinity="3"'  # touches walls and leaves
_TOUCH = f'condim="4" friction="0.8 0.005 0.0005" {_MOVES}'
_ROLLS = f'condim="6" friction="0.8 0.005 0.0005" {_MOVES}'  # balls come to rest
_HANGS = (
    'condim="3" friction="0.4 0.005 0.0005" contype="2" conaffinity="0"'  # touches neither walls nor leaves
)
_FOOT_RISE = 0.35  # of a lowest ball's radius


def is_loose(thing: SceneObject) -> bool:
    """Whether physics moves it."""
    return thing.class_name != "person" and math.prod(thing.size_m) <= LOOSE_M3


def thing_name(ident: int) -> str:
    """The MJCF body of a thing or person."""
    return f"thing {ident}"


def thing_body(thing: SceneObject) -> str:
    """One thing where it stands, its frame in the middle of its box; a person is led, not pushed."""
    name, loose = thing_name(thing.id), is_loose(thing)
    turn = (math.cos(thing.yaw_rad / 2), 0.0, 0.0, math.sin(thing.yaw_rad / 2))
    kind = ' mocap="true"' if thing.class_name == "person" else ""
    free = f'<freejoint name="{name}"/>' if loose else ""
    density = _DENSITY_KG_M3.get(thing.class_name, _DENSITY_OTHER)
    geoms = "".join(_geoms(thing, loose, density))
    place = numbers((thing.x_m, thing.y_m, thing.z_m))
    return f'<body name="{name}" pos="{place}" quat="{numbers(turn)}"{kind}>{free}{geoms}</body>'


def leaf_body(leaf: Leaf) -> str:
    """A door or a lid on its hinge, its frame in the middle of its box; it stays where it is pushed to."""
    thing = leaf.body
    name, half = thing_name(thing.id), (thing.yaw_rad / 2)
    if thing.class_name == "lid":  # its own weight, 3.4 N m at most, does not shut it
        hinge = (-thing.size_m[0] / 2, 0.0, thing.size_m[2] / 2)
        joint = f'axis="0 -1 0" range="{numbers((0.0, abs(leaf.swing_rad)))}" frictionloss="4" damping="0.5"'
    else:
        hinge = (0.0, -thing.size_m[1] / 2, 0.0)
        swing = sorted((0.0, leaf.swing_rad))
        joint = f'axis="0 0 1" range="{numbers(swing)}" frictionloss="0.3" damping="1"'
    parts = _own_parts(thing)
    geoms = "".join(
        _geom(parts, row, f'{_HANGS} density="{_DENSITY_OTHER!r}"') for row in range(len(parts.kind))
    )
    turn = (math.cos(half), 0.0, 0.0, math.sin(half))
    return (
        f'<body name="{name}" pos="{numbers((thing.x_m, thing.y_m, thing.z_m))}" quat="{numbers(turn)}">'
        f'<joint name="{name}" pos="{numbers(hinge)}" {joint}/>{geoms}</body>'
    )


def _geoms(thing: SceneObject, loose: bool, density: float) -> List[str]:
    parts = _own_parts(thing)
    rolls = len(parts.kind) == 1 and parts.kind[0] == SPHERE
    how = f'{_ROLLS if rolls else _TOUCH} density="{density!r}"'
    made = [_geom(parts, row, how) for row in range(len(parts.kind))]
    if loose and not rolls:
        made += _foot(parts, thing.size_m[2])
    return made


def _own_parts(thing: SceneObject) -> Primitives:
    """The parts in the frame of the middle of the thing's box, as the room draws them."""
    return thing_primitives((evolve(thing, x_m=0.0, y_m=0.0, z_m=0.0, yaw_rad=0.0),))


def _geom(parts: Primitives, row: int, how: str) -> str:
    kind, half = int(parts.kind[row]), parts.half_m[row].tolist()
    shape, size = {
        BOX: ("box", half),
        SPHERE: ("sphere", half[:1]),
    }.get(kind, ("cylinder", [half[0], half[2]]))
    turn = quaternion_from_matrix(parts.axes[row]).tolist()
    colour = (*parts.colour[row].tolist(), 1.0)
    return (
        f'<geom type="{shape}" size="{numbers(size)}" pos="{numbers(parts.centre_m[row].tolist())}" '
        f'quat="{numbers(turn)}" rgba="{numbers(colour)}" {how}/>'
    )


def _foot(parts: Primitives, height_m: float) -> List[str]:
    """An unseen flat foot under a thing that would otherwise stand on a ball."""
    low = parts.centre_m[:, 2] - parts.half_m[:, 2]
    row = int(np.argmin(low))
    if int(parts.kind[row]) != SPHERE:
        return []
    radius = float(parts.half_m[row, 0])
    rise = _FOOT_RISE * radius
    wide = math.sqrt(radius**2 - (radius - rise) ** 2)
    x, y, _ = parts.centre_m[row].tolist()
    size, place = (wide, rise / 2), (x, y, rise / 2 - height_m / 2)
    return [
        f'<geom type="cylinder" size="{numbers(size)}" pos="{numbers(place)}" mass="0.02" group="{HIDDEN}" {_TOUCH}/>'
    ]


def turned_size(size_m: Tuple[float, float, float], turn: np.ndarray) -> Tuple[float, float, float]:
    """The extent along x, y, z of a box (3,) whose axes are the columns of a rotation (3, 3)."""
    x, y, z = (np.abs(turn) @ np.array(size_m)).tolist()
    return (x, y, z)
