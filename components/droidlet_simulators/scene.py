"""A scene as data: what stands where before anything moves. Metres, origin in the flat's corner."""

from __future__ import annotations

import math
from typing import Optional, Tuple

from droidlet_schema import FrozenMap, Pose2, SceneObject, record

Rgb = Tuple[float, float, float]

PATTERNS = ("plain", "checks", "stripes", "noise")
GESTURES = ("wave", "point", "raise", "sit")


@record
class Wall:
    """A solid block of wall, from its lowest to its highest corner."""

    x0_m: float
    y0_m: float
    z0_m: float
    x1_m: float
    y1_m: float
    z1_m: float


@record
class Doorway:
    """A gap in a wall: its middle on the floor, and the direction (as yaw) in which one walks through."""

    x_m: float
    y_m: float
    yaw_rad: float
    width_m: float


@record
class Area:
    """One room's floor, an axis-aligned rectangle."""

    name: str
    x0_m: float
    y0_m: float
    x1_m: float
    y1_m: float


@record
class Gesture:
    """What a person does with an arm, or that it sits, for a while; it begins and ends smoothly."""

    kind: str  # of GESTURES
    from_s: float  # of simulated time
    to_s: float
    side: str = "right"  # the arm: "left" or "right"
    target_m: Optional[Tuple[float, float, float]] = None  # what it points at; None: straight ahead


@record
class Walker:
    """A person: stands at the only point of the route, or walks round its points for ever, but not while it sits.

    With a stride it has limbs that move: of the height of its body, arms and legs swinging as it walks. Without
    stride and gestures it is a stiff figure that glides.
    """

    body: SceneObject  # where the walk begins, on the route's first point
    route: Tuple[Tuple[float, float], ...]
    speed_m_s: float = 0.6
    stride_m: float = 0.0  # the length of two steps
    gestures: Tuple[Gesture, ...] = ()

    @property
    def limbs(self) -> bool:
        """Whether its limbs move."""
        return self.stride_m > 0.0 or bool(self.gestures)


@record
class Leaf:
    """A door, of a doorway or of a container, or a container's lid.

    A door (class "door") hangs on its upright edge at its own lowest y and swings about it, to the left, seen from
    above, where the swing is positive. A lid (class "lid") turns up about its edge at its own lowest x.
    """

    body: SceneObject  # as it is when shut
    swing_rad: float = math.pi / 2  # from shut to open
    container: Optional[int] = None  # id of the object that it shuts; None: it is in a doorway
    open: bool = False  # at the beginning


@record
class Lamp:
    """A light that shines evenly to all sides; what it gives falls with the squared distance."""

    x_m: float
    y_m: float
    z_m: float
    strength: float = 1.0  # of what it gives to a surface 1 m away that faces it
    colour: Rgb = (1.0, 1.0, 1.0)  # 0 to 1 per channel


@record
class Lighting:
    """The light in a scene, after Lambert: ambient, plus diffuse light from one direction, plus lamps.

    A surface's colour is multiplied by ambient + diffuse * max(0, normal . direction) + what the lamps give, and
    cut at white.
    """

    ambient: float = 0.65
    diffuse: float = 0.35
    direction: Tuple[float, float, float] = (0.36, 0.48, 0.8)  # towards the light, of length 1
    lamps: Tuple[Lamp, ...] = ()


@record
class Surface:
    """The pattern of a surface, fixed to the thing it is on.

    "plain" is the first colour; "checks" and "stripes" (along the thing's own x) take the colours in turn, each
    `scale_m` wide; "noise" goes smoothly between the first two, in grains of `scale_m`, drawn by `seed`. Without
    colours the surface keeps its own, and a pattern shades it by 1, 0.8 and 0.9 in turn.
    """

    pattern: str = "plain"  # of PATTERNS
    colours: Tuple[Rgb, ...] = ()  # 0 to 1 per channel
    scale_m: float = 0.25
    seed: int = 0


@record
class Looks:
    """How a scene looks: its light and its surfaces. As it is by default, everything has one plain colour."""

    lighting: Lighting = Lighting()
    floor: Surface = Surface()
    ceiling: Surface = Surface()
    wall: Surface = Surface()
    things: FrozenMap[int, Surface] = FrozenMap()  # by object id


@record
class Scene:
    """A furnished flat; the floor spans (0, 0) to size_m, outer walls, floor and ceiling stand around it."""

    size_m: Tuple[float, float, float]
    areas: Tuple[Area, ...]
    walls: Tuple[Wall, ...]  # inside the flat
    doorways: Tuple[Doorway, ...]
    objects: Tuple[SceneObject, ...]
    people: Tuple[Walker, ...]
    start: Pose2  # of the first agent
    starts: FrozenMap[str, Pose2] = FrozenMap()  # of the further agents, by id
    looks: Looks = Looks()
    leaves: Tuple[Leaf, ...] = ()
