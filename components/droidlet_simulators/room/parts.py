"""Building blocks of what things look like: primitives in a thing's own frame, and the classes made of them.

A part is (shape, centre, half extents, colour): metres in the thing's own frame, x to its front, y to its
left, z up from the middle of its footprint at nominal size.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

from droidlet_simulators.room.primitives import BOX, CYLINDER, SPHERE

Triple = Tuple[float, float, float]


class Part(NamedTuple):
    """One primitive of a thing, in the thing's frame at nominal size."""

    shape: int  # BOX, SPHERE or CYLINDER
    centre_m: Triple
    half_m: Triple
    colour: Optional[str] = None  # None: the thing's own


class Kind(NamedTuple):
    """A class of things."""

    size_m: Triple  # nominal extent along the thing's own x (depth), y (width), z (height)
    parts: Tuple[Part, ...]
    place: str  # "wall", "free", "corner", "floor" (small, anywhere), "top" (small, on a surface) or "person"
    round: bool = False  # whether the footprint is a disc
    surface: bool = False  # whether small things may stand on it
    colours: Tuple[str, ...] = ()  # the colours it comes in; empty: all of them
    container: bool = False  # whether things may be inside, behind a door or under a lid


def box(x: float, y: float, z: float, dx: float, dy: float, dz: float, colour: Optional[str] = None) -> Part:
    """A box by its lowest corner in z, its middle in x and y, and its extents."""
    return Part(BOX, (x, y, z + dz / 2), (dx / 2, dy / 2, dz / 2), colour)


def tube(x: float, y: float, z: float, radius: float, dz: float, colour: Optional[str] = None) -> Part:
    """An upright cylinder by the middle of its bottom, its radius and its height."""
    return Part(CYLINDER, (x, y, z + dz / 2), (radius, radius, dz / 2), colour)


def ball(x: float, y: float, z: float, radius: float, colour: Optional[str] = None) -> Part:
    """A sphere by its lowest point."""
    return Part(SPHERE, (x, y, z + radius), (radius, radius, radius), colour)
