"""A block world's scene as data, in native axes: X east, Y up, Z south, whole blocks."""

from __future__ import annotations

from typing import Literal, Optional, Tuple

from droidlet_schema import Block, record

AIR = Block(0)
BEDROCK = Block(7)
DIRT = Block(3)
GRASS = Block(2)


@record
class Terrain:
    """The ground: flat, or hills by smooth noise; a floor of bedrock, filling above it, one layer of surface."""

    kind: Literal["none", "flat", "hills"] = "flat"
    top: int = 63  # the first y above flat ground; hills rise above it
    surface: Block = GRASS
    filling: Block = DIRT
    floor: Block = BEDROCK
    relief: int = 8  # how much higher the highest hill may be
    scale: int = 24  # blocks from one hill to the next, about
    seed: int = 0
    water: int = 0  # the first y above the water; at or below the ground, there is none
    trees: int = 0  # how many trees the terrain tries to grow


@record
class VoxelShape:
    """A thing made of one kind of block: a box or a ball that fills its size, hollow or not."""

    id: int
    shape: Literal["box", "hollow_box", "sphere", "hollow_sphere"]
    block: Block
    low: Tuple[int, int, int]  # the lowest cell of its box
    size: Tuple[int, int, int]  # in blocks along X, Y, Z
    name: str = "cube"
    colour: str = ""  # empty: the block's name
    semantic_id: Optional[int] = None


@record
class VoxelBox:
    """A box full of one block and nothing more: walls, floors, and with air (id 0) what is cut out of them."""

    block: Block
    low: Tuple[int, int, int]
    size: Tuple[int, int, int]


@record
class VoxelSchematic:
    """Blocks one by one, each at its offset from `low`; where it says air, air is dug."""

    low: Tuple[int, int, int]
    blocks: Tuple[Tuple[int, int, int, Block], ...]


@record
class VoxelStart:
    """Where a player begins: the cell of its feet, where it looks, what it has."""

    name: str
    x: int
    y: int
    z: int
    yaw_rad: float = 0.0  # native: 0 along +Z, to the left positive
    pitch_rad: float = 0.0
    creative: bool = False
    flying: bool = False
    inventory: Tuple[Tuple[Block, int], ...] = ()  # kinds and how many


@record
class VoxelMobStart:
    """Where a creature begins: the cell of its feet."""

    id: int
    kind: str
    x: int
    y: int
    z: int
    yaw_rad: float = 0.0  # native
    semantic_id: Optional[int] = None


@record
class VoxelItemStart:
    """A stack of items on the ground, by its cell."""

    id: int
    item: Block
    x: int
    y: int
    z: int
    count: int = 1
    semantic_id: Optional[int] = None


@record
class VoxelScene:
    """A block world before anything happens.

    Terrain, boxes, shapes and schematics are put there in that order, each in the place of what was there before.
    """

    low: Tuple[int, int, int]  # the world's first cell, and the first beyond its last
    high: Tuple[int, int, int]
    players: Tuple[VoxelStart, ...]  # those that are no agents of the simulator stand still
    terrain: Terrain = Terrain()
    boxes: Tuple[VoxelBox, ...] = ()
    shapes: Tuple[VoxelShape, ...] = ()
    schematics: Tuple[VoxelSchematic, ...] = ()
    mobs: Tuple[VoxelMobStart, ...] = ()
    items: Tuple[VoxelItemStart, ...] = ()
    first_tick: int = 6000  # the time of day: 0 sunrise, 6000 noon, 12000 sunset, 18000 midnight
