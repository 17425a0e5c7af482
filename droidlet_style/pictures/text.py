"""Text that fits: measured, cut, and with a halo where it lies on something."""

from __future__ import annotations

import re

from PIL import ImageDraw

from droidlet_style.pictures.palette import INK, Rgb, font


def width_of(text: str, size_px: int) -> int:
    """How many pixels wide a line of text is."""
    return int(font(size_px).getlength(text) + 0.999)


def shown(text: str) -> str:
    """Text in one line, in the letters that the font has; each stretch of others is a dot."""
    return " ".join(re.sub(r"[^\x20-\u024f\u2013-\u2026]+", "\u00b7", " ".join(text[:4000].split())).split())


def fitted(text: str, size_px: int, room_px: int) -> str:
    """A line of text cut at its end to fit a width, with an ellipsis."""
    text = shown(text)
    if width_of(text[:400], size_px) <= room_px and len(text) <= 400:
        return text
    low, high = 0, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if width_of(text[:middle] + "...", size_px) <= room_px else (low, middle - 1)
        )
    return text[:low].rstrip() + "..."


def wrapped(text: str, size_px: int, room_px: int, lines: int) -> list[str]:
    """Text in at most so many lines, the last one cut where it does not fit."""
    words, made = shown(text).split(), [""]
    for number, word in enumerate(words):
        longer = f"{made[-1]} {word}".strip()
        if width_of(longer[:400], size_px) <= room_px or not made[-1]:
            made[-1] = longer
        elif len(made) < lines:
            made.append(word)
        else:
            made[-1] = " ".join([made[-1], *words[number:]])
            break
    return [fitted(line, size_px, room_px) for line in made]


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size_px: int,
    ink: Rgb = INK,
    halo: Rgb | None = None,
    anchor: str = "la",
) -> None:
    """Writes one line."""
    rim = 0 if halo is None else max(2, size_px // 7)
    draw.text(at, text, fill=ink, font=font(size_px), anchor=anchor, stroke_width=rim, stroke_fill=halo)
