"""The truth about a block world, in native axes: for checking and for pictures, never for an agent."""

from __future__ import annotations

from typing import Dict, Optional, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import connected_components
from droidlet_schema import Block, SceneObject
from droidlet_simulators.errors import UnknownAgent, UnknownObject
from droidlet_simulators.voxel.build import PLAYER_SHAPE, shape_of
from droidlet_simulators.voxel.creatures import CREATURES, ITEM_SIDE_M
from droidlet_simulators.voxel.grid import Blocks, Cell, region
from droidlet_simulators.voxel.looks import block_of
from droidlet_simulators.voxel.physics import fits
from droidlet_simulators.voxel.sight import in_sight, looked_at
from droidlet_simulators.voxel.table import MOST_METAS, name_of
from droidlet_simulators.voxel.turn import kind_number
from droidlet_simulators.voxel.world import VoxelPlayer, VoxelStructure, VoxelWorld, eye_of, gaze_of, to_house

GROUND = (0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 13)
"""Ids that no object is made of unless told otherwise: air, stone, earth, bedrock, water, lava, sand, gravel."""
_STUCK = 1 << 60
_MODULUS = (1 << 53) - 111  # a prime: the sum stays exact as a float


def block_at(world: VoxelWorld, cell: Cell) -> Block:
    """The block at a cell; outside the world a barrier."""
    return block_of(Blocks(world.chunks, world.low, world.high).get(*cell))


def blocks_in(world: VoxelWorld, low: Cell, high: Cell) -> Tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Ids and metas (X, Y, Z) of a box, half open; air outside the world."""
    states = region(world.chunks, low, high)
    return (states >> 4).astype(np.uint8), (states & 15).astype(np.uint8)


def count_blocks(world: VoxelWorld, ident: int, meta: Optional[int] = None) -> int:
    """How many blocks of an id there are in the whole world, of any meta or of one."""
    total = 0
    for chunk in world.chunks.values():
        same = chunk.states >> 4 == ident if meta is None else chunk.states == ident * 16 + meta
        total += int(same.sum())
    if ident == 0 and meta in (None, 0):
        size = [b - a for a, b in zip(world.low, world.high)]
        total += size[0] * size[1] * size[2] - len(world.chunks) * 4096
    return total


def cells_of(world: VoxelWorld, ident: int, low: Cell, high: Cell) -> Tuple[Cell, ...]:
    """The cells of a box (half open) that hold blocks of an id, in order."""
    found = np.argwhere(region(world.chunks, low, high) >> 4 == ident) + np.array(low)
    return tuple((int(x), int(y), int(z)) for x, y, z in found)


def connected_objects(
    world: VoxelWorld, low: Cell, high: Cell, ground: Tuple[int, ...] = GROUND
) -> Tuple[Tuple[Cell, ...], ...]:
    """The things in a box (half open), largest first: cells that are no ground and touch, be it by a corner."""
    states = region(world.chunks, low, high)
    solid = ~np.isin(states >> 4, ground)
    labels, count = _components(solid)
    things = [np.argwhere(labels == number) + np.array(low) for number in range(1, count + 1)]
    as_cells = [tuple((int(x), int(y), int(z)) for x, y, z in thing) for thing in things]
    return tuple(sorted(as_cells, key=lambda cells: (-len(cells), cells)))


def _components(solid: NDArray[np.bool_]) -> Tuple[NDArray[np.int64], int]:
    """Labels 1... of what hangs together: each layer's parts, then joined where they touch the next layer's."""
    labels = np.zeros(solid.shape, np.int64)
    following = 0
    joined: Dict[int, int] = {}

    def root(number: int) -> int:
        while joined[number] != number:
            number = joined[number]
        return number

    for layer in range(solid.shape[1]):
        parts, count = connected_components(solid[:, layer, :], connectivity=8)
        labels[:, layer, :] = np.where(parts > 0, parts + following, 0)
        joined.update({following + i: following + i for i in range(1, count + 1)})
        following += count
        for a, b in _touching(labels[:, layer - 1, :], labels[:, layer, :]) if layer else ():
            one, two = root(a), root(b)
            joined[max(one, two)] = min(one, two)
    roots = sorted({root(number) for number in joined})
    renamed = np.zeros(following + 1, np.int64)
    for number in joined:
        renamed[number] = roots.index(root(number)) + 1
    named: NDArray[np.int64] = renamed[labels]
    return named, len(roots)


def _touching(below: NDArray[np.int64], above: NDArray[np.int64]) -> Set[Tuple[int, int]]:
    """The labels of two layers that touch, be it by a corner."""
    padded = np.pad(below, 1)
    found: Set[Tuple[int, int]] = set()
    for dx in range(3):
        for dz in range(3):
            shifted = padded[dx : dx + below.shape[0], dz : dz + below.shape[1]]
            both = (shifted > 0) & (above > 0)
            pairs = np.unique(np.stack([shifted[both], above[both]], axis=1), axis=0)
            found.update((int(a), int(b)) for a, b in pairs)
    return found


def line_of_sight(world: VoxelWorld, agent: str, reach_m: float = 64.0) -> Optional[Cell]:
    """The first block that a player looks at, neither air nor a liquid; None within the reach. Raises UnknownAgent."""
    player = player_of(world, agent)
    return looked_at(Blocks(world.chunks, world.low, world.high), eye_of(player), gaze_of(player), reach_m)


def can_see(world: VoxelWorld, agent: str, point: Tuple[float, float, float]) -> bool:
    """Whether no block hides a native point from a player's eyes. Raises UnknownAgent."""
    eye = eye_of(player_of(world, agent))
    return in_sight(Blocks(world.chunks, world.low, world.high), eye, point)


def player_of(world: VoxelWorld, agent: str) -> VoxelPlayer:
    """A player. Raises UnknownAgent."""
    if agent not in world.players:
        raise UnknownAgent(f"agent is {agent!r}: this world has {', '.join(world.players)}")
    return world.players[agent]


def holder_of(world: VoxelWorld, ident: int) -> Optional[str]:
    """Who has a stack of items; None when it lies on the ground. Raises UnknownObject."""
    if ident not in world.items:
        raise UnknownObject(f"id is {ident!r}: there are the stacks {', '.join(map(str, world.items))}")
    return world.items[ident].holder


def remaining(world: VoxelWorld, structure: VoxelStructure) -> NDArray[np.int64]:
    """The cells (N, 3) of a structure that still hold what it was made of."""
    cells = structure.cells.astype(np.int64)
    low, high = cells.min(axis=0), cells.max(axis=0) + 1
    states = region(
        world.chunks, (int(low[0]), int(low[1]), int(low[2])), (int(high[0]), int(high[1]), int(high[2]))
    )
    at = cells - low
    left: NDArray[np.int64] = cells[states[at[:, 0], at[:, 1], at[:, 2]] == structure.state]
    return left


def things_of(world: VoxelWorld) -> Tuple[SceneObject, ...]:
    """Structures as far as they stand, creatures, and items on the ground: in the house's axes, by id."""
    made: Dict[int, SceneObject] = {}
    for ident, structure in world.structures.items():
        cells = remaining(world, structure)
        if len(cells):
            low, high = cells.min(axis=0), cells.max(axis=0) + 1
            size = [float(v) for v in high - low]
            x, y, z = (float(v) for v in (low + high) / 2)
            made[ident] = SceneObject(
                ident, structure.class_name, structure.colour, *to_house(x, y, z), 0.0,
                (size[0], size[2], size[1]), structure.semantic_id,
            )  # fmt: skip
    for ident, mob in world.mobs.items():
        kind = CREATURES[mob.kind]
        middle = to_house(mob.x, mob.y + kind.height_m / 2, mob.z)
        size_m = (kind.width_m, kind.width_m, kind.height_m)
        made[ident] = SceneObject(ident, mob.kind, kind.colour, *middle, mob.yaw_rad, size_m, mob.semantic_id)
    for ident, item in world.items.items():
        if item.holder is None:
            middle = to_house(item.x, item.y + ITEM_SIDE_M / 2, item.z)
            named = name_of(item.item.id, item.item.meta)
            side = (ITEM_SIDE_M, ITEM_SIDE_M, ITEM_SIDE_M)
            made[ident] = SceneObject(ident, "item", named, *middle, 0.0, side, item.semantic_id)
    return tuple(made[ident] for ident in sorted(made))


def stuck(world: VoxelWorld) -> Tuple[str, ...]:
    """The players and creatures that are in something solid: nobody, ever."""
    blocks = Blocks(world.chunks, world.low, world.high)
    players = tuple(
        name for name, p in world.players.items() if not fits(blocks, p.x, p.y, p.z, PLAYER_SHAPE)
    )
    return players + tuple(
        f"{mob.kind} {ident}"
        for ident, mob in world.mobs.items()
        if not fits(blocks, mob.x, mob.y, mob.z, shape_of(mob.kind))
    )


def stock(world: VoxelWorld) -> Dict[Block, int]:
    """How many of each kind there are, as blocks, on the ground and in inventories, less what creative hands and
    crafting brought in: the same before and after every step.
    """
    counts: Dict[int, int] = {kind: -count for kind, count in world.made.items()}
    totals = np.zeros(4096, np.int64)
    for chunk in world.chunks.values():
        totals += np.bincount(chunk.states.ravel(), minlength=4096)
    for state in np.flatnonzero(totals[1:]) + 1:
        kind = kind_number(block_of(int(state)))
        counts[kind] = counts.get(kind, 0) + int(totals[state])
    for item in world.items.values():
        kind = kind_number(item.item)
        counts[kind] = counts.get(kind, 0) + item.count
    return {
        Block(kind // MOST_METAS, kind % MOST_METAS): count for kind, count in sorted(counts.items()) if count
    }


def invariant_of(world: VoxelWorld) -> int:
    """The stock as one number, a weighted sum modulo a prime; each body in something solid adds 2^60."""
    total = 0
    for block, count in stock(world).items():
        total += (kind_number(block) * 2_654_435_761 + 1) * count
    return total % _MODULUS + _STUCK * len(stuck(world))
