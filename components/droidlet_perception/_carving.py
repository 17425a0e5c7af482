"""Which cells of the floor a picture shows to be free, and what stands in the way."""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_perception._cloud import F32, Cloud, Mask
from droidlet_schema import OccupancyMap

_BINS = 192
_FLOOR_M = 0.04  # what is lower is floor
_LOW_M = 0.45  # over things lower than this one sees the floor behind; under higher ones one only peeps
_WIDEST = 3.0  # tangent of the widest angle off the camera's heading that is looked at
_BELOW_M = 1.2  # floor that begins further ahead than this is hidden, not below the picture
_CLEAR_M = 0.06  # kept from the first point in the way


class Sight(NamedTuple):
    """A picture as seen from above: for each direction (tangent off the heading, in bins) how far one sees."""

    camera: Tuple[float, float]
    forward: Tuple[float, float]
    low: float  # tangent at the first bin's edge
    step: float  # tangent per bin
    first: F32  # (B,) metres ahead from which on the floor is in the picture
    free: F32  # (B,) metres ahead up to which nothing stands in the way
    floor_x: F32  # (N,) floor points with nothing overhead, world frame
    floor_y: F32
    hit_x: F32  # (M,) points in the way, world frame
    hit_y: F32

    def bounds(self, x_m: float, y_m: float, spare_m: float) -> Tuple[float, float, float, float]:
        """Lowest and highest x and y of all that was seen and of a place with some room around it."""
        xs = (*_ends(self.hit_x), *_ends(self.floor_x), x_m)
        ys = (*_ends(self.hit_y), *_ends(self.floor_y), y_m)
        return min(xs) - spare_m, min(ys) - spare_m, max(xs) + spare_m, max(ys) + spare_m


def _ends(values: F32) -> Tuple[float, ...]:
    return (float(values.min()), float(values.max())) if len(values) else ()


def look_along_floor(cloud: Cloud, low_m: float, high_m: float, range_m: float) -> Sight:
    """How far one sees in each direction."""
    fx, fy = cloud.forward
    ahead = np.float32(fx) * cloud.x + np.float32(fy) * cloud.y
    near = cloud.valid & (ahead > 0.02) & (ahead < range_m) & (cloud.z < high_m)
    at = np.flatnonzero(near)
    x, y, z, s = (a.ravel().take(at) for a in (cloud.x, cloud.y, cloud.z, ahead))
    tangent = (np.float32(fx) * y - np.float32(fy) * x) / s
    inside = np.abs(tangent) <= _WIDEST
    low = max(float(tangent.min(initial=0.0)), -_WIDEST)
    high = min(float(tangent.max(initial=0.0)), _WIDEST)
    step = max((high - low) / _BINS, 1e-6)
    place = np.minimum(((tangent - low) * np.float32(1 / step)).astype(np.int64), _BINS - 1)
    solid, floor = inside & (z > low_m), inside & (np.abs(z) < _FLOOR_M)
    tall = solid & (z > _LOW_M)
    free, over = _nearest(place, s, solid), _nearest(place, s, tall)
    first, last = _nearest(place, s, floor), _furthest(place, s, floor)
    free = np.where(np.isfinite(free), free - np.float32(_CLEAR_M), last)
    open_ = floor & (s < over.take(np.where(inside, place, 0)))
    cx, cy = (np.float32(c) for c in cloud.camera[:2])
    return Sight(
        cloud.camera[:2], cloud.forward, low, step, first, free,
        x[open_] + cx, y[open_] + cy, x[solid] + cx, y[solid] + cy,
    )  # fmt: skip


def _nearest(place: NDArray[np.int64], s: F32, which: Mask) -> F32:
    nearest = np.full(_BINS, np.inf, np.float32)
    np.minimum.at(nearest, place[which], s[which])
    return nearest


def _furthest(place: NDArray[np.int64], s: F32, which: Mask) -> F32:
    furthest = np.zeros(_BINS, np.float32)
    np.maximum.at(furthest, place[which], s[which])
    return furthest


def free_cells(sight: Sight, known: OccupancyMap, range_m: float) -> Tuple[Tuple[slice, slice], Mask, Mask]:
    """A window of the map, which of its cells are seen to be free, and which lie below the picture's lower border."""
    window = _window(sight, known, range_m)
    rows, columns = np.arange(window[0].start, window[0].stop), np.arange(window[1].start, window[1].stop)
    (cx, cy), (fx, fy) = sight.camera, sight.forward
    dx = ((columns + 0.5) * known.cell_m + (known.origin_x_m - cx)).astype(np.float32)
    dy = ((rows + 0.5) * known.cell_m + (known.origin_y_m - cy)).astype(np.float32)[:, None]
    ahead = np.float32(fx) * dx + np.float32(fy) * dy
    tangent = (np.float32(fx) * dy - np.float32(fy) * dx) / np.maximum(ahead, np.float32(0.05))
    place = (tangent - np.float32(sight.low)) * np.float32(1 / sight.step)
    inside = (place >= 0) & (place < _BINS) & (ahead > np.float32(0.1))
    place_at = np.clip(place, 0, _BINS - 1).astype(np.int64)
    first, last = sight.first.take(place_at), sight.free.take(place_at)
    free = inside & (ahead < last)
    below = free & (ahead < first) & (first < _BELOW_M)
    free &= ahead > np.minimum(first, last) - known.cell_m
    column = ((sight.floor_x - known.origin_x_m) / known.cell_m).astype(np.int64) - window[1].start
    row = ((sight.floor_y - known.origin_y_m) / known.cell_m).astype(np.int64) - window[0].start
    free[row, column] = True
    return window, free, below


def _window(sight: Sight, known: OccupancyMap, range_m: float) -> Tuple[slice, slice]:
    """The rows and columns of the map that the picture reaches."""
    x0, y0, x1, y1 = sight.bounds(*sight.camera, known.cell_m)
    height, width = known.evidence.shape
    column0 = max(int((x0 - known.origin_x_m) / known.cell_m), 0)
    row0 = max(int((y0 - known.origin_y_m) / known.cell_m), 0)
    column1 = min(int((x1 - known.origin_x_m) / known.cell_m) + 1, width)
    row1 = min(int((y1 - known.origin_y_m) / known.cell_m) + 1, height)
    return slice(row0, max(row1, row0)), slice(column0, max(column1, column0))
