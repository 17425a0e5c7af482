"""What each surface number of a picture stands for: its colour and its semantic id."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from droidlet_simulators.room.draw import LEVELS, Light, Lights, lights_of
from droidlet_simulators.room.primitives import (
    BOX,
    CEILING,
    CYLINDER,
    FLOOR,
    NOTHING,
    ROD,
    WALL,
    Primitives,
    Shell,
)
from droidlet_simulators.room.view import along_axes

NORMALS = np.array([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]], float)
SIZES = np.array([6, LEVELS, LEVELS + 2, LEVELS + 2])
"""How many surfaces a primitive of each kind has: six faces, all shades, all shades and two caps."""
_AXES, _INWARD = np.array([0, 0, 1, 1, 2, 2]), np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
_FACES, _CAPS, _ENDS = np.arange(6), np.array([LEVELS, LEVELS + 1]), np.array([-1.0, 1.0])
_SHELL_IDS = (WALL, WALL, WALL, WALL, FLOOR, CEILING)


class Table(NamedTuple):
    """The surfaces of P pictures, one picture after the other.

    In each, number 0 is nothing, 1 to 6 are the shell, and then come the primitives in their order.
    """

    starts: np.ndarray  # (K,) int64: each primitive's first surface, counted within its picture
    begins: np.ndarray  # (P + 1,) int64: where each picture's surfaces begin
    colours: np.ndarray  # (S, 3) uint8
    idents: np.ndarray  # (S,) int32


def surfaces(
    prims: Primitives, shell: Optional[Shell], light: Light
) -> Tuple[List[int], np.ndarray, np.ndarray]:
    """First surface number per primitive, and colour (S, 3) uint8 and id (S,) int32 per surface of one picture."""
    table = surface_table(prims, np.zeros(len(prims.kind), np.int64), [shell], lights_of([light]))
    return table.starts.tolist(), table.colours, table.idents


def surface_table(
    prims: Primitives, which: np.ndarray, shells: Sequence[Optional[Shell]], lights: Lights
) -> Table:
    """The surfaces of pictures whose primitives are given one picture after the other, `which` says of which."""
    sizes, count = SIZES[prims.kind], len(shells)
    before = np.cumsum(sizes) - sizes
    begins = 7 * np.arange(count + 1)
    begins[1:] += np.cumsum(np.bincount(which, sizes, count).astype(np.int64))
    lift = 7 * (which + 1)
    place = np.arange(int(sizes.sum())) + np.repeat(lift, sizes)
    colours, idents = np.zeros((begins[-1], 3)), np.full(begins[-1], NOTHING, np.int32)
    shades = _shades(prims, which, sizes, before, lights)
    colours[place] = np.repeat(prims.colour, sizes, axis=0) * shades[:, None]
    idents[place] = np.repeat(prims.ident, sizes)
    inward = _lit(lights, lights.direction[:, _AXES] * _INWARD)
    for picture, shell in enumerate(shells):
        if shell is not None:
            base = np.array([shell.wall] * 4 + [shell.floor, shell.ceiling])
            at = begins[picture]
            colours[at + 1 : at + 7] = base * inward[picture][:, None]
            idents[at + 1 : at + 7] = _SHELL_IDS
    bytes_ = np.clip(colours * 255.0 + 0.5, 0, 255).astype(np.uint8)
    return Table(before + lift - begins[which], begins, bytes_, idents)


def _lit(lights: Lights, facing: np.ndarray, of: Union[slice, np.ndarray] = slice(None)) -> np.ndarray:
    """Lambert shades (K, F), each row in the light `of` its picture."""
    return np.asarray(lights.ambient[of, None] + lights.diffuse[of, None] * np.maximum(0.0, facing))


def _shades(
    prims: Primitives, which: np.ndarray, sizes: np.ndarray, before: np.ndarray, lights: Lights
) -> np.ndarray:
    """The shade of every surface of the primitives, of which the first `before` belong to earlier ones."""
    shade = (np.arange(int(sizes.sum())) - np.repeat(before, sizes)) / (LEVELS - 1.0)
    tube = np.flatnonzero(prims.kind == CYLINDER)
    if len(tube):
        shade[before[tube, None] + _CAPS] = _lit(lights, lights.direction[:, 2, None] * _ENDS)[which[tube]]
    rod = np.flatnonzero(prims.kind == ROD)
    if len(rod):
        seen_by = which[rod]
        up = along_axes(prims.axes[rod], lights.direction[seen_by])[:, 2, None] * _ENDS
        shade[before[rod, None] + _CAPS] = _lit(lights, up, seen_by)
    box = np.flatnonzero(prims.kind == BOX)
    if len(box):
        seen_by = which[box]
        along = along_axes(prims.axes[box], lights.direction[seen_by])
        facing = np.stack([-along, along], axis=2).reshape(-1, 6)
        shade[before[box, None] + _FACES] = _lit(lights, facing, seen_by)
    return np.asarray(shade)
