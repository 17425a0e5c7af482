"""Ray casting with scalar loops: operation by operation what casting does in numpy, so equal to the bit."""

# numba infers the types
# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import math

import numpy as np

from droidlet_simulators.room.fast.compiled import compiled, entry

BOX, SPHERE = 0, 1
LEVELS = 256
TOUCH_M2 = 1e-6
FLAT = 1e-12


@compiled
def slab(o, d, first, last):
    """Where a ray comes between two planes, where it leaves them, and whether it goes upwards."""
    if abs(d) < FLAT:
        d = FLAT
    a, b = (first - o) / d, (last - o) / d
    return (a, b, True) if d > 0 else (b, a, False)


@compiled
def meet_shell(o, d, low, high):
    """Where a ray leaves the shell (NaN: never inside) and through which face."""
    enter, leave, up = slab(o[0], d[0], low[0], high[0])
    face = 1 if up else 0
    for axis in (1, 2):
        first, last, up = slab(o[axis], d[axis], low[axis], high[axis])
        if last < leave:
            leave, face = last, 2 * axis + (1 if up else 0)
        enter = max(enter, first)
    return (leave if leave > enter and leave > 0 else np.nan), face


@compiled
def meet_box(o, d, half):
    """Where a ray enters a box from outside (NaN: nowhere) and through which face."""
    enter, leave, up = slab(o[0], d[0], -half[0], half[0])
    face = 0 if up else 1
    for axis in (1, 2):
        first, last, up = slab(o[axis], d[axis], -half[axis], half[axis])
        if first > enter:
            enter, face = first, 2 * axis + (0 if up else 1)
        leave = min(leave, last)
    return (enter if enter > 0 and enter <= leave else np.nan), face


@compiled
def shade(facing, light):
    """The number of a Lambert shade."""
    top = LEVELS - 1
    return int(math.floor(max(0.0, facing) * (top * light[1]) + (top * light[0] + 0.5)))


@compiled
def meet_sphere(o, d, radius, sun, light):
    """Where a ray enters a sphere from outside (NaN: nowhere) and the shade there."""
    x, y, z, dx, dy, dz = o[0], o[1], o[2], d[0], d[1], d[2]
    square = dx * dx + dy * dy + dz * dz
    toward = -(x * dx + y * dy + z * dz)
    gap = x * x + y * y + z * z - radius * radius
    under = toward * toward - square * gap
    if not (gap > TOUCH_M2 and under >= 0):
        return np.nan, 0
    met = (toward - math.sqrt(under)) / square
    if not met > 0:
        return np.nan, 0
    facing = ((x + met * dx) * sun[0] + (y + met * dy) * sun[1] + (z + met * dz) * sun[2]) / radius
    return met, shade(facing, light)


@compiled
def meet_tube(o, d, radius, half, sun, light):
    """Where a ray enters a cylinder along z from outside (NaN: nowhere); the shade, or after those bottom and top."""
    x, y, z, dx, dy, dz = o[0], o[1], o[2], d[0], d[1], d[2]
    square = dx * dx + dy * dy
    toward = -(x * dx + y * dy)
    gap = x * x + y * y - radius * radius
    under = toward * toward - square * gap
    best, part = np.nan, 0
    if gap > TOUCH_M2 and under >= 0:
        met = (toward - math.sqrt(under)) / square
        if met > 0 and abs(z + met * dz) <= half:
            facing = ((x + met * dx) * sun[0] + (y + met * dy) * sun[1]) / radius
            best, part = met, shade(facing, light)
    cap = ((-half if dz > 0 else half) - z) / dz
    at_x, at_y = x + cap * dx, y + cap * dy
    if cap > 0 and at_x * at_x + at_y * at_y <= radius * radius and not cap >= best:
        best, part = cap, LEVELS if dz > 0 else LEVELS + 1
    return best, part


@entry
def cast(
    kinds, centres, halves, axes, starts, rects, shell, at, r, flat, x, y, rays, sun, light, depth, surface
):
    """Fills depth (H, W) float32 and surface (H, W) int32.

    `flat` says that the camera is orthographic, with `x` (W,) and `y` (H,) in metres; else `rays` (3, H, W) are in
    camera axes. `shell` (2, 3) are its corners, (0, 3) for none.
    """
    height, width = depth.shape
    best = np.full((height, width), np.inf)
    surface[:] = 0
    origin, ray, from_, to, own = np.empty(3), np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    first = 0 if len(shell) else 1
    for number in range(first, len(kinds) + 1):
        k = number - 1
        c0, c1, r0, r1 = (
            (0, width, 0, height) if number == 0 else (rects[k, 0], rects[k, 1], rects[k, 2], rects[k, 3])
        )
        if number:
            for j in range(3):
                own[j] = sun[0] * axes[k, 0, j] + sun[1] * axes[k, 1, j] + sun[2] * axes[k, 2, j]
        for row in range(r0, r1):
            for column in range(c0, c1):
                for i in range(3):
                    if flat:
                        origin[i] = at[i] + (x[column] * r[i, 0] + y[row] * r[i, 1])
                        ray[i] = r[i, 2]
                    else:
                        origin[i] = at[i]
                        a, b, c = rays[0, row, column], rays[1, row, column], rays[2, row, column]
                        ray[i] = a * r[i, 0] + b * r[i, 1] + c * r[i, 2]
                if math.isnan(ray[0]):
                    continue
                if number == 0:
                    met, part = meet_shell(origin, ray, shell[0], shell[1])
                    start = 1
                else:
                    start = starts[k]
                    ox, oy, oz = (
                        origin[0] - centres[k, 0],
                        origin[1] - centres[k, 1],
                        origin[2] - centres[k, 2],
                    )
                    for j in range(3):
                        from_[j] = ox * axes[k, 0, j] + oy * axes[k, 1, j] + oz * axes[k, 2, j]
                        to[j] = ray[0] * axes[k, 0, j] + ray[1] * axes[k, 1, j] + ray[2] * axes[k, 2, j]
                    if kinds[k] == BOX:
                        met, part = meet_box(from_, to, halves[k])
                    elif kinds[k] == SPHERE:
                        met, part = meet_sphere(from_, to, halves[k, 0], own, light)
                    else:
                        met, part = meet_tube(from_, to, halves[k, 0], halves[k, 2], own, light)
                if met < best[row, column]:
                    best[row, column] = met
                    surface[row, column] = start + part
    for row in range(height):
        for column in range(width):
            depth[row, column] = np.float32(best[row, column]) if surface[row, column] else np.float32(0.0)
