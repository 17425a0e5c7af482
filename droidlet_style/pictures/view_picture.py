"""view.png: the key moments of a run as the camera saw them, with boxes and captions."""

from __future__ import annotations

import io
import math

import numpy as np
from PIL import Image, ImageDraw

from droidlet_style.moments import Box, Moment
from droidlet_style.pictures import palette
from droidlet_style.pictures.legend import HEAD_PX, draw_head
from droidlet_style.pictures.text import width_of, wrapped, write

PANEL_PX = 400  # about the width of one picture
GAP_PX = 20
CAPTION_PX = 64


def draw_view(moments: tuple[Moment, ...], title: str, said: tuple[str, ...]) -> bytes | None:
    """The moments in a grid, as a PNG file's bytes; None where there are none."""
    if not moments:
        return None
    panels = [_panel(moment) for moment in moments]
    columns = min(len(panels), 4 if len(panels) > 6 else 3)
    cell = max(panel.width for panel in panels), max(panel.height for panel in panels)
    rows = math.ceil(len(panels) / columns)
    width = GAP_PX + columns * (cell[0] + GAP_PX)
    sheet = Image.new("RGB", (width, HEAD_PX + rows * (cell[1] + GAP_PX)), palette.PAPER)
    draw_head(ImageDraw.Draw(sheet), width, f"Key moments: {title}", " / ".join(said))
    for i, panel in enumerate(panels):
        sheet.paste(
            panel,
            (GAP_PX + (i % columns) * (cell[0] + GAP_PX), HEAD_PX + (i // columns) * (cell[1] + GAP_PX)),
        )
    made = io.BytesIO()
    sheet.save(made, "PNG")
    return made.getvalue()


def _panel(moment: Moment) -> Image.Image:
    """One picture, scaled up, with its caption below."""
    height, width = moment.rgb.shape[:2]
    scale = PANEL_PX / max(width, 1)
    picture = Image.fromarray(np.ascontiguousarray(moment.rgb)).resize(
        (PANEL_PX, max(1, round(height * scale))), Image.Resampling.BICUBIC
    )
    draw = ImageDraw.Draw(picture)
    for box in sorted(moment.boxes, key=lambda b: b.main):  # the one that it is about lies on top
        _box(draw, box, scale, picture.size)
    panel = Image.new("RGB", (PANEL_PX, picture.height + CAPTION_PX), palette.PAPER)
    panel.paste(picture, (0, 0))
    draw = ImageDraw.Draw(panel)
    draw.rectangle([0, 0, PANEL_PX - 1, picture.height - 1], outline=palette.RULE)
    write(draw, (0, picture.height + 6), f"tick {moment.tick},  {moment.now_s:.1f} s", 13, palette.SOFT_INK)
    for i, line in enumerate(wrapped("; ".join(moment.captions), 16, PANEL_PX, 2)):
        write(draw, (0, picture.height + 22 + 19 * i), line, 16)
    return panel


def _box(draw: ImageDraw.ImageDraw, box: Box, scale: float, size: tuple[int, int]) -> None:
    left, top, right, low = (v * scale for v in box.box)
    paint = palette.named(box.colour)
    rim = palette.ink_on(paint)
    draw.rectangle([left, top, right - 1, low - 1], outline=rim, width=5 if box.main else 3)
    draw.rectangle([left + 1, top + 1, right - 2, low - 2], outline=paint, width=3 if box.main else 1)
    text = f"{box.colour} {box.label}".strip() if box.main else box.label
    big = 15 if box.main else 12
    wide, high = width_of(text, big) + 8, big + 6
    x = min(max(0.0, left), max(0.0, size[0] - wide))
    y = top - high if top >= high else min(low, size[1] - high)
    draw.rectangle([x, y, x + wide, y + high], fill=paint, outline=rim)
    write(draw, (x + 4, y + high / 2), text, big, rim, anchor="lm")
