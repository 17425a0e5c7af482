"""What a region looks like in numbers that do not depend on its colour."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from droidlet_perception._cloud import F32, Cloud, Mask
from droidlet_perception._regions import Regions, bounds, means

_BAND_EDGES_M = (0.12, 0.24, 0.36, 0.50, 0.62, 0.74, 0.86, 1.0, 1.2, 1.45)
_BANDS = len(_BAND_EDGES_M) + 1
_BAND_STEP_M = 0.02
_BAND_OF = np.searchsorted(np.array(_BAND_EDGES_M), np.arange(0.0, 2.2, _BAND_STEP_M), side="right")
_BAND_OF.setflags(write=False)
_FAR = 1 << 40
_HIDING_M = 0.08  # so much nearer a neighbour hides what is behind it
_CURVED_PER_M = 0.6  # curvature from which a surface counts as round
_MOST_POINTS = 2500  # on which the smallest rectangle is judged
_ANGLES = np.pi / 12 * np.arange(12)  # the second six are at right angles to the first
_TURNS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)]).astype(np.float32)
_TURNS.setflags(write=False)


class Looks(NamedTuple):
    """Per region (K,): where it is and what of it can be seen; metres, relative to the camera's place."""

    x: F32  # mean
    y: F32
    z_low: F32  # above the floor
    z_high: F32
    width: F32  # across the line of sight
    depth: F32  # along it
    distance: F32
    area: F32  # (K, 11) square metres across the line of sight, by height
    flat: F32  # share of pixels on a level surface
    curved: F32  # share of pixels on a round surface
    long: F32  # sides of the smallest rectangle around it on the floor
    short: F32
    hidden: F32  # (K, 4) left, right, top, bottom: pixels on whose far side something nearer begins
    border: F32  # (K, 4) pixels at the picture's border
    cut: Mask  # (K, 4) whether its end on that side is hidden or at the border
    rim: F32  # pixels of its left, right, top, bottom outline in all
    pixels: F32
    pixel_m: F32  # size of a pixel at its distance


def measure(regions: Regions, cloud: Cloud) -> Looks:
    """The looks of every region."""
    x, y, z, depth = (a.ravel().take(regions.pixel) for a in (cloud.x, cloud.y, cloud.z, cloud.depth))
    mean_x, mean_y = means(x, regions), means(y, regions)
    distance: F32 = np.maximum(np.hypot(mean_x, mean_y), np.float32(1e-3))
    toward_x, toward_y = (mean_x / distance).take(regions.region), (mean_y / distance).take(regions.region)
    across = bounds(toward_x * y - toward_y * x, regions)
    along = bounds(toward_x * x + toward_y * y, regions)
    rise = bounds(z, regions)
    long, short = _rectangle(*_thinned(x, y, regions))
    outline = _outline(regions, cloud)
    count = regions.size.astype(np.float32)
    return Looks(
        mean_x,
        mean_y,
        rise.low,
        rise.high,
        across.high - across.low,
        along.high - along.low,
        distance,
        _areas(z, depth, regions, cloud),
        _flat(regions, cloud) / count,
        _curved(regions, cloud) / count,
        long,
        short,
        outline.hidden,
        outline.border,
        outline.cut,
        outline.rim,
        count,
        means(depth, regions) / np.float32(cloud.focal_px),
    )


def _areas(z: F32, depth: F32, regions: Regions, cloud: Cloud) -> F32:
    band = _BAND_OF.take((z * np.float32(1 / _BAND_STEP_M)).astype(np.int64), mode="clip")
    cell = regions.region * np.int64(_BANDS) + band
    weight = depth * depth
    total = np.bincount(cell, weight, minlength=len(regions.start) * _BANDS)
    scale = 1.0 / (cloud.focal_px * cloud.focal_px)
    return np.asarray(total.reshape(-1, _BANDS) * scale, np.float32)


def _thinned(x: F32, y: F32, regions: Regions) -> tuple[F32, F32, Regions]:
    """Every so many points of the regions, at least one of each."""
    step = len(x) // _MOST_POINTS + 1
    if step == 1:
        return x, y, regions
    keep = np.zeros(len(x), bool)
    keep[::step] = True
    keep[regions.start] = True
    at = np.flatnonzero(keep)
    return x.take(at), y.take(at), regions._replace(start=np.searchsorted(at, regions.start))


def _rectangle(x: F32, y: F32, regions: Regions) -> tuple[F32, F32]:
    """Long and short side of the smallest of six rectangles around each region on the floor."""
    if len(regions.start) == 0:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    turned = x * _TURNS[0][:, None]
    turned += y * _TURNS[1][:, None]
    sides = np.maximum.reduceat(turned, regions.start, axis=1)
    sides -= np.minimum.reduceat(turned, regions.start, axis=1)
    a, b = np.split(sides, 2)
    best = np.argmin((a + 0.02) * (b + 0.02), axis=0)
    column = np.arange(len(regions.start))
    a, b = a[best, column], b[best, column]
    return np.maximum(a, b), np.minimum(a, b)


def _tally(labels: NDArray[np.int32], count: int) -> F32:
    """How often each region occurs among labels of any shape; (count,)."""
    return np.asarray(np.bincount(labels.ravel(), minlength=count + 1)[1:], np.float32)


class _Outline(NamedTuple):
    """Where regions end (K): see Looks."""

    hidden: F32
    border: F32
    cut: Mask
    rim: F32


def _outline(regions: Regions, cloud: Cloud) -> _Outline:
    """What hides regions or cuts them off, from pairs of neighbours that belong to different ones."""
    labels, count = regions.labels, len(regions.start)
    flat, depth, width = labels.ravel(), cloud.depth.ravel(), labels.shape[1]
    border = [_tally(labels[edge], count) for edge in (np.s_[:, :1], np.s_[:, -1:], np.s_[:1], np.s_[-1:])]
    hidden, ends, rim = [], [], np.sum(border, axis=0)
    beside = np.zeros(labels.shape, bool)
    np.not_equal(labels[:, :-1], labels[:, 1:], out=beside[:, :-1])
    left, above = np.flatnonzero(beside), np.flatnonzero(labels[:-1] != labels[1:])
    for at, step, place in ((left, 1, left % width), (above, width, above // width)):
        first, second = flat.take(at), flat.take(at + step)
        nearer = depth.take(at) - depth.take(at + step)
        for mine, hides, outward in (
            (second, nearer < -_HIDING_M, -place),
            (first, nearer > _HIDING_M, place),
        ):
            hidden.append(_tally(mine[hides], count))
            ends.append(_at_the_end(mine, hides, outward, count))
            rim = rim + _tally(mine, count)
    cut = np.stack(ends, axis=1) | (np.stack(border, axis=1) > 0)
    return _Outline(np.stack(hidden, axis=1), np.stack(border, axis=1), cut, rim)


def _at_the_end(mine: NDArray[np.int32], hides: Mask, outward: NDArray[np.int64], count: int) -> Mask:
    """Which regions (K,) are hidden where they reach furthest `outward` (N,), by outline pixels of labels `mine`."""
    furthest = np.full(count + 1, -_FAR, np.int64)
    np.maximum.at(furthest, mine, outward)
    found = np.zeros(count + 1, bool)
    found[mine[hides & (outward >= furthest.take(mine) - 1)]] = True
    return found[1:]


def _flat(regions: Regions, cloud: Cloud) -> F32:
    """Pixels per region whose lower neighbour lies on the same level surface."""
    labels = regions.labels
    at = np.flatnonzero((labels[:-1] == labels[1:]) & (labels[1:] > 0))
    below = at + labels.shape[1]
    dx, dy, dz = (a.ravel().take(below) - a.ravel().take(at) for a in (cloud.x, cloud.y, cloud.z))
    level = dz * dz * np.float32(9.0) < dx * dx + dy * dy
    return _tally(labels.ravel().take(at[level]), len(regions.start))


def _curved(regions: Regions, cloud: Cloud) -> F32:
    """Pixels per region where inverse depth, which is linear along a plane's rows, bends; from every other row."""
    labels, depth = regions.labels[::2], cloud.depth[::2]
    if labels.shape[1] < 3:
        return np.zeros(len(regions.start), np.float32)
    same = (labels[:, :-1] == labels[:, 1:]) & (labels[:, 1:] > 0)
    begins = np.zeros(labels.shape, bool)  # three of one region in a row
    np.logical_and(same[:, :-1], same[:, 1:], out=begins[:, :-2])
    at = np.flatnonzero(begins)
    left, middle, right = (depth.ravel().take(at + i) for i in range(3))
    bend = np.float32(1.0) / left + np.float32(1.0) / right - np.float32(2.0) / middle
    bent = np.abs(bend) * np.float32(cloud.focal_px**2) > _CURVED_PER_M
    return _tally(labels.ravel().take(at[bent]), len(regions.start)) * np.float32(2.0)


def feature_matrix(looks: Looks) -> F32:
    """The looks as one row per region (K, FEATURES), each column of about unit size."""
    shown = looks.area / np.maximum(looks.width, np.float32(0.03))[:, None] * np.float32(4.0)
    box = looks.width * (looks.z_high - looks.z_low) + np.float32(1e-3)
    fill = looks.area.sum(axis=1) / box
    rim = np.maximum(looks.rim, np.float32(1.0))[:, None]
    columns = [
        looks.z_low * 2,
        looks.z_high,
        looks.z_high - looks.z_low,
        looks.width,
        looks.depth,
        np.minimum(looks.width, 0.6) * 3,
        np.minimum(looks.z_high - looks.z_low, 0.6) * 3,
        looks.long,
        looks.short,
        np.minimum(looks.long, 0.6) * 3,
        np.log(looks.pixels) * np.float32(0.3),
        looks.distance * np.float32(0.3),
        looks.pixel_m * 10,
        np.minimum(fill, 2.0),
        looks.flat,
        looks.curved * 2,
    ]
    hidden = looks.hidden / rim * 3
    border = looks.border / rim * 3
    return np.concatenate(
        [np.array(columns).T, np.minimum(shown, 2.0), hidden, border], axis=1, dtype=np.float32
    )


FEATURES = 16 + _BANDS + 8
"""Columns of a feature matrix."""
