"""One pass from primitives and cameras to rgb, depth and semantic ids."""

from __future__ import annotations

from typing import Callable, Collection, Iterable, Iterator, List, NamedTuple, Optional, Sequence

import numpy as np

from droidlet_simulators.contract import PICTURES
from droidlet_simulators.room.camera import Camera, Lens
from droidlet_simulators.room.casting import cast_all
from droidlet_simulators.room.draw import DAYLIGHT, Light
from droidlet_simulators.room.looks import Paint, numbers_of, paint_picture
from droidlet_simulators.room.pinhole import Drawn, Scene, draw_scenes
from droidlet_simulators.room.primitives import Primitives, Shell, join
from droidlet_simulators.room.surfaces import surfaces

_TOGETHER = 16  # pictures whose planes are computed at once; more gain little and need more memory


NO_RGB, NO_IDS = np.empty((0, 0, 3), np.uint8), np.empty((0, 0), np.int32)


class Picture(NamedTuple):
    """What a camera sees; what nobody asked for may have no pixels."""

    rgb: np.ndarray  # (H, W, 3) uint8, row 0 on top
    depth_m: np.ndarray  # (H, W) float32 along the optical axis (see Frame), 0 = no return
    semantic: np.ndarray  # (H, W) int32, see primitives for the ids that are no objects


class Shot(NamedTuple):
    """One picture to take: of what, from where, in which light."""

    prims: Primitives
    camera: Camera
    shell: Optional[Shell] = None
    light: Light = DAYLIGHT
    paint: Optional[Paint] = None  # None: nothing patterned, no lamps, ambient and diffuse light at most 1
    back: Optional[Primitives] = None  # further primitives, before the others, that many shots have in common

    def whole(self) -> Shot:
        """The same shot with all primitives in one table."""
        return self if self.back is None else self._replace(prims=join([self.back, self.prims]), back=None)


def render(
    prims: Primitives,
    lens: Lens,
    camera: Camera,
    shell: Optional[Shell] = None,
    light: Light = DAYLIGHT,
    paint: Optional[Paint] = None,
) -> Picture:
    """The picture of the primitives, inside the shell where one is given; see `render_all`."""
    return render_all(lens, [Shot(prims, camera, shell, light, paint)])[0]


def render_all(lens: Lens, shots: Sequence[Shot], pictures: Collection[str] = PICTURES) -> List[Picture]:
    """Those pictures that are asked for of some shots through one lens, in their order; cheaper than one by one.

    With paint, colours come from it and from the light pixel by pixel, else from a table of shades.

    Every operation is elementwise, so the bits depend neither on thread counts nor on what is drawn together. Of two
    surfaces at exactly the same depth the one whose primitive comes nearer to the camera wins, then the first.
    """
    draw: Callable[[Lens, Sequence[Scene]], Iterable[Drawn]]
    draw = draw_scenes if lens.model == "pinhole" else _along_rays
    taken = []
    for first in range(0, len(shots), _TOGETHER):
        some = shots[first : first + _TOGETHER]
        scenes = [
            Scene(
                shot.prims, shot.camera, shot.shell, shot.light if shot.paint is None else DAYLIGHT, shot.back
            )
            for shot in some
        ]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            taken += [_coloured(lens, shot, drawn, pictures) for shot, drawn in zip(some, draw(lens, scenes))]
    return taken


def _coloured(lens: Lens, shot: Shot, drawn: Drawn, pictures: Collection[str]) -> Picture:
    depth, surface, rgb = drawn.depth, drawn.surface, NO_RGB
    if "rgb" not in pictures:
        pass
    elif shot.paint is None:
        rgb = np.take(drawn.colours, surface, axis=0)
    else:
        numbers = numbers_of(drawn.prims, drawn.starts, shot.shell)
        rgb = paint_picture(depth, surface, numbers, drawn.prims, lens, shot.camera, shot.light, shot.paint)
    return Picture(rgb, depth, np.take(drawn.idents, surface) if "semantic" in pictures else NO_IDS)


def _along_rays(lens: Lens, scenes: Sequence[Scene]) -> Iterator[Drawn]:
    """What cameras that are no pinholes see, ray by ray."""
    for own, camera, shell, light, back in scenes:
        prims = own if back is None else join([back, own])
        starts, colours, idents = surfaces(prims, shell, light)
        seen = cast_all(prims, starts, lens, camera, shell, light)
        depth = np.where(seen.surface == 0, 0.0, seen.depth).astype(np.float32)
        yield Drawn(depth, seen.surface, prims, starts, colours, idents)
