"""What things are made of as upright prisms, and whether two of them overlap."""

from __future__ import annotations

import math
from typing import Iterable, NamedTuple, Optional, Tuple

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.footprint import Row, footprint_row
from droidlet_simulators.room.parts import Part
from droidlet_simulators.room.primitives import BOX, SPHERE
from droidlet_simulators.scene import Wall


class Solid(NamedTuple):
    """An upright prism: its footprint, from where to where it reaches, and whose it is."""

    row: Row
    low_m: float
    high_m: float
    ident: Optional[int] = None  # None: the building or a robot
    flat: bool = True  # whether things may stand on it


def bounding_solid(thing: SceneObject) -> Solid:
    """A thing as one prism."""
    return Solid(footprint_row(thing), bottom_m(thing), top_m(thing), thing.id)


def bottom_m(thing: SceneObject) -> float:
    """The height on which a thing stands."""
    return thing.z_m - thing.size_m[2] / 2


def top_m(thing: SceneObject) -> float:
    """The height to which a thing reaches."""
    return thing.z_m + thing.size_m[2] / 2


def wall_solid(wall: Wall) -> Solid:
    """A wall as a prism."""
    x, y = (wall.x0_m + wall.x1_m) / 2, (wall.y0_m + wall.y1_m) / 2
    row = (x, y, (wall.x1_m - wall.x0_m) / 2, (wall.y1_m - wall.y0_m) / 2, 0.0, 0.0)
    return Solid(row, wall.z0_m, wall.z1_m)


def part_solids(thing: SceneObject) -> Tuple[Solid, ...]:
    """The parts of a thing: what is hollow stays hollow."""
    kind = KINDS[thing.class_name]
    scale = tuple(own / nominal for own, nominal in zip(thing.size_m, kind.size_m))
    return tuple(_part(thing, part, (scale[0], scale[1], scale[2])) for part in kind.parts)


def _part(thing: SceneObject, part: Part, scale: Tuple[float, float, float]) -> Solid:
    c, s = math.cos(thing.yaw_rad), math.sin(thing.yaw_rad)
    u, v = part.centre_m[0] * scale[0], part.centre_m[1] * scale[1]
    x, y = thing.x_m + c * u - s * v, thing.y_m + s * u + c * v
    z = bottom_m(thing) + part.centre_m[2] * scale[2]
    if part.shape == BOX:
        row = (x, y, part.half_m[0] * scale[0], part.half_m[1] * scale[1], thing.yaw_rad, 0.0)
        return Solid(row, z - part.half_m[2] * scale[2], z + part.half_m[2] * scale[2], thing.id)
    flat = min(scale[0], scale[1])
    if part.shape == SPHERE:
        flat = min(flat, scale[2])
    tall = part.half_m[2] * (flat if part.shape == SPHERE else scale[2])
    disc = (x, y, 0.0, 0.0, 0.0, part.half_m[0] * flat)
    return Solid(disc, z - tall, z + tall, thing.id, part.shape != SPHERE)


def overlap_m(a: Row, b: Row) -> float:
    """How deep two footprints overlap; negative or 0 where they do not. Rims only where there is no extent.

    Two rectangles by their separating axes (Gottschalk, Lin and Manocha 1996), a disc by its distance.
    """
    if a[2] == a[3] == 0.0:
        return a[5] - distance_m((a[0], a[1]), b)
    if b[2] == b[3] == 0.0:
        return b[5] - distance_m((b[0], b[1]), a)
    return min(_along(a, b), _along(b, a))


def distance_m(point: Tuple[float, float], row: Row) -> float:
    """Distance from a point to a footprint, negative inside."""
    c, s = math.cos(row[4]), math.sin(row[4])
    dx, dy = point[0] - row[0], point[1] - row[1]
    over_u, over_v = abs(c * dx + s * dy) - row[2], abs(c * dy - s * dx) - row[3]
    outside = math.hypot(max(over_u, 0.0), max(over_v, 0.0))
    return outside + min(max(over_u, over_v), 0.0) - row[5]


def _along(a: Row, b: Row) -> float:
    """The smaller overlap of two rectangles along the two axes of the first."""
    c, s = math.cos(a[4]), math.sin(a[4])
    dx, dy = b[0] - a[0], b[1] - a[1]
    turn = b[4] - a[4]
    ct, st = abs(math.cos(turn)), abs(math.sin(turn))
    u = a[2] + ct * b[2] + st * b[3] - abs(c * dx + s * dy)
    v = a[3] + st * b[2] + ct * b[3] - abs(c * dy - s * dx)
    return min(u, v)


def holds(base: Row, row: Row) -> bool:
    """Whether a footprint lies within another one, a rectangle or a disc."""
    c, s = math.cos(row[4]), math.sin(row[4])
    corners = [(i * row[2], j * row[3]) for i in (-1, 1) for j in (-1, 1)]
    points = [(row[0] + c * u - s * v, row[1] + s * u + c * v) for u, v in corners]
    return all(distance_m(point, base) <= -row[5] + 1e-9 for point in points)


def hit(one: Solid, others: Iterable[Solid], skin_m: float = 0.0) -> Optional[Solid]:
    """The first of the others that overlaps a prism, or comes nearer to its side than the skin."""
    for other in others:
        level = one.low_m < other.high_m - 1e-6 and other.low_m < one.high_m - 1e-6
        if level and overlap_m(one.row, other.row) > -skin_m:
            return other
    return None


def crosses(a: Tuple[float, float], b: Tuple[float, float], row: Row) -> bool:
    """Whether the straight way from a to b goes through a rectangle (slabs: Kay and Kajiya 1986)."""
    c, s = math.cos(row[4]), math.sin(row[4])
    first, last = 0.0, 1.0
    for ux, uy, half in ((c, s, row[2]), (-s, c, row[3])):
        at = ux * (a[0] - row[0]) + uy * (a[1] - row[1])
        way = ux * (b[0] - a[0]) + uy * (b[1] - a[1])
        if way == 0.0:
            if abs(at) >= half:
                return False
            continue
        enters, leaves = sorted(((-half - at) / way, (half - at) / way))
        first, last = max(first, enters), min(last, leaves)
    return first < last
