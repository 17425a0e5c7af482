"""Ray casting for the cameras that are no pinholes: each primitive on the rays of its own screen rectangle.

The solutions are the textbook's: slabs for boxes (Kay and Kajiya 1986), quadratics for what is round. All
arithmetic is float64 and elementwise, written in the one order that the compiled renderer has as well.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np

from droidlet_simulators.room.bounds import ball_rectangles
from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.curved import TOUCH_M2
from droidlet_simulators.room.draw import LEVELS, Light
from droidlet_simulators.room.primitives import BOX, SPHERE, Primitives, Shell
from droidlet_simulators.room.view import to_camera

FLAT = 1e-12
"""A ray that is less than this along an axis counts as going that little upwards."""
Three = Tuple[np.ndarray, np.ndarray, np.ndarray]


class Rays(NamedTuple):
    """Where rays start and go, in world or own axes; (H, W) each, or (1, 1) where all have the same."""

    origin: Three
    ray: Three


class Cast(NamedTuple):
    """What has been met so far."""

    depth: np.ndarray  # (H, W) float64, inf = nothing
    surface: np.ndarray  # (H, W) int32


def camera_rays(lens: Lens, camera: Camera) -> Rays:
    """The rays of all pixels in the world."""
    r, at = camera.rotation, camera.position_m
    if lens.model == "orthographic":
        x, y = lens.x[None, :], lens.y[:, None]
        origin = tuple(at[i] + (x * r[i, 0] + y * r[i, 1]) for i in range(3))
        ray = tuple(np.full((1, 1), r[i, 2]) for i in range(3))
    else:
        x, y, z = lens.rays
        origin = tuple(np.full((1, 1), at[i]) for i in range(3))
        ray = tuple(x * r[i, 0] + y * r[i, 1] + z * r[i, 2] for i in range(3))
    return Rays((origin[0], origin[1], origin[2]), (ray[0], ray[1], ray[2]))


def cast_all(
    prims: Primitives, starts: list[int], lens: Lens, camera: Camera, shell: Shell | None, light: Light
) -> Cast:
    """Depth and surface number of what is nearest on each ray; `starts` numbers the primitives' first surfaces."""
    rays = camera_rays(lens, camera)
    shape = lens.height, lens.width
    seen = Cast(np.full(shape, np.inf), np.zeros(shape, np.int32))
    if shell is not None:
        _keep(seen, (0, lens.width, 0, lens.height), *_shell(rays, shell), 1)
    sun = np.array(light.direction)
    for row, rect in enumerate(rectangles(prims, lens, camera).tolist()):
        c0, c1, r0, r1 = rect
        if c1 <= c0 or r1 <= r0:
            continue
        axes, half = prims.axes[row], prims.half_m[row]
        own = _own(rays, rect, prims.centre_m[row], axes)
        lit = sun[0] * axes[0] + sun[1] * axes[1] + sun[2] * axes[2]
        kind = int(prims.kind[row])
        if kind == BOX:
            met, part = _box(own, half)
        elif kind == SPHERE:
            met, part = _sphere(own, half[0], lit, light)
        else:
            met, part = _tube(own, half[0], half[2], lit, light)
        _keep(seen, rect, met, part, starts[row])
    return seen


def rectangles(prims: Primitives, lens: Lens, camera: Camera) -> np.ndarray:
    """The screen rectangle of each primitive, (N, 4) int64."""
    half = prims.half_m
    corner = np.sqrt(half[:, 0] ** 2 + half[:, 1] ** 2 + half[:, 2] ** 2)
    radius = np.where(prims.kind == SPHERE, half[:, 0], corner)
    return ball_rectangles(to_camera(camera.rotation, prims.centre_m - camera.position_m), radius, lens)


def _cut(planes: Three, rect: list[int]) -> Three:
    c0, c1, r0, r1 = rect
    a, b, c = (plane if plane.shape == (1, 1) else plane[r0:r1, c0:c1] for plane in planes)
    return a, b, c


def _own(rays: Rays, rect: list[int], centre: np.ndarray, axes: np.ndarray) -> Rays:
    """The rays of a rectangle as seen from a primitive."""
    x, y, z = (plane - middle for plane, middle in zip(_cut(rays.origin, rect), centre))
    dx, dy, dz = _cut(rays.ray, rect)
    origin = tuple(x * axes[0, j] + y * axes[1, j] + z * axes[2, j] for j in range(3))
    ray = tuple(dx * axes[0, j] + dy * axes[1, j] + dz * axes[2, j] for j in range(3))
    return Rays((origin[0], origin[1], origin[2]), (ray[0], ray[1], ray[2]))


def _keep(
    seen: Cast, rect: list[int] | tuple[int, ...], met: np.ndarray, part: np.ndarray, start: int
) -> None:
    """Where `met` (NaN: nothing) is nearer than before, it and its surface are taken over."""
    c0, c1, r0, r1 = rect
    depth = seen.depth[r0:r1, c0:c1]
    nearer = met < depth
    np.copyto(depth, met, where=nearer)
    np.copyto(seen.surface[r0:r1, c0:c1], part + start, where=nearer, casting="unsafe")


def _slabs(rays: Rays, low: Tuple[float, ...], high: Tuple[float, ...]) -> Tuple[Three, Three, Three]:
    """Per axis: where rays come between two planes, where they leave, and the (never flat) ray."""
    enters, leaves, along = [], [], []
    for o, d, first, last in zip(rays.origin, rays.ray, low, high):
        d = np.where(np.abs(d) < FLAT, FLAT, d)
        a, b = (first - o) / d, (last - o) / d
        up = d > 0
        enters.append(np.where(up, a, b))
        leaves.append(np.where(up, b, a))
        along.append(d)
    return tuple(enters), tuple(leaves), tuple(along)  # type: ignore[return-value]


def _shell(rays: Rays, shell: Shell) -> Tuple[np.ndarray, np.ndarray]:
    """Walls, floor and ceiling from inside: where rays leave the shell, and through which face (-x, +x, -y, ...)."""
    enters, leaves, along = _slabs(rays, shell.low_m, shell.high_m)
    face = np.where(along[0] > 0, 1, 0)
    leave = leaves[0]
    for axis in (1, 2):
        sooner = leaves[axis] < leave
        leave = np.where(sooner, leaves[axis], leave)
        face = np.where(sooner, np.where(along[axis] > 0, 2 * axis + 1, 2 * axis), face)
    enter = np.maximum(np.maximum(enters[0], enters[1]), enters[2])
    return np.where((leave > enter) & (leave > 0), leave, np.nan), face


def _box(rays: Rays, half: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Where rays enter a box from outside, and through which face (-x, +x, -y, +y, -z, +z)."""
    enters, leaves, along = _slabs(rays, tuple(-half), tuple(half))
    enter = enters[0]
    face = np.where(along[0] > 0, 0, 1)
    for axis in (1, 2):
        later = enters[axis] > enter
        enter = np.where(later, enters[axis], enter)
        face = np.where(later, np.where(along[axis] > 0, 2 * axis, 2 * axis + 1), face)
    leave = np.minimum(np.minimum(leaves[0], leaves[1]), leaves[2])
    return np.where((enter > 0) & (enter <= leave), enter, np.nan), face


def _shade(facing: np.ndarray, light: Light) -> np.ndarray:
    """Numbers of Lambert shades, to be cut to whole numbers."""
    top = LEVELS - 1
    return np.asarray(np.maximum(0.0, facing) * (top * light.diffuse) + (top * light.ambient + 0.5))


def _sphere(rays: Rays, radius: float, sun: np.ndarray, light: Light) -> Tuple[np.ndarray, np.ndarray]:
    """Where rays enter a sphere from outside, and the shade there."""
    (x, y, z), (dx, dy, dz) = rays
    square = dx * dx + dy * dy + dz * dz
    toward = -(x * dx + y * dy + z * dz)
    gap = x * x + y * y + z * z - radius * radius
    met = (toward - np.sqrt(toward * toward - square * gap)) / square
    met = np.where((gap > TOUCH_M2) & (met > 0), met, np.nan)
    facing = ((x + met * dx) * sun[0] + (y + met * dy) * sun[1] + (z + met * dz) * sun[2]) / radius
    return met, np.floor(_shade(facing, light))


def _tube(
    rays: Rays, radius: float, half: float, sun: np.ndarray, light: Light
) -> Tuple[np.ndarray, np.ndarray]:
    """Where rays enter a cylinder along z from outside; the shade there, or after all shades bottom and top."""
    (x, y, z), (dx, dy, dz) = rays
    square = dx * dx + dy * dy
    toward = -(x * dx + y * dy)
    gap = x * x + y * y - radius * radius
    met = (toward - np.sqrt(toward * toward - square * gap)) / square
    met = np.where((gap > TOUCH_M2) & (met > 0) & (np.abs(z + met * dz) <= half), met, np.nan)
    facing = ((x + met * dx) * sun[0] + (y + met * dy) * sun[1]) / radius
    part = np.floor(_shade(facing, light))
    up = dz > 0
    cap = (np.where(up, -half, half) - z) / dz
    at_x, at_y = x + cap * dx, y + cap * dy
    first = (cap > 0) & (at_x * at_x + at_y * at_y <= radius * radius) & ~(cap >= met)
    part = np.where(first, np.where(up, LEVELS, LEVELS + 1), part)
    return np.where(first, cap, met), part
