"""The block world as a value, in native axes: X east, Y up, Z south, in blocks of one metre."""

from __future__ import annotations

import math
from typing import Any, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Block, BlockChange, Chat, FrozenMap, Key, RefusedAction, array, record
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.grid import FURTHEST, BlockChunk, Cell
from droidlet_simulators.voxel.looks import STATES
from droidlet_simulators.voxel.table import known

EYE_M = 1.62
"""How high a player's eyes are above its feet."""
PLAYER_M = (0.6, 1.8)
"""A player's width and height."""
DAY_TICKS = 24_000
TICK_NS = 50_000_000
"""A day has this many ticks of this length."""


MOST_COUNT = 1 << 31
"""A stack counts fewer than this."""
_FASTEST_M_S = 100.0


def _check_place(what: str, *place: float) -> None:
    if not all(math.isfinite(at) and abs(at) <= 2 * FURTHEST for at in place):
        raise ValueError(f"{what}: its place is {place}, finite numbers within {2 * FURTHEST} are needed")


def _check_speed(what: str, rise_m_s: float, *angles: float) -> None:
    if not all(map(math.isfinite, angles)) or not abs(rise_m_s) <= _FASTEST_M_S:
        raise ValueError(
            f"{what}: rise_m_s is {rise_m_s} and its angles are {angles}: at most {_FASTEST_M_S} m/s, finite angles"
        )


@record
class VoxelPlayer:
    """A player: the middle of its feet, its body's heading (house yaw) and the head on it."""

    x: float
    y: float
    z: float
    yaw_rad: float  # counter-clockwise from +X, seen from above: the yaw of Pose2
    pan_rad: float = 0.0
    tilt_rad: float = 0.0
    rise_m_s: float = 0.0
    on_ground: bool = False
    flying: bool = False
    creative: bool = False
    collided: bool = False
    held: Optional[Block] = None

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for places, angles and speeds that cannot be."""
        _check_place("VoxelPlayer", self.x, self.y, self.z)
        _check_speed("VoxelPlayer", self.rise_m_s, self.yaw_rad, self.pan_rad, self.tilt_rad)


@record
class VoxelMob:
    """A creature: the middle of its feet, and its house yaw."""

    kind: str
    x: float
    y: float
    z: float
    yaw_rad: float
    rise_m_s: float = 0.0
    on_ground: bool = False
    semantic_id: Optional[int] = None

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for kinds, places, angles and speeds that cannot be."""
        if self.kind not in CREATURES:
            raise ValueError(f"VoxelMob: kind is {self.kind!r}, known ones are {', '.join(CREATURES)}")
        _check_place("VoxelMob", self.x, self.y, self.z)
        _check_speed("VoxelMob", self.rise_m_s, self.yaw_rad)


@record
class VoxelItem:
    """A stack of one kind of item: on the ground, or held by a player."""

    item: Block
    count: int
    x: float  # the middle of its bottom, while nobody holds it
    y: float
    z: float
    holder: Optional[str] = None
    semantic_id: Optional[int] = None

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for kinds, counts and places that cannot be."""
        if not known(self.item.id, self.item.meta) or not 1 <= self.count < MOST_COUNT:
            raise ValueError(
                f"VoxelItem: {self.count} of {self.item}; 1 to {MOST_COUNT - 1} of what the table knows"
            )
        _check_place("VoxelItem", self.x, self.y, self.z)


@record
class VoxelStructure:
    """A thing made of blocks that the scene knows by name, cell by cell."""

    class_name: str
    colour: str
    state: int  # what its cells held when it was made
    cells: NDArray[Any] = array("N 3", np.int32)
    semantic_id: Optional[int] = None

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for cells or a state that cannot be."""
        if not 0 < self.state < STATES or len(self.cells) == 0 or np.abs(self.cells).max() > FURTHEST:
            raise ValueError(
                f"VoxelStructure: state is {self.state} and cells are {len(self.cells)}: a block, at least one cell"
            )


@record
class VoxelWorld:
    """Everything that a block world's future depends on."""

    low: Tuple[int, int, int]  # the world's first cell, and the first beyond its last
    high: Tuple[int, int, int]
    chunks: FrozenMap[int, BlockChunk]
    players: FrozenMap[str, VoxelPlayer]
    mobs: FrozenMap[int, VoxelMob]
    items: FrozenMap[int, VoxelItem]
    structures: FrozenMap[int, VoxelStructure]
    made: FrozenMap[
        int, int
    ]  # by kind: what creative hands and crafting brought in, less what they took away
    changes: Tuple[BlockChange, ...]  # of the last step
    refused: FrozenMap[str, Tuple[RefusedAction, ...]]  # of the last step, by player
    spoken: Tuple[Chat, ...]  # of the last step
    loose: Tuple[Tuple[int, int, int], ...]  # sand that somebody stands under
    first_tick: int  # the time of day at the beginning
    next_id: int
    step: int
    now_ns: int
    key: Key

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for bounds, ids and holders that cannot be."""
        if not all(-FURTHEST <= a < b <= FURTHEST for a, b in zip(self.low, self.high)):
            raise ValueError(f"VoxelWorld: low is {self.low} and high {self.high}: each low below its high")
        idents = [*self.structures, *self.mobs, *self.items]
        if len(set(idents)) < len(idents) or not all(1 <= ident < self.next_id for ident in idents):
            raise ValueError(f"VoxelWorld: ids are {sorted(idents)}: each once, from 1 to below next_id")
        strangers = {item.holder for item in self.items.values()} - {None, *self.players}
        if strangers:
            raise ValueError(
                f"VoxelWorld: items are held by {sorted(map(str, strangers))}, who are no players"
            )


def day_ticks(world: VoxelWorld) -> int:
    """The time of day: 0 is sunrise, 6000 noon, 12000 sunset, 18000 midnight."""
    return (world.first_tick + world.now_ns // TICK_NS) % DAY_TICKS


def cell_of(x: float, y: float, z: float) -> Cell:
    """The cell that a point lies in."""
    return math.floor(x), math.floor(y), math.floor(z)


def native_yaw(house_yaw_rad: float) -> float:
    """The native yaw (0 along +Z) of a house yaw (0 along +X), within -pi to pi."""
    return math.remainder(house_yaw_rad + math.pi / 2, 2 * math.pi)


def house_yaw(native_yaw_rad: float) -> float:
    """The house yaw of a native yaw, within -pi to pi."""
    return math.remainder(native_yaw_rad - math.pi / 2, 2 * math.pi)


def to_house(x: float, y: float, z: float) -> Tuple[float, float, float]:
    """A native point in the house's axes: metres, z up."""
    return x, -z + 0.0, y


def to_native(x_m: float, y_m: float, z_m: float) -> Tuple[float, float, float]:
    """A house point in native axes."""
    return x_m, z_m, -y_m + 0.0


def eye_of(player: VoxelPlayer) -> Tuple[float, float, float]:
    """Where a player's eyes are."""
    return player.x, player.y + EYE_M, player.z


def gaze_of(player: VoxelPlayer) -> Tuple[float, float, float]:
    """The unit vector along which a player looks, native."""
    yaw, level = player.yaw_rad + player.pan_rad, math.cos(player.tilt_rad)
    return level * math.cos(yaw), math.sin(player.tilt_rad), -level * math.sin(yaw)


def look_towards(eye: Tuple[float, float, float], target: Tuple[float, float, float]) -> Tuple[float, float]:
    """Native yaw and pitch with which one looks from a point to another; straight up or down, yaw is 0."""
    dx, dy, dz = (b - a for a, b in zip(eye, target))
    return math.atan2(dx, dz), math.atan2(dy, math.hypot(dx, dz))
