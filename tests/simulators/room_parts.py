"""Small scenes with doors, containers and things, for the tests of hands and leaves."""

from __future__ import annotations

import math

from droidlet_schema import Pose, Pose2, SceneObject, evolve
from droidlet_simulators import CLASSES, FITTINGS, Area, Leaf, RoomSimulator, Scene, Wall, robot

SIZES = {name: kind.size_m for name, kind in (*CLASSES.items(), *FITTINGS.items())}
DOOR, FRIDGE, FRIDGE_DOOR, CHEST, LID, TABLE, CUP, BALL, BOOK, SHELF = 20, 30, 31, 40, 41, 50, 60, 61, 62, 70
SIMULATOR = RoomSimulator((robot(8, 6, semantic=True, senses=("contacts",)),))


def thing(number, name, x_m, y_m, yaw_rad=0.0, bottom_m=0.0, colour="red"):
    size = SIZES[name]
    return SceneObject(number, name, colour, x_m, y_m, bottom_m + size[2] / 2, yaw_rad, size)


def at(seen, x_m, y_m, z_m=0.0):
    """A pose with its centre where a thing of that height would stand."""
    return Pose(x_m, y_m, z_m + seen.size_m[2] / 2)


DOORWAY_LEAF = Leaf(
    SceneObject(DOOR, "door", "brown", 4.0, 2.0, 1.015, 0.0, (0.06, 0.98, 2.03)), swing_rad=math.pi / 2
)


def flat(*more, start=Pose2(1.0, 2.0, 0.0), people=(), door_open=False):  # noqa: B008
    """Two rooms with a door between, a fridge, a chest, a table and a shelf, and things on and in them."""
    things = (
        thing(FRIDGE, "fridge", 0.32, 3.5, 0.0, colour="white"),
        thing(CHEST, "chest", 2.5, 0.3, math.pi / 2, colour="blue"),
        thing(TABLE, "table", 2.2, 3.2, 0.0, colour="green"),
        thing(SHELF, "shelf", 7.8, 2.0, math.pi, colour="yellow"),
        thing(CUP, "cup", 2.0, 3.0, 0.0, 0.74),
        thing(BALL, "ball", 1.6, 1.2),
        thing(BOOK, "book", 0.34, 3.5, math.pi / 2, 0.90),
        *more,
    )
    leaves = (
        evolve(DOORWAY_LEAF, open=door_open),
        Leaf(
            SceneObject(FRIDGE_DOOR, "door", "white", 0.66, 3.5, 0.85, 0.0, (0.06, 0.60, 1.70)),
            swing_rad=-math.pi / 2,
            container=FRIDGE,
        ),
        Leaf(evolve(thing(LID, "lid", 2.5, 0.3, math.pi / 2, 0.38), colour="blue"), container=CHEST),
    )
    walls = (Wall(3.94, 0.0, 0.0, 4.06, 1.5, 2.6), Wall(3.94, 2.5, 0.0, 4.06, 4.0, 2.6))
    areas = (Area("west", 0, 0, 3.94, 4), Area("east", 4.06, 0, 8, 4))
    return Scene((8.0, 4.0, 2.6), areas, walls, (), things, people, start, leaves=leaves)
