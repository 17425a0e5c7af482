"""Which looks a scene may have."""

from __future__ import annotations

import math
from typing import Tuple

from droidlet_simulators.errors import SceneError
from droidlet_simulators.scene import PATTERNS, Lamp, Lighting, Looks, Surface

_BRIGHTEST = 100.0
_FAR_M = 1e4
_FINEST_M, _COARSEST_M = 1e-3, 1e3


def check_looks(looks: Looks) -> None:
    """Raises SceneError for light or surfaces that cannot be."""
    _check_light(looks.lighting)
    for name in ("floor", "ceiling", "wall"):
        _check_surface(f"looks.{name}", getattr(looks, name))
    for ident, surface in looks.things.items():
        _check_surface(f"looks.things[{ident}]", surface)


def _check_light(light: Lighting) -> None:
    for name in ("ambient", "diffuse"):
        _check(f"looks.lighting.{name}", getattr(light, name), 0.0, _BRIGHTEST)
    if not abs(math.hypot(*light.direction) - 1.0) <= 1e-3:
        raise SceneError(
            f"looks.lighting.direction is {light.direction}: a vector of length 1, towards the light"
        )
    for number, lamp in enumerate(light.lamps):
        _check_lamp(f"looks.lighting.lamps[{number}]", lamp)


def _check_lamp(what: str, lamp: Lamp) -> None:
    for name in ("x_m", "y_m", "z_m"):
        _check(f"{what}.{name}", getattr(lamp, name), -_FAR_M, _FAR_M)
    _check(f"{what}.strength", lamp.strength, 0.0, _BRIGHTEST)
    _check_colour(f"{what}.colour", lamp.colour)


def _check_surface(what: str, surface: Surface) -> None:
    if surface.pattern not in PATTERNS:
        raise SceneError(f"{what}.pattern is {surface.pattern!r}: known ones are {', '.join(PATTERNS)}")
    _check(f"{what}.scale_m", surface.scale_m, _FINEST_M, _COARSEST_M)
    for number, colour in enumerate(surface.colours):
        _check_colour(f"{what}.colours[{number}]", colour)


def _check_colour(what: str, colour: Tuple[float, float, float]) -> None:
    for channel in colour:
        if not 0.0 <= channel <= 1.0:
            raise SceneError(f"{what} is {colour}: 0 to 1 per channel; were 0 to 255 meant?")


def _check(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SceneError(f"{what} is {value}: {low:g} to {high:g}")
