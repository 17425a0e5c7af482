"""Title and legend of the map."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageDraw

from droidlet_style.pictures import palette
from droidlet_style.pictures.text import fitted, width_of, write

HEAD_PX = 76
FOOT_PX = 64
Draw = ImageDraw.ImageDraw


def draw_head(draw: Draw, width: int, title: str, under: str) -> None:
    """The title, and under it what was said."""
    write(draw, (20, 14), fitted(title, 24, width - 40), 24)
    write(draw, (20, 46), fitted(under, 16, width - 40), 16, palette.SOFT_INK)


def draw_foot(width: int, scale: float) -> Image.Image:
    """Scale bar and legend; `scale` in pixels per metre."""
    image = Image.new("RGB", (width, FOOT_PX), palette.PAPER)
    draw = ImageDraw.Draw(image)
    metres = next((m for m in (1, 2, 5, 10, 20, 50) if m * scale >= 80), 100)
    left, y, right = 20, 36, 20 + round(metres * scale)
    draw.line([left, y, right, y], fill=palette.INK, width=3)
    for x in (left, right):
        draw.line([x, y - 6, x, y + 6], fill=palette.INK, width=3)
    write(draw, ((left + right) / 2, y - 8), f"{metres} m", 15, anchor="mb")
    x = right + 36
    for text, sign in _SIGNS:
        if x + 34 + width_of(text, 15) > width - 12:
            break
        sign(draw, x, y)
        write(draw, (x + 32, y), text, 15, anchor="lm")
        x += 32 + width_of(text, 15) + 22
    return image


def _patch(paint: palette.Rgb) -> Callable[[Draw, int, int], None]:
    def sign(draw: Draw, x: int, y: int) -> None:
        draw.rectangle([x, y - 9, x + 24, y + 9], fill=paint, outline=palette.TRUTH)

    return sign


def _object(draw: Draw, x: int, y: int) -> None:
    paint = palette.named("red")
    draw.rounded_rectangle(
        [x, y - 9, x + 24, y + 9], 3, fill=paint, outline=palette.mixed(paint, palette.INK, 0.55), width=2
    )


def _truth(draw: Draw, x: int, y: int) -> None:
    draw.rectangle([x, y - 9, x + 24, y + 9], outline=palette.TRUTH, width=2)


def _way(draw: Draw, x: int, y: int) -> None:
    for i in range(24):
        draw.line(
            [x + i, y, x + i + 1, y], fill=palette.mixed(palette.PATH_FROM, palette.PATH_TO, i / 23), width=4
        )


_SIGNS: tuple[tuple[str, Callable[[Draw, int, int], None]], ...] = (
    ("way walked", _way),
    ("tracked", _object),
    ("really there", _truth),
    ("free", _patch(palette.FREE)),
    ("occupied", _patch(palette.SOLID)),
    ("never seen", _patch(palette.UNKNOWN)),
)
