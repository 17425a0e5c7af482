"""A walk in the block world as pictures: for pages, and for eyes that check."""

from __future__ import annotations

import math
from typing import Any, List, Tuple

from numpy.typing import NDArray

from droidlet_schema import Action, Dig, Drive, HoldItem, Key, LookAtBlock, PlaceBlock, SetLook
from droidlet_simulators.robots import robot
from droidlet_simulators.voxel.scene import VoxelMobStart, VoxelScene, VoxelStart
from droidlet_simulators.voxel.scenes import hills_scene
from droidlet_simulators.voxel.simulator import VoxelSimulator
from droidlet_simulators.voxel.world import EYE_M, VoxelWorld, cell_of

_KINDS = ("sheep", "cow", "pig", "chicken", "horse", "wolf")


def film_scene(seed: int = 0) -> VoxelScene:
    """Hills with a herd and two players."""
    mobs = tuple(
        VoxelMobStart(
            1 + number, _KINDS[number % len(_KINDS)], 5 + 3 * (number % 4), 0, 4 + 3 * (number // 4)
        )
        for number in range(2 * len(_KINDS))
    )
    players = (VoxelStart("robot", 0, 0, 0, creative=True), VoxelStart("friend", 6, 0, 0, -math.pi / 2))
    return hills_scene(players, seed=seed, mobs=mobs)


def film_walk(steps: int = 48, *, width: int = 160, height: int = 120, seed: int = 0) -> List[NDArray[Any]]:
    """Pictures (height, width, 3) of a player who walks through hills, then builds a tower and digs at it."""
    simulator = VoxelSimulator((robot(width, height, camera_height_m=EYE_M),))
    observations, world = simulator.reset(film_scene(seed), Key(seed))
    frames = [observations["robot"].frames["head"].rgb]
    for number in range(steps):
        actions = _script(number, steps, world)
        observations, world = simulator.step({"robot": actions}, world)
        frames.append(observations["robot"].frames["head"].rgb)
    return frames


def _script(number: int, steps: int, world: VoxelWorld) -> Tuple[Action, ...]:
    """Two thirds of the way walking in a wide bow, then work."""
    if number < 2 * steps // 3:
        look = (SetLook(0.6, -0.1),) if number == 0 else ()
        return (*look, Drive(3.0, 0.12))
    player = world.players["robot"]
    x, y, z = cell_of(player.x, player.y + 1e-6, player.z)
    dx, dz = round(math.cos(player.yaw_rad)), -round(math.sin(player.yaw_rad))
    work = number - 2 * steps // 3
    if work == 0:
        target = (x + 3 * dx, y, z + 3 * dz)  # stand still and look along an axis
        return (LookAtBlock(x + 3 * dx, y + 1, z + 3 * dz), HoldItem(41), PlaceBlock(*target))
    column, level = divmod(work, 3)
    side = (0, 1, -1)[column % 3]
    cell = (x + 3 * dx + side * dz, y + level, z + 3 * dz - side * dx)
    if work < 9:
        return (HoldItem((41, 57, 152)[level]), PlaceBlock(*cell))
    return (Dig(*cell),)
