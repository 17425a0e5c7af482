"""A world of blocks: players with hands, creatures, items, a day; in numpy alone.

Inside it has its own axes, X east, Y up and Z south in whole blocks; what crosses the border of the contract has the
house's (x_m = X, y_m = -Z, z_m = Y).
"""

from droidlet_simulators.voxel.creatures import CREATURES, Creature
from droidlet_simulators.voxel.film import film_scene, film_walk
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.materials import blocks_of_colour, colour_of
from droidlet_simulators.voxel.node import VoxelNode, voxel_body, voxel_node
from droidlet_simulators.voxel.recipes import RECIPES, Recipe
from droidlet_simulators.voxel.scene import (
    Terrain,
    VoxelBox,
    VoxelItemStart,
    VoxelMobStart,
    VoxelScene,
    VoxelSchematic,
    VoxelShape,
    VoxelStart,
)
from droidlet_simulators.voxel.scenes import flat_scene, hills_scene, two_cubes
from droidlet_simulators.voxel.simulator import VoxelSimulator
from droidlet_simulators.voxel.table import BLOCKS, DYES, ITEMS, WOODS, BlockKind, ids_named, name_of
from droidlet_simulators.voxel.truth import (
    block_at,
    blocks_in,
    can_see,
    cells_of,
    connected_objects,
    count_blocks,
    holder_of,
    line_of_sight,
    stock,
    stuck,
)
from droidlet_simulators.voxel.world import (
    VoxelItem,
    VoxelMob,
    VoxelPlayer,
    VoxelStructure,
    VoxelWorld,
    day_ticks,
    house_yaw,
    native_yaw,
    to_house,
    to_native,
)

__all__ = [
    "BLOCKS",
    "CREATURES",
    "DYES",
    "ITEMS",
    "RECIPES",
    "WOODS",
    "BlockKind",
    "Creature",
    "Recipe",
    "Terrain",
    "VoxelBox",
    "VoxelItem",
    "VoxelItemStart",
    "VoxelLimits",
    "VoxelMob",
    "VoxelMobStart",
    "VoxelNode",
    "VoxelPlayer",
    "VoxelScene",
    "VoxelSchematic",
    "VoxelShape",
    "VoxelSimulator",
    "VoxelStart",
    "VoxelStructure",
    "VoxelWorld",
    "block_at",
    "blocks_in",
    "blocks_of_colour",
    "can_see",
    "cells_of",
    "colour_of",
    "connected_objects",
    "count_blocks",
    "day_ticks",
    "film_scene",
    "film_walk",
    "flat_scene",
    "hills_scene",
    "holder_of",
    "house_yaw",
    "ids_named",
    "line_of_sight",
    "name_of",
    "native_yaw",
    "stock",
    "stuck",
    "to_house",
    "to_native",
    "two_cubes",
    "voxel_body",
    "voxel_node",
]
