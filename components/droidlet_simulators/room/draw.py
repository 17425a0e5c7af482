"""Drawing primitives into an inverse-depth buffer, each inside its own screen rectangle.

Seen through a pinhole, 1 / depth of a plane is affine in the pixel's column and row. A convex body is
entered at the smallest inverse depth of the planes that face the camera and left at the largest of the
others, so a box costs a handful of additions per pixel, and no division until the picture is done.
Spheres and upright cylinders solve their quadratic in the same variable (Roth, "Ray casting for
modeling solids", 1982, has the interval view of it).
"""

from __future__ import annotations

from typing import NamedTuple, Sequence

import numpy as np

from droidlet_simulators.room.camera import Lens
from droidlet_simulators.room.view import View

LEVELS = 256
"""Shades of a curved surface; one more would not change an 8-bit colour."""
_THIN = 1e-9
_BLOCK = 65536
"""Bytes that are worked on at once: more would not stay in the processor's cache, and come from the system anew."""


class Canvas(NamedTuple):
    """What has been drawn so far: inverse depth and number of the surface in front, (H, W)."""

    w: np.ndarray  # float32, 1 / m; 0 = nothing
    surface: np.ndarray  # int32


class Light(NamedTuple):
    """Lambert: ambient + diffuse * max(0, normal . direction)."""

    direction: tuple[float, float, float] = (0.36, 0.48, 0.8)
    ambient: float = 0.65
    diffuse: float = 0.35


DAYLIGHT = Light()


class Lights(NamedTuple):
    """The light in P pictures."""

    direction: np.ndarray  # (P, 3)
    ambient: np.ndarray  # (P,)
    diffuse: np.ndarray  # (P,)


def lights_of(lights: Sequence[Light]) -> Lights:
    """A table of lights."""
    return Lights(
        np.array([light.direction for light in lights], np.float64),
        np.array([light.ambient for light in lights], np.float64),
        np.array([light.diffuse for light in lights], np.float64),
    )


def affine(lens: Lens, ax: np.ndarray, ay: np.ndarray, a1: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The fields ax * x + ay * y + a1 of K planes as rows (K, W) and columns (K, H, 1), float32."""
    count, most = len(ax), max(1, _BLOCK // (8 * max(lens.width, lens.height)))
    rows, columns = np.empty((count, lens.width), np.float32), np.empty((count, lens.height), np.float32)
    for first in range(0, count, most):
        some = slice(first, first + most)
        rows[some] = ax[some, None] * lens.x + a1[some, None]
        columns[some] = ay[some, None] * lens.y
    return rows, columns[:, :, None]


class Planes(NamedTuple):
    """Inverse depth of the six faces (-x, +x, -y, +y, -z, +z) of K boxes."""

    rows: np.ndarray  # (K * 6, W) float32
    columns: np.ndarray  # (K * 6, H, 1) float32
    front: list[tuple[int, ...]]  # per box: the planes through which a ray enters
    back: list[tuple[int, ...]]


NO_PLANES = Planes(np.empty((0, 0), np.float32), np.empty((0, 0, 1), np.float32), [], [])


class BoxFaces(NamedTuple):
    """The six faces of K boxes, for each box those first through which rays enter."""

    slope: np.ndarray  # (K, 6, 3) float64: inverse depth as what x, y and 1 are multiplied with
    fronts: np.ndarray  # (K,) int64: how many faces rays enter
    order: np.ndarray  # (K, 6) int64: which of -x, +x, -y, +y, -z, +z they are


def box_faces(view: View, rows: np.ndarray) -> BoxFaces:
    """The faces of the boxes in the given rows of the view."""
    gap, slope = _slopes(view, rows, (0, 1, 2))
    # behind those entered come the far side of an axis whose near side is entered, both where neither is
    order = np.argsort(gap >= 0, axis=1, kind="stable")
    return BoxFaces(np.take_along_axis(slope, order[:, :, None], axis=1), (gap < 0).sum(axis=1), order)


class Boxes(NamedTuple):
    """The same of those boxes that are drawn pixel by pixel, as affine fields."""

    row: list[int]  # per box: its row in the fields
    rows: np.ndarray  # (L, 6, 1, W) float32
    columns: np.ndarray  # (L, 6, H, 1) float32
    fronts: list[int]  # per box
    order: list[list[int]]  # per box


def box_planes(faces: BoxFaces, which: np.ndarray, lens: Lens) -> Boxes:
    """The fields of the given ones of some boxes."""
    row = np.full(len(faces.fronts), -1)
    row[which] = np.arange(len(which))
    slope = faces.slope[which].reshape(-1, 3)
    across, down = affine(lens, slope[:, 0], slope[:, 1], slope[:, 2])
    return Boxes(
        row.tolist(),
        across.reshape(-1, 6, 1, lens.width),
        down.reshape(-1, 6, lens.height, 1),
        faces.fronts.tolist(),
        faces.order.tolist(),
    )


def face_planes(view: View, lens: Lens, rows: np.ndarray, axes: tuple[int, ...]) -> Planes:
    """The face planes of the given rows of the view, for the given box axes."""
    if len(rows) == 0:
        return NO_PLANES
    gap, slope = _slopes(view, rows, axes)
    slope = slope.reshape(-1, 3)
    fields = affine(lens, slope[:, 0], slope[:, 1], slope[:, 2])
    faces = 2 * len(axes)
    front, back = [], []
    for number, seen in enumerate((gap < 0).tolist()):
        base = number * faces
        front.append(tuple(base + i for i in range(faces) if seen[i]))
        # the far side of an axis whose near side is entered, both sides where neither is
        back.append(tuple(base + i for i in range(faces) if not seen[i]))
    return Planes(fields[0], fields[1], front, back)


def _slopes(view: View, rows: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Per face (K, F) how far behind it the camera is, negative before it; and its inverse depth as (K, F, 3)."""
    half = view.prims.half_m[rows][:, axes]
    eye = view.eye[rows][:, axes]
    gap = np.stack([half + eye, half - eye], axis=2)
    gap = np.where(np.abs(gap) < _THIN, _THIN, gap)
    turn = view.turn[rows][:, axes]
    slope = np.stack([-turn, turn], axis=2) / gap[..., None]
    faces = 2 * len(axes)
    return gap.reshape(-1, faces), slope.reshape(-1, faces, 3)


def draw_box(canvas: Canvas, rect: list[int], boxes: Boxes, number: int, surface: int) -> None:
    """Draws one box; `surface` numbers its first face."""
    fronts = boxes.fronts[number]
    if not fronts:
        return  # the camera is inside
    c0, c1, r0, r1 = rect
    row = boxes.row[number]
    rows, columns = boxes.rows[row, :, :, c0:c1], boxes.columns[row]
    numbers = [np.array(surface + face, np.int32) for face in boxes.order[number][:fronts]]
    most = max(1, _BLOCK // (24 * (c1 - c0)))
    for top in range(r0, r1, most):
        down = slice(top, min(top + most, r1))
        fields = rows + columns[:, down]
        w = canvas.w[down, c0:c1]
        far = np.maximum.reduce(fields[fronts:])
        np.maximum(far, w, out=far)
        near = fields[0]
        sooner = []
        for field in fields[1:fronts]:
            sooner.append(field < near)
            np.minimum(near, field, out=near)
        seen = near > far
        np.copyto(w, near, where=seen)
        shown = canvas.surface[down, c0:c1]
        np.copyto(shown, numbers[0], where=seen)
        for earlier, own in zip(sooner, numbers[1:]):
            earlier &= seen
            np.copyto(shown, own, where=earlier)
