"""The creatures of a block world: how large they are, how fast they walk and what they look like.

A part is a box in the creature's own frame: x to its front, y up, z to its right, from its lowest to its highest
corner in metres, the origin between its feet. Together the parts span exactly its size.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, NamedTuple, Optional, Tuple

Rgb = Tuple[float, float, float]
Corners = Tuple[float, float, float, float, float, float]


class Part(NamedTuple):
    """One box of a creature, and its colour."""

    corners: Corners  # x0 y0 z0 x1 y1 z1
    rgb: Rgb


class Creature(NamedTuple):
    """One kind of creature."""

    width_m: float  # across, both ways
    height_m: float
    speed_m_s: float
    colour: str  # what it is called by
    egg: int  # the meta of its spawn egg
    parts: Tuple[Part, ...]


def _beast(
    width: float, height: float, legs: float, coat: Rgb, face: Rgb, leg: Optional[Rgb] = None
) -> Tuple[Part, ...]:
    """Four legs, a body on them, and a head in front at full height."""
    half, thick = width / 2, width / 5
    body = Part((-half, legs, -half * 0.8, half * 0.7, height * 0.85, half * 0.8), coat)
    head = Part((half * 0.5, height * 0.6, -half * 0.5, half, height, half * 0.5), face)
    feet = tuple(
        Part((x, 0.0, z, x + thick, legs, z + thick), leg or face)
        for x in (-half * 0.9, half * 0.6 - thick)
        for z in (-half, half - thick)
    )
    return (body, head, *feet)


def _biped(width: float, height: float, shirt: Rgb, trousers: Rgb, skin: Rgb) -> Tuple[Part, ...]:
    """Two legs, a body with arms, a head on top."""
    half = width / 2
    legs = Part((-half * 0.4, 0.0, -half * 0.6, half * 0.4, height * 0.4, half * 0.6), trousers)
    body = Part((-half * 0.5, height * 0.4, -half * 0.7, half * 0.5, height * 0.75, half * 0.7), shirt)
    arms = tuple(
        Part((-half * 0.3, height * 0.4, z, half * 0.3, height * 0.74, z + half * 0.3), skin)
        for z in (-half, half * 0.7)
    )
    head = Part((-half, height * 0.75, -half * 0.7, half, height, half * 0.7), skin)
    return (legs, body, *arms, head)


_WHITE, _PINK, _BLACK = (0.93, 0.93, 0.92), (0.94, 0.62, 0.64), (0.10, 0.10, 0.11)
_BROWN, _GREY, _SKIN = (0.35, 0.24, 0.16), (0.60, 0.60, 0.62), (0.78, 0.60, 0.48)

CREATURES: Mapping[str, Creature] = MappingProxyType(
    {
        "chicken": Creature(
            0.4, 0.7, 1.0, "white", 93, _beast(0.4, 0.7, 0.25, _WHITE, (0.9, 0.3, 0.2), (0.9, 0.7, 0.2))
        ),
        "cow": Creature(0.9, 1.4, 1.2, "brown", 92, _beast(0.9, 1.4, 0.6, _BROWN, (0.30, 0.20, 0.13))),
        "creeper": Creature(
            0.6, 1.7, 1.2, "green", 50, _biped(0.6, 1.7, (0.3, 0.7, 0.25), (0.2, 0.5, 0.2), (0.35, 0.75, 0.3))
        ),
        "horse": Creature(1.4, 1.6, 1.6, "brown", 100, _beast(1.4, 1.6, 0.8, (0.52, 0.34, 0.18), _BROWN)),
        "iron_golem": Creature(
            1.4, 2.7, 0.8, "grey", 99, _biped(1.4, 2.7, (0.80, 0.77, 0.72), _GREY, (0.84, 0.80, 0.74))
        ),
        "mooshroom": Creature(0.9, 1.4, 1.2, "red", 96, _beast(0.9, 1.4, 0.6, (0.66, 0.08, 0.09), _WHITE)),
        "ocelot": Creature(0.6, 0.7, 1.5, "yellow", 98, _beast(0.6, 0.7, 0.3, (0.93, 0.78, 0.36), _BROWN)),
        "pig": Creature(0.9, 0.9, 1.2, "pink", 90, _beast(0.9, 0.9, 0.35, _PINK, (0.90, 0.55, 0.58))),
        "polar_bear": Creature(
            1.3, 1.4, 1.2, "white", 102, _beast(1.3, 1.4, 0.6, _WHITE, (0.86, 0.86, 0.84))
        ),
        "rabbit": Creature(0.4, 0.5, 1.4, "brown", 101, _beast(0.4, 0.5, 0.15, (0.58, 0.46, 0.34), _BROWN)),
        "sheep": Creature(0.9, 1.3, 1.1, "white", 91, _beast(0.9, 1.3, 0.5, _WHITE, _SKIN)),
        "skeleton": Creature(0.6, 1.99, 1.2, "grey", 51, _biped(0.6, 1.99, _GREY, _GREY, (0.75, 0.75, 0.74))),
        "spider": Creature(1.4, 0.9, 1.3, "black", 52, _beast(1.4, 0.9, 0.4, _BLACK, (0.5, 0.05, 0.05))),
        "villager": Creature(
            0.6, 1.95, 1.0, "brown", 120, _biped(0.6, 1.95, (0.37, 0.26, 0.20), (0.30, 0.22, 0.18), _SKIN)
        ),
        "wolf": Creature(0.6, 0.85, 1.5, "grey", 95, _beast(0.6, 0.85, 0.35, _GREY, _WHITE)),
        "zombie": Creature(
            0.6,
            1.95,
            1.0,
            "green",
            54,
            _biped(0.6, 1.95, (0.0, 0.55, 0.55), (0.22, 0.20, 0.55), (0.28, 0.48, 0.22)),
        ),
    }
)
"""Every kind of creature, by name."""

PLAYER_PARTS: Tuple[Part, ...] = _biped(0.6, 1.8, (0.0, 0.62, 0.62), (0.23, 0.22, 0.58), (0.72, 0.53, 0.42))
"""What a player looks like."""
ITEM_SIDE_M = 0.25
"""An item on the ground is a cube of this side."""


def kind_in_egg(meta: int) -> Optional[str]:
    """The creature that comes out of a spawn egg of this meta; None if there is none."""
    for name, creature in CREATURES.items():
        if creature.egg == meta:
            return name
    return None
