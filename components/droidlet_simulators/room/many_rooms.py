"""Floor plans of five to twelve rooms: a hall with rooms on both sides, some of them joined to each other."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np

from droidlet_simulators.room.layout import CEILING_M, WALL_M, Layout, add_wall, rounded
from droidlet_simulators.scene import Area, Doorway, Wall

FEWEST, MOST = 5, 12
_HALL_M = (1.7, 2.0)
_DEEP_M = (3.6, 4.3)
_WIDE_M = (3.2, 4.2)
_DOORS_M = (0.95, 1.05)
_JOINED = 0.25  # how often neighbours have a doorway
_NAMES = (
    "living room",
    "kitchen",
    "bedroom",
    "study",
    "bathroom",
    "dining room",
    "nursery",
    "guest room",
    "library",
    "workshop",
    "laundry",
)

Span = Tuple[float, float]


def make_hall_layout(rooms: int, rng: np.random.Generator) -> Layout:
    """A hall along x and rooms - 1 rooms in two rows; every room has a doorway to the hall."""
    north = rooms // 2
    wide = [float(w) for w in rng.uniform(*_WIDE_M, north)]
    length = rounded(sum(wide))
    deep = [rounded(rng.uniform(*_DEEP_M)) for _ in range(2)]
    hall = rounded(rng.uniform(*_HALL_M))
    low, high = deep[0], deep[0] + hall
    size = (length, rounded(high + deep[1]), CEILING_M)
    t = WALL_M / 2
    walls: List[Wall] = []
    doors: List[Doorway] = []
    areas = [Area("hall", 0.0, low + t, length, high - t)]
    for count, at, begin, end in ((rooms - 1 - north, low, 0.0, low - t), (north, high, high + t, size[1])):
        spans = _row(count, length, rng)
        add_wall(walls, doors, (at, 0.0, length, False), spans, rng, _DOORS_M)
        areas += [
            Area(_NAMES[len(areas) - 1 + i], a, begin, b, end) for i, (a, b) in enumerate(_inner(spans))
        ]
        for a, _ in spans[1:]:
            joined = [(begin, end)] if rng.random() < _JOINED else []
            add_wall(walls, doors, (a, begin, end, True), joined, rng, _DOORS_M)
    return Layout(size, tuple(areas), tuple(walls), tuple(doors))


def _row(count: int, length: float, rng: np.random.Generator) -> List[Span]:
    """Rooms side by side that fill a length; the cuts are the middles of walls."""
    parts = rng.uniform(0.85, 1.15, count)
    cuts = [rounded(length * part) for part in np.cumsum(parts)[:-1] / parts.sum()]
    return list(zip([0.0, *cuts], [*cuts, length]))


def _inner(spans: List[Span]) -> List[Span]:
    """The spans without the walls between them."""
    t = WALL_M / 2
    last = len(spans) - 1
    return [(a + t if i else a, b - t if i < last else b) for i, (a, b) in enumerate(spans)]
