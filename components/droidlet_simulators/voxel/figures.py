"""Creatures, players and items as boxes for the renderer."""

from __future__ import annotations

import math
from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_simulators.voxel.creatures import CREATURES, ITEM_SIDE_M, PLAYER_PARTS, Part
from droidlet_simulators.voxel.looks import COLOURS_OF
from droidlet_simulators.voxel.rays import Floats, box_hits
from droidlet_simulators.voxel.world import PLAYER_M, VoxelItem, VoxelWorld

_GREY = (0.55, 0.55, 0.58)


class Figure(NamedTuple):
    """Something made of boxes that stands among the blocks: its feet, its house yaw, its parts, what it is called."""

    x: float
    y: float
    z: float
    yaw_rad: float
    parts: Tuple[Part, ...]
    height_m: float
    radius_m: float  # of a ball around its middle
    semantic_id: int


class FigureHits(NamedTuple):
    """What rays meet of figures: depth (inf: nothing), colour, how the face is shaded, semantic id."""

    depth: Floats
    rgb: Floats
    shade: Floats
    semantic: NDArray[np.int32]


def figures_of(world: VoxelWorld, viewer: str) -> List[Figure]:
    """All that stands or lies about, but for the one who looks."""
    made = [_player(p.x, p.y, p.z, p.yaw_rad) for name, p in world.players.items() if name != viewer]
    for ident, mob in world.mobs.items():
        kind = CREATURES[mob.kind]
        radius = math.hypot(kind.width_m * math.sqrt(0.5), kind.height_m / 2)
        shown = shown_id(ident, mob.semantic_id)
        made.append(Figure(mob.x, mob.y, mob.z, mob.yaw_rad, kind.parts, kind.height_m, radius, shown))
    for ident, item in world.items.items():
        if item.holder is None:
            made.append(_item(item, shown_id(ident, item.semantic_id)))
    return made


def shown_id(ident: int, semantic_id: Optional[int]) -> int:
    """What semantic pictures show of an object."""
    return ident if semantic_id is None else semantic_id


def _player(x: float, y: float, z: float, yaw_rad: float) -> Figure:
    width, height = PLAYER_M
    radius = math.hypot(width * math.sqrt(0.5), height / 2)
    return Figure(x, y, z, yaw_rad, PLAYER_PARTS, height, radius, 0)


def _item(item: VoxelItem, shown: int) -> Figure:
    half = ITEM_SIDE_M / 2
    red, green, blue = COLOURS_OF[item.item.id * 16 + item.item.meta, 1] if item.item.id < 256 else _GREY
    part = Part((-half, 0.0, -half, half, ITEM_SIDE_M, half), (float(red), float(green), float(blue)))
    return Figure(item.x, item.y, item.z, 0.0, (part,), ITEM_SIDE_M, ITEM_SIDE_M, shown)


def trace_figures(
    figures: Sequence[Figure], origins: Floats, directions: Floats, farthest: Floats
) -> FigureHits:
    """What rays (N, 3) meet of figures within `farthest` (N,), in the units of each ray's direction.

    The origins are (N, 3), or (1, 3) where all rays begin in one point.
    """
    count = len(directions)
    hits = FigureHits(np.full(count, np.inf), np.zeros((count, 3)), np.ones(count), np.zeros(count, np.int32))
    squares = np.einsum("ij,ij->i", directions, directions)
    for figure in figures:
        rows = _near(figure, origins, directions, squares, farthest)
        if len(rows):
            _trace(figure, rows, origins if len(origins) == 1 else origins[rows], directions[rows], hits)
    return hits


def _near(
    figure: Figure, origins: Floats, directions: Floats, squares: Floats, farthest: Floats
) -> NDArray[np.int64]:
    """The rays that come near a figure, before it is looked at part by part."""
    centre = np.array([figure.x, figure.y + figure.height_m / 2, figure.z])
    way = centre - origins
    if len(way) == 1:
        along, length = directions @ way[0], float(way[0] @ way[0])
    else:
        along, length = np.einsum("ij,ij->i", way, directions), np.einsum("ij,ij->i", way, way)
    along = along / squares
    off = length - along * along * squares
    reach = figure.radius_m / np.sqrt(squares)
    return np.flatnonzero((off <= figure.radius_m**2) & (along > -reach) & (along - reach < farthest))


def _trace(
    figure: Figure, rows: NDArray[np.int64], origins: Floats, directions: Floats, hits: FigureHits
) -> None:
    """The rays in the figure's own frame (x to its front, y up, z to its right), against its boxes."""
    c, s = math.cos(figure.yaw_rad), math.sin(figure.yaw_rad)
    turned = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])  # native from own: front is (c, 0, -s)
    own = (origins - np.array([figure.x, figure.y, figure.z])) @ turned
    way = directions @ turned
    for part in figure.parts:
        low, high = np.array(part.corners[:3]), np.array(part.corners[3:])
        depth, axis = box_hits(own, way, low, high)
        closer = depth < hits.depth[rows]
        at = rows[closer]
        hits.depth[at] = depth[closer]
        hits.rgb[at] = part.rgb
        hits.shade[at] = np.array([0.8, 1.0, 0.7])[axis[closer]]
        hits.semantic[at] = figure.semantic_id
