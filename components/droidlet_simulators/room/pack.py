"""From things and walls to the primitives that the renderer draws, for a whole scene at once."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.room.classes import KINDS, check_names
from droidlet_simulators.room.colours import (
    CEILING_COLOUR,
    COLOURS,
    FLOOR_COLOUR,
    OTHER_COLOURS,
    WALL_COLOUR,
)
from droidlet_simulators.room.parts import Part
from droidlet_simulators.room.primitives import (
    BOX,
    SPHERE,
    WALL,
    Primitives,
    Shell,
    make_primitives,
    yaw_axes,
)
from droidlet_simulators.scene import Scene

_NAMES = tuple(KINDS)
_PLACE = (0, 1, 3)
_OWN = (-1.0, -1.0, -1.0)


def _part_row(part: Part) -> Tuple[float, ...]:
    colour = _OWN if part.colour is None else (OTHER_COLOURS.get(part.colour) or COLOURS[part.colour])
    return (float(part.shape), *part.centre_m, *part.half_m, *colour)


_PARTS = np.array([_part_row(part) for name in _NAMES for part in KINDS[name].parts])
_COUNT = np.array([len(KINDS[name].parts) for name in _NAMES])
_START = np.cumsum(_COUNT) - _COUNT
_SIZE = np.array([KINDS[name].size_m for name in _NAMES])
_NUMBER = {name: number for number, name in enumerate(_NAMES)}
for _table in (_PARTS, _COUNT, _START, _SIZE):
    _table.flags.writeable = False


def thing_primitives(
    things: Sequence[SceneObject],
    paints: Optional[np.ndarray] = None,
    places: Optional[Sequence[Tuple[float, float, float]]] = None,
) -> Primitives:
    """The parts of all things, each with its thing's row (T,) of the paint; at x, y, yaw where places are given.

    Raises UnknownObject for a class or colour that nobody knows: a world may come from elsewhere.
    """
    for thing in things:
        check_names(thing)
    kinds = np.array([_NUMBER[thing.class_name] for thing in things], np.int64)
    numbers = np.array(
        [(t.x_m, t.y_m, t.z_m, t.yaw_rad, *t.size_m, *COLOURS[t.colour], shown_id(t)) for t in things],
        np.float64,
    ).reshape(-1, 11)
    if places is not None:
        numbers[:, _PLACE] = np.array(places, np.float64).reshape(-1, 3)
    count = _COUNT[kinds]
    owner = np.repeat(np.arange(len(things)), count)
    part = np.arange(len(owner)) + np.repeat(_START[kinds] - (np.cumsum(count) - count), count)
    parts, owners = _PARTS[part], numbers[owner]
    shape, scale = parts[:, 0].astype(np.int64), owners[:, 4:7] / _SIZE[kinds[owner]]
    axes = yaw_axes(numbers[:, 3])[owner]
    cos, sin = axes[:, 0, 0], axes[:, 1, 0]
    x, y = parts[:, 1] * scale[:, 0], parts[:, 2] * scale[:, 1]
    bottom = owners[:, 2] - owners[:, 6] / 2
    centre = np.stack(
        [
            owners[:, 0] + cos * x - sin * y,
            owners[:, 1] + sin * x + cos * y,
            bottom + parts[:, 3] * scale[:, 2],
        ],
        1,
    )
    colour = np.where(parts[:, 7:10] < 0, owners[:, 7:10], parts[:, 7:10])
    half = parts[:, 4:7] * _even(scale, shape)
    paint = np.zeros(len(owner), np.int64) if paints is None else paints[owner]
    return Primitives(shape, centre, half, axes, colour, owners[:, 10].astype(np.int64), paint)


def shown_id(thing: SceneObject) -> int:
    """What semantic pictures show of a thing."""
    return thing.id if thing.semantic_id is None else thing.semantic_id


def _even(scale: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Scales (N, 3) under which round parts stay round and inside their bounds."""
    flat = np.minimum(scale[:, 0], scale[:, 1])
    even = np.stack(
        [flat, flat, np.where(shape == SPHERE, np.minimum(flat, scale[:, 2]), scale[:, 2])], axis=1
    )
    even[shape == SPHERE, :2] = even[shape == SPHERE, 2:]
    return np.where((shape == BOX)[:, None], scale, even)


def wall_primitives(scene: Scene, paint: int = 0) -> Primitives:
    """The walls inside the flat as boxes, with their row of the paint."""
    rows = []
    for w in scene.walls:
        low, high = (w.x0_m, w.y0_m, w.z0_m), (w.x1_m, w.y1_m, w.z1_m)
        middle = tuple((a + b) / 2 for a, b in zip(low, high))
        half = tuple((b - a) / 2 for a, b in zip(low, high))
        rows.append((BOX, middle, half, 0.0, WALL_COLOUR, WALL))
    return make_primitives(rows)._replace(paint=np.full(len(rows), paint, np.int64))


def shell_of(scene: Scene, paints: Tuple[int, int, int] = (0, 0, 0)) -> Shell:
    """The flat's outer walls, floor and ceiling, with their rows of the paint (wall, floor, ceiling)."""
    return Shell((0.0, 0.0, 0.0), scene.size_m, FLOOR_COLOUR, CEILING_COLOUR, WALL_COLOUR, paints)
