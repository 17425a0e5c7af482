"""Cutting a picture into patches of one colour without a step in depth."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import graph_roots
from droidlet_perception._cloud import F32, Cloud, Mask

Labels = NDArray[np.int32]
Ints = NDArray[np.int64]

FLOOR_M = 0.03  # what is lower is floor
STRUCTURE_M = 1.97  # what reaches higher is wall or ceiling: higher than any thing, lower than any lintel
_CHROMA, _CHROMA_STEP = 0.002, 2.2  # tolerance of chromaticity: constant, and per unit of brightness
_SHADES = 1.62  # how much brighter one face of a thing may be than another
_STEP_M, _STEP_PER_M = 0.05, 0.04  # step in depth that a surface may have from pixel to pixel
_SAMPLE = 4
_FLATNESS = 3.0  # a level surface rises less than 1 in this
_LEVEL_M = 0.03  # neighbours of the same height belong to one flat top, however far apart


class Tint(NamedTuple):
    """Colour split into brightness and chromaticity, which shading leaves alone."""

    sum: F32  # (h, w) red + green + blue + 1, of 766
    inverse: F32  # (h, w) 1 / sum
    red: F32  # (h, w) share of red
    green: F32  # (h, w) share of green


def make_tint(rgb: NDArray[np.uint8], stride: int) -> Tint:
    """Brightness and chromaticity of a picture (H, W, 3), every `stride`-th row and column."""
    red, green, blue = (rgb[::stride, ::stride, i].astype(np.float32) for i in range(3))
    blue += red
    blue += green
    blue += np.float32(1.0)
    inverse = np.float32(1.0) / blue
    red *= inverse
    green *= inverse
    return Tint(blue, inverse, red, green)


class Patches(NamedTuple):
    """A picture cut into patches."""

    labels: Labels  # (h, w) patch number, 0 for floor, structure above and no return
    end: int  # one more than the largest number
    structure: F32  # (S, 2) shares of red and green of the walls and ceilings in sight


def cut_patches(cloud: Cloud, tint: Tint) -> Patches:
    """The patches of a picture; those that reach above every thing are structure and left out."""
    solid = cloud.valid & (cloud.z > FLOOR_M)
    down = _alike(tint, np.s_[:-1], np.s_[1:])
    down &= solid[:-1] & solid[1:]
    level = _level(cloud) & down
    down &= _near(cloud, np.s_[:-1], np.s_[1:]) | (level & _same_top(cloud))
    down[:-1] &= level[:-1] | ~level[1:]  # what rises from a level surface may be another thing
    top = np.zeros(solid.shape, bool)  # pixels on a level surface
    top[:-1] |= level
    top[1:] |= level
    right = _alike(tint, np.s_[:, :-1], np.s_[:, 1:])
    right &= _near(cloud, np.s_[:, :-1], np.s_[:, 1:])
    right &= solid[:, :-1] & solid[:, 1:] & (top[:, :-1] == top[:, 1:])
    labels, count = join_links(solid, right, down)
    return _without_structure(labels, count, cloud, tint)


def _without_structure(labels: Labels, count: int, cloud: Cloud, tint: Tint) -> Patches:
    high = np.zeros(count, bool)
    high[labels[cloud.z > STRUCTURE_M]] = True
    high[0] = False
    renumber = np.cumsum(~high, dtype=np.int32) - np.int32(1)
    renumber[high] = 0
    walls = _colours(labels, np.flatnonzero(high), tint)
    return Patches(renumber.take(labels), int(count - np.count_nonzero(high)), walls)


def _colours(labels: Labels, numbers: Ints, tint: Tint) -> F32:
    """Mean shares of red and green (S, 2) of those patches that a coarse sample of the picture hits."""
    sample = np.s_[::_SAMPLE, ::_SAMPLE]
    at = labels[sample].ravel()
    count = np.bincount(at, minlength=int(numbers.max(initial=0)) + 1)[numbers]
    numbers = numbers[count > 0]
    sums = [np.bincount(at, share[sample].ravel())[numbers] for share in (tint.red, tint.green)]
    return np.asarray(np.stack(sums, axis=1) / count[count > 0][:, None], np.float32)


def _alike(tint: Tint, a: Any, b: Any) -> Mask:
    """Whether neighbours may be one surface under different light."""
    off = np.abs(tint.red[a] - tint.red[b])
    off += np.abs(tint.green[a] - tint.green[b])
    slack = np.maximum(tint.inverse[a], tint.inverse[b])
    slack *= np.float32(_CHROMA_STEP)
    slack += np.float32(_CHROMA)
    same = off <= slack
    ratio = tint.sum[a] * tint.inverse[b]
    ratio -= np.float32((_SHADES + 1 / _SHADES) / 2)
    np.abs(ratio, out=ratio)
    same &= ratio <= np.float32((_SHADES - 1 / _SHADES) / 2)
    return np.asarray(same)


def _near(cloud: Cloud, a: Any, b: Any) -> Mask:
    step = np.abs(cloud.depth[a] - cloud.depth[b])
    step -= np.float32(_STEP_PER_M) * cloud.depth[a]
    return np.asarray(step <= np.float32(_STEP_M))


def _level(cloud: Cloud) -> Mask:
    """Whether (h - 1, w) a pixel and the one below lie on a level surface: as good as no rise along the way."""
    rise = cloud.z[:-1] - cloud.z[1:]
    rise *= np.float32(_FLATNESS)
    rise *= rise
    way = cloud.x[:-1] - cloud.x[1:]
    way *= way
    rise -= way
    way = cloud.y[:-1] - cloud.y[1:]
    way *= way
    return np.asarray(rise < way)


def _same_top(cloud: Cloud) -> Mask:
    """Whether (h - 1, w) a pixel and the one below have one height and are as near as a slanting view has them."""
    flat = np.abs(cloud.z[:-1] - cloud.z[1:]) <= np.float32(_LEVEL_M)
    step = cloud.depth[:-1] - cloud.depth[1:]
    reach = cloud.depth[1:] * cloud.depth[1:]
    reach *= np.float32(8.0 / cloud.focal_px)
    return np.asarray(flat & (step <= reach) & (step >= 0))


def join_links(solid: Mask, right: Mask, down: Mask) -> tuple[Labels, int]:
    """Connected components (h, w) of the solid cells, 1, 2, ... in reading order, and one more than their count.

    `right` (h, w - 1) and `down` (h - 1, w) say which neighbours are joined. Stretches of joined cells in a row are
    nodes; their roots are found by hooking and pointer jumping (Shiloach and Vishkin 1982).
    """
    height, width = solid.shape
    begins = solid.copy()
    begins[:, 1:] &= ~right
    at = np.flatnonzero(begins)
    if len(at) == 0:
        return np.zeros(solid.shape, np.int32), 1
    ends = np.append(at[1:], height * width)
    lengths = ends - at
    lengths[0] += at[0]
    run = np.repeat(
        np.arange(len(at), dtype=np.int32), lengths
    )  # of each cell; what is not solid is masked below
    joined = np.flatnonzero(down)
    upper, lower = run.take(joined), run.take(joined + width)
    if len(joined):
        fresh = np.ones(len(joined), bool)
        np.not_equal(upper[1:], upper[:-1], out=fresh[1:])
        fresh[1:] |= lower[1:] != lower[:-1]
        upper, lower = upper[fresh], lower[fresh]
    root = graph_roots(len(at), upper, lower)
    first = root == np.arange(len(root))
    labels = np.cumsum(first, dtype=np.int32)[root].take(run)
    labels *= solid.ravel()
    return labels.reshape(height, width), int(np.count_nonzero(first)) + 1
