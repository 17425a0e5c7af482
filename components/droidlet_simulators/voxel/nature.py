"""What happens by itself in a step: creatures walk, sand falls, items come to lie."""

from __future__ import annotations

import math
from typing import List, Set

from droidlet_schema import evolve
from droidlet_simulators.voxel.build import shape_of
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.grid import Cell
from droidlet_simulators.voxel.looks import GRAVITY, LIQUID, REPLACEABLE, SOLID, block_of
from droidlet_simulators.voxel.noise import mix
from droidlet_simulators.voxel.physics import Moving, Shape, fall, rest_on, slide, substeps
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import VoxelMob

MIND_NS = 2_000_000_000
"""How long a creature keeps what it has in mind."""
ITEM_FALL_M_S = 10.0
_DEEPEST_M = 3  # how far a creature goes down on its own
_LOOK_M = 0.3
_EPS = 1e-7


def walk_mobs(turn: VoxelTurn, period_s: float) -> None:
    """Every creature's step, by id: it stands or walks ahead, and falls where nothing is below."""
    for ident in sorted(turn.mobs):
        turn.mobs[ident] = _walk(turn, ident, turn.mobs[ident], period_s)


def _walk(turn: VoxelTurn, ident: int, mob: VoxelMob, period_s: float) -> VoxelMob:
    words = turn.world.key.words
    mind = mix(*words, turn.world.key.counter, ident, turn.world.now_ns // MIND_NS)
    walks = mind & 1 == 1
    shape = shape_of(mob.kind)
    at = Moving(mob.x, mob.y, mob.z, mob.rise_m_s, mob.on_ground)
    if not walks and mob.on_ground and rest_on(at, turn.blocks, shape):
        return mob
    yaw = (mind >> 11) / float(1 << 53) * 2 * math.pi - math.pi if walks else mob.yaw_rad
    dx, dz = math.cos(yaw), -math.sin(yaw)
    count, dt_s = substeps(period_s)
    ahead = CREATURES[mob.kind].speed_m_s * dt_s
    for _ in range(count):
        if walks and at.on_ground and _safe(turn, at, shape, dx, dz):
            at = slide(turn.blocks, at, shape, ahead * dx, ahead * dz)
        at = fall(turn.blocks, at, shape, dt_s)
    return evolve(mob, x=at.x, y=at.y, z=at.z, yaw_rad=yaw, rise_m_s=at.rise_m_s, on_ground=at.on_ground)


def _safe(turn: VoxelTurn, at: Moving, shape: Shape, dx: float, dz: float) -> bool:
    """Whether there is dry ground ahead, not far below."""
    far = shape.half + _LOOK_M
    x, z = math.floor(at.x + far * dx), math.floor(at.z + far * dz)
    y = math.floor(at.y + _EPS)
    for down in range(y + 1, y - _DEEPEST_M - 1, -1):
        state = turn.blocks.get(x, down, z)
        if LIQUID[state]:
            return False
        if SOLID[state]:
            return True
    return False


def settle(turn: VoxelTurn) -> None:
    """Lets sand and its like fall where something below has gone; on bodies it waits until they leave."""
    waiting: List[Cell] = list(turn.loose)
    for change in turn.blocks.changes:
        waiting += [(change.x, change.y, change.z), (change.x, change.y + 1, change.z)]
    held: Set[Cell] = set()
    waiting = sorted(set(waiting), key=lambda cell: (cell[1], cell[0], cell[2]), reverse=True)
    while waiting:
        x, y, z = waiting.pop()
        state = turn.blocks.get(x, y, z)
        if not GRAVITY[state]:
            continue
        down = y
        while REPLACEABLE[turn.blocks.get(x, down - 1, z)]:
            if turn.in_body((x, down - 1, z)):
                held.add((x, down, z))
                break
            down -= 1
        if down == y:
            continue
        below = turn.blocks.get(x, down, z)
        if below:
            turn.make(block_of(below), -1)
        turn.blocks.put((x, y, z), 0, None)
        turn.blocks.put((x, down, z), state, None)
        waiting.append((x, y + 1, z))
    turn.loose = sorted(held)


def drop_items(turn: VoxelTurn, period_s: float) -> None:
    """Lets what lies about fall, and lifts it out of blocks that were put there."""
    for ident in sorted(turn.items):
        item = turn.items[ident]
        if item.holder is not None:
            continue
        x, z = math.floor(item.x), math.floor(item.z)
        y = math.floor(item.y + _EPS)
        if SOLID[turn.blocks.get(x, y, z)]:
            while y < turn.blocks.high[1] and SOLID[turn.blocks.get(x, y, z)]:
                y += 1
            turn.items[ident] = evolve(item, y=float(y))
            continue
        lowest = item.y - ITEM_FALL_M_S * period_s
        while y > lowest and not SOLID[turn.blocks.get(x, y - 1, z)]:
            y -= 1
        if max(float(y), lowest) < item.y:
            turn.items[ident] = evolve(item, y=max(float(y), lowest))
