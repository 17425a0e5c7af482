"""Patterns and lamps: the colour of every pixel from where its surface is, after it has been drawn.

A pattern lives in its primitive's own axes; on a flat face the coordinate across the face counts as 0, so that no
rounding flickers. Noise is value noise: a hash at the corners of a lattice (three primes, Teschner et al. 2003,
"Optimized spatial hashing", and an integer mixer) with Perlin's 1985 smoothing between them; nothing random.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.draw import LEVELS, Light
from droidlet_simulators.room.looks_checks import check_looks
from droidlet_simulators.room.primitives import BOX, SPHERE, Primitives, Shell
from droidlet_simulators.scene import PATTERNS, Lighting, Looks, Surface

PLAIN, CHECKS, STRIPES, NOISE = range(4)
OWN_SHADES = (1.0, 0.8, 0.9)
"""What a pattern without colours of its own makes of a surface's colour, in turn."""
NEAREST_M2 = 0.01
"""No surface counts as nearer to a lamp than 0.1 m."""
_LOW = 0xFFFFFFFF


class Paint(NamedTuple):
    """M surfaces and L lamps; row 0 is plain, in the primitive's own colour."""

    pattern: np.ndarray  # (M,) int64
    scale_m: np.ndarray  # (M,) float64
    seed: np.ndarray  # (M,) int64, 0 to 2 ** 32 - 1
    amount: np.ndarray  # (M,) int64: how many colours
    own: np.ndarray  # (M,) int64: 1 where the colours are factors of the primitive's own
    colours: np.ndarray  # (M, C, 3) float64
    lamps: np.ndarray  # (L, 7) float64: place, strength, colour


class Numbers(NamedTuple):
    """What each surface number of a picture stands for, (S,) each."""

    owner: np.ndarray  # row of the primitive, or one more than there are: the shell
    part: np.ndarray  # face or shade
    colour: np.ndarray  # (S, 3)
    paint: np.ndarray


def light_of(lighting: Lighting) -> Light:
    """The light without lamps."""
    return Light(lighting.direction, lighting.ambient, lighting.diffuse)


def paint_of(looks: Looks, things: Sequence[int]) -> Tuple[Optional[Paint], Tuple[int, int, int], np.ndarray]:
    """The paint, its rows for wall, floor and ceiling, and for each of the things (by id).

    None where colour and light are what a table of shades can hold: nothing patterned, no lamps, nothing too bright.
    Raises SceneError for looks that cannot be: a world may come from elsewhere.
    """
    check_looks(looks)
    light = looks.lighting
    surfaces = (looks.wall, looks.floor, looks.ceiling, *looks.things.values())
    bright = light.ambient + light.diffuse > 1.0 or bool(light.lamps)
    if not bright and all(surface.pattern == "plain" and not surface.colours for surface in surfaces):
        return None, (0, 0, 0), np.zeros(len(things), np.int64)
    plain = Surface()
    rows = {plain: 0}
    for surface in surfaces:
        rows.setdefault(surface, len(rows))
    kinds = list(rows)
    most = max(3, *(len(surface.colours) for surface in kinds))
    colours = np.zeros((len(kinds), most, 3))
    for number, surface in enumerate(kinds):
        given = surface.colours or [(shade,) * 3 for shade in OWN_SHADES]
        colours[number, : len(given)] = given
    paint = Paint(
        np.array([PATTERNS.index(surface.pattern) for surface in kinds], np.int64),
        np.array([surface.scale_m for surface in kinds], np.float64),
        np.array([surface.seed & _LOW for surface in kinds], np.int64),
        np.array([len(surface.colours) or 3 for surface in kinds], np.int64),
        np.array([not surface.colours for surface in kinds], np.int64),
        colours,
        np.array([(p.x_m, p.y_m, p.z_m, p.strength, *p.colour) for p in light.lamps], np.float64).reshape(
            -1, 7
        ),
    )
    shell = rows[looks.wall], rows[looks.floor], rows[looks.ceiling]
    return paint, shell, np.array([rows[looks.things.get(ident, plain)] for ident in things], np.int64)


def numbers_of(
    prims: Primitives, starts: Union[Sequence[int], np.ndarray], shell: Optional[Shell]
) -> Numbers:
    """What the surface numbers stand for; a primitive whose start is -1 has none."""
    sizes = np.array([6, LEVELS, LEVELS + 2, LEVELS + 2])[prims.kind]
    first = np.asarray(starts, np.int64)
    total = int(max((first + sizes).max(initial=0), 7))
    owner, part = np.full(total, len(sizes)), np.zeros(total, np.int64)
    colour, paint = np.zeros((total, 3)), np.zeros(total, np.int64)
    part[1:7] = np.arange(6)
    if shell is not None:
        colour[1:7] = [shell.wall] * 4 + [shell.floor, shell.ceiling]
        paint[1:7] = [shell.paints[0]] * 4 + [shell.paints[1], shell.paints[2]]
    there = np.flatnonzero(first >= 0)
    rows = np.repeat(there, sizes[there])
    inner = np.arange(len(rows)) - np.repeat(np.cumsum(sizes[there]) - sizes[there], sizes[there])
    place = first[rows] + inner
    owner[place], part[place] = rows, inner
    colour[place], paint[place] = prims.colour[rows], prims.paint[rows]
    return Numbers(owner, part, colour, paint)


def paint_picture(
    depth: np.ndarray, surface: np.ndarray, numbers: Numbers, prims: Primitives, lens: Lens, camera: Camera,
    light: Light, paint: Paint,
) -> np.ndarray:  # fmt: skip
    """The colours (H, W, 3) uint8 of a drawn picture."""
    rgb = np.zeros((lens.height, lens.width, 3), np.uint8)
    row, column = np.nonzero(surface)
    if not len(row):
        return rgb
    number = surface[row, column]
    owner, part = numbers.owner[number], numbers.part[number]
    point = _points(depth[row, column].astype(np.float64), row, column, lens, camera)
    kind = np.append(prims.kind, BOX)[owner]
    axes = np.concatenate([prims.axes, np.eye(3)[None]])[owner]
    centre = np.concatenate([prims.centre_m, np.zeros((1, 3))])[owner]
    radius = np.append(prims.half_m[:, 0], 1.0)[owner]
    own = _along(axes, point - centre)
    flat = (kind == BOX) | (part >= LEVELS)
    axis = np.where(kind == BOX, part // 2, 2)
    sign = np.where(part % 2 == 1, 1.0, -1.0) * np.where(owner == len(prims.kind), -1.0, 1.0)
    facing = own / radius[:, None]
    facing[kind != SPHERE, 2] = 0.0
    facing[flat] = 0.0
    facing[flat, axis[flat]] = sign[flat]
    own[flat, axis[flat]] = 0.0
    normal = facing[:, 0, None] * axes[:, :, 0] + facing[:, 1, None] * axes[:, :, 1]
    normal = normal + facing[:, 2, None] * axes[:, :, 2]
    lit = _lit(point, normal, light, paint.lamps)
    colour = _patterned(own, numbers.colour[number], numbers.paint[number], paint)
    rgb[row, column] = np.clip(colour * lit * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
    return rgb


def _along(axes: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """World vectors (K, 3) along the columns of axes (K, 3, 3)."""
    x, y, z = vector[:, 0, None], vector[:, 1, None], vector[:, 2, None]
    return np.asarray(x * axes[:, 0] + y * axes[:, 1] + z * axes[:, 2])


def _points(depth: np.ndarray, row: np.ndarray, column: np.ndarray, lens: Lens, camera: Camera) -> np.ndarray:
    """The world points (K, 3) of pixels."""
    r, at = camera.rotation, camera.position_m
    if lens.model == "orthographic":
        x, y = lens.x[column], lens.y[row]
        return np.stack([at[i] + (x * r[i, 0] + y * r[i, 1]) + depth * r[i, 2] for i in range(3)], axis=-1)
    if lens.model == "pinhole":
        x, y, z = lens.x[column], lens.y[row], np.ones(len(row))
    else:
        x, y, z = lens.rays[:, row, column]
    return np.stack([at[i] + depth * (x * r[i, 0] + y * r[i, 1] + z * r[i, 2]) for i in range(3)], axis=-1)


def _lit(point: np.ndarray, normal: np.ndarray, light: Light, lamps: np.ndarray) -> np.ndarray:
    """What the light gives per channel, (K, 3)."""
    x, y, z = light.direction
    toward = normal[:, 0] * x + normal[:, 1] * y + normal[:, 2] * z
    lit = np.repeat((light.ambient + light.diffuse * np.maximum(0.0, toward))[:, None], 3, axis=1)
    for lamp in lamps:
        dx, dy, dz = lamp[0] - point[:, 0], lamp[1] - point[:, 1], lamp[2] - point[:, 2]
        square = np.maximum(dx * dx + dy * dy + dz * dz, NEAREST_M2)
        facing = np.maximum(0.0, normal[:, 0] * dx + normal[:, 1] * dy + normal[:, 2] * dz)
        given = lamp[3] * facing / (square * np.sqrt(square))
        lit = lit + given[:, None] * lamp[4:7]
    return lit


def _patterned(own: np.ndarray, base: np.ndarray, which: np.ndarray, paint: Paint) -> np.ndarray:
    """The colours (K, 3) of points in own axes (K, 3) with base colours (K, 3) and rows of the paint (K,)."""
    place = own / paint.scale_m[which, None]
    cell = np.floor(place)
    pattern, count = paint.pattern[which], paint.amount[which]
    step = np.where(pattern == CHECKS, cell[:, 0] + cell[:, 1] + cell[:, 2], cell[:, 0]).astype(np.int64)
    turn = np.where((pattern == CHECKS) | (pattern == STRIPES), step % count, 0)
    chosen = paint.colours[which, turn]
    grainy = np.flatnonzero(pattern == NOISE)
    if len(grainy):
        rows = which[grainy]
        part = noise(place[grainy], cell[grainy].astype(np.int64), paint.seed[rows])[:, None]
        first, second = paint.colours[rows, 0], paint.colours[rows, np.minimum(1, count[grainy] - 1)]
        chosen[grainy] = first + (second - first) * part
    return np.asarray(np.where((paint.own[which] == 1)[:, None], base * chosen, chosen))


def noise(place: np.ndarray, cell: np.ndarray, seed: np.ndarray) -> np.ndarray:
    """Smooth values (K,), 0 to 1, at places (K, 3) in units of the lattice, in their cells (K, 3) int64."""
    t = place - cell
    t = t * t * (3.0 - 2.0 * t)
    x, y, z = t[:, 0], t[:, 1], t[:, 2]
    i, j, k = cell[:, 0], cell[:, 1], cell[:, 2]
    planes = []
    for dk in (0, 1):
        lines = []
        for dj in (0, 1):
            first, second = hashed(i, j + dj, k + dk, seed), hashed(i + 1, j + dj, k + dk, seed)
            lines.append(first + (second - first) * x)
        planes.append(lines[0] + (lines[1] - lines[0]) * y)
    return np.asarray(planes[0] + (planes[1] - planes[0]) * z)


def hashed(i: np.ndarray, j: np.ndarray, k: np.ndarray, seed: np.ndarray) -> np.ndarray:
    """A number from 0 to 1 for each cell of a lattice; 32 bits of whole-number arithmetic, the same everywhere."""
    h = ((i * 73856093) & _LOW) ^ ((j * 19349663) & _LOW) ^ ((k * 83492791) & _LOW)
    h = h ^ ((seed * 2654435761) & _LOW)
    h = ((h ^ (h >> 16)) * 2146121005) & _LOW
    h = ((h ^ (h >> 15)) * 2221713035) & _LOW
    return np.asarray((h ^ (h >> 16)) / 4294967296.0)
