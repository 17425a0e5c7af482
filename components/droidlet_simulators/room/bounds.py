"""In which screen rectangle a ball can be seen, for the camera models without a view of planes."""

from __future__ import annotations

from typing import Tuple

import numpy as np

from droidlet_simulators.room.camera import Lens

_PIXEL_SLACK = 0.01
_Range = Tuple[np.ndarray, np.ndarray]


def ball_rectangles(centre: np.ndarray, radius: np.ndarray, lens: Lens) -> np.ndarray:
    """Rectangles (N, 4) int64 (column0, column1, row0, row1, half open) that hold balls round (N, 3) in camera axes.

    Never too small; too large where a ball surrounds the camera, a pole or the seam of a panorama.
    """
    if lens.model == "orthographic":
        x, y, z = centre[:, 0], centre[:, 1], centre[:, 2]
        rect = _pixels((x - radius, x + radius), (y - radius, y + radius), lens)
        rect[z + radius <= 0.0] = 0
        return rect
    distance = np.sqrt((centre * centre).sum(axis=1))
    around = distance <= radius * (1.0 + 1e-9) + 1e-9
    cone = np.arcsin(np.clip(radius / np.where(around, np.inf, distance), 0.0, 1.0))
    find = _fisheye if lens.model == "fisheye" else _panorama
    across, down = find(centre, np.where(around, 1.0, distance), cone)
    rect = _pixels(across, down, lens)
    rect[around] = (0, lens.width, 0, lens.height)
    return rect


def _fisheye(centre: np.ndarray, distance: np.ndarray, cone: np.ndarray) -> Tuple[_Range, _Range]:
    """Ranges of x and y of cones about the directions: sectors of rings, bounded by their corners."""
    off = np.arctan2(np.hypot(centre[:, 0], centre[:, 1]), centre[:, 2])
    inner, outer = off - cone, off + cone
    whole = (inner <= 0.0) | (outer >= np.pi)
    outer = np.where(outer >= np.pi, np.pi, outer)
    side = np.arcsin(np.clip(np.sin(cone) / np.where(whole, np.inf, np.sin(off)), 0.0, 1.0))
    turn = np.arctan2(centre[:, 1], centre[:, 0])
    first = _ring(turn, side, inner, outer, whole)
    second = _ring(turn - np.pi / 2, side, inner, outer, whole)
    return first, second


def _ring(
    turn: np.ndarray, side: np.ndarray, inner: np.ndarray, outer: np.ndarray, whole: np.ndarray
) -> _Range:
    """Smallest and largest distance * cos(angle) within turn +- side and inner to outer."""
    turn = np.arctan2(np.sin(turn), np.cos(turn))
    ends = np.cos(turn - side), np.cos(turn + side)
    highest = np.where(np.abs(turn) <= side, 1.0, np.maximum(*ends))
    lowest = np.where(np.pi - np.abs(turn) <= side, -1.0, np.minimum(*ends))
    low = np.where(lowest > 0, inner, outer) * lowest
    high = np.where(highest > 0, outer, inner) * highest
    return np.where(whole, -outer, low), np.where(whole, outer, high)


def _panorama(centre: np.ndarray, distance: np.ndarray, cone: np.ndarray) -> Tuple[_Range, _Range]:
    """Ranges of longitude and latitude of cones about the directions."""
    latitude = np.arcsin(np.clip(centre[:, 1] / distance, -1.0, 1.0))
    longitude = np.arctan2(centre[:, 0], centre[:, 2])
    pole = np.abs(latitude) + cone >= np.pi / 2
    side = np.arcsin(np.clip(np.sin(cone) / np.where(pole, np.inf, np.cos(latitude)), 0.0, 1.0))
    seam = pole | (np.abs(longitude) + side >= np.pi)
    low, high = np.where(seam, -np.pi, longitude - side), np.where(seam, np.pi, longitude + side)
    return (low, high), (latitude - cone, latitude + cone)


def _pixels(across: _Range, down: _Range, lens: Lens) -> np.ndarray:
    rect = np.empty((len(across[0]), 4), np.int64)
    for column, ((low, high), focal, shift, count) in enumerate(
        ((across, lens.fx, lens.cx, lens.width), (down, lens.fy, lens.cy, lens.height))
    ):
        first = np.ceil(np.clip(low * focal + shift - 0.5 - _PIXEL_SLACK, 0, count))
        last = np.floor(np.clip(high * focal + shift - 0.5 + _PIXEL_SLACK, -1, count - 1)) + 1
        rect[:, 2 * column], rect[:, 2 * column + 1] = first, last
    return rect
