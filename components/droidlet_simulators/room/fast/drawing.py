"""Pictures from the compiled renderers."""

# mypy: allow-untyped-calls
from __future__ import annotations

from typing import List, Sequence

import numpy as np

from droidlet_simulators.room.camera import Lens
from droidlet_simulators.room.casting import rectangles
from droidlet_simulators.room.fast import pinhole, rays
from droidlet_simulators.room.primitives import CEILING, FLOOR, WALL
from droidlet_simulators.room.render import Picture, Shot, surfaces
from droidlet_simulators.room.render import render_all as numpys

_NAMES = np.array([WALL, FLOOR, CEILING])
_OPEN = np.zeros((0, 3)), np.zeros((3, 3))


def render_all(lens: Lens, shots: Sequence[Shot]) -> List[Picture]:
    """The pictures of some shots through one lens, in their order; equal to numpy's.

    One after the other into arrays of their own: a block for all of them would have to be copied apart again.
    """
    inner = np.array([lens.fx, lens.fy, lens.cx, lens.cy])
    pictures = []
    for shot in shots:
        if shot.paint is not None:
            pictures += numpys(lens, [shot])
        elif lens.model == "pinhole":
            pictures.append(_through_pinhole(lens, inner, shot))
        else:
            pictures.append(_along_rays(lens, shot))
    return pictures


def _along_rays(lens: Lens, shot: Shot) -> Picture:
    shape, prims, shell = (lens.height, lens.width), shot.prims, shot.shell
    starts, colours, idents = surfaces(prims, shell, shot.light)
    depth, surface = np.empty(shape, np.float32), np.empty(shape, np.int32)
    rays.cast(
        prims.kind,
        prims.centre_m,
        prims.half_m,
        prims.axes,
        np.array(starts, np.int64),
        rectangles(prims, lens, shot.camera),
        _OPEN[0] if shell is None else np.array([shell.low_m, shell.high_m]),
        shot.camera.position_m,
        shot.camera.rotation,
        lens.model == "orthographic",
        lens.x,
        lens.y,
        lens.rays,
        np.array(shot.light.direction),
        np.array([shot.light.ambient, shot.light.diffuse]),
        depth,
        surface,
    )
    return Picture(np.take(colours, surface, axis=0), depth, np.take(idents, surface))


def _through_pinhole(lens: Lens, inner: np.ndarray, shot: Shot) -> Picture:
    shape, prims, shell, light = (lens.height, lens.width), shot.prims, shot.shell, shot.light
    corners, shades = _OPEN
    if shell is not None:
        corners, shades = (
            np.array([shell.low_m, shell.high_m]),
            np.array([shell.wall, shell.floor, shell.ceiling]),
        )
    seen = Picture(np.empty((*shape, 3), np.uint8), np.empty(shape, np.float32), np.empty(shape, np.int32))
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
        shot.camera.position_m,
        shot.camera.rotation,
        inner,
        lens.x,
        lens.y,
        np.array(light.direction),
        np.array([light.ambient, light.diffuse]),
        *seen,
    )
    return seen
