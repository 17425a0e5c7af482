"""Patches put together to regions, one for each thing as far as one colour goes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import graph_roots
from droidlet_perception._cloud import F32, Cloud
from droidlet_perception._segments import Ints, Labels, Patches, Tint

_FEWEST_PIXELS = 4
_FEW_PATCHES = 120
_MOST = 1000  # pieces that are looked at, the largest
_GAP_M = 0.14  # pieces of one thing may lie so far apart behind something thin
_CHROMA_GAP = 0.006
_BRIGHTER = 1.5
_ON_TOP_M = 0.04
_RISE_M = 0.025
_TABLE_M = 0.3  # tops lower than this carry nothing
_SMALL = 0.6  # of the width of what it stands on


class Regions(NamedTuple):
    """The pixels of K regions, sorted by region."""

    labels: Labels  # (h, w) region number from 1, 0 elsewhere
    pixel: Ints  # (P,) flat index of each pixel
    region: NDArray[np.int16]  # (P,) its region, from 0, ascending
    start: Ints  # (K,) where each region begins
    size: Ints  # (K,) pixels


class Bounds(NamedTuple):
    """Smallest and largest value per region."""

    low: F32
    high: F32


def group(labels: Labels) -> Regions:
    """Regions by label; labels must be 0 (nothing) to K without a gap."""
    pixel = np.flatnonzero(labels)
    number = labels.ravel().take(pixel).astype(np.int16)
    order = np.argsort(number, kind="stable")
    number = number[order] - np.int16(1)
    count = np.bincount(number) if len(number) else np.zeros(0, np.int64)
    return Regions(labels, pixel[order], number, np.cumsum(count) - count, count)


def bounds(values: F32, regions: Regions) -> Bounds:
    """The range per region (K,) of values (P,) sorted as the regions' pixels are."""
    if len(regions.start) == 0:
        return Bounds(np.zeros(0, np.float32), np.zeros(0, np.float32))
    low = np.minimum.reduceat(values, regions.start)
    return Bounds(low, np.maximum.reduceat(values, regions.start))


def means(values: F32, regions: Regions) -> F32:
    """The mean per region (K,) of values (P,)."""
    if len(regions.start) == 0:
        return np.zeros(0, np.float32)
    return np.asarray(np.add.reduceat(values, regions.start) / regions.size.astype(np.float32))


def make_regions(patches: Patches, cloud: Cloud, tint: Tint) -> Regions:
    """Regions of patches: pieces of one colour that all but touch joined, specks dropped."""
    sizes = np.bincount(patches.labels.ravel(), minlength=patches.end)
    sizes[0] = 0
    fewest = (
        _FEWEST_PIXELS if len(sizes) > _FEW_PATCHES else 1
    )  # among few patches specks may be joined to others
    keep = sizes >= max(fewest, np.sort(sizes)[-_MOST] if len(sizes) > _MOST else 0)
    number = np.cumsum(keep, dtype=np.int32)
    number[~keep] = 0
    pieces = group(number.take(patches.labels))
    if len(pieces.size) == 0:
        return pieces
    together = _pieces_of_one(pieces, cloud, tint)
    size = np.bincount(together, pieces.size)
    large = size >= _FEWEST_PIXELS
    if len(large) == len(pieces.size) and large.all():
        return pieces
    renumber: Ints = np.cumsum(large)
    renumber[~large] = 0
    return _regrouped(pieces, renumber.take(together))


def _regrouped(pieces: Regions, region: Ints) -> Regions:
    """The pieces (K,) put together by number, those of number 0 left out."""
    order = np.argsort(region, kind="stable")[np.count_nonzero(region == 0) :]
    size = pieces.size[order]
    at = np.repeat(pieces.start[order] - (np.cumsum(size) - size), size) + np.arange(int(size.sum()))
    lookup = np.concatenate((np.zeros(1, np.int32), region.astype(np.int32)))
    total = np.bincount(region, pieces.size)[1:].astype(np.int64)
    owner = np.repeat(np.arange(len(total), dtype=np.int16), total)
    start = np.cumsum(total) - total
    return Regions(lookup.take(pieces.labels), pieces.pixel.take(at), owner, start, total)


def _pieces_of_one(pieces: Regions, cloud: Cloud, tint: Tint) -> Ints:
    """For each piece (K,) the number of the region that it belongs to."""
    count = len(pieces.start)
    ranges = [bounds(axis.ravel().take(pieces.pixel), pieces) for axis in (cloud.x, cloud.y, cloud.z)]
    near = np.ones((count, count), bool)
    for low, high in ranges:
        near &= low[:, None] - high[None, :] < _GAP_M
    near &= near.T
    for share in (tint.red, tint.green):
        mean = means(share.ravel().take(pieces.pixel), pieces)
        near &= np.abs(mean[:, None] - mean[None, :]) < _CHROMA_GAP
    bright = means(tint.sum.ravel().take(pieces.pixel), pieces)
    near &= bright[:, None] < bright[None, :] * _BRIGHTER
    near &= near.T
    on_top = _standing_on(*ranges)
    near &= ~(on_top | on_top.T)
    a, b = np.nonzero(near)
    a, b = a[a < b], b[a < b]
    root = graph_roots(count, a, b)
    first = root == np.arange(count)
    return np.asarray((np.cumsum(first) - 1)[root])


def _standing_on(x: Bounds, y: Bounds, z: Bounds) -> NDArray[np.bool_]:
    """Whether (K, K) the first is a small thing that stands on top of the second."""
    width = np.maximum(x.high - x.low, y.high - y.low)
    above = (z.low[:, None] > z.high[None] - np.float32(_ON_TOP_M)) & (z.high[None] > np.float32(_TABLE_M))
    above &= z.high[:, None] > z.high[None] + np.float32(_RISE_M)  # or else it is a piece of that top
    return np.asarray(above & (width[:, None] < np.float32(_SMALL) * width[None]))
