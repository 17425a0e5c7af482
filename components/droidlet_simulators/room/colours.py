"""The colours that things in a room may have, chosen to stay apart under every shade of the light."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, Tuple

Rgb = Tuple[float, float, float]

COLOURS: Mapping[str, Rgb] = MappingProxyType(
    {
        "red": (0.82, 0.10, 0.10),
        "green": (0.12, 0.62, 0.18),
        "blue": (0.12, 0.24, 0.82),
        "yellow": (0.94, 0.84, 0.10),
        "orange": (0.98, 0.52, 0.06),
        "purple": (0.52, 0.16, 0.68),
        "pink": (0.98, 0.56, 0.72),
        "cyan": (0.14, 0.78, 0.82),
        "white": (0.96, 0.96, 0.96),
        "grey": (0.44, 0.44, 0.46),
        "black": (0.07, 0.07, 0.07),
        "brown": (0.43, 0.24, 0.11),
    }
)
"""Full-light colour by name, 0 to 1 per channel; the dimmest shade of a surface is 0.65 of it."""

FLOOR_COLOUR: Rgb = (0.66, 0.50, 0.36)
CEILING_COLOUR: Rgb = (0.94, 0.93, 0.88)
WALL_COLOUR: Rgb = (0.92, 0.87, 0.66)

OTHER_COLOURS: Mapping[str, Rgb] = MappingProxyType(
    {"skin": (0.90, 0.70, 0.56), "metal": (0.60, 0.61, 0.64), "clay": (0.62, 0.34, 0.22)}
)
"""Colours of parts that are never what a thing is called by."""
