"""Patterns and lamps with scalar loops: operation by operation what looks does in numpy, so equal to the bit."""

# numba infers the types
# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import math

import numpy as np

from droidlet_simulators.room.fast.compiled import compiled, entry

BOX, SPHERE = 0, 1
LEVELS = 256
CHECKS, STRIPES, NOISE = 1, 2, 3
NEAREST_M2 = 0.01
LOW = 0xFFFFFFFF


@compiled
def hashed(i, j, k, seed):
    """A number from 0 to 1 for a cell of a lattice."""
    h = ((i * 73856093) & LOW) ^ ((j * 19349663) & LOW) ^ ((k * 83492791) & LOW)
    h = h ^ ((seed * 2654435761) & LOW)
    h = ((h ^ (h >> 16)) * 2146121005) & LOW
    h = ((h ^ (h >> 15)) * 2221713035) & LOW
    return (h ^ (h >> 16)) / 4294967296.0


@compiled
def line(i, j, k, seed, x):
    """Between two corners of a cell."""
    first, second = hashed(i, j, k, seed), hashed(i + 1, j, k, seed)
    return first + (second - first) * x


@compiled
def smooth(place, cell):
    """How far a place is into its cell, smoothed."""
    t = place - cell
    return t * t * (3.0 - 2.0 * t)


@compiled
def noise(u, v, w, seed):
    """The smooth value at a place."""
    fi, fj, fk = math.floor(u), math.floor(v), math.floor(w)
    x, y, z = smooth(u, fi), smooth(v, fj), smooth(w, fk)
    i, j, k = int(fi), int(fj), int(fk)
    a, b = line(i, j, k, seed, x), line(i, j + 1, k, seed, x)
    low = a + (b - a) * y
    a, b = line(i, j, k + 1, seed, x), line(i, j + 1, k + 1, seed, x)
    high = a + (b - a) * y
    return low + (high - low) * z


@compiled
def light_at(point, normal, sun, light, lamps, lit):
    """Fills lit (3,) with what the light gives per channel."""
    toward = normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2]
    for channel in range(3):
        lit[channel] = light[0] + light[1] * max(0.0, toward)
    for lamp in lamps:
        dx, dy, dz = lamp[0] - point[0], lamp[1] - point[1], lamp[2] - point[2]
        square = max(dx * dx + dy * dy + dz * dz, NEAREST_M2)
        facing = max(0.0, normal[0] * dx + normal[1] * dy + normal[2] * dz)
        given = lamp[3] * facing / (square * math.sqrt(square))
        for channel in range(3):
            lit[channel] = lit[channel] + given * lamp[4 + channel]


@compiled
def pattern_at(own, row, pattern, scale, seed, amount, colours, colour):
    """Fills colour (3,) with the pattern's at a place in own axes (3,)."""
    u, v, w = own[0] / scale[row], own[1] / scale[row], own[2] / scale[row]
    if pattern[row] == NOISE:
        part, second = noise(u, v, w, seed[row]), min(1, amount[row] - 1)
        for channel in range(3):
            a = colours[row, 0, channel]
            colour[channel] = a + (colours[row, second, channel] - a) * part
        return
    turn = 0
    if pattern[row] == CHECKS:
        turn = int(math.floor(u) + math.floor(v) + math.floor(w)) % amount[row]
    elif pattern[row] == STRIPES:
        turn = int(math.floor(u)) % amount[row]
    for channel in range(3):
        colour[channel] = colours[row, turn, channel]


@compiled
def facing_at(kind, part, owner, axes, radius, shell, own, normal):
    """Fills the world normal (3,) of a surface at own (3,), and sets own to 0 across a flat face."""
    a, b, c = own[0] / radius, own[1] / radius, own[2] / radius if kind == SPHERE else 0.0
    if kind == BOX or part >= LEVELS:
        axis = part // 2 if kind == BOX else 2
        sign = (1.0 if part % 2 == 1 else -1.0) * (-1.0 if shell else 1.0)
        a, b, c = 0.0, 0.0, 0.0
        if axis == 0:
            a = sign
        elif axis == 1:
            b = sign
        else:
            c = sign
        own[axis] = 0.0
    for i in range(3):
        normal[i] = axes[i, 0] * a + axes[i, 1] * b
        normal[i] = normal[i] + c * axes[i, 2]


@entry
def paint(
    depth,
    surface,
    owners,
    parts,
    bases,
    rows,
    kinds,
    centres,
    radii,
    axes,
    at,
    r,
    flat,
    round_,
    x,
    y,
    rays,
    sun,
    light,
    pattern,
    scale,
    seed,
    amount,
    whose,
    colours,
    lamps,
    rgb,
):
    """Fills rgb (H, W, 3); the tables are those of looks, with the shell as one more primitive at the end.

    `flat` says that the camera is orthographic, `round_` that its rays (3, H, W) are listed one by one.
    """
    height, width = depth.shape
    point, own, normal = np.empty(3), np.empty(3), np.empty(3)
    lit, colour, away = np.empty(3), np.empty(3), np.empty(3)
    for row in range(height):
        for column in range(width):
            number = surface[row, column]
            if number == 0:
                for channel in range(3):
                    rgb[row, column, channel] = 0
                continue
            k, far = owners[number], np.float64(depth[row, column])
            for i in range(3):
                if flat:
                    point[i] = at[i] + (x[column] * r[i, 0] + y[row] * r[i, 1]) + far * r[i, 2]
                elif round_:
                    a, b, c = rays[0, row, column], rays[1, row, column], rays[2, row, column]
                    point[i] = at[i] + far * (a * r[i, 0] + b * r[i, 1] + c * r[i, 2])
                else:
                    point[i] = at[i] + far * (x[column] * r[i, 0] + y[row] * r[i, 1] + 1.0 * r[i, 2])
                away[i] = point[i] - centres[k, i]
            for j in range(3):
                own[j] = away[0] * axes[k, 0, j] + away[1] * axes[k, 1, j] + away[2] * axes[k, 2, j]
            shell = k == len(kinds) - 1
            facing_at(kinds[k], parts[number], k, axes[k], radii[k], shell, own, normal)
            light_at(point, normal, sun, light, lamps, lit)
            which = rows[number]
            pattern_at(own, which, pattern, scale, seed, amount, colours, colour)
            for channel in range(3):
                value = bases[number, channel] * colour[channel] if whose[which] == 1 else colour[channel]
                rgb[row, column, channel] = np.uint8(min(max(value * lit[channel] * 255.0 + 0.5, 0.0), 255.0))
