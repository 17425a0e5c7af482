"""Where labels go so that they cover neither one another nor the way."""

from __future__ import annotations

from collections.abc import Sequence

from droidlet_style.pictures.palette import Rgb
from droidlet_style.pictures.plan import Point
from droidlet_style.pictures.text import width_of

SIZE_PX = 15
_HEIGHT = 18
Rect = tuple[float, float, float, float]


def place_labels(
    wanted: Sequence[tuple[str, Point, Point, Rgb]], size_px: tuple[int, int], blocked: Sequence[Point]
) -> list[tuple[str, Point, Rgb]]:
    """The top left corner of each label (text, what it names, its half size, ink), greedily where it
    covers least.
    """
    taken: list[Rect] = []
    placed: list[tuple[str, Point, Rgb]] = []
    for text, (x, y), reach, ink in wanted:
        width = width_of(text, SIZE_PX)
        best = min(_choices(x, y, reach, width), key=lambda rect: _cost(rect, taken, size_px, blocked))
        best = _inside(best, size_px)
        taken.append(best)
        placed.append((text, (best[0], best[1]), ink))
    return placed


def _choices(x: float, y: float, reach: Point, width: int) -> list[Rect]:
    """Inside a large thing, else right, left, below, above, and the corners; near first, then farther out."""
    corners = [(x - width / 2, y - 9)] if reach[0] * 1.8 > width and reach[1] > 9 else []
    for gap in (6.0, 22.0):
        rx, ry = reach[0] + gap, reach[1] + gap
        corners += [(x + rx, y - 9), (x - rx - width, y - 9)]
        corners += [(x - width / 2, y + ry), (x - width / 2, y - ry - _HEIGHT)]
        corners += [(x + rx * 0.7, y + ry), (x - rx * 0.7 - width, y - ry - _HEIGHT)]
        corners += [(x + rx * 0.7, y - ry - _HEIGHT), (x - rx * 0.7 - width, y + ry)]
    return [(left, top, left + width, top + _HEIGHT) for left, top in corners]


def _cost(rect: Rect, taken: Sequence[Rect], size_px: tuple[int, int], blocked: Sequence[Point]) -> float:
    left, top, right, low = rect
    out = max(0.0, -left) + max(0.0, -top) + max(0.0, right - size_px[0]) + max(0.0, low - size_px[1])
    cost = out * 50.0
    for other in taken:
        over = min(right, other[2]) - max(left, other[0]), min(low, other[3]) - max(top, other[1])
        cost += over[0] * over[1] if min(over) > 0 else 0.0
    return cost + sum(60.0 for x, y in blocked if left - 4 < x < right + 4 and top - 4 < y < low + 4)


def _inside(rect: Rect, size_px: tuple[int, int]) -> Rect:
    left = min(max(rect[0], 4.0), max(4.0, size_px[0] - 4.0 - (rect[2] - rect[0])))
    top = min(max(rect[1], 4.0), max(4.0, size_px[1] - 4.0 - _HEIGHT))
    return left, top, left + rect[2] - rect[0], top + _HEIGHT
