"""A common scene as blocks of one metre: as far as that goes, and a sentence for each thing that it does not carry."""

from __future__ import annotations

import math
from typing import Dict, List, Sequence, Set, Tuple

import numpy as np

from droidlet_schema import Block, Pose2, SceneObject
from droidlet_simulators.errors import SceneError, SimulatorError
from droidlet_simulators.scene import Scene, Wall
from droidlet_simulators.voxel.build import PLAYER_SHAPE
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.grid import Cell
from droidlet_simulators.voxel.looks import block_of
from droidlet_simulators.voxel.materials import state_named
from droidlet_simulators.voxel.scene import Terrain, VoxelMobStart, VoxelScene, VoxelShape, VoxelStart
from droidlet_simulators.voxel.scene import VoxelSchematic as Schematic
from droidlet_simulators.voxel.world import native_yaw

FLOOR, WALL = Block(5), Block(155)
_LEAST_M = 0.35
_DOOR = 2  # blocks high
_MOST_M = 1024.0


def raster(scene: Scene, agents: Sequence[str]) -> Tuple[VoxelScene, Tuple[str, ...]]:
    """The scene in blocks, and what of it is not in them. Raises SceneError for a scene that cannot be."""
    _check(scene, agents)
    size = [math.ceil(length - 1e-9) for length in scene.size_m]
    low, high = (-1, -1, -size[1] - 1), (size[0] + 1, size[2] + 1, 1)
    starts = {name: scene.start if i == 0 else scene.starts[name] for i, name in enumerate(agents)}
    players = tuple(_start(name, at, scene) for name, at in starts.items())
    kept = {cell for player in players for cell in _body_cells(player)} | _door_cells(scene)
    missing: List[str] = []
    if any(abs(length - whole) > 1e-9 for length, whole in zip(scene.size_m, size)):
        missing.append(f"the flat measures {scene.size_m} m: it is made {tuple(size)} blocks large")
    taken: Dict[Cell, Block] = dict.fromkeys(_cells((low[0], -1, low[2]), (high[0], 0, high[2])), FLOOR)
    taken.update(dict.fromkeys(_shell(low, high), WALL))
    for number, wall in enumerate(scene.walls):
        made = [cell for cell in _wall_cells(wall) if cell not in kept and _within(cell, low, high)]
        taken.update(dict.fromkeys(made, WALL))
        missing.append(_wall_sentence(number, wall, bool(made)))
    shapes = _shapes(scene, kept, taken, low, high, missing)
    mobs = _people(scene, taken, {cell for shape in shapes for cell in _filled(shape)}, missing)
    plan = Schematic((0, 0, 0), tuple((*cell, block) for cell, block in sorted(taken.items())))
    blocks = VoxelScene(low, high, players, Terrain("none"), tuple(shapes), (plan,), tuple(mobs))
    return blocks, tuple(missing) + _unheard(scene)


def _check(scene: Scene, agents: Sequence[str]) -> None:
    if not all(math.isfinite(s) and 1.0 <= s <= _MOST_M for s in scene.size_m):
        raise SceneError(f"size_m is {scene.size_m}: 1 to {_MOST_M} m each way")
    lacking = [name for name in agents[1:] if name not in scene.starts]
    if lacking:
        raise SceneError(
            f"starts lacks {', '.join(lacking)}: each agent after the first needs a start of its own"
        )
    for wall in scene.walls:
        bounds = (wall.x0_m, wall.y0_m, wall.z0_m, wall.x1_m, wall.y1_m, wall.z1_m)
        if not all(math.isfinite(v) and abs(v) <= 2 * _MOST_M for v in bounds):
            raise SceneError(f"walls has {wall}: finite numbers, inside the flat")
        if not all(a < b for a, b in zip(bounds[:3], bounds[3:])):
            raise SceneError(f"walls has {wall}: the lower corner comes first")
    for door in scene.doorways:
        if not all(map(math.isfinite, (door.x_m, door.y_m, door.yaw_rad, door.width_m))):
            raise SceneError(f"doorways has {door}: finite numbers")
    things = (*scene.objects, *(walker.body for walker in scene.people))
    for thing in things:
        _check_thing(thing, scene)


def _check_thing(thing: SceneObject, scene: Scene) -> None:
    numbers = (thing.x_m, thing.y_m, thing.z_m, thing.yaw_rad, *thing.size_m)
    if not all(map(math.isfinite, numbers)) or min(thing.size_m) <= 0 or max(thing.size_m) > _MOST_M:
        raise SceneError(f"object {thing.id} has place and size {numbers}: finite, sizes above 0")
    if not all(0 <= at <= s for at, s in zip((thing.x_m, thing.y_m, thing.z_m), scene.size_m)):
        raise SceneError(f"object {thing.id} is at {(thing.x_m, thing.y_m, thing.z_m)}: outside the flat")
    try:
        state_named(thing.colour)
    except SimulatorError as error:
        raise SceneError(f"object {thing.id}: {error}") from error


def _start(name: str, at: Pose2, scene: Scene) -> VoxelStart:
    """The middle of the cell in which the start lies."""
    if not all(map(math.isfinite, (at.x_m, at.y_m, at.yaw_rad))):
        raise SceneError(f"the start of {name} is {at}: finite numbers")
    if not (0 <= at.x_m <= scene.size_m[0] and 0 <= at.y_m <= scene.size_m[1]):
        raise SceneError(f"the start of {name} is {at}: outside the flat, which measures {scene.size_m} m")
    x, z = _column(at.x_m, at.y_m, scene)
    return VoxelStart(name, x, 0, z, native_yaw(at.yaw_rad))


def _column(x_m: float, y_m: float, scene: Scene) -> Tuple[int, int]:
    size = [math.ceil(length - 1e-9) for length in scene.size_m]
    return min(math.floor(x_m), size[0] - 1), max(math.floor(-y_m), -size[1])


def _body_cells(start: VoxelStart) -> List[Cell]:
    return [(start.x, y, start.z) for y in range(math.ceil(PLAYER_SHAPE.height))]


def _door_cells(scene: Scene) -> Set[Cell]:
    """The cells in the middle of each doorway: they stay open."""
    return {
        (*_column(d.x_m, d.y_m, scene)[:1], y, _column(d.x_m, d.y_m, scene)[1])
        for d in scene.doorways
        for y in range(_DOOR)
    }


def _cells(low: Cell, high: Cell) -> List[Cell]:
    return [
        (x, y, z)
        for x in range(low[0], high[0])
        for y in range(low[1], high[1])
        for z in range(low[2], high[2])
    ]


def _within(cell: Cell, low: Cell, high: Cell) -> bool:
    return all(a < c < b - 1 for a, c, b in zip(low, cell, high))


def _shell(low: Cell, high: Cell) -> List[Cell]:
    """The outer walls and the ceiling."""
    return [
        cell
        for cell in _cells((low[0], 0, low[2]), high)
        if cell[0] in (low[0], high[0] - 1) or cell[2] in (low[2], high[2] - 1) or cell[1] == high[1] - 1
    ]


def _span(low_m: float, high_m: float) -> range:
    """The blocks of a stretch: those whose middle is in it, or the one with its middle."""
    first, last = math.ceil(low_m - 0.5), math.ceil(high_m - 0.5)
    return (
        range(first, last)
        if last > first
        else range(math.floor((low_m + high_m) / 2), math.floor((low_m + high_m) / 2) + 1)
    )


def _wall_cells(wall: Wall) -> List[Cell]:
    return [
        (x, y, z)
        for x in _span(wall.x0_m, wall.x1_m)
        for y in _span(wall.z0_m, wall.z1_m)
        for z in _span(-wall.y1_m, -wall.y0_m)
    ]


def _wall_sentence(number: int, wall: Wall, made: bool) -> str:
    thick = min(wall.x1_m - wall.x0_m, wall.y1_m - wall.y0_m)
    what = "is made of whole blocks" if made else "is left out, for doors and starts are where it would stand"
    return f"wall {number} is {thick:.2f} m thick: it {what}"


def _shapes(
    scene: Scene, kept: Set[Cell], taken: Dict[Cell, Block], low: Cell, high: Cell, missing: List[str]
) -> List[VoxelShape]:
    """A box of blocks for each object that is large enough and has room."""
    made: List[VoxelShape] = []
    used = set(taken) | kept
    for thing in scene.objects:
        said = f"object {thing.id} ({thing.class_name})"
        if min(thing.size_m[:2]) < _LEAST_M / 2 or max(thing.size_m) < _LEAST_M:
            missing.append(f"{said} is left out: {thing.size_m} m is too small for a block")
            continue
        shape = _shape(thing)
        cells = set(_filled(shape))
        if cells & used or not all(_within(cell, low, high) for cell in cells):
            missing.append(f"{said} is left out: there is no room for its blocks")
            continue
        used |= cells
        made.append(shape)
        missing.append(f"{said} is a box of {shape.size} blocks; its own form is lost")
    return made


def _shape(thing: SceneObject) -> VoxelShape:
    c, s = abs(math.cos(thing.yaw_rad)), abs(math.sin(thing.yaw_rad))
    x, y, z = thing.size_m
    wide, deep = c * x + s * y, s * x + c * y
    spans = (
        _span(thing.x_m - wide / 2, thing.x_m + wide / 2),
        _span(thing.z_m - z / 2, thing.z_m + z / 2),
        _span(-thing.y_m - deep / 2, -thing.y_m + deep / 2),
    )
    low, size = tuple(span[0] for span in spans), tuple(len(span) for span in spans)
    block = block_of(state_named(thing.colour))
    where, many = (low[0], low[1], low[2]), (size[0], size[1], size[2])
    return VoxelShape(thing.id, "box", block, where, many, thing.class_name, thing.colour, thing.semantic_id)


def _filled(shape: VoxelShape) -> List[Cell]:
    return [tuple(cell) for cell in (np.indices(shape.size).reshape(3, -1).T + np.array(shape.low)).tolist()]


def _people(
    scene: Scene, taken: Dict[Cell, Block], filled: Set[Cell], missing: List[str]
) -> List[VoxelMobStart]:
    """A villager for each person."""
    made: List[VoxelMobStart] = []
    for walker in scene.people:
        body = walker.body
        x, z = _column(body.x_m, body.y_m, scene)
        room = math.ceil(CREATURES["villager"].height_m)
        if any((x, y, z) in taken or (x, y, z) in filled for y in range(room)):
            missing.append(f"person {body.id} is left out: a block is where it stands")
            continue
        made.append(VoxelMobStart(body.id, "villager", x, 0, z, native_yaw(body.yaw_rad), body.semantic_id))
        missing.append(f"person {body.id} is a villager, who walks about instead of along the route")
    return made


def _unheard(scene: Scene) -> Tuple[str, ...]:
    """What else a scene may say that blocks do not show."""
    return tuple(
        f"{name} of the scene is left out: blocks have none"
        for name, plain in (("looks", type(scene.looks)()), ("leaves", ()))
        if getattr(scene, name, plain) != plain
    )
