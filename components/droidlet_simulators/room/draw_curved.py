"""Drawing spheres, upright cylinders and rods, with Lambert shades."""

from __future__ import annotations

from typing import Any

import numpy as np

from droidlet_simulators.room.curved import Curved, Rods, Shared
from droidlet_simulators.room.draw import LEVELS, Canvas, Planes


def draw_sphere(
    canvas: Canvas, rect: list[int], body: Curved, number: int, surface: int, lit: np.ndarray, darkest: float
) -> None:
    """Draws one sphere; `surface` numbers its darkest shade, `darkest` is the ambient level, `lit` is as `lit_in`."""
    if not body.outside[number]:
        return
    c0, c1, r0, r1 = rect
    across, near = _field(body.across, number, rect), _field(body.square, number, rect)
    np.multiply(across, across, out=across)
    np.subtract(near, across, out=near)
    np.sqrt(near, out=near)
    near += _field(body.middle, number, rect)
    w = canvas.w[r0:r1, c0:c1]
    seen = near > w  # false where the root is not a number: the ray misses
    np.copyto(w, near, where=seen)
    shade = _shade(lit, near, body.tint[number], surface, darkest)
    np.copyto(canvas.surface[r0:r1, c0:c1], shade, where=seen, casting="unsafe")


def draw_rod(
    canvas: Canvas,
    rect: list[int],
    rods_: Rods,
    caps: Planes,
    number: int,
    surface: int,
    shared: Shared,
    darkest: float,
) -> None:
    """Draws one rod; its surfaces are numbered like a cylinder's."""
    rise, lit = _field(rods_.rise, number, rect), _field(rods_.light, number, rect)
    draw_tube(canvas, rect, rods_.body, caps, number, surface, (_flat(shared, rise, rect), lit), darkest)


def lit_in(shared: Shared, picture: int, rect: list[int]) -> np.ndarray:
    """ray . light direction, for the pixels of one picture within a rectangle."""
    return _field((shared.rows, shared.columns), 3 * picture, rect)


def draw_cylinder(
    canvas: Canvas,
    rect: list[int],
    body: Curved,
    caps: Planes,
    number: int,
    surface: int,
    shared: Shared,
    picture: int,
    darkest: float,
) -> None:
    """Draws one cylinder; `surface` numbers its darkest shade, its bottom and top caps follow the shades."""
    fields = shared.rows, shared.columns
    flat = _flat(shared, _field(fields, 3 * picture + 2, rect), rect)
    rays = flat, _field(fields, 3 * picture + 1, rect)
    draw_tube(canvas, rect, body, caps, number, surface, rays, darkest)


def _field(fields: tuple[np.ndarray, np.ndarray], number: int, rect: list[int]) -> np.ndarray:
    """One of some affine fields within a rectangle."""
    c0, c1, r0, r1 = rect
    return np.asarray(fields[0][number, c0:c1] + fields[1][number, r0:r1])


def _flat(shared: Shared, rise: np.ndarray, rect: list[int]) -> np.ndarray:
    """The squared length of rays across a tube, `rise` is how far they go along it."""
    c0, c1, r0, r1 = rect
    np.multiply(rise, rise, out=rise)
    return np.asarray(np.subtract(shared.length[r0:r1, c0:c1], rise, out=rise))


def draw_tube(
    canvas: Canvas,
    rect: list[int],
    body: Curved,
    caps: Planes,
    number: int,
    surface: int,
    rays: tuple[np.ndarray, np.ndarray],
    darkest: float,
) -> None:
    """Draws one cylinder or rod.

    `rays` are, without their part along the tube, their squared lengths and ray . light direction.
    """
    outside, front = body.outside[number], caps.front[number]
    if not outside and not front:
        return
    c0, c1, r0, r1 = rect
    w = canvas.w[r0:r1, c0:c1]
    root = _field(body.across, number, rect)
    np.multiply(root, root, out=root)
    np.subtract(rays[0] * np.float32(body.flat[number]), root, out=root)
    np.sqrt(root, out=root)
    middle = _field(body.middle, number, rect)
    far = middle - root if outside else middle + root  # root carries no sign, the gap inside does
    for plane in caps.back[number]:
        np.maximum(far, _field((caps.rows, caps.columns), plane, rect), out=far)
    np.maximum(far, w, out=far)
    target = canvas.surface[r0:r1, c0:c1]
    near: Any = None
    shade: Any = None
    if outside:
        near = np.add(middle, root, out=root)
        shade = _shade(rays[1], near, body.tint[number], surface, darkest)
    for plane in front:
        cap = _field((caps.rows, caps.columns), plane, rect)
        number_of_cap = surface + LEVELS + plane - 2 * number
        if outside:
            np.copyto(shade, number_of_cap, where=cap < near)
            np.minimum(near, cap, out=near)
        else:
            near, shade = cap, np.float32(number_of_cap)
    seen = near > far
    np.copyto(w, near, where=seen)
    np.copyto(target, shade, where=seen, casting="unsafe")


def _shade(
    light: np.ndarray, near: np.ndarray, tint: tuple[float, float], surface: int, darkest: float
) -> np.ndarray:
    """Surface numbers of Lambert shades as float32, to be cut to whole numbers."""
    shade = light / near
    np.multiply(shade, np.float32(tint[0]), out=shade)
    np.add(shade, np.float32(tint[1] + surface), out=shade)
    np.maximum(shade, np.float32(darkest + surface), out=shade)
    return np.asarray(shade)
