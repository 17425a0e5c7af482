"""Pictures from the compiled renderers."""

# mypy: allow-untyped-calls
from __future__ import annotations

from typing import Any, Callable, Collection, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_simulators.contract import PICTURES
from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.casting import rectangles
from droidlet_simulators.room.draw import DAYLIGHT, Light
from droidlet_simulators.room.fast import painting, pinhole, rays
from droidlet_simulators.room.looks import Paint, numbers_of
from droidlet_simulators.room.primitives import BOX, CEILING, FLOOR, WALL, Shell
from droidlet_simulators.room.render import NO_IDS, NO_RGB, Picture, Shot
from droidlet_simulators.room.surfaces import surfaces

_NAMES = np.array([WALL, FLOOR, CEILING])
_OPEN = np.zeros((0, 3)), np.zeros((3, 3))
_LEVEL = np.eye(3)
_UNTURNED = _LEVEL[None]
Arrays = Tuple[np.ndarray, np.ndarray]


def render_all(lens: Lens, shots: Sequence[Shot], pictures: Collection[str] = PICTURES) -> List[Picture]:
    """Those pictures that are asked for of some shots through one lens, in their order; equal to numpy's.

    One after the other into arrays of their own: a block for all of them would have to be copied apart again.
    """
    shots = [shot.whole() for shot in shots]
    if lens.model != "pinhole":
        return [_along_rays(lens, shot, pictures) for shot in shots]
    surface, numbers = _blank(lens, np.int32), np.array([lens.fx, lens.fy, lens.cx, lens.cy])
    lit, walled = _Last(_light), _Last(_walls)
    return [_through_pinhole(lens, numbers, shot, surface, lit, walled, pictures) for shot in shots]


class _Last:
    """A function that remembers its last answer: shots of one scene share their light and their walls."""

    def __init__(self, function: Callable[[Any], Arrays]) -> None:
        self.function, self.of, self.answer = function, _Last, (_LEVEL, _LEVEL)

    def __call__(self, value: Any) -> Arrays:
        if value is not self.of:
            self.of, self.answer = value, self.function(value)
        return self.answer


def _blank(lens: Lens, dtype: Any, wanted: bool = True, *channels: int) -> np.ndarray:
    """A picture to be filled, or one without pixels."""
    shape = (lens.height, lens.width) if wanted else (0, 0)
    return np.empty((*shape, *channels), dtype)


def _place(camera: Camera) -> Arrays:
    """Position and rotation, always of one layout: for another, everything would be compiled again."""
    return np.ascontiguousarray(camera.position_m), np.ascontiguousarray(camera.rotation)


def _light(light: Light) -> Arrays:
    return np.array(light.direction, np.float64), np.array([light.ambient, light.diffuse], np.float64)


def _walls(shell: Optional[Shell]) -> Arrays:
    """The corners of a shell and its colours: wall, floor, ceiling."""
    if shell is None:
        return _OPEN
    corners = np.array([shell.low_m, shell.high_m], np.float64)
    return corners, np.array([shell.wall, shell.floor, shell.ceiling], np.float64)


def _through_pinhole(
    lens: Lens, numbers: np.ndarray, shot: Shot, surface: np.ndarray, lit: _Last, walled: _Last,
    pictures: Collection[str],
) -> Picture:  # fmt: skip
    """One picture; `surface` (H, W) is written over."""
    prims, rgb = shot.prims, "rgb" in pictures
    depth = "depth" in pictures or (rgb and shot.paint is not None)  # paint lies where things are
    seen = Picture(
        _blank(lens, np.uint8, rgb, 3),
        _blank(lens, np.float32, depth),
        _blank(lens, np.int32, "semantic" in pictures),
    )
    starts = np.empty(len(prims.kind), np.int64)
    pinhole.picture(
        prims.kind,
        prims.centre_m,
        prims.half_m,
        prims.axes,
        prims.colour,
        prims.ident,
        *walled(shot.shell),
        _NAMES,
        *_place(shot.camera),
        numbers,
        lens.x,
        lens.y,
        *lit(shot.light if shot.paint is None else DAYLIGHT),
        surface,
        starts,
        *seen,
    )
    if shot.paint is not None and rgb:
        _paint(lens, shot, shot.paint, seen, surface, starts)
    return seen


def _along_rays(lens: Lens, shot: Shot, pictures: Collection[str]) -> Picture:
    prims, shell, rgb = shot.prims, shot.shell, "rgb" in pictures
    light = shot.light if shot.paint is None else DAYLIGHT
    starts, colours, idents = surfaces(prims, shell, light)
    depth, surface = _blank(lens, np.float32), _blank(lens, np.int32)
    rays.cast(
        prims.kind,
        prims.centre_m,
        prims.half_m,
        prims.axes,
        np.array(starts, np.int64),
        rectangles(prims, lens, shot.camera),
        _walls(shell)[0],
        *_place(shot.camera),
        lens.model == "orthographic",
        lens.x,
        lens.y,
        lens.rays,
        *_light(light),
        depth,
        surface,
    )
    seen = Picture(
        np.take(colours, surface, axis=0) if rgb else NO_RGB,
        depth,
        np.take(idents, surface) if "semantic" in pictures else NO_IDS,
    )
    if shot.paint is not None and rgb:
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
