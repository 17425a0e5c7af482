"""What a body in a block world senses of it, in the block world's own axes.

Native axes are X east, Y up and Z south, in whole blocks: block (x, y, z) fills x to x + 1, and so on. Yaw 0 looks
along +Z and grows to the left (counter-clockwise from above); pitch is positive when it looks up.
"""

from __future__ import annotations

from typing import Any, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.fields import array
from droidlet_schema.record import record

Cell = Tuple[int, int, int]
"""A block's native coordinates: x, y, z."""


@record
class Block:
    """A kind of block or item: its number, and its variant (a wool's colour, a log's wood)."""

    id: int
    meta: int = 0


@record
class BlockChange:
    """A block that changed in the last step."""

    x: int
    y: int
    z: int
    before: Block
    after: Block
    by: Optional[str]  # the player; None: nature, such as sand that falls


@record
class RefusedAction:
    """An action of the last step that the body could not carry out now, and why; nothing came of it."""

    action: str  # the record's name
    reason: str


@record
class SensedStack:
    """Some items of one kind, on the ground or in an inventory."""

    id: int
    item: Block
    count: int
    x: float  # native; where the holder stands, if it is held
    y: float
    z: float


@record
class SensedMob:
    """An animal or other creature, by the middle of its feet."""

    id: int
    kind: str
    x: float
    y: float
    z: float
    yaw_rad: float


@record
class SensedPlayer:
    """Another player: where it stands, what it holds and where it looks."""

    name: str
    x: float
    y: float
    z: float
    yaw_rad: float
    pitch_rad: float
    held: Optional[Block]
    looks_at: Optional[Tuple[int, int, int]]  # the first block in its line of sight


@record
class BlockSenses:
    """What one player senses of a block world after a step, in native axes."""

    x: float  # of the middle of the feet
    y: float
    z: float
    yaw_rad: float  # of the head
    pitch_rad: float
    on_ground: bool
    flying: bool
    held: Optional[Block]
    inventory: Tuple[SensedStack, ...]
    low: Tuple[int, int, int]  # which block ids[0, 0, 0] is
    ids: NDArray[Any] = array("X Y Z", np.uint8)  # the blocks around the player; 0 = air
    meta: NDArray[Any] = array("X Y Z", np.uint8)
    mobs: Tuple[SensedMob, ...]
    items: Tuple[SensedStack, ...]  # on the ground
    players: Tuple[SensedPlayer, ...]  # the others
    changes: Tuple[BlockChange, ...]  # of the last step
    refused: Tuple[RefusedAction, ...]  # of this player's actions of the last step
    looks_at: Optional[Tuple[int, int, int]]  # the first block in the line of sight
    day_ticks: int  # 0 to 23999: 0 is sunrise, 6000 noon, 12000 sunset, 18000 midnight
