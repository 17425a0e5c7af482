"""What pinhole cameras see, by inverse depth; what does not touch pixels is done for all pictures at once."""

from __future__ import annotations

from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from droidlet_simulators.room import curved
from droidlet_simulators.room.camera import Camera, Cameras, Lens
from droidlet_simulators.room.draw import (
    LEVELS,
    Boxes,
    Canvas,
    Light,
    Lights,
    Planes,
    affine,
    box_faces,
    box_planes,
    draw_box,
    face_planes,
    lights_of,
)
from droidlet_simulators.room.draw_curved import draw_cylinder, draw_rod, draw_sphere, lit_in
from droidlet_simulators.room.primitives import BOX, CYLINDER, ROD, SPHERE, Primitives, Shell, join
from droidlet_simulators.room.small_boxes import SmallBoxes, draw_small_box, small_boxes
from droidlet_simulators.room.surfaces import NORMALS, surface_table
from droidlet_simulators.room.view import View, in_sight, look

_HIDDEN_WORTH = 64  # pixels from which asking "is all of it hidden" costs less than drawing
_INSIDE_M = 1e-6  # a wall of the shell is seen from at least so far inside
_LEVEL = np.eye(3)
_FACES = np.arange(6)
_AXES, _SIDES = _FACES // 2, _FACES % 2


class Scene(NamedTuple):
    """What one camera looks at."""

    prims: Primitives
    camera: Camera
    shell: Optional[Shell]
    light: Light
    back: Optional[Primitives] = None  # further primitives, before the others


class Drawn(NamedTuple):
    """One picture before it has colours."""

    depth: np.ndarray  # (H, W) float32, 0 = nothing
    surface: np.ndarray  # (H, W) int32
    prims: Primitives  # those in sight
    starts: List[int]  # their first surface numbers
    colours: np.ndarray  # (S, 3) uint8, by surface number
    idents: np.ndarray  # (S,) int32


class _Bodies(NamedTuple):
    """Everything in sight of any camera, ready to be drawn."""

    boxes: Boxes
    small: SmallBoxes
    balls: curved.Curved
    tubes: curved.Curved
    caps: Planes
    rods: curved.Rods
    ends: Planes
    shared: curved.Shared
    walls: Tuple[np.ndarray, np.ndarray]  # of the shell: rows (M, W) and columns (M, H, 1)


def draw_scenes(lens: Lens, scenes: Sequence[Scene]) -> Iterator[Drawn]:
    """The scenes as seen through one pinhole; the surfaces of one are written over by the next."""
    cameras = Cameras(
        np.array([scene.camera.position_m for scene in scenes], np.float64),
        np.array([scene.camera.rotation for scene in scenes], np.float64),
    )
    lights = lights_of([scene.light for scene in scenes])
    view, gap = _look(lens, scenes, cameras)
    things = np.flatnonzero(view.layer == 1)
    prims, owner = view.prims.take(things), view.which[things]
    table = surface_table(prims, owner, [scene.shell for scene in scenes], lights)
    starts = np.zeros(len(view.layer), np.int64)
    starts[things] = table.starts
    bodies = _bodies(view, gap, starts, lens, cameras, lights)
    counts, shape = [0] * 5, (lens.height, lens.width)
    canvas = Canvas(np.empty(shape, np.float32), np.empty(shape, np.int32))
    darkest = ((LEVELS - 1) * lights.ambient + 0.5).tolist()
    ends = np.searchsorted(view.which, np.arange(len(scenes) + 1)).tolist()
    kept = np.searchsorted(owner, np.arange(len(scenes) + 1)).tolist()
    for picture in range(len(scenes)):
        rows = slice(ends[picture], ends[picture + 1])
        _draw(canvas, view, rows, starts, bodies, counts, darkest[picture], picture)
        depth = 1.0 / canvas.w
        np.copyto(depth, np.float32(0), where=canvas.surface == 0)
        mine, part = slice(kept[picture], kept[picture + 1]), slice(*table.begins[picture : picture + 2])
        seen = Primitives(*(column[mine] for column in prims))
        first = table.starts[mine].tolist()
        yield Drawn(depth, canvas.surface, seen, first, table.colours[part], table.idents[part])


def _look(lens: Lens, scenes: Sequence[Scene], cameras: Cameras) -> Tuple[View, np.ndarray]:
    """What is in sight: in layer 0 walls of the shell, in layer 1 things; and how far inside all walls are, (P, 6)."""
    faces, front, gap = _faces(scenes, cameras)
    backs, behind = _backs(lens, scenes, cameras)
    sizes = [len(scene.prims.kind) for scene in scenes]
    table = join([faces, *backs, *(scene.prims for scene in scenes)])
    which = np.concatenate([front, *behind, np.repeat(np.arange(len(scenes)), sizes)])
    layer = np.ones(len(which), np.int64)
    layer[: len(faces.kind)] = 0
    return look(table, which, layer, lens, cameras), gap


def _backs(
    lens: Lens, scenes: Sequence[Scene], cameras: Cameras
) -> Tuple[List[Primitives], List[np.ndarray]]:
    """What scenes have in common: of each backdrop what is near the sight of a camera, and of which."""
    sharing: List[Tuple[Primitives, List[int]]] = []
    for number, scene in enumerate(scenes):
        if scene.back is not None:
            mine = next((numbers for back, numbers in sharing if back is scene.back), None)
            if mine is None:
                sharing.append((scene.back, [number]))
            else:
                mine.append(number)
    tables, owners = [], []
    for back, numbers in sharing:
        who = np.array(numbers)
        if len(who) == 1:  # nothing is shared: `look` asks anyway
            tables.append(back)
            owners.append(np.repeat(who, len(back.kind)))
            continue
        own, row = in_sight(back, lens, Cameras(*(column[who] for column in cameras)))
        tables.append(back.take(row))
        owners.append(who[own])
    return tables, owners


def _faces(scenes: Sequence[Scene], cameras: Cameras) -> Tuple[Primitives, np.ndarray, np.ndarray]:
    """The walls, floors and ceilings that cameras are in front of, as flat boxes; `ident` is the face's number."""
    corners = np.zeros((len(scenes), 2, 3))
    walled = np.zeros((len(scenes), 1), bool)
    for picture, scene in enumerate(scenes):
        if scene.shell is not None:
            corners[picture], walled[picture] = (scene.shell.low_m, scene.shell.high_m), True
    middle, half = (corners[:, 0] + corners[:, 1]) / 2, (corners[:, 1] - corners[:, 0]) / 2
    sides, thick = np.repeat(middle[:, None], 6, axis=1), np.repeat(half[:, None], 6, axis=1)
    sides[:, _FACES, _AXES] = corners[:, _SIDES, _AXES]
    thick[:, _FACES, _AXES] = 0.0
    gap = ((sides - cameras.position_m[:, None]) * NORMALS).sum(axis=2)
    which, face = np.nonzero((gap > _INSIDE_M) & walled)
    count = len(face)
    axes = np.broadcast_to(_LEVEL, (count, 3, 3))
    nought = np.zeros(count, np.int64)
    table = Primitives(
        np.full(count, BOX), sides[which, face], thick[which, face], axes, np.zeros((count, 3)), face, nought
    )
    return table, which, gap


def _bodies(
    view: View, gap: np.ndarray, starts: np.ndarray, lens: Lens, cameras: Cameras, lights: Lights
) -> _Bodies:
    kind = np.where(view.layer == 1, view.prims.kind, -1)
    box, ball, tube, rod = (np.flatnonzero(kind == k) for k in (BOX, SPHERE, CYLINDER, ROD))
    wall = np.flatnonzero(view.layer == 0)
    face, seen_by = view.prims.ident[wall], view.which[wall]
    slope = NORMALS[face] / gap[seen_by, face][:, None]
    r = cameras.rotation[seen_by]
    slope = slope[:, 0, None] * r[:, 0] + slope[:, 1, None] * r[:, 1] + slope[:, 2, None] * r[:, 2]
    faces = box_faces(view, box)
    small = small_boxes(faces, view.rect[box], starts[box], lens)
    return _Bodies(
        box_planes(faces, np.flatnonzero(small.row < 0), lens),
        small,
        curved.spheres(view, ball, lens, cameras, lights) if len(ball) else curved.NO_CURVED,
        curved.cylinders(view, tube, lens, cameras, lights) if len(tube) else curved.NO_CURVED,
        face_planes(view, lens, tube, (2,)),
        curved.rods(view, rod, lens, lights) if len(rod) else curved.NO_RODS,
        face_planes(view, lens, rod, (2,)),
        curved.shared_fields(lens, cameras, lights),
        affine(lens, slope[:, 0], slope[:, 1], slope[:, 2]),
    )


def _draw(
    canvas: Canvas, view: View, rows: slice, starts: np.ndarray, bodies: _Bodies, counts: List[int],
    darkest: float, picture: int,
) -> None:  # fmt: skip
    """One picture; `counts` says how many bodies of each kind, and walls, earlier pictures had."""
    canvas.w.fill(0.0)
    canvas.surface.fill(0)
    columns = (view.layer, view.prims.kind, view.prims.ident, starts, view.nearest_w, view.rect)
    for layer, what, ident, start, nearest, rect in zip(*(column[rows].tolist() for column in columns)):
        if layer == 0:
            _draw_wall(canvas, rect, bodies.walls, counts[4], ident)
            counts[4] += 1
            continue
        number = counts[what]
        counts[what] += 1
        c0, c1, r0, r1 = rect
        if (c1 - c0) * (r1 - r0) > _HIDDEN_WORTH and canvas.w[r0:r1, c0:c1].min() > nearest:
            continue
        if what == BOX:
            if bodies.boxes.row[number] >= 0:
                draw_box(canvas, rect, bodies.boxes, number, start)
            else:
                draw_small_box(canvas, rect, bodies.small, int(bodies.small.row[number]))
            continue
        shared = bodies.shared
        if what == SPHERE:
            lit = lit_in(shared, picture, rect)
            draw_sphere(canvas, rect, bodies.balls, number, start, lit, darkest)
        elif what == ROD:
            draw_rod(canvas, rect, bodies.rods, bodies.ends, number, start, shared, darkest)
        else:
            draw_cylinder(canvas, rect, bodies.tubes, bodies.caps, number, start, shared, picture, darkest)


def _draw_wall(
    canvas: Canvas, rect: List[int], walls: Tuple[np.ndarray, np.ndarray], number: int, face: int
) -> None:
    """A wall, floor or ceiling from inside: a ray ends at the largest inverse depth."""
    c0, c1, r0, r1 = rect
    near = walls[0][number, c0:c1] + walls[1][number, r0:r1]
    w = canvas.w[r0:r1, c0:c1]
    seen = near > w
    np.maximum(near, w, out=w)
    np.copyto(canvas.surface[r0:r1, c0:c1], np.int32(1 + face), where=seen)
