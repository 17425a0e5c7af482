"""From a scene to its first world; what cannot be is refused with the name of what is wrong."""

from __future__ import annotations

import math
from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Block, FrozenMap, Key
from droidlet_simulators.errors import SceneError
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.grid import FURTHEST, Blocks, Cell, chunks_of, inside
from droidlet_simulators.voxel.looks import state_of
from droidlet_simulators.voxel.physics import Moving, Shape, fits, rest_on
from droidlet_simulators.voxel.scene import VoxelBox, VoxelScene, VoxelShape, VoxelStart
from droidlet_simulators.voxel.table import known, name_of
from droidlet_simulators.voxel.terrain import cells_of_shape, check_bounds, ground_of
from droidlet_simulators.voxel.world import (
    DAY_TICKS,
    MOST_COUNT,
    PLAYER_M,
    VoxelItem,
    VoxelMob,
    VoxelPlayer,
    VoxelStructure,
    VoxelWorld,
    house_yaw,
)

PLAYER_SHAPE = Shape(PLAYER_M[0] / 2, PLAYER_M[1])
_MOST_ID = 1 << 31  # semantic pictures are int32
States = NDArray[np.uint16]


def build_world(scene: VoxelScene, key: Key) -> VoxelWorld:
    """The first world of a scene. Raises SceneError for one that cannot be."""
    check_bounds(scene.low, scene.high)
    _check(scene)
    states = ground_of(scene)
    for box in scene.boxes:
        _fill(states, scene, box)
    structures = {shape.id: _raise(states, scene, shape) for shape in scene.shapes}
    _place_schematics(states, scene)
    chunks = chunks_of(states, scene.low)
    blocks = Blocks(chunks, scene.low, scene.high)
    mobs = {
        mob.id: _mob(blocks, mob.kind, mob.x, mob.y, mob.z, mob.yaw_rad, mob.semantic_id, mob.id)
        for mob in scene.mobs
    }
    items = {
        one.id: VoxelItem(one.item, one.count, one.x + 0.5, float(one.y), one.z + 0.5, None, one.semantic_id)
        for one in scene.items
    }
    players = {start.name: _player(blocks, start) for start in scene.players}
    following = max([0, *structures, *mobs, *items]) + 1
    carried = [(start.name, item, count) for start in scene.players for item, count in start.inventory]
    for number, (holder, item, count) in enumerate(carried):
        at = players[holder]
        items[following + number] = VoxelItem(item, count, at.x, at.y, at.z, holder)
    return VoxelWorld(
        low=scene.low,
        high=scene.high,
        chunks=chunks,
        players=FrozenMap(players),
        mobs=FrozenMap(mobs),
        items=FrozenMap(items),
        structures=FrozenMap(structures),
        made=FrozenMap(),
        changes=(),
        refused=FrozenMap(),
        spoken=(),
        loose=(),
        first_tick=scene.first_tick,
        next_id=following + len(carried),
        step=0,
        now_ns=0,
        key=key,
    )


def _check(scene: VoxelScene) -> None:
    idents = [shape.id for shape in scene.shapes] + [mob.id for mob in scene.mobs]
    idents += [one.id for one in scene.items]
    _check_once("ids", idents)
    _check_once("players", [start.name for start in scene.players])
    for ident in idents:
        if not 1 <= ident < _MOST_ID:
            raise SceneError(f"id is {ident}: ids are 1 to {_MOST_ID - 1}; 0 means nothing")
    if not 0 <= scene.first_tick < DAY_TICKS:
        raise SceneError(f"first_tick is {scene.first_tick}: a day has the ticks 0 to {DAY_TICKS - 1}")
    terrain = scene.terrain
    for name in ("surface", "filling", "floor"):
        check_block(getattr(terrain, name), f"terrain.{name}")
    if not 2 <= terrain.scale <= 4096 or not 0 <= terrain.relief <= 4096 or not 0 <= terrain.trees <= 4096:
        raise SceneError(f"terrain is {terrain}: scale is 2 to 4096, relief and trees are 0 to 4096")
    if not max(abs(terrain.top), abs(terrain.water)) <= FURTHEST:
        raise SceneError(f"terrain is {terrain}: top and water are within {FURTHEST} of 0")
    for shape in scene.shapes:
        check_block(shape.block, f"block of shape {shape.id}")
    for start in scene.players:
        for item, count in start.inventory:
            _check_items(item, count, f"inventory of {start.name}")
    for one in scene.items:
        _check_items(one.item, one.count, f"item {one.id}")
        if not inside((one.x, one.y, one.z), scene.low, scene.high):
            raise SceneError(f"item {one.id} is at {(one.x, one.y, one.z)}: outside the world, {_box(scene)}")


def _check_once(what: str, names: Sequence[object]) -> None:
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise SceneError(f"{what} {', '.join(twice)} occur more than once: each occurs once")


def check_block(block: Block, what: str) -> None:
    """Raises SceneError for what is no block of the table."""
    if block.id > 255 or not known(block.id, block.meta):
        raise SceneError(f"{what} is {block}: no such block; ids are 1 to 255 and metas 0 to 15")


def _check_items(item: Block, count: int, what: str) -> None:
    if not known(item.id, item.meta):
        raise SceneError(f"{what} is {item}: no such block or item")
    if not 1 <= count < MOST_COUNT:
        raise SceneError(f"{what} counts {count}: 1 to {MOST_COUNT - 1}")


def _box(scene: VoxelScene) -> str:
    return f"which goes from {scene.low} to {scene.high}"


def _fill(states: States, scene: VoxelScene, box: VoxelBox) -> None:
    if box.block.id != 0:
        check_block(box.block, "block of a box")
    _check_within(scene, "a box", box.low, box.size)
    states[tuple(slice(a - b, a - b + n) for a, b, n in zip(box.low, scene.low, box.size))] = (
        state_of(box.block) if box.block.id else 0
    )


def _check_within(scene: VoxelScene, what: str, low: Cell, size: Cell) -> None:
    top = [a + b for a, b in zip(low, size)]
    if min(size) < 1 or not all(a <= b and c <= d for a, b, c, d in zip(scene.low, low, top, scene.high)):
        raise SceneError(
            f"{what} goes from {low} over {size}: at least 1 each way, inside the world, {_box(scene)}"
        )


def _raise(states: States, scene: VoxelScene, shape: VoxelShape) -> VoxelStructure:
    """Writes a shape's blocks and keeps its cells."""
    _check_within(scene, f"shape {shape.id}", shape.low, shape.size)
    cells = cells_of_shape(shape.shape, shape.low, shape.size)
    at = cells - np.array(scene.low)
    state = state_of(shape.block)
    states[at[:, 0], at[:, 1], at[:, 2]] = state
    colour = shape.colour or name_of(shape.block.id, shape.block.meta)
    return VoxelStructure(shape.name, colour, state, cells, shape.semantic_id)


def _place_schematics(states: States, scene: VoxelScene) -> None:
    for number, plan in enumerate(scene.schematics):
        for dx, dy, dz, block in plan.blocks:
            if block.id != 0:
                check_block(block, f"a block of schematic {number}")
            cell = (plan.low[0] + dx, plan.low[1] + dy, plan.low[2] + dz)
            if not inside(cell, scene.low, scene.high):
                raise SceneError(
                    f"schematic {number} has a block at {cell}: outside the world, {_box(scene)}"
                )
            x, y, z = (a - b for a, b in zip(cell, scene.low))
            states[x, y, z] = state_of(block) if block.id else 0


def _player(blocks: Blocks, start: VoxelStart) -> VoxelPlayer:
    check_angles(start.yaw_rad, start.pitch_rad, f"player {start.name}")
    at = Moving(start.x + 0.5, float(start.y), start.z + 0.5)
    if not fits(blocks, at.x, at.y, at.z, PLAYER_SHAPE):
        raise SceneError(
            f"player {start.name} starts at {(start.x, start.y, start.z)}: in something solid or outside the world, "
            f"which goes from {blocks.low} to {blocks.high}"
        )
    held = start.inventory[0][0] if start.inventory else None
    return VoxelPlayer(
        at.x,
        at.y,
        at.z,
        house_yaw(start.yaw_rad),
        tilt_rad=start.pitch_rad,
        on_ground=rest_on(at, blocks, PLAYER_SHAPE),
        flying=start.flying and start.creative,
        creative=start.creative,
        held=held,
    )


def check_angles(yaw_rad: float, pitch_rad: float, what: str) -> None:
    """Raises SceneError for a look that cannot be."""
    if not math.isfinite(yaw_rad) or not -math.pi / 2 <= pitch_rad <= math.pi / 2:
        raise SceneError(f"{what} looks along {(yaw_rad, pitch_rad)}: radians, pitch between -pi/2 and pi/2")


def _mob(
    blocks: Blocks, kind: str, x: int, y: int, z: int, yaw_rad: float, semantic_id: Optional[int], ident: int
) -> VoxelMob:
    if kind not in CREATURES:
        raise SceneError(f"mob {ident} is a {kind!r}: known ones are {', '.join(CREATURES)}")
    check_angles(yaw_rad, 0.0, f"mob {ident}")
    at = Moving(x + 0.5, float(y), z + 0.5)
    shape = shape_of(kind)
    if not fits(blocks, at.x, at.y, at.z, shape):
        raise SceneError(f"mob {ident} starts at {(x, y, z)}: in something solid or outside the world")
    return VoxelMob(kind, at.x, at.y, at.z, house_yaw(yaw_rad), 0.0, rest_on(at, blocks, shape), semantic_id)


def shape_of(kind: str) -> Shape:
    """A creature's box."""
    creature = CREATURES[kind]
    return Shape(creature.width_m / 2, creature.height_m)
