"""A common scene as blocks of one metre: as far as that goes, and a sentence for each thing that it does not carry."""

from __future__ import annotations

import math
from typing import List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Block, Pose2, SceneObject
from droidlet_simulators.errors import SceneError, SimulatorError
from droidlet_simulators.scene import Scene, Wall
from droidlet_simulators.voxel.build import PLAYER_SHAPE
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.grid import Cell
from droidlet_simulators.voxel.looks import block_of
from droidlet_simulators.voxel.materials import state_named
from droidlet_simulators.voxel.scene import (
    AIR,
    Terrain,
    VoxelBox,
    VoxelMobStart,
    VoxelScene,
    VoxelShape,
    VoxelStart,
)
from droidlet_simulators.voxel.world import native_yaw

FLOOR, WALL = Block(5), Block(155)
_LEAST_M = 0.35
_STILL_M = 1e-6
_DOOR = 2  # blocks high
_MOST_M = 256.0
_LEFT_OUT = (("looks", "light and patterns"), ("leaves", "doors and lids that open"))
Boxes = List[Tuple[Cell, Cell]]  # low and size


def raster(scene: Scene, agents: Sequence[str]) -> Tuple[VoxelScene, Tuple[str, ...]]:
    """The scene in blocks, and what of it is not in them. Raises SceneError for a scene that cannot be."""
    _check(scene, agents)
    size = _size(scene)
    low, high = (-1, -1, -size[1] - 1), (size[0] + 1, size[2] + 1, 1)
    starts = [scene.start if i == 0 else scene.starts[name] for i, name in enumerate(agents)]
    players = tuple(_start(name, at, scene) for name, at in zip(agents, starts))
    kept = [((p.x, 0, p.z), (1, math.ceil(PLAYER_SHAPE.height), 1)) for p in players] + _doors(scene)
    missing: List[str] = []
    if any(abs(length - whole) > 1e-9 for length, whole in zip(scene.size_m, size)):
        missing.append(f"the flat measures {scene.size_m} m: it is made {size} blocks large")
    walls = [_wall(wall) for wall in scene.walls]
    missing += [_wall_sentence(number, wall) for number, wall in enumerate(scene.walls)]
    inner = _clipped(walls, size)
    boxes = (
        _house(low, high) + [VoxelBox(WALL, *box) for box in inner] + [VoxelBox(AIR, *box) for box in kept]
    )
    taken = np.zeros([b - a for a, b in zip(low, high)], bool)
    for box in boxes:
        taken[_slices(box.low, box.size, low)] = box.block.id != 0
    shapes = _shapes(scene, kept, taken, low, high, missing)
    mobs = _people(scene, taken, low, missing)
    missing += [
        f"{name} of the scene ({what}) are left out" for name, what in _LEFT_OUT if _says(scene, name)
    ]
    missing += [_start_sentence(p, at) for p, at in zip(players, starts) if _moved_m(p, at) > _STILL_M]
    blocks = VoxelScene(low, high, players, Terrain("none"), tuple(boxes), shapes, mobs=mobs)
    return blocks, tuple(missing)


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
    for thing in (*scene.objects, *(walker.body for walker in scene.people)):
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


def _size(scene: Scene) -> Tuple[int, int, int]:
    """The flat in whole blocks, along the house's x, y, z."""
    x, y, z = (math.ceil(length - 1e-9) for length in scene.size_m)
    return x, y, z


def _start(name: str, at: Pose2, scene: Scene) -> VoxelStart:
    """The middle of the cell in which the start lies."""
    if not all(map(math.isfinite, (at.x_m, at.y_m, at.yaw_rad))):
        raise SceneError(f"the start of {name} is {at}: finite numbers")
    if not (0 <= at.x_m <= scene.size_m[0] and 0 <= at.y_m <= scene.size_m[1]):
        raise SceneError(f"the start of {name} is {at}: outside the flat, which measures {scene.size_m} m")
    x, z = _column(at.x_m, at.y_m, scene)
    return VoxelStart(name, x, 0, z, native_yaw(at.yaw_rad))


def _moved_m(start: VoxelStart, at: Pose2) -> float:
    """How far the middle of a start's block is from the start."""
    return math.hypot(start.x + 0.5 - at.x_m, -(start.z + 0.5) - at.y_m)


def _start_sentence(start: VoxelStart, at: Pose2) -> str:
    moved = f"{_moved_m(start, at):.2f} m from ({at.x_m}, {at.y_m})"
    return f"{start.name} begins in the middle of a block, {moved}"


def _column(x_m: float, y_m: float, scene: Scene) -> Tuple[int, int]:
    """Native x and z of the cell of a point of the floor; points beside the floor count as its rim."""
    size = _size(scene)
    return max(0, min(math.floor(x_m), size[0] - 1)), min(-1, max(math.floor(-y_m), -size[1]))


def _doors(scene: Scene) -> Boxes:
    """The cells in the middle of each doorway: they stay open."""
    columns = [_column(door.x_m, door.y_m, scene) for door in scene.doorways]
    return [((x, 0, z), (1, min(_DOOR, _size(scene)[2]), 1)) for x, z in columns]


def _house(low: Cell, high: Cell) -> List[VoxelBox]:
    """The floor, and around and above what is between them the outer walls and the ceiling."""
    x, y, z = (b - a for a, b in zip(low, high))
    return [
        VoxelBox(WALL, low, (x, y, z)),
        VoxelBox(FLOOR, low, (x, 1, z)),
        VoxelBox(AIR, (low[0] + 1, 0, low[2] + 1), (x - 2, y - 2, z - 2)),
    ]


def _span(low_m: float, high_m: float) -> Tuple[int, int]:
    """The first of the blocks whose middle is in a stretch and how many; or the one with the stretch's middle."""
    first, beyond = math.ceil(low_m - 0.5), math.ceil(high_m - 0.5)
    return (first, beyond - first) if beyond > first else (math.floor((low_m + high_m) / 2), 1)


def _box(x: Tuple[float, float], y: Tuple[float, float], z: Tuple[float, float]) -> Tuple[Cell, Cell]:
    """The blocks of a box in native metres."""
    spans = (_span(*x), _span(*y), _span(*z))
    return (spans[0][0], spans[1][0], spans[2][0]), (spans[0][1], spans[1][1], spans[2][1])


def _wall(wall: Wall) -> Tuple[Cell, Cell]:
    return _box((wall.x0_m, wall.x1_m), (wall.z0_m, wall.z1_m), (-wall.y1_m, -wall.y0_m))


def _clipped(boxes: Boxes, size: Tuple[int, int, int]) -> Boxes:
    """What of boxes is in the flat."""
    made: Boxes = []
    for low, many in boxes:
        first = [max(a, b) for a, b in zip(low, (0, 0, -size[1]))]
        last = [min(a + n, b) for a, n, b in zip(low, many, (size[0], size[2], 0))]
        if all(a < b for a, b in zip(first, last)):
            x, y, z = (b - a for a, b in zip(first, last))
            made.append(((first[0], first[1], first[2]), (x, y, z)))
    return made


def _wall_sentence(number: int, wall: Wall) -> str:
    thick = min(wall.x1_m - wall.x0_m, wall.y1_m - wall.y0_m)
    return f"wall {number} is {thick:.2f} m thick: it is made of whole blocks, open at doors and starts"


def _slices(low: Cell, size: Cell, origin: Cell) -> Tuple[slice, ...]:
    return tuple(slice(a - b, a - b + n) for a, n, b in zip(low, size, origin))


def _shapes(
    scene: Scene, kept: Boxes, taken: NDArray[np.bool_], low: Cell, high: Cell, missing: List[str]
) -> Tuple[VoxelShape, ...]:
    """A box of blocks for each object that is large enough and has room; they are noted as taken."""
    made: List[VoxelShape] = []
    barred = np.zeros_like(taken)
    for box in kept:
        barred[_slices(*box, low)] = True
    for thing in scene.objects:
        said = f"object {thing.id} ({thing.class_name})"
        if min(thing.size_m[:2]) < _LEAST_M / 2 or max(thing.size_m) < _LEAST_M:
            missing.append(f"{said} is left out: {thing.size_m} m is too small for a block")
            continue
        shape = _shape(thing)
        inside = all(a < b and b + n < c for a, b, n, c in zip(low, shape.low, shape.size, high))
        at = _slices(shape.low, shape.size, low)
        if not inside or taken[at].any() or barred[at].any():
            missing.append(f"{said} is left out: there is no room for its blocks")
            continue
        taken[at] = True
        made.append(shape)
        missing.append(f"{said} is a box of {shape.size} blocks; its own form is lost")
    return tuple(made)


def _shape(thing: SceneObject) -> VoxelShape:
    c, s = abs(math.cos(thing.yaw_rad)), abs(math.sin(thing.yaw_rad))
    x, y, z = thing.size_m
    wide, deep = (c * x + s * y) / 2, (s * x + c * y) / 2
    where, many = _box(
        (thing.x_m - wide, thing.x_m + wide),
        (thing.z_m - z / 2, thing.z_m + z / 2),
        (-thing.y_m - deep, -thing.y_m + deep),
    )
    block = block_of(state_named(thing.colour))
    return VoxelShape(thing.id, "box", block, where, many, thing.class_name, thing.colour, thing.semantic_id)


def _people(
    scene: Scene, taken: NDArray[np.bool_], low: Cell, missing: List[str]
) -> Tuple[VoxelMobStart, ...]:
    """A villager for each person."""
    made: List[VoxelMobStart] = []
    for walker in scene.people:
        body = walker.body
        x, z = _column(body.x_m, body.y_m, scene)
        tall = math.ceil(CREATURES["villager"].height_m)
        if taken[_slices((x, 0, z), (1, tall, 1), low)].any():
            missing.append(f"person {body.id} is left out: a block is where it stands")
            continue
        made.append(VoxelMobStart(body.id, "villager", x, 0, z, native_yaw(body.yaw_rad), body.semantic_id))
        lost = " and makes no gestures" if walker.gestures else ""
        missing.append(f"person {body.id} is a villager, who walks about instead of along the route{lost}")
    return tuple(made)


def _says(scene: Scene, name: str) -> bool:
    """Whether a scene says something about what blocks do not show."""
    return bool(getattr(scene, name) != type(getattr(scene, name))())
