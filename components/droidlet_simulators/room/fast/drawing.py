"""Pictures from the compiled renderers."""

# mypy: allow-untyped-calls
from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np

from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.casting import rectangles
from droidlet_simulators.room.draw import DAYLIGHT, Light
from droidlet_simulators.room.fast import painting, pinhole, rays
from droidlet_simulators.room.looks import Paint, numbers_of
from droidlet_simulators.room.primitives import BOX, CEILING, FLOOR, WALL
from droidlet_simulators.room.render import Picture, Shot
from droidlet_simulators.room.surfaces import surfaces

_NAMES = np.array([WALL, FLOOR, CEILING])
_OPEN = np.zeros((0, 3)), np.zeros((3, 3))
_UNTURNED = np.eye(3)[None]


def render_all(lens: Lens, shots: Sequence[Shot]) -> List[Picture]:
    """The pictures of some shots through one lens, in their order; equal to numpy's.

    One after the other into arrays of their own: a block for all of them would have to be copied apart again.
    """
    draw = _through_pinhole if lens.model == "pinhole" else _along_rays
    return [draw(lens, shot) for shot in shots]


def _place(camera: Camera) -> Tuple[np.ndarray, np.ndarray]:
    """Position and rotation, always of one layout: for another, everything would be compiled again."""
    return np.ascontiguousarray(camera.position_m), np.ascontiguousarray(camera.rotation)


def _light(light: Light) -> Tuple[np.ndarray, np.ndarray]:
    return np.array(light.direction, np.float64), np.array([light.ambient, light.diffuse], np.float64)


def _through_pinhole(lens: Lens, shot: Shot) -> Picture:
    shape, prims, shell = (lens.height, lens.width), shot.prims, shot.shell
    corners, shades = _OPEN
    if shell is not None:
        corners = np.array([shell.low_m, shell.high_m], np.float64)
        shades = np.array([shell.wall, shell.floor, shell.ceiling], np.float64)
    seen = Picture(np.empty((*shape, 3), np.uint8), np.empty(shape, np.float32), np.empty(shape, np.int32))
    surface, starts = np.zeros(shape, np.int32), np.empty(len(prims.kind), np.int64)
    pinhole.picture(
        prims.kind,
        prims.centre_m,
        prims.half_m,
        prims.axes,
        prims.colour,
        prims.ident,
        corners,
        shades,
        _NAMES,
        *_place(shot.camera),
        np.array([lens.fx, lens.fy, lens.cx, lens.cy]),
        lens.x,
        lens.y,
        *_light(shot.light if shot.paint is None else DAYLIGHT),
        surface,
        starts,
        *seen,
    )
    if shot.paint is not None:
        _paint(lens, shot, shot.paint, seen, surface, starts)
    return seen


def _along_rays(lens: Lens, shot: Shot) -> Picture:
    shape, prims, shell = (lens.height, lens.width), shot.prims, shot.shell
    light = shot.light if shot.paint is None else DAYLIGHT
    starts, colours, idents = surfaces(prims, shell, light)
    depth, surface = np.empty(shape, np.float32), np.empty(shape, np.int32)
    rays.cast(
        prims.kind,
        prims.centre_m,
        prims.half_m,
        prims.axes,
        np.array(starts, np.int64),
        rectangles(prims, lens, shot.camera),
        _OPEN[0] if shell is None else np.array([shell.low_m, shell.high_m], np.float64),
        *_place(shot.camera),
        lens.model == "orthographic",
        lens.x,
        lens.y,
        lens.rays,
        *_light(light),
        depth,
        surface,
    )
    seen = Picture(np.take(colours, surface, axis=0), depth, np.take(idents, surface))
    if shot.paint is not None:
        _paint(lens, shot, shot.paint, seen, surface, np.array(starts, np.int64))
    return seen


def _paint(
    lens: Lens, shot: Shot, paint: Paint, seen: Picture, surface: np.ndarray, starts: np.ndarray
) -> None:
    """Puts the colours into a picture that has been drawn."""
    prims = shot.prims
    numbers = numbers_of(prims, starts, shot.shell)
    painting.paint(
        seen.depth_m,
        surface,
        numbers.owner,
        numbers.part,
        numbers.colour,
        numbers.paint,
        np.append(prims.kind, BOX),
        np.concatenate([prims.centre_m, np.zeros((1, 3))]),
        np.append(prims.half_m[:, 0], 1.0),
        np.concatenate([prims.axes, _UNTURNED]),
        *_place(shot.camera),
        lens.model == "orthographic",
        lens.model in ("fisheye", "equirectangular"),
        lens.x,
        lens.y,
        lens.rays,
        *_light(shot.light),
        *paint,
        seen.rgb,
    )
