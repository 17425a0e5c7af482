"""Pictures of a block world: one pass gives colour, depth and what each pixel shows."""

from __future__ import annotations

import math
from typing import NamedTuple, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_simulators.voxel.figures import Figure, shown_id, trace_figures
from droidlet_simulators.voxel.grid import Cell, extent, region
from droidlet_simulators.voxel.looks import COLOURS_OF
from droidlet_simulators.voxel.noise import mix_many
from droidlet_simulators.voxel.rays import Floats, Grid, Hits, make_grid, trace
from droidlet_simulators.voxel.world import DAY_TICKS, VoxelWorld, day_ticks

_TEXELS = 8  # a block's face has this many specks across
_SPECKLE = 0.10
_SHADES = np.array([[0.70, 0.55, 0.80], [0.70, 1.00, 0.80]])  # by way (negative normal or not) and axis
_SHADES.flags.writeable = False
_DAY, _NIGHT = np.array([0.53, 0.71, 0.98]), np.array([0.02, 0.03, 0.08])
_DUSK = np.array([0.93, 0.55, 0.30])
_HAZE_FROM = 0.7  # of how far one sees
for _colour in (_DAY, _NIGHT, _DUSK):
    _colour.flags.writeable = False


class Picture(NamedTuple):
    """N pixels: colour 0 to 255, depth in the units of each ray (0: nothing), semantic id."""

    rgb: NDArray[np.uint8]
    depth: NDArray[np.float32]
    semantic: NDArray[np.int32]


class View(NamedTuple):
    """What there is to see from a place: the blocks around it, whose they are, and the light."""

    grid: Grid
    owners: NDArray[np.int32]  # like the grid's states: semantic ids; of no cells where nobody asks
    figures: Sequence[Figure]
    sun: float  # 0 at night to 1 at day
    glow: float  # of dusk and dawn
    far_m: float


def view_of(
    world: VoxelWorld, at: Tuple[float, float, float], far_m: float, figures: Sequence[Figure], semantic: bool
) -> View:
    """What there is to see around a place, as far as `far_m`."""
    low = [max(a, math.floor(c - far_m)) for a, c in zip(world.low, at)]
    high = [min(b, math.floor(c + far_m) + 1) for b, c in zip(world.high, at)]
    bottom, top = extent(world.chunks, (low[0], low[1], low[2]), (high[0], high[1], high[2]))
    states = region(world.chunks, bottom, top)
    filled = np.flatnonzero(np.asarray(states.any(axis=(0, 2))))
    if len(filled):
        states = states[:, filled[0] : filled[-1] + 1]
        bottom = (bottom[0], bottom[1] + int(filled[0]), bottom[2])
    grid = make_grid(states, bottom)
    owners = _owners(world, grid, bottom) if semantic else np.zeros(0, np.int32)
    sun, glow = light_of(day_ticks(world))
    return View(grid, owners, figures, sun, glow, far_m)


def light_of(ticks: int) -> Tuple[float, float]:
    """How bright the sky is, 0 to 1, and how red, at a time of day."""
    height = math.sin(2 * math.pi * ticks / DAY_TICKS)
    sun = min(1.0, max(0.0, 0.5 + 2.0 * height))
    return sun, max(0.0, 1.0 - abs(height) * 4.0)


def _owners(world: VoxelWorld, grid: Grid, low: Cell) -> NDArray[np.int32]:
    """The semantic id of every cell that still is what a structure was made of."""
    owners = np.zeros(grid.shape, np.int32)
    inner = np.array(grid.shape) - 2
    for ident, structure in world.structures.items():
        at = structure.cells - np.array(low, np.int64)
        at = at[((at >= 0) & (at < inner)).all(axis=1)] + 1
        whole = np.flatnonzero(grid.states[at[:, 0], at[:, 1], at[:, 2]] == structure.state)
        at = at[whole]
        owners[at[:, 0], at[:, 1], at[:, 2]] = shown_id(ident, structure.semantic_id)
    return owners.ravel()


def draw(view: View, origins: Floats, directions: Floats) -> Picture:
    """The picture that rays (N, 3) make, in native axes; a ray of NaN sees nothing.

    The origins are (N, 3), or (1, 3) where all rays begin in one point.
    """
    origin, origins = origins, np.broadcast_to(origins, directions.shape)
    blind = np.asarray(np.isnan(directions).any(axis=1))
    directions = np.where(blind[:, None], np.array([0.0, 1.0, 0.0]), directions)
    lengths = np.sqrt(np.einsum("ij,ij->i", directions, directions))
    farthest = view.far_m / lengths
    hits = trace(view.grid, origins, directions, farthest)
    met = trace_figures(view.figures, origin, directions, np.minimum(farthest, hits.depth))
    closer = met.depth < np.minimum(hits.depth, farthest)
    depth = np.where(closer, met.depth, hits.depth)
    sky = _sky(view, directions[:, 1] / lengths)
    rgb = _block_colours(view, hits, origins, directions)
    rgb[closer] = met.rgb[closer] * met.shade[closer, None] * _brightness(view)
    haze = np.clip((depth / farthest - _HAZE_FROM) / (1 - _HAZE_FROM), 0.0, 1.0)[:, None] ** 2
    seen = np.isfinite(depth)
    rgb = np.where(seen[:, None], rgb * (1 - haze) + sky * haze, sky)
    semantic = np.zeros(len(depth), np.int32)
    if len(view.owners):
        on_block = seen & ~closer
        semantic[on_block] = view.owners[hits.cell[on_block]]
    semantic[closer] = met.semantic[closer]
    rgb[blind], depth[blind | ~seen], semantic[blind] = 0.0, 0.0, 0
    return Picture(
        (np.clip(rgb, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8), depth.astype(np.float32), semantic
    )


def _brightness(view: View) -> float:
    return 0.25 + 0.75 * view.sun


def _sky(view: View, rise: Floats) -> Floats:
    up = np.clip(rise, 0.0, 1.0)[:, None]
    base = _NIGHT + (_DAY - _NIGHT) * view.sun
    level = base + (1.0 - base) * 0.35 * view.sun
    level = level + (_DUSK - level) * 0.7 * view.glow
    made: Floats = level + (base - level) * np.sqrt(up)
    return made


def _block_colours(view: View, hits: Hits, origins: Floats, directions: Floats) -> Floats:
    """The colour of the face that each ray meets, with specks, so that faces have a texture; black elsewhere."""
    rgb = np.zeros((len(directions), 3))
    rows = np.flatnonzero(np.isfinite(hits.depth))
    if len(rows) == 0:
        return rgb
    cell, axis = hits.cell[rows], hits.axis[rows].astype(np.int64)
    states = view.grid.states.ravel()[cell]
    towards = directions[rows, axis] < 0  # the face looks along its axis
    rgb[rows] = COLOURS_OF[states, ((axis == 1) & towards).astype(np.int64)]
    rgb[rows] *= (_SHADES[towards.astype(np.int64), axis] * _brightness(view))[:, None]
    points = origins[rows] + hits.depth[rows, None] * directions[rows]
    specks = np.floor(points * _TEXELS + 1e-6 * np.sign(directions[rows])).astype(np.int64)
    noise = mix_many(1, specks[:, 0], specks[:, 1], specks[:, 2]) / 2.0**64
    rgb[rows] *= (1.0 + _SPECKLE * (noise - 0.5) * 2.0)[:, None]
    return rgb
