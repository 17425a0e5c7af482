"""A step under way: what all parts of it read and change, frozen into the next world at its end."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from droidlet_schema import Block, Chat, FrozenMap, RefusedAction, evolve
from droidlet_simulators.voxel.build import PLAYER_SHAPE, shape_of
from droidlet_simulators.voxel.grid import Blocks, Cell
from droidlet_simulators.voxel.physics import Shape
from droidlet_simulators.voxel.table import MOST_METAS
from droidlet_simulators.voxel.world import VoxelItem, VoxelMob, VoxelPlayer, VoxelWorld

_EPS = 1e-7


class VoxelTurn:
    """The parts of a world while one step is worked out; nobody else sees it."""

    def __init__(self, world: VoxelWorld) -> None:
        self.world = world
        self.blocks = Blocks(world.chunks, world.low, world.high)
        self.players: Dict[str, VoxelPlayer] = dict(world.players)
        self.mobs: Dict[int, VoxelMob] = dict(world.mobs)
        self.items: Dict[int, VoxelItem] = dict(world.items)
        self.made: Dict[int, int] = dict(world.made)
        self.refused: Dict[str, List[RefusedAction]] = {}
        self.spoken: List[Chat] = []
        self.loose: List[Cell] = list(world.loose)
        self.next_id = world.next_id

    def refuse(self, agent: str, action: object, reason: str) -> None:
        """Notes that an agent's action could not be carried out now."""
        self.refused.setdefault(agent, []).append(RefusedAction(type(action).__name__, reason))

    def make(self, item: Block, count: int) -> None:
        """Notes that creative hands or crafting brought some of a kind into the world, or took them (negative)."""
        kind = kind_number(item)
        self.made[kind] = self.made.get(kind, 0) + count

    def new_id(self) -> int:
        """An id that nothing has had."""
        self.next_id += 1
        return self.next_id - 1

    def in_body(self, cell: Cell) -> Optional[str]:
        """Who or what stands in a cell; None if nobody does."""
        for name, player in self.players.items():
            if _overlaps(cell, (player.x, player.y, player.z), PLAYER_SHAPE):
                return name
        for ident, mob in self.mobs.items():
            if _overlaps(cell, (mob.x, mob.y, mob.z), shape_of(mob.kind)):
                return f"{mob.kind} {ident}"
        return None

    def carried(self, agent: str, item: Block) -> Optional[int]:
        """The id of the first stack of a kind in a player's inventory; None without one."""
        for ident in sorted(self.items):
            stack = self.items[ident]
            if stack.holder == agent and stack.item == item:
                return ident
        return None

    def take_one(self, agent: str, item: Block) -> None:
        """Takes one of a kind out of a player's inventory, which has it; an empty hand follows the last."""
        ident = self.carried(agent, item)
        if ident is None:
            return
        stack = self.items[ident]
        if stack.count > 1:
            self.items[ident] = evolve(stack, count=stack.count - 1)
            return
        del self.items[ident]
        self.empty_hand(agent)

    def empty_hand(self, agent: str) -> None:
        """Lets go of what a player no longer has; creative hands keep it."""
        player = self.players[agent]
        if player.held is not None and not player.creative and self.carried(agent, player.held) is None:
            self.players[agent] = evolve(player, held=None)

    def freeze(self, period_ns: int) -> VoxelWorld:
        """The world when the step is over."""
        return evolve(
            self.world,
            chunks=self.blocks.freeze(),
            players=self.world.players.update(self.players),
            mobs=FrozenMap(self.mobs),
            items=FrozenMap(self.items),
            made=FrozenMap({kind: count for kind, count in self.made.items() if count}),
            changes=tuple(self.blocks.changes),
            refused=FrozenMap({agent: tuple(events) for agent, events in self.refused.items()}),
            spoken=tuple(evolve(said, now_ns=self.world.now_ns + period_ns) for said in self.spoken),
            loose=tuple(self.loose),
            next_id=self.next_id,
            step=self.world.step + 1,
            now_ns=self.world.now_ns + period_ns,
        )


def kind_number(item: Block) -> int:
    """A kind of block or item as one number."""
    return item.id * MOST_METAS + item.meta


def _overlaps(cell: Cell, feet: Tuple[float, float, float], shape: Shape) -> bool:
    low = (feet[0] - shape.half, feet[1], feet[2] - shape.half)
    high = (feet[0] + shape.half, feet[1] + shape.height, feet[2] + shape.half)
    return all(a < c + 1 - _EPS and b > c + _EPS for a, b, c in zip(low, high, cell))
