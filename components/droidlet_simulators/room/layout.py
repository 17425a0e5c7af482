"""Floor plans: one to four rooms in a rectangle, inner walls with doorways."""

from __future__ import annotations

import math
from typing import List, NamedTuple, Optional, Tuple

import numpy as np

from droidlet_simulators.room.footprint import Row
from droidlet_simulators.scene import Area, Doorway, Wall

WALL_M = 0.12
DOOR_HEIGHT_M = 2.05
CEILING_M = 2.6
_DOOR_WIDTHS = (1.0, 1.25)
_DOOR_TO_CORNER = 0.35
_SPANS = {
    1: ((5.5, 7.0), (4.8, 6.0)),
    2: ((8.2, 9.8), (5.0, 6.2)),
    3: ((9.0, 10.4), (7.4, 8.6)),
    4: ((10.0, 11.0), (8.2, 9.0)),
}
_NAMES = ("living room", "kitchen", "bedroom", "study")
MOST_ROOMS = len(_NAMES)


class Layout(NamedTuple):
    """A flat without furniture."""

    size_m: Tuple[float, float, float]
    areas: Tuple[Area, ...]
    walls: Tuple[Wall, ...]
    doorways: Tuple[Doorway, ...]
    zones: Tuple[Row, ...] = ()  # footprints that furniture keeps free, besides the doorways


def make_layout(rooms: int, rng: np.random.Generator) -> Layout:
    """A floor plan of 1 to 4 rooms; each room is joined to the rest by at least one doorway."""
    (x_low, x_high), (y_low, y_high) = _SPANS[rooms]
    x, y = rounded(rng.uniform(x_low, x_high)), rounded(rng.uniform(y_low, y_high))
    if rooms == 1:
        return Layout((x, y, CEILING_M), (Area(_NAMES[0], 0.0, 0.0, x, y),), (), ())
    middle = rounded(x * rng.uniform(0.45, 0.55))
    left_cut = rounded(y * rng.uniform(0.44, 0.56)) if rooms >= 4 else None
    right_cut = rounded(y * rng.uniform(0.44, 0.56)) if rooms >= 3 else None
    t = WALL_M / 2
    boxes = _halves(0.0, middle - t, y, left_cut) + _halves(middle + t, x, y, right_cut)
    areas = tuple(Area(name, *box) for name, box in zip(_NAMES, boxes))
    walls: List[Wall] = []
    doors: List[Doorway] = []
    spans = _main_spans(y, left_cut, right_cut)
    chosen = [spans[int(rng.integers(len(spans)))]]
    if len(spans) > 1 and rng.random() < 0.6:
        chosen = [spans[0], spans[-1]]
    add_wall(walls, doors, (middle, 0.0, y, True), chosen, rng)
    if left_cut is not None:
        add_wall(walls, doors, (left_cut, 0.0, middle - t, False), [(0.0, middle - t)], rng)
    if right_cut is not None:
        add_wall(walls, doors, (right_cut, middle + t, x, False), [(middle + t, x)], rng)
    return Layout((x, y, CEILING_M), areas, tuple(walls), tuple(doors))


def rounded(length: float) -> float:
    """A length in whole centimetres."""
    return round(float(length), 2)


def _halves(x0: float, x1: float, y: float, cut: Optional[float]) -> List[Tuple[float, float, float, float]]:
    """The rooms of one column of the flat."""
    if cut is None:
        return [(x0, 0.0, x1, y)]
    t = WALL_M / 2
    return [(x0, 0.0, x1, cut - t), (x0, cut + t, x1, y)]


def _main_spans(y: float, left: Optional[float], right: Optional[float]) -> List[Tuple[float, float]]:
    """The stretches of the middle wall that join one room on each side and are long enough for a door."""
    cuts = sorted([0.0, y] + [cut for cut in (left, right) if cut is not None])
    long_enough = _DOOR_WIDTHS[1] + 2 * _DOOR_TO_CORNER + WALL_M
    return [(a, b) for a, b in zip(cuts, cuts[1:]) if b - a >= long_enough]


def add_wall(
    walls: List[Wall],
    doors: List[Doorway],
    line: Tuple[float, float, float, bool],
    spans: List[Tuple[float, float]],
    rng: np.random.Generator,
    widths: Tuple[float, float] = _DOOR_WIDTHS,
) -> None:
    """Adds a wall at `line` (position, from, to, whether it runs along y) with a door in each span."""
    at, begin, end, along_y = line
    edge = begin
    for low, high in spans:
        width = rounded(rng.uniform(*widths))
        margin = _DOOR_TO_CORNER + WALL_M / 2 + width / 2
        middle = rounded(rng.uniform(low + margin, high - margin))
        x, y = (at, middle) if along_y else (middle, at)
        doors.append(Doorway(x, y, 0.0 if along_y else math.pi / 2, width))
        walls.append(_block(at, edge, middle - width / 2, along_y, 0.0))
        edge = middle + width / 2
        walls.append(_block(at, middle - width / 2, edge, along_y, DOOR_HEIGHT_M))
    walls.append(_block(at, edge, end, along_y, 0.0))


def _block(at: float, begin: float, end: float, along_y: bool, low: float) -> Wall:
    t = WALL_M / 2
    if along_y:
        return Wall(at - t, begin, low, at + t, end, CEILING_M)
    return Wall(begin, at - t, low, end, at + t, CEILING_M)
