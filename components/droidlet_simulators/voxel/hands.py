"""What hands do: dig, place, hold, drop, pick up, use, spawn, craft. What cannot be done now is noted as refused."""

from __future__ import annotations

import math
from typing import Optional, Tuple, Union

from droidlet_schema import (
    Block,
    Craft,
    Dig,
    DropItem,
    HoldItem,
    PickUpItem,
    PlaceBlock,
    SpawnMob,
    UseItem,
    evolve,
)
from droidlet_simulators.voxel.build import shape_of
from droidlet_simulators.voxel.creatures import kind_in_egg
from droidlet_simulators.voxel.grid import Cell, inside
from droidlet_simulators.voxel.looks import LIQUID, REPLACEABLE, SOLID, block_of, state_of
from droidlet_simulators.voxel.physics import Moving, fits, rest_on
from droidlet_simulators.voxel.recipes import RECIPES
from droidlet_simulators.voxel.table import SPAWN_EGG, name_of
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import VoxelItem, VoxelMob, cell_of, eye_of, gaze_of

Point = Tuple[float, float, float]
_BEDROCK = 7
_SIDES = ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1))
_OUTSIDE = "that is outside the world"
HandAction = Union[Dig, PlaceBlock, HoldItem, DropItem, PickUpItem, UseItem, SpawnMob, Craft]


def handle(turn: VoxelTurn, agent: str, action: HandAction, reach_m: float) -> None:
    """Carries one action of an agent's hands out, or notes why not."""
    if isinstance(action, Dig):
        reason = _dig(turn, agent, (action.x, action.y, action.z), reach_m)
    elif isinstance(action, PlaceBlock):
        reason = _place(turn, agent, (action.x, action.y, action.z), reach_m)
    elif isinstance(action, HoldItem):
        reason = _hold(turn, agent, Block(action.id, action.meta))
    elif isinstance(action, DropItem):
        reason = _drop(turn, agent, action)
    elif isinstance(action, PickUpItem):
        reason = _pick_up(turn, agent, action.item, reach_m)
    elif isinstance(action, UseItem):
        reason = _use(turn, agent, (action.x, action.y, action.z), reach_m)
    elif isinstance(action, SpawnMob):
        reason = _spawn_by_hand(turn, agent, action, reach_m)
    else:
        reason = _craft(turn, agent, Block(action.id, action.meta))
    if reason:
        turn.refuse(agent, action, reason)


def distance_to(cell: Cell, point: Point) -> float:
    """From a point to the nearest of a cell, in metres."""
    return math.hypot(*(max(c - p, 0.0, p - c - 1) for c, p in zip(cell, point)))


def _out_of_reach(turn: VoxelTurn, agent: str, cell: Cell, reach_m: float) -> Optional[str]:
    if not inside(cell, turn.blocks.low, turn.blocks.high):
        return _OUTSIDE
    far = distance_to(cell, eye_of(turn.players[agent]))
    return f"it is {far:.1f} m away, out of reach" if far > reach_m else None


def _dig(turn: VoxelTurn, agent: str, cell: Cell, reach_m: float) -> Optional[str]:
    far = _out_of_reach(turn, agent, cell, reach_m)
    if far:
        return far
    state = turn.blocks.get(*cell)
    creative = turn.players[agent].creative
    if state == 0:
        return "nothing is there"
    if LIQUID[state]:
        return "a liquid cannot be dug"
    if state >> 4 == _BEDROCK and not creative:
        return "bedrock cannot be dug"
    turn.blocks.put(cell, 0, agent)
    if creative:
        turn.make(block_of(state), -1)
    else:
        x, y, z = cell
        turn.items[turn.new_id()] = VoxelItem(block_of(state), 1, x + 0.5, float(y), z + 0.5)
    return None


def _place(turn: VoxelTurn, agent: str, cell: Cell, reach_m: float) -> Optional[str]:
    far = _out_of_reach(turn, agent, cell, reach_m)
    if far:
        return far
    player = turn.players[agent]
    held = player.held
    if held is None:
        return "the hand is empty"
    if held.id > 255:
        return f"{name_of(held.id, held.meta)} is no block"
    before, state = turn.blocks.get(*cell), state_of(held)
    if not REPLACEABLE[before] or before == state:
        return f"{name_of(before >> 4, before & 15)} is there"
    who = turn.in_body(cell) if SOLID[state] else None
    if who:
        return f"{who} stands there"
    x, y, z = cell
    if not player.creative and not any(_holds(turn, (x + i, y + j, z + k)) for i, j, k in _SIDES):
        return "there is no block beside it to put it on"
    if before:
        turn.make(block_of(before), -1)
    if player.creative:
        turn.make(held, 1)
    else:
        turn.take_one(agent, held)
    turn.blocks.put(cell, state, agent)
    return None


def _holds(turn: VoxelTurn, cell: Cell) -> bool:
    return inside(cell, turn.blocks.low, turn.blocks.high) and not REPLACEABLE[turn.blocks.get(*cell)]


def _hold(turn: VoxelTurn, agent: str, item: Block) -> Optional[str]:
    player = turn.players[agent]
    if item.id == 0:
        turn.players[agent] = evolve(player, held=None)
        return None
    if not player.creative and turn.carried(agent, item) is None:
        return f"there is no {name_of(item.id, item.meta)} in the inventory"
    turn.players[agent] = evolve(player, held=item)
    return None


def _drop(turn: VoxelTurn, agent: str, action: DropItem) -> Optional[str]:
    stack = turn.items.get(action.item)
    if stack is None or stack.holder != agent:
        return f"no stack {action.item} is in the inventory"
    if not 1 <= action.count <= stack.count:
        return f"{stack.count} are there, not {action.count}"
    x, y, z = _in_front(turn, agent)
    if action.count == stack.count:
        turn.items[action.item] = evolve(stack, holder=None, x=x, y=y, z=z)
    else:
        turn.items[action.item] = evolve(stack, count=stack.count - action.count)
        turn.items[turn.new_id()] = VoxelItem(stack.item, action.count, x, y, z)
    turn.empty_hand(agent)
    return None


def _in_front(turn: VoxelTurn, agent: str) -> Point:
    """A step ahead at the height of the hands; where a block is, at the feet."""
    player = turn.players[agent]
    ahead, _, across = gaze_of(evolve(player, tilt_rad=0.0))
    there = (player.x + ahead, player.y + 1.0, player.z + across)
    free = not SOLID[turn.blocks.get(*cell_of(*there))]
    return there if free else (player.x, player.y, player.z)


def _pick_up(turn: VoxelTurn, agent: str, ident: int, reach_m: float) -> Optional[str]:
    stack = turn.items.get(ident)
    if stack is None or stack.holder is not None:
        return f"no stack {ident} lies on the ground"
    far = math.dist((stack.x, stack.y, stack.z), eye_of(turn.players[agent]))
    if far > reach_m:
        return f"it is {far:.1f} m away, out of reach"
    player = turn.players[agent]
    turn.items[ident] = evolve(stack, holder=agent, x=player.x, y=player.y, z=player.z)
    return None


def _use(turn: VoxelTurn, agent: str, cell: Cell, reach_m: float) -> Optional[str]:
    far = _out_of_reach(turn, agent, cell, reach_m)
    held = turn.players[agent].held
    if far or held is None:
        return far or "the hand is empty"
    kind = kind_in_egg(held.meta) if held.id == SPAWN_EGG else None
    if kind is None:
        return f"{name_of(held.id, held.meta)} does nothing to a block"
    reason = _spawn(turn, kind, cell)
    if reason is None and not turn.players[agent].creative:
        turn.take_one(agent, held)
        turn.make(held, -1)
    return reason


def _spawn_by_hand(turn: VoxelTurn, agent: str, action: SpawnMob, reach_m: float) -> Optional[str]:
    if not turn.players[agent].creative:
        return "only creative hands spawn creatures; a spawn egg can be used"
    cell = (action.x, action.y, action.z)
    return _out_of_reach(turn, agent, cell, reach_m) or _spawn(turn, action.kind, cell)


def _spawn(turn: VoxelTurn, kind: str, cell: Cell) -> Optional[str]:
    """A creature in a cell, or on top of the block there."""
    x, y, z = cell
    shape = shape_of(kind)
    level = y + 1 if SOLID[turn.blocks.get(x, y, z)] else y
    at = Moving(x + 0.5, float(level), z + 0.5)
    if not fits(turn.blocks, at.x, at.y, at.z, shape):
        return f"there is no room for a {kind}"
    grounded = rest_on(at, turn.blocks, shape)
    turn.mobs[turn.new_id()] = VoxelMob(kind, at.x, at.y, at.z, 0.0, 0.0, grounded)
    return None


def _craft(turn: VoxelTurn, agent: str, item: Block) -> Optional[str]:
    recipe = RECIPES.get((item.id, item.meta))
    if recipe is None:
        return f"there is no recipe for {name_of(item.id, item.meta)}"
    for (ident, meta), needed in recipe.needs:
        kind = Block(ident, meta)
        has = sum(s.count for s in turn.items.values() if s.holder == agent and s.item == kind)
        if has < needed:
            return f"{needed} {name_of(ident, meta)} are needed, {has} are there"
    for (ident, meta), needed in recipe.needs:
        for _ in range(needed):
            turn.take_one(agent, Block(ident, meta))
        turn.make(Block(ident, meta), -needed)
    player = turn.players[agent]
    turn.items[turn.new_id()] = VoxelItem(item, recipe.makes, player.x, player.y, player.z, agent)
    turn.make(item, recipe.makes)
    return None
