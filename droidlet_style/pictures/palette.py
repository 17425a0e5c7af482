"""Colours and type of the pictures, in one place."""

from __future__ import annotations

from functools import cache

from PIL import ImageFont

Rgb = tuple[int, int, int]

PAPER: Rgb = (250, 249, 246)
INK: Rgb = (34, 38, 46)
SOFT_INK: Rgb = (106, 112, 124)
RULE: Rgb = (222, 220, 214)
UNKNOWN: Rgb = (226, 226, 223)
FREE: Rgb = (255, 255, 255)
SOLID: Rgb = (72, 80, 96)
GRID: Rgb = (232, 234, 238)
TRUTH: Rgb = (148, 156, 170)
PATH_FROM: Rgb = (120, 190, 255)
PATH_TO: Rgb = (18, 84, 196)
MARK: Rgb = (255, 196, 0)

_NAMED: dict[str, Rgb] = {
    "red": (214, 40, 40),
    "green": (42, 157, 72),
    "blue": (44, 84, 214),
    "yellow": (244, 211, 26),
    "orange": (247, 127, 0),
    "purple": (126, 48, 168),
    "pink": (246, 140, 180),
    "cyan": (34, 196, 208),
    "white": (246, 246, 246),
    "grey": (134, 136, 140),
    "gray": (134, 136, 140),
    "black": (28, 28, 30),
    "brown": (121, 74, 38),
}


def named(colour: str) -> Rgb:
    """The paint for a colour's name; names that nobody knows are grey."""
    return _NAMED.get(colour.lower(), (160, 162, 168))


def ink_on(paint: Rgb) -> Rgb:
    """Dark or white, whichever reads better on a paint."""
    light = 0.299 * paint[0] + 0.587 * paint[1] + 0.114 * paint[2]
    return INK if light > 150 else (255, 255, 255)


def mixed(a: Rgb, b: Rgb, share: float) -> Rgb:
    """From a (share 0) to b (share 1)."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, so that a picture is the same wherever it is drawn."""
    return ImageFont.load_default(size_px)
