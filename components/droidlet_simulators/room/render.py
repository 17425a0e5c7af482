"""One pass from primitives and a camera to rgb, depth and semantic ids."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from droidlet_simulators.room import curved
from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.casting import cast_all
from droidlet_simulators.room.draw import DAYLIGHT, LEVELS, Canvas, Light, affine, draw_box, face_planes
from droidlet_simulators.room.looks import Paint, numbers_of, paint_picture
from droidlet_simulators.room.primitives import (
    BOX,
    CEILING,
    CYLINDER,
    FLOOR,
    NOTHING,
    ROD,
    SPHERE,
    WALL,
    Primitives,
    Shell,
    make_primitives,
)
from droidlet_simulators.room.view import View, along_axes, look

_NORMALS = np.array([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]], float)
_SHELL_IDS = (WALL, WALL, WALL, WALL, FLOOR, CEILING)
_HIDDEN_WORTH = 64  # pixels from which asking "is all of it hidden" costs less than drawing


class Picture(NamedTuple):
    """What a camera sees."""

    rgb: np.ndarray  # (H, W, 3) uint8, row 0 on top
    depth_m: np.ndarray  # (H, W) float32 along the optical axis (see Frame), 0 = no return
    semantic: np.ndarray  # (H, W) int32, see primitives for the ids that are no objects


class Shot(NamedTuple):
    """One picture to take: of what, from where, in which light."""

    prims: Primitives
    camera: Camera
    shell: Optional[Shell] = None
    light: Light = DAYLIGHT
    paint: Optional[Paint] = None  # None: nothing patterned, no lamps, ambient and diffuse light at most 1


def render_all(lens: Lens, shots: Sequence[Shot]) -> List[Picture]:
    """The pictures of some shots through one lens, in their order."""
    return [render(shot.prims, lens, shot.camera, shot.shell, shot.light, shot.paint) for shot in shots]


def render(
    prims: Primitives,
    lens: Lens,
    camera: Camera,
    shell: Shell | None = None,
    light: Light = DAYLIGHT,
    paint: Paint | None = None,
) -> Picture:
    """The picture of the primitives, inside the shell where one is given.

    With paint, colours come from it and from the light pixel by pixel, else from a table of shades.

    Every operation is elementwise, so the bits do not depend on thread counts. Of two surfaces at
    exactly the same depth the one whose primitive comes nearer to the camera wins, then the first.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        draw = _through_pinhole if lens.model == "pinhole" else _along_rays
        shades = light if paint is None else DAYLIGHT
        depth, surface, drawn, (starts, colours, idents) = draw(prims, lens, camera, shell, shades)
    if paint is None:
        rgb = np.take(colours, surface, axis=0)
    else:
        numbers = numbers_of(drawn, starts, shell)
        rgb = paint_picture(depth, surface, numbers, drawn, lens, camera, light, paint)
    return Picture(rgb, depth, np.take(idents, surface))


_Surfaces = Tuple[List[int], np.ndarray, np.ndarray]
_Drawn = Tuple[np.ndarray, np.ndarray, Primitives, _Surfaces]


def _through_pinhole(
    prims: Primitives, lens: Lens, camera: Camera, shell: Shell | None, light: Light
) -> _Drawn:
    """Depth and surface number (H, W), the primitives in sight and their surfaces, by inverse depth."""
    view = look(prims, lens, camera)
    canvas = Canvas(
        np.zeros((lens.height, lens.width), np.float32),
        np.zeros((lens.height, lens.width), np.int32),
    )
    if shell is not None:
        _draw_shell(canvas, shell, lens, camera)
    table = surfaces(view.prims, shell, light)
    _draw_all(canvas, view, table[0], lens, camera, light)
    depth = 1.0 / canvas.w
    np.copyto(depth, np.float32(0), where=canvas.surface == 0)
    return depth, canvas.surface, view.prims, table


def _along_rays(prims: Primitives, lens: Lens, camera: Camera, shell: Shell | None, light: Light) -> _Drawn:
    """The same for any other model of a camera, ray by ray."""
    table = surfaces(prims, shell, light)
    seen = cast_all(prims, table[0], lens, camera, shell, light)
    depth = np.where(seen.surface == 0, 0.0, seen.depth).astype(np.float32)
    return depth, seen.surface, prims, table


def _draw_all(
    canvas: Canvas, view: View, starts: list[int], lens: Lens, camera: Camera, light: Light
) -> None:
    kind = view.prims.kind
    box, ball, tube, rod = (np.flatnonzero(kind == k) for k in (BOX, SPHERE, CYLINDER, ROD))
    planes = face_planes(view, lens, box, (0, 1, 2))
    fields = curved.shared_fields(lens, camera, light) if len(box) < len(kind) else None
    balls = curved.spheres(view, ball, lens, camera, light)
    tubes = curved.cylinders(view, tube, lens, camera, light)
    caps = face_planes(view, lens, tube, (2,))
    rods = curved.rods(view, rod, lens, light) if len(rod) else None
    ends = face_planes(view, lens, rod, (2,)) if len(rod) else None
    darkest = (LEVELS - 1) * light.ambient + 0.5
    count = [0, 0, 0, 0]
    for rect, what, start, nearest in zip(view.rect.tolist(), kind.tolist(), starts, view.nearest_w.tolist()):
        number = count[what]
        count[what] += 1
        c0, c1, r0, r1 = rect
        if (c1 - c0) * (r1 - r0) > _HIDDEN_WORTH and canvas.w[r0:r1, c0:c1].min() > nearest:
            continue
        if what == BOX:
            draw_box(canvas, rect, planes, number, start)
        elif fields is not None and what == SPHERE:
            curved.draw_sphere(canvas, rect, balls, number, start, fields, darkest)
        elif rods is not None and ends is not None and fields is not None and what == ROD:
            curved.draw_rod(canvas, rect, rods, ends, number, start, fields, darkest)
        elif fields is not None:
            curved.draw_cylinder(canvas, rect, tubes, caps, number, start, fields, darkest)


def _draw_shell(canvas: Canvas, shell: Shell, lens: Lens, camera: Camera) -> None:
    """Draws walls, floor and ceiling from inside: a ray ends at the largest inverse depth."""
    low, high, eye = np.array(shell.low_m), np.array(shell.high_m), camera.position_m
    middle, half = (low + high) / 2, (high - low) / 2
    sides = np.repeat(middle[None], 6, axis=0)
    thick = np.repeat(half[None], 6, axis=0)
    for face in range(6):
        axis = face // 2
        sides[face, axis] = (low, high)[face % 2][axis]
        thick[face, axis] = 0.0
    gap = ((sides - eye) * _NORMALS).sum(axis=1)
    rows = [(BOX, sides[i], thick[i], 0.0, (0.0, 0.0, 0.0), i) for i in range(6) if gap[i] > 1e-6]
    view = look(make_primitives(rows), lens, camera)
    faces = view.prims.ident
    slope = _NORMALS[faces] / gap[faces][:, None]
    r = camera.rotation
    slope = slope[:, 0, None] * r[0] + slope[:, 1, None] * r[1] + slope[:, 2, None] * r[2]
    fields = affine(lens, slope[:, 0], slope[:, 1], slope[:, 2])
    for number, (face, (c0, c1, r0, r1)) in enumerate(zip(faces.tolist(), view.rect.tolist())):
        near = fields[0][number, c0:c1] + fields[1][number, r0:r1]
        w = canvas.w[r0:r1, c0:c1]
        seen = near > w
        np.maximum(near, w, out=w)
        np.copyto(canvas.surface[r0:r1, c0:c1], np.int32(1 + face), where=seen)


def surfaces(
    prims: Primitives, shell: Shell | None, light: Light
) -> tuple[list[int], np.ndarray, np.ndarray]:
    """First surface number per primitive, and colour (S, 3) uint8 and id (S,) int32 per surface.

    Number 0 is nothing, 1 to 6 the shell; a box has six faces, a sphere all its shades, a cylinder its
    shades and two caps.
    """
    lit = light.ambient + light.diffuse * np.maximum(0.0, (_NORMALS * np.array(light.direction)).sum(axis=1))
    sizes = np.array([6, LEVELS, LEVELS + 2, LEVELS + 2])[prims.kind]
    ends = 7 + np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 7
    owner = np.repeat(np.arange(len(sizes)), sizes)
    inner = np.arange(7, total) - (ends - sizes)[owner]
    kind = prims.kind[owner]
    shade = inner / (LEVELS - 1.0)
    caps = (kind == CYLINDER) & (inner >= LEVELS)
    shade[caps] = lit[4 + inner[caps] - LEVELS]
    ends_ = (kind == ROD) & (inner >= LEVELS)
    if ends_.any():
        up = along_axes(prims.axes[owner[ends_]], np.array([light.direction]))[:, 2]
        up = np.where(inner[ends_] == LEVELS, -up, up)
        shade[ends_] = light.ambient + light.diffuse * np.maximum(0.0, up)
    flat = kind == BOX
    shade[flat] = _box_shades(prims, light).reshape(-1)
    colours = np.zeros((total, 3))
    colours[7:] = prims.colour[owner] * shade[:, None]
    idents = np.full(total, NOTHING, np.int32)
    idents[7:] = prims.ident[owner]
    if shell is not None:
        base = np.array([shell.wall] * 4 + [shell.floor, shell.ceiling])
        inward = light.ambient + light.diffuse * np.maximum(
            0.0, (-_NORMALS * np.array(light.direction)).sum(axis=1)
        )
        colours[1:7] = base * inward[:, None]
        idents[1:7] = _SHELL_IDS
    return (
        (ends - sizes).tolist(),
        np.clip(colours * 255.0 + 0.5, 0, 255).astype(np.uint8),
        idents,
    )


def _box_shades(prims: Primitives, light: Light) -> np.ndarray:
    """Lambert shade of the six faces of every box among the primitives, (B, 6)."""
    box = prims.kind == BOX
    along = along_axes(prims.axes[box], np.tile(light.direction, (int(box.sum()), 1)))
    facing = np.stack([-along, along], axis=2).reshape(-1, 6)
    return np.asarray(light.ambient + light.diffuse * np.maximum(0.0, facing))
