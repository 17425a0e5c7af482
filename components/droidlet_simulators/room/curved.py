"""Spheres, upright cylinders and rods: their quadratics in inverse depth as fields of the pixel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from droidlet_simulators.room.camera import Cameras, Lens
from droidlet_simulators.room.draw import LEVELS, Lights, affine
from droidlet_simulators.room.view import View, along_axes, to_camera

TOUCH_M2 = 1e-6
"""Squared metres within which a camera is on a curved surface."""


class Curved(NamedTuple):
    """K curved bodies as affine fields of the pixel; rows (K, W), columns (K, H, 1), float32."""

    middle: tuple[np.ndarray, np.ndarray]  # (ray . centre) / gap
    across: tuple[np.ndarray, np.ndarray]  # the part of |ray x centre| / gap that mixes x and y
    square: tuple[np.ndarray, np.ndarray]  # what sphere discriminants have besides; empty for cylinders
    flat: list[float]  # (radius / gap) ** 2, the weight of the squared horizontal ray
    outside: list[int]  # 1 outside, 0 inside the (endless) body
    tint: list[tuple[float, float]]  # shade = tint[0] * (ray . light) / w + tint[1]


class Shared(NamedTuple):
    """What every curved body in one of P pictures shares, from which draw_curved takes its rays."""

    rows: np.ndarray  # (P * 3, W) float32: light, light_flat, rise
    columns: np.ndarray  # (P * 3, H, 1)
    length: np.ndarray  # (H, W)


def shared_fields(lens: Lens, cameras: Cameras, lights: Lights) -> Shared:
    """The shared parts of all pictures."""
    toward = to_camera(cameras.rotation, lights.direction)
    level = to_camera(cameras.rotation, lights.direction * (1.0, 1.0, 0.0))
    stack = np.stack([toward, level, cameras.rotation[:, 2]], axis=1).reshape(-1, 3)
    length = (lens.x * lens.x + 1.0).astype(np.float32) + (lens.y * lens.y).astype(np.float32)[:, None]
    return Shared(*affine(lens, stack[:, 0], stack[:, 1], stack[:, 2]), length)


def spheres(view: View, which: np.ndarray, lens: Lens, cameras: Cameras, lights: Lights) -> Curved:
    """The fields of the spheres among the view's rows."""
    q, radius, seen_by = view.centre[which], view.prims.half_m[which, 0], view.which[which]
    x, y, z = q[:, 0], q[:, 1], q[:, 2]
    gap = _off_zero(x * x + y * y + z * z - radius * radius)
    part = (q / gap[:, None])[:, :, None]
    middle = affine(lens, x / gap, y / gap, z / gap)
    across = affine(lens, y / gap, -x / gap, np.zeros_like(x))
    size = ((radius / gap) ** 2)[:, None]
    rows = size * (lens.x * lens.x + 1.0) - (part[:, 0] - lens.x * part[:, 2]) ** 2
    columns = size * (lens.y * lens.y) - (lens.y * part[:, 2] - part[:, 1]) ** 2
    square = rows.astype(np.float32), columns.astype(np.float32)[:, :, None]
    toward = to_camera(cameras.rotation, lights.direction)[seen_by]
    return Curved(
        middle,
        across,
        square,
        [],
        (gap > 0).astype(int).tolist(),
        _tints(x * toward[:, 0] + y * toward[:, 1] + z * toward[:, 2], radius, lights, seen_by),
    )


def cylinders(view: View, which: np.ndarray, lens: Lens, cameras: Cameras, lights: Lights) -> Curved:
    """The fields of the endless upright cylinders among the view's rows."""
    radius, seen_by = view.prims.half_m[which, 0], view.which[which]
    x, y = view.offset[which, 0], view.offset[which, 1]
    gap = _off_zero(x * x + y * y - radius * radius)
    r, sun = cameras.rotation[seen_by], lights.direction[seen_by]
    along = (x[:, None] * r[:, 0] + y[:, None] * r[:, 1]) / gap[:, None]
    cross = (y[:, None] * r[:, 0] - x[:, None] * r[:, 1]) / gap[:, None]
    return Curved(
        affine(lens, along[:, 0], along[:, 1], along[:, 2]),
        affine(lens, cross[:, 0], cross[:, 1], cross[:, 2]),
        _EMPTY,
        ((radius / gap) ** 2).tolist(),
        (gap > 0).astype(int).tolist(),
        _tints(x * sun[:, 0] + y * sun[:, 1], radius, lights, seen_by),
    )


class Rods(NamedTuple):
    """K rods: as cylinders along their own axes, with rays that are theirs alone."""

    body: Curved
    rise: tuple[np.ndarray, np.ndarray]  # the ray along the rod
    light: tuple[np.ndarray, np.ndarray]  # ray . light direction without the part along the rod


_EMPTY = np.empty((0, 0), np.float32), np.empty((0, 0, 1), np.float32)
NO_CURVED = Curved(_EMPTY, _EMPTY, _EMPTY, [], [], [])
NO_RODS = Rods(NO_CURVED, _EMPTY, _EMPTY)


def rods(view: View, which: np.ndarray, lens: Lens, lights: Lights) -> Rods:
    """The fields of the rods among the view's rows, endless along their own z axes."""
    radius, seen_by = view.prims.half_m[which, 0], view.which[which]
    turn, x, y = view.turn[which], -view.eye[which, 0], -view.eye[which, 1]
    gap = _off_zero(x * x + y * y - radius * radius)
    along = (x[:, None] * turn[:, 0] + y[:, None] * turn[:, 1]) / gap[:, None]
    cross = (y[:, None] * turn[:, 0] - x[:, None] * turn[:, 1]) / gap[:, None]
    sun = along_axes(view.prims.axes[which], lights.direction[seen_by])
    lit = sun[:, 0, None] * turn[:, 0] + sun[:, 1, None] * turn[:, 1]
    body = Curved(
        affine(lens, along[:, 0], along[:, 1], along[:, 2]),
        affine(lens, cross[:, 0], cross[:, 1], cross[:, 2]),
        _EMPTY,
        ((radius / gap) ** 2).tolist(),
        (gap > 0).astype(int).tolist(),
        _tints(x * sun[:, 0] + y * sun[:, 1], radius, lights, seen_by),
    )
    rise = affine(lens, turn[:, 2, 0], turn[:, 2, 1], turn[:, 2, 2])
    return Rods(body, rise, affine(lens, lit[:, 0], lit[:, 1], lit[:, 2]))


def _off_zero(gap: np.ndarray) -> np.ndarray:
    """Who touches a surface counts as inside, where the quadratic has no pole."""
    return np.where(np.abs(gap) < TOUCH_M2, -TOUCH_M2, gap)


def _tints(
    toward: np.ndarray, radius: np.ndarray, lights: Lights, seen_by: np.ndarray
) -> list[tuple[float, float]]:
    """Factor and summand of the shade in units of 1 / (LEVELS - 1), rounding included."""
    top = LEVELS - 1
    factor = top * lights.diffuse[seen_by] / radius
    summand = top * lights.ambient[seen_by] - factor * toward + 0.5
    return list(zip(factor.tolist(), summand.tolist()))
