"""The ground and the things on it, as one dense array of states."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Block
from droidlet_simulators.errors import SceneError
from droidlet_simulators.voxel.grid import FURTHEST, Cell
from droidlet_simulators.voxel.looks import state_of
from droidlet_simulators.voxel.noise import mix, smooth, spots
from droidlet_simulators.voxel.scene import Terrain, VoxelScene

States = NDArray[np.uint16]
Heights = NDArray[np.int64]
_WATER = state_of(Block(9))
_SAND = state_of(Block(12))
_LOG, _LEAVES = state_of(Block(17)), state_of(Block(18))


MOST_CELLS = 1 << 26
"""How many cells a world may have: 64 million."""


def check_bounds(low: Cell, high: Cell) -> None:
    """Raises SceneError for a world's box that cannot be."""
    if not all(-FURTHEST <= a < b <= FURTHEST for a, b in zip(low, high)):
        raise SceneError(f"low is {low} and high {high}: each low below its high, within {FURTHEST} of 0")
    cells = 1
    for a, b in zip(low, high):
        cells *= b - a
    if cells > MOST_CELLS:
        raise SceneError(f"low is {low} and high {high}: {cells} cells, a world has at most {MOST_CELLS}")


def heights_of(terrain: Terrain, low: Cell, high: Cell) -> Heights:
    """The first free y of every column (X, Z)."""
    x, z = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[2], high[2]), indexing="ij")
    if terrain.kind == "none":
        return np.full(x.shape, low[1], np.int64)
    if terrain.kind == "flat":
        return np.full(x.shape, terrain.top, np.int64)
    wide = smooth(terrain.seed, x, z, terrain.scale)
    fine = smooth(terrain.seed + 1, x, z, max(2, terrain.scale // 3))
    rise = (0.75 * wide + 0.25 * fine) * (terrain.relief + 1)
    return terrain.top + np.floor(rise).astype(np.int64)


def ground_of(scene: VoxelScene) -> States:
    """The states (X, Y, Z) of the terrain alone."""
    terrain, low, high = scene.terrain, scene.low, scene.high
    states = np.zeros([b - a for a, b in zip(low, high)], np.uint16)
    if terrain.kind == "none":
        return states
    tops = heights_of(terrain, low, high)[:, None, :]
    y = np.arange(low[1], high[1])[None, :, None]
    states[np.broadcast_to(y < tops, states.shape)] = state_of(terrain.filling)
    states[np.broadcast_to(y == tops - 1, states.shape)] = state_of(terrain.surface)
    states[:, 0, :] = state_of(terrain.floor)
    if terrain.water > low[1]:
        wet = (y >= tops) & (y < terrain.water)
        states[wet] = _WATER
        shore = np.broadcast_to((y == tops - 1) & (tops <= terrain.water) & (y > low[1]), states.shape)
        states[shore] = _SAND
    for number, (x, z) in enumerate(
        spots(terrain.seed + 2, terrain.trees, (low[0] + 3, low[2] + 3), (high[0] - 3, high[2] - 3))
    ):
        _grow(states, low, (x, int(tops[x - low[0], 0, z - low[2]]), z), terrain, number)
    return states


def _grow(states: States, low: Cell, foot: Cell, terrain: Terrain, number: int) -> None:
    """One tree, where its roots are dry and all of it fits."""
    trunk = 4 + mix(terrain.seed, number) % 3
    x, y, z = (foot[i] - low[i] for i in range(3))
    fits = 2 <= x < states.shape[0] - 2 and 2 <= z < states.shape[2] - 2 and y + trunk + 2 <= states.shape[1]
    if not fits or foot[1] < terrain.water or foot[1] == low[1]:
        return
    for level in range(y + trunk - 2, y + trunk + 2):
        reach = 2 if level < y + trunk else 1
        crown = states[x - reach : x + reach + 1, level, z - reach : z + reach + 1]
        crown[crown == 0] = _LEAVES
    states[x, y : y + trunk, z] = _LOG


def cells_of_shape(shape: str, low: Cell, size: Tuple[int, int, int]) -> NDArray[np.int32]:
    """The cells (N, 3) of a box or ball that fills a size; a hollow one keeps those with a side that is open."""
    grid = np.indices(size).astype(np.float64)
    full = np.ones(size, bool)
    if shape.endswith("sphere"):
        off = [(grid[i] + 0.5 - size[i] / 2) / (size[i] / 2) for i in range(3)]
        full = off[0] ** 2 + off[1] ** 2 + off[2] ** 2 <= 1.0
        if not full.any():
            full[:] = True
    if shape.startswith("hollow"):
        padded = np.pad(full, 1)
        core = padded[1:-1, 1:-1, 1:-1].copy()
        for axis in range(3):
            for step in (-1, 1):
                core &= np.roll(padded, step, axis)[1:-1, 1:-1, 1:-1]
        full &= ~core
    cells: NDArray[np.int32] = (np.argwhere(full) + np.array(low)).astype(np.int32)
    return cells
