"""Colour words: from what a camera saw to what a person would call it."""

from __future__ import annotations

import math
from typing import Sequence

_SHADE = 0.81  # how much of a surface's full colour an ordinarily lit spot shows
_BLACK = 0.17  # brightness of the full colour below which everything is black
_WHITE = 0.75
_GREY_CHROMA = 0.16  # (max - min) / max below which there is no hue
_HUES = (
    (16.0, "red"),
    (45.0, "orange"),
    (72.0, "yellow"),
    (165.0, "green"),
    (200.0, "cyan"),
    (258.0, "blue"),
    (312.0, "purple"),
    (345.0, "pink"),
    (360.0, "red"),
)


def colour_name(rgb: Sequence[float]) -> str:
    """The word for a colour of a surface as photographed, sRGB 0 to 255; shading by one light is allowed for.

    One of black, blue, brown, cyan, green, grey, orange, pink, purple, red, white, yellow. Hue, saturation and
    value rules (Smith 1978 has the hexcone); values out of range are clipped. Raises ValueError for anything but
    three finite numbers, TypeError for what is no sequence.
    """
    if not hasattr(rgb, "__len__"):
        raise TypeError(f"rgb is {rgb!r}: a colour is three numbers from 0 to 255")
    values = tuple(float(v) for v in rgb)
    if len(values) != 3 or not all(map(math.isfinite, values)):
        raise ValueError(f"rgb is {values}: a colour is three finite numbers from 0 to 255")
    r, g, b = (min(max(v, 0.0), 255.0) / 255.0 for v in values)
    high, low = max(r, g, b), min(r, g, b)
    value = min(high / _SHADE, 1.0)
    if value < _BLACK and high - low < 0.08:
        return "black"
    chroma = (high - low) / high
    if chroma < _GREY_CHROMA:
        return "white" if value > _WHITE else "grey" if value > _BLACK else "black"
    return _hue_name(_hue(r, g, b, high, low), chroma, value)


def _hue(r: float, g: float, b: float, high: float, low: float) -> float:
    """Degrees around the hexcone, 0 = red, 120 = green, 240 = blue."""
    span = high - low
    if high == r:
        return 60.0 * ((g - b) / span) % 360.0
    if high == g:
        return 60.0 * ((b - r) / span + 2.0)
    return 60.0 * ((r - g) / span + 4.0)


def _hue_name(hue: float, chroma: float, value: float) -> str:
    name = next(word for limit, word in _HUES if hue <= limit)
    warm = hue < 50.0
    if warm and value < 0.72 and chroma < 0.88 and hue > 10.0:
        return "brown"
    if chroma < 0.62 and value > 0.62 and (hue > 285.0 or hue < 16.0):
        return "pink"
    return name
