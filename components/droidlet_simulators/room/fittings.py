"""What belongs to a flat rather than to its furniture: doors, and hollow things with a door or a lid."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, Tuple

from droidlet_simulators.room.parts import Kind, Part, box

_METAL = "metal"


def _hollow(dx: float, dy: float, dz: float, thick: float, boards: Tuple[float, ...]) -> Tuple[Part, ...]:
    """A case that is open to the front, with boards at these heights (their tops)."""
    sides = tuple(box(0, i * (dy - thick) / 2, 0, dx, thick, dz) for i in (-1, 1))
    back = box(-(dx - thick) / 2, 0, 0, thick, dy - 2 * thick, dz)
    flat = tuple(
        box(thick / 2, 0, top - thick, dx - thick, dy - 2 * thick, thick) for top in (thick, *boards, dz)
    )
    return (back, *sides, *flat)


def _door() -> Kind:
    """Its hinge is the upright edge at its lowest y, its handles are at the other."""
    handles = tuple(box(i * 0.03, 0.40, 0.98, 0.02, 0.12, 0.04, _METAL) for i in (-1, 1))
    return Kind((0.08, 1.00, 2.03), (box(0, 0, 0, 0.04, 1.00, 2.03), *handles), "fixed")


def _lid() -> Kind:
    """Its hinge is the level edge at its lowest x."""
    return Kind((0.44, 0.60, 0.04), (box(0, 0, 0, 0.44, 0.60, 0.04),), "fixed")


def _fridge() -> Kind:
    parts = _hollow(0.60, 0.60, 1.70, 0.04, (0.50, 0.90, 1.26))
    return Kind((0.60, 0.60, 1.70), parts, "wall", colours=("white", "grey", "black"), container=True)


def _cupboard() -> Kind:
    parts = _hollow(0.42, 0.90, 0.90, 0.03, (0.46,))
    return Kind((0.42, 0.90, 0.90), parts, "wall", surface=True, container=True)


def _chest() -> Kind:
    thick = 0.03
    sides = tuple(box(0, i * (0.60 - thick) / 2, 0, 0.44, thick, 0.38) for i in (-1, 1))
    ends = tuple(box(i * (0.44 - thick) / 2, 0, 0, thick, 0.60 - 2 * thick, 0.38) for i in (-1, 1))
    floor = box(0, 0, 0, 0.44 - 2 * thick, 0.60 - 2 * thick, thick)
    return Kind((0.44, 0.60, 0.38), (floor, *sides, *ends), "wall", container=True)


FITTINGS: Mapping[str, Kind] = MappingProxyType(
    {"chest": _chest(), "cupboard": _cupboard(), "door": _door(), "fridge": _fridge(), "lid": _lid()}
)
"""Doors, lids and what they shut, by name."""
