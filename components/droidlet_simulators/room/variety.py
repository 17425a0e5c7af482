"""Light and patterns drawn at random, so that perception does not learn one flat's looks by heart."""

from __future__ import annotations

import math
from typing import Tuple

import numpy as np

from droidlet_schema import FrozenMap
from droidlet_simulators.room.colours import CEILING_COLOUR, FLOOR_COLOUR, WALL_COLOUR, Rgb
from droidlet_simulators.scene import PATTERNS, Area, Lamp, Lighting, Looks, Scene, Surface

_PATTERNED = 0.3  # how many of the things have a pattern


def draw_looks(scene: Scene, rng: np.random.Generator) -> Looks:
    """Looks for a scene: a sun, a lamp in some rooms, floor, walls and ceiling, patterns on some things."""
    lamps = tuple(_lamp(area, scene.size_m[2], rng) for area in scene.areas if rng.random() < 0.6)
    angle, rise = float(rng.uniform(-math.pi, math.pi)), float(rng.uniform(0.5, 1.3))
    flat = math.cos(rise)
    direction = (flat * math.cos(angle), flat * math.sin(angle), math.sin(rise))
    ambient = round(float(rng.uniform(0.4, 0.65)), 3)
    lighting = Lighting(ambient, round(float(rng.uniform(0.15, 0.35)), 3), direction, lamps)
    surfaces = [_surface(colour, rng) for colour in (FLOOR_COLOUR, CEILING_COLOUR, WALL_COLOUR)]
    things = {thing.id: _pattern(rng) for thing in scene.objects if rng.random() < _PATTERNED}
    floor, ceiling, wall = surfaces
    return Looks(lighting, floor, ceiling, wall, FrozenMap(things))


def _lamp(area: Area, ceiling_m: float, rng: np.random.Generator) -> Lamp:
    """A warm or cool lamp under the middle of a room's ceiling."""
    x, y = (area.x0_m + area.x1_m) / 2, (area.y0_m + area.y1_m) / 2
    warmth = float(rng.uniform(0.7, 1.0))
    colour = (1.0, (1.0 + warmth) / 2, warmth) if rng.random() < 0.7 else (warmth, (1.0 + warmth) / 2, 1.0)
    return Lamp(x, y, ceiling_m - 0.3, round(float(rng.uniform(0.2, 0.8)), 3), colour)


def _surface(base: Rgb, rng: np.random.Generator) -> Surface:
    """A pattern in two colours near the usual one."""
    pattern = _pattern(rng)
    return Surface(pattern.pattern, (_near(base, rng), _near(base, rng)), pattern.scale_m, pattern.seed)


def _pattern(rng: np.random.Generator) -> Surface:
    kind = PATTERNS[int(rng.integers(len(PATTERNS)))]
    return Surface(kind, (), round(float(rng.uniform(0.05, 0.5)), 3), int(rng.integers(2**31)))


def _near(base: Rgb, rng: np.random.Generator) -> Tuple[float, float, float]:
    red, green, blue = (min(1.0, max(0.0, part + float(rng.uniform(-0.15, 0.1)))) for part in base)
    return (round(red, 3), round(green, 3), round(blue, 3))
