"""What the things in a room look like: each class as a compound of boxes, spheres and cylinders.

Together the parts span exactly the nominal size.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, Tuple

from droidlet_schema import SceneObject
from droidlet_simulators.errors import UnknownObject
from droidlet_simulators.room.colours import COLOURS
from droidlet_simulators.room.fittings import FITTINGS
from droidlet_simulators.room.parts import Kind, Part, ball, box, tube


def _legs(dx: float, dy: float, height: float, thick: float) -> Tuple[Part, ...]:
    """Four square legs whose outer faces span dx by dy."""
    x, y = (dx - thick) / 2, (dy - thick) / 2
    return tuple(box(i * x, j * y, 0, thick, thick, height) for i in (-1, 1) for j in (-1, 1))


def _table() -> Kind:
    return Kind(
        (0.80, 1.40, 0.74),
        (box(0, 0, 0.68, 0.8, 1.4, 0.06), *_legs(0.76, 1.36, 0.68, 0.07)),
        "free",
        surface=True,
    )


def _chair() -> Kind:
    back = box(-0.21, 0, 0.47, 0.05, 0.46, 0.47)
    return Kind(
        (0.47, 0.46, 0.94), (box(0, 0, 0.41, 0.47, 0.46, 0.06), back, *_legs(0.47, 0.46, 0.41, 0.05)), "free"
    )


def _stool() -> Kind:
    parts = (tube(0, 0, 0.54, 0.19, 0.06), tube(0, 0, 0.03, 0.035, 0.51), tube(0, 0, 0, 0.16, 0.03))
    return Kind((0.38, 0.38, 0.60), parts, "free", round=True)


def _sofa() -> Kind:
    arms = tuple(box(0, y, 0, 0.90, 0.18, 0.58) for y in (-0.91, 0.91))
    back = box(-0.34, 0, 0.40, 0.22, 1.64, 0.45)
    return Kind((0.90, 2.00, 0.85), (box(0, 0, 0, 0.90, 1.64, 0.40), back, *arms), "wall")


def _bed() -> Kind:
    pillow = box(-0.70, 0, 0.48, 0.36, 1.0, 0.09, "white")
    parts = (box(0.04, 0, 0, 1.97, 1.50, 0.48), box(-0.985, 0, 0, 0.08, 1.50, 0.95), pillow)
    return Kind((2.05, 1.50, 0.95), parts, "wall")


def _shelf() -> Kind:
    sides = tuple(box(0, y, 0, 0.34, 0.04, 1.80) for y in (-0.48, 0.48))
    boards = tuple(box(0.01, 0, z, 0.32, 0.92, 0.04) for z in (0.06, 0.48, 0.91, 1.34, 1.76))
    return Kind((0.34, 1.00, 1.80), (box(-0.16, 0, 0, 0.02, 0.92, 1.80), *sides, *boards), "wall")


def _cabinet() -> Kind:
    handles = tuple(box(0.235, y, 0.5, 0.03, 0.02, 0.16, "metal") for y in (-0.06, 0.06))
    return Kind((0.50, 0.90, 0.80), (box(-0.015, 0, 0, 0.47, 0.90, 0.80), *handles), "wall", surface=True)


def _television() -> Kind:
    foot = (box(0, 0, 0, 0.36, 0.60, 0.04, "metal"), tube(0, 0, 0.04, 0.04, 0.46, "metal"))
    colours = ("black", "white", "grey")
    return Kind((0.36, 1.20, 1.20), (box(0, 0, 0.50, 0.08, 1.20, 0.70), *foot), "wall", colours=colours)


def _lamp() -> Kind:
    parts = (
        tube(0, 0, 1.25, 0.22, 0.30),
        tube(0, 0, 0.03, 0.02, 1.22, "metal"),
        tube(0, 0, 0, 0.15, 0.03, "metal"),
    )
    return Kind((0.44, 0.44, 1.55), parts, "corner", round=True)


def _plant() -> Kind:
    leaves = (ball(0, 0, 0.40, 0.27), ball(0.0, 0.0, 0.74, 0.18))
    parts = (tube(0, 0, 0, 0.15, 0.28, "clay"), tube(0, 0, 0.28, 0.03, 0.2, "clay"), *leaves)
    return Kind((0.54, 0.54, 1.10), parts, "corner", round=True, colours=("green",))


def _bin() -> Kind:
    return Kind(
        (0.30, 0.30, 0.42), (tube(0, 0, 0, 0.135, 0.39), tube(0, 0, 0.39, 0.15, 0.03)), "floor", round=True
    )


def _ball_kind() -> Kind:
    return Kind((0.26, 0.26, 0.26), (ball(0, 0, 0, 0.13),), "floor", round=True)


def _crate() -> Kind:
    return Kind((0.40, 0.50, 0.32), (box(0, 0, 0, 0.40, 0.50, 0.32),), "floor")


def _vase() -> Kind:
    parts = (ball(0, 0, 0, 0.12), tube(0, 0, 0.20, 0.04, 0.20), tube(0, 0, 0.40, 0.065, 0.02))
    return Kind((0.24, 0.24, 0.42), parts, "top", round=True)


def _cup() -> Kind:
    return Kind((0.11, 0.11, 0.13), (tube(0, 0, 0, 0.055, 0.13),), "top", round=True)


def _bottle() -> Kind:
    parts = (tube(0, 0, 0, 0.05, 0.22), ball(0, 0, 0.17, 0.05), tube(0, 0, 0.25, 0.02, 0.09))
    return Kind((0.10, 0.10, 0.34), parts, "top", round=True)


def _book() -> Kind:
    return Kind((0.30, 0.22, 0.06), (box(0, 0, 0, 0.30, 0.22, 0.06),), "top")


def _person() -> Kind:
    legs = tuple(tube(0, y, 0, 0.08, 0.82, "black") for y in (-0.10, 0.10))
    arms = tuple(tube(0, y, 0.80, 0.045, 0.58) for y in (-0.215, 0.215))
    head = (tube(0, 0, 1.40, 0.05, 0.10, "skin"), ball(0, 0, 1.48, 0.12, "skin"))
    return Kind((0.36, 0.52, 1.72), (tube(0, 0, 0.78, 0.18, 0.64), *legs, *arms, *head), "person", round=True)


CLASSES: Mapping[str, Kind] = MappingProxyType(
    {
        "ball": _ball_kind(),
        "bed": _bed(),
        "bin": _bin(),
        "book": _book(),
        "bottle": _bottle(),
        "box": _crate(),
        "cabinet": _cabinet(),
        "chair": _chair(),
        "cup": _cup(),
        "lamp": _lamp(),
        "person": _person(),
        "plant": _plant(),
        "shelf": _shelf(),
        "sofa": _sofa(),
        "stool": _stool(),
        "table": _table(),
        "television": _television(),
        "vase": _vase(),
    }
)
"""Furniture, things and people by the names that people call them by."""

KINDS: Mapping[str, Kind] = MappingProxyType({**CLASSES, **FITTINGS})
"""All that can stand in a room: CLASSES and FITTINGS."""

SIZE_VARIATION = 0.06
"""A generated thing is between 1 - this and 1 + this of its nominal size, in all directions alike."""


def check_names(thing: SceneObject) -> None:
    """Raises UnknownObject for a thing of a class or colour that no room knows."""
    if thing.class_name not in KINDS:
        raise UnknownObject(f"class_name is {thing.class_name!r}: known ones are {', '.join(KINDS)}")
    if thing.colour not in COLOURS:
        raise UnknownObject(f"colour is {thing.colour!r}: known ones are {', '.join(COLOURS)}")
