"""Block worlds by name: level ground, droidlet's two cubes, hills."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Block, evolve
from droidlet_simulators.voxel.grid import Cell
from droidlet_simulators.voxel.scene import (
    DIRT,
    GRASS,
    Terrain,
    VoxelItemStart,
    VoxelMobStart,
    VoxelScene,
    VoxelShape,
    VoxelStart,
)
from droidlet_simulators.voxel.terrain import check_bounds, ground_of
from droidlet_simulators.voxel.world import EYE_M, look_towards


def flat_scene(
    players: Tuple[VoxelStart, ...] = (VoxelStart("robot", 0, 63, 0),),
    *,
    low: Cell = (-32, 0, -32),
    high: Cell = (64, 128, 64),
    surface: Block = GRASS,
    shapes: Tuple[VoxelShape, ...] = (),
    mobs: Tuple[VoxelMobStart, ...] = (),
    items: Tuple[VoxelItemStart, ...] = (),
    first_tick: int = 6000,
) -> VoxelScene:
    """Level ground whose first free layer is y = 63."""
    terrain = Terrain("flat", 63, surface)
    return VoxelScene(
        low, high, players, terrain, shapes=shapes, mobs=mobs, items=items, first_tick=first_tick
    )


def two_cubes(agent: str = "robot", speaker: str = "SPEAKER") -> VoxelScene:
    """Level ground of dirt, an iron and a gold cube of 3 x 3 x 3, an agent, and a speaker who looks at the first.

    Both players are creative.
    """
    iron = VoxelShape(1, "box", Block(42), (19, 63, 14), (3, 3, 3))
    gold = VoxelShape(2, "box", Block(41), (19, 63, 20), (3, 3, 3))
    yaw, pitch = look_towards((12.5, 63.0 + EYE_M, 12.5), (20.5, 64.5, 15.5))  # the middle of the first cube
    players = (
        VoxelStart(agent, 0, 63, 0, creative=True),
        VoxelStart(speaker, 12, 63, 12, yaw, pitch, creative=True),
    )
    return flat_scene(players, surface=DIRT, shapes=(iron, gold))


def hills_scene(
    players: Tuple[VoxelStart, ...] = (VoxelStart("robot", 0, 0, 0),),
    *,
    seed: int = 0,
    low: Cell = (-48, 0, -48),
    high: Cell = (48, 64, 48),
    mobs: Tuple[VoxelMobStart, ...] = (),
    relief: int = 14,
    first_tick: int = 4000,
) -> VoxelScene:
    """Grassy hills with lakes and trees; whatever y is said, players and mobs begin on top of the ground.

    The same arguments always give the same hills. Raises SceneError for bounds that cannot be.
    """
    check_bounds(low, high)
    terrain = Terrain("hills", low[1] + 16, GRASS, relief=relief, seed=seed, water=low[1] + 20, trees=24)
    bare = VoxelScene(low, high, (), terrain, first_tick=first_tick)
    states = ground_of(bare)
    standing = tuple(evolve(p, y=_level(states, low, high, p.x, p.z)) for p in players)
    grazing = tuple(evolve(m, y=_level(states, low, high, m.x, m.z)) for m in mobs)
    return evolve(bare, players=standing, mobs=grazing)


def _level(states: NDArray[np.uint16], low: Cell, high: Cell, x: int, z: int) -> int:
    """The first y above everything in a column and beside it; outside the world, its lowest."""
    if not (low[0] <= x < high[0] and low[2] <= z < high[2]):
        return low[1]
    near = states[max(0, x - low[0] - 1) : x - low[0] + 2, :, max(0, z - low[2] - 1) : z - low[2] + 2]
    filled = np.flatnonzero(near.any(axis=(0, 2)))
    return low[1] + (int(filled[-1]) + 1 if len(filled) else 0)
