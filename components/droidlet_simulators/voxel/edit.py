"""Adding, moving and removing objects: each returns a new world."""

from __future__ import annotations

import math
from typing import Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import yaw_of_quaternion
from droidlet_schema import Block, Pose, SceneObject, evolve
from droidlet_simulators.errors import PlacementError, UnknownObject
from droidlet_simulators.voxel.build import shape_of
from droidlet_simulators.voxel.creatures import CREATURES, ITEM_SIDE_M
from droidlet_simulators.voxel.grid import Blocks, Cell, inside
from droidlet_simulators.voxel.looks import REPLACEABLE, SOLID, block_of
from droidlet_simulators.voxel.materials import item_named, state_named
from droidlet_simulators.voxel.physics import Moving, fits, rest_on
from droidlet_simulators.voxel.terrain import cells_of_shape
from droidlet_simulators.voxel.truth import remaining, things_of
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import (
    VoxelItem,
    VoxelMob,
    VoxelStructure,
    VoxelWorld,
    cell_of,
    to_native,
)

_CLOSE = 1e-6
_MOST_ID = 1 << 31
_ROUND = ("ball", "sphere")
Cells = NDArray[np.int64]


def add_object(world: VoxelWorld, thing: SceneObject) -> VoxelWorld:
    """The world with one more creature, item or thing of blocks. Raises UnknownObject or PlacementError."""
    if not 1 <= thing.id < _MOST_ID:
        raise PlacementError(f"id is {thing.id}: ids are 1 to {_MOST_ID - 1}; 0 means nothing")
    taken = {*world.structures, *world.mobs, *world.items}
    if thing.id in taken:
        raise PlacementError(f"id is {thing.id}: another object has it; {max(taken) + 1} is free")
    ready = evolve(world, next_id=max(world.next_id, thing.id + 1))
    if thing.class_name in CREATURES:
        return _with_mob(ready, thing)
    return _with_item(ready, thing) if thing.class_name == "item" else _with_structure(ready, thing)


def _with_mob(world: VoxelWorld, thing: SceneObject) -> VoxelWorld:
    kind = CREATURES[thing.class_name]
    if thing.colour != kind.colour:
        raise UnknownObject(f"colour is {thing.colour!r}: a {thing.class_name} is {kind.colour}")
    _check_size(thing, (kind.width_m, kind.width_m, kind.height_m))
    x, y, z = to_native(thing.x_m, thing.y_m, thing.z_m - kind.height_m / 2)
    mob = VoxelMob(thing.class_name, x, y, z, thing.yaw_rad, semantic_id=thing.semantic_id)
    return evolve(world, mobs=world.mobs.set(thing.id, _standing(world, thing.id, mob)))


def _standing(world: VoxelWorld, ident: int, mob: VoxelMob) -> VoxelMob:
    blocks, shape = Blocks(world.chunks, world.low, world.high), shape_of(mob.kind)
    if not fits(blocks, mob.x, mob.y, mob.z, shape):
        place = (mob.x, mob.y, mob.z)
        raise PlacementError(
            f"{mob.kind} {ident} at native {place} would stand in a block or outside the world"
        )
    at = Moving(mob.x, mob.y, mob.z)
    return evolve(mob, on_ground=rest_on(at, blocks, shape), rise_m_s=0.0)


def _check_size(thing: SceneObject, size_m: Tuple[float, float, float]) -> None:
    if max(abs(a - b) for a, b in zip(thing.size_m, size_m)) > _CLOSE:
        raise PlacementError(f"size_m of {thing.class_name} {thing.id} is {thing.size_m}: it is {size_m}")


def _with_item(world: VoxelWorld, thing: SceneObject) -> VoxelWorld:
    _check_size(thing, (ITEM_SIDE_M, ITEM_SIDE_M, ITEM_SIDE_M))
    x, y, z = to_native(thing.x_m, thing.y_m, thing.z_m - ITEM_SIDE_M / 2)
    item = VoxelItem(item_named(thing.colour), 1, x, y, z, None, thing.semantic_id)
    _check_upright(thing, thing.yaw_rad)
    return evolve(
        _brought(world, item.item, 1), items=world.items.set(thing.id, _lying(world, thing.id, item))
    )


def _lying(world: VoxelWorld, ident: int, item: VoxelItem) -> VoxelItem:
    cell = cell_of(item.x, item.y + _CLOSE, item.z)
    if SOLID[Blocks(world.chunks, world.low, world.high).get(*cell)]:
        raise PlacementError(f"item {ident} at native {cell} would lie in a block or outside the world")
    return item


def _with_structure(world: VoxelWorld, thing: SceneObject) -> VoxelWorld:
    low, size = _box_of(thing)
    shape = "sphere" if thing.class_name in _ROUND else "box"
    if not (inside(low, world.low, world.high) and all(a + b <= c for a, b, c in zip(low, size, world.high))):
        raise PlacementError(
            f"{thing.class_name} {thing.id} goes from native {low} over {size}: outside the world, which goes from "
            f"{world.low} to {world.high}"
        )
    cells = cells_of_shape(shape, low, size)
    structure = VoxelStructure(
        thing.class_name, thing.colour, state_named(thing.colour), cells, thing.semantic_id
    )
    built = _built(world, thing.id, structure, cells.astype(np.int64))
    return evolve(built, structures=world.structures.set(thing.id, structure))


def _box_of(thing: SceneObject) -> Tuple[Cell, Cell]:
    """The cells of a thing of blocks: its lowest, and how many each way. Raises PlacementError off the grid."""
    _check_upright(thing, thing.yaw_rad)
    x, y, z = to_native(thing.x_m, thing.y_m, thing.z_m)
    size = (thing.size_m[0], thing.size_m[2], thing.size_m[1])
    low = (x - size[0] / 2, y - size[1] / 2, z - size[2] / 2)
    if max(abs(v - round(v)) for v in (*low, *size)) > _CLOSE or min(size) < 0.5:
        nearest = [round(v) + round(max(s, 1.0)) / 2 for v, s in zip(low, size)]
        raise PlacementError(
            f"{thing.class_name} {thing.id} spans {size} blocks from {low}, native: things of blocks fill whole "
            f"ones; the nearest middle is {nearest}"
        )
    return (round(low[0]), round(low[1]), round(low[2])), (round(size[0]), round(size[1]), round(size[2]))


def _check_upright(thing: SceneObject, yaw_rad: float) -> None:
    if abs(math.remainder(yaw_rad, 2 * math.pi)) > _CLOSE:
        raise PlacementError(
            f"yaw_rad of {thing.class_name} {thing.id} is {yaw_rad}: blocks do not turn, so 0"
        )


def _built(world: VoxelWorld, ident: int, structure: VoxelStructure, cells: Cells) -> VoxelWorld:
    """The world with a structure's blocks. Raises PlacementError where something is in the way."""
    turn = VoxelTurn(world)
    for x, y, z in cells.tolist():
        before = turn.blocks.get(x, y, z)
        if not REPLACEABLE[before]:
            raise PlacementError(f"object {ident} would stand in {block_of(before)} at native {(x, y, z)}")
        who = turn.in_body((x, y, z))
        if who:
            raise PlacementError(f"object {ident} would stand in {who} at native {(x, y, z)}")
        if before:
            turn.make(block_of(before), -1)
        turn.blocks.put((x, y, z), structure.state, None)
    turn.make(block_of(structure.state), len(cells))
    return _edited(world, turn)


def _edited(world: VoxelWorld, turn: VoxelTurn) -> VoxelWorld:
    frozen = turn.freeze(0)
    return evolve(world, chunks=frozen.chunks, made=frozen.made)


def _brought(world: VoxelWorld, item: Block, count: int) -> VoxelWorld:
    turn = VoxelTurn(world)
    turn.make(item, count)
    return evolve(world, made=turn.freeze(0).made)


def move_object(world: VoxelWorld, ident: int, pose: Pose) -> VoxelWorld:
    """The world with one object elsewhere, upright; blocks by whole blocks. Raises UnknownObject, PlacementError."""
    thing = find(world, ident)
    if abs(pose.qx) > _CLOSE or abs(pose.qy) > _CLOSE:
        raise PlacementError(f"pose is {pose}: things stand upright here, so qx and qy must be 0")
    yaw = float(yaw_of_quaternion([pose.qw, pose.qx, pose.qy, pose.qz]))
    moved = evolve(thing, x_m=pose.x_m, y_m=pose.y_m, z_m=pose.z_m, yaw_rad=yaw)
    if ident in world.mobs:
        kind = CREATURES[thing.class_name]
        x, y, z = to_native(pose.x_m, pose.y_m, pose.z_m - kind.height_m / 2)
        mob = evolve(world.mobs[ident], x=x, y=y, z=z, yaw_rad=yaw)
        return evolve(world, mobs=world.mobs.set(ident, _standing(world, ident, mob)))
    if ident in world.items:
        _check_upright(thing, yaw)
        x, y, z = to_native(pose.x_m, pose.y_m, pose.z_m - ITEM_SIDE_M / 2)
        item = evolve(world.items[ident], x=x, y=y, z=z)
        return evolve(world, items=world.items.set(ident, _lying(world, ident, item)))
    return _structure_moved(world, ident, thing, moved)


def _structure_moved(world: VoxelWorld, ident: int, thing: SceneObject, moved: SceneObject) -> VoxelWorld:
    """What is left of the structure, so many blocks on."""
    (old, size), (new, _) = _box_of(thing), _box_of(moved)
    by = np.array(new, np.int64) - np.array(old, np.int64)
    structure = world.structures[ident]
    cells = remaining(world, structure) + by
    if not (inside(new, world.low, world.high) and all(a + b <= c for a, b, c in zip(new, size, world.high))):
        raise PlacementError(f"object {ident} would go from native {new} over {size}: outside the world")
    lifted = evolve(structure, cells=cells.astype(np.int32))
    built = _built(remove_object(world, ident), ident, lifted, cells)
    return evolve(built, structures=world.structures.set(ident, lifted))


def remove_object(world: VoxelWorld, ident: int) -> VoxelWorld:
    """The world without one object. Raises UnknownObject."""
    find(world, ident)
    if ident in world.mobs:
        return evolve(world, mobs=world.mobs.without(ident))
    if ident in world.items:
        item = world.items[ident]
        return evolve(_brought(world, item.item, -item.count), items=world.items.without(ident))
    turn, structure = VoxelTurn(world), world.structures[ident]
    cells = remaining(world, structure)
    for x, y, z in cells.tolist():
        turn.blocks.put((x, y, z), 0, None)
    turn.make(block_of(structure.state), -len(cells))
    return evolve(_edited(world, turn), structures=world.structures.without(ident))


def find(world: VoxelWorld, ident: int) -> SceneObject:
    """An object by id. Raises UnknownObject."""
    things = things_of(world)
    for thing in things:
        if thing.id == ident:
            return thing
    raise UnknownObject(f"id is {ident!r}: no such object; there are {', '.join(str(t.id) for t in things)}")
