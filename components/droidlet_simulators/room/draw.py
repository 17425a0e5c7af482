"""Drawing primitives into an inverse-depth buffer, each inside its own screen rectangle.

Seen through a pinhole, 1 / depth of a plane is affine in the pixel's column and row. A convex body is
entered at the smallest inverse depth of the planes that face the camera and left at the largest of the
others, so a box costs a handful of additions per pixel, and no division until the picture is done.
Spheres and upright cylinders solve their quadratic in the same variable (Roth, "Ray casting for
modeling solids", 1982, has the interval view of it).
"""

from __future__ import annotations

from typing import Any, NamedTuple, Sequence

import numpy as np

from droidlet_simulators.room.camera import Lens
from droidlet_simulators.room.view import View

LEVELS = 256
"""Shades of a curved surface; one more would not change an 8-bit colour."""
_THIN = 1e-9


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
    rows = (ax[:, None] * lens.x + a1[:, None]).astype(np.float32)
    columns = (ay[:, None] * lens.y).astype(np.float32)[:, :, None]
    return rows, columns


class Planes(NamedTuple):
    """Inverse depth of the six faces (-x, +x, -y, +y, -z, +z) of K boxes."""

    rows: np.ndarray  # (K * 6, W) float32
    columns: np.ndarray  # (K * 6, H, 1) float32
    front: list[tuple[int, ...]]  # per box: the planes through which a ray enters
    back: list[tuple[int, ...]]


NO_PLANES = Planes(np.empty((0, 0), np.float32), np.empty((0, 0, 1), np.float32), [], [])


def face_planes(view: View, lens: Lens, rows: np.ndarray, axes: tuple[int, ...]) -> Planes:
    """The face planes of the given rows of the view, for the given box axes."""
    if len(rows) == 0:
        return NO_PLANES
    half = view.prims.half_m[rows][:, axes]
    eye = view.eye[rows][:, axes]
    gap = np.stack([half + eye, half - eye], axis=2)  # signed: negative when the camera sees the face
    gap = np.where(np.abs(gap) < _THIN, _THIN, gap)
    turn = view.turn[rows][:, axes]
    slope = np.stack([-turn, turn], axis=2) / gap[..., None]
    slope = slope.reshape(-1, 3)
    fields = affine(lens, slope[:, 0], slope[:, 1], slope[:, 2])
    faces = 2 * len(axes)
    front, back = [], []
    for number, seen in enumerate((gap < 0).reshape(len(half), faces).tolist()):
        base = number * faces
        front.append(tuple(base + i for i in range(faces) if seen[i]))
        # the far side of an axis whose near side is entered, both sides where neither is
        back.append(tuple(base + i for i in range(faces) if not seen[i]))
    return Planes(fields[0], fields[1], front, back)


def draw_box(canvas: Canvas, rect: list[int], planes: Planes, number: int, surface: int) -> None:
    """Draws one box; `surface` numbers its first face."""
    front = planes.front[number]
    if not front:
        return  # the camera is inside
    c0, c1, r0, r1 = rect
    rows, columns = planes.rows, planes.columns
    first = surface - number * 6
    w = canvas.w[r0:r1, c0:c1]
    far = w
    for plane in planes.back[number]:
        far = np.maximum(far, rows[plane, c0:c1] + columns[plane, r0:r1])
    plane = front[0]
    near = rows[plane, c0:c1] + columns[plane, r0:r1]
    face: Any = first + plane
    for plane in front[1:]:
        other = rows[plane, c0:c1] + columns[plane, r0:r1]
        face = np.where(other < near, np.int32(first + plane), face)
        np.minimum(near, other, out=near)
    seen = near > far
    np.copyto(w, near, where=seen)
    np.copyto(canvas.surface[r0:r1, c0:c1], face, where=seen)
