"""Which detection shows which track."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence, Set, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Detection, Track

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NEVER = 1e6
_DEAREST = 1.2
_SPARE_M = 0.12  # boxes this near to each other may be one thing
_WEAK = 0.35
_REACH_M, _REACH_PART, _REACH_WEAK = (
    0.45,
    0.35,
    0.6,
)  # how far apart two sightings of one thing may lie; the latter per metre of size
_OTHER_LABEL, _OTHER_COLOUR = 0.35, 0.75
_PIECE_M = 0.1
_SMALL = 0.7  # of the width of what it stands on
_TOP_M = 0.08  # below the top of a thing; what is higher may stand on it
_PART_M = 0.03


class Boxes(NamedTuple):
    """N things as boxes in the world, with their names."""

    centre: F64  # (N, 3) metres
    size: F64  # (N, 3) metres, along the world's axes
    label: NDArray[np.str_]  # (N,)
    colour: NDArray[np.str_]  # (N,)
    weak: Mask  # (N,) known from parts only, so that the place is a guess


def boxes_of(things: Sequence[Union[Detection, Track]]) -> Boxes:
    """Tracks or lifted detections as arrays."""
    weak = [t.truncated if isinstance(t, Detection) else t.quality < _WEAK for t in things]
    return Boxes(
        np.array([t.centre_m for t in things], np.float64).reshape(-1, 3),
        np.array([t.size_m for t in things], np.float64).reshape(-1, 3),
        np.array([t.label for t in things], np.str_),
        np.array([t.colour for t in things], np.str_),
        np.array(weak, bool),
    )


def _gaps(a: Boxes, b: Boxes) -> Tuple[F64, F64, F64]:
    """Distance (A, B) of centres on the floor plan, of boxes on the floor plan, and of boxes in height."""
    between = np.abs(a.centre[:, None] - b.centre[None])
    out = np.maximum(between - (a.size[:, None] + b.size[None]) / 2, 0.0)
    return np.hypot(between[..., 0], between[..., 1]), np.hypot(out[..., 0], out[..., 1]), out[..., 2]


def _widths(a: Boxes, b: Boxes) -> F64:
    """The larger of the widths (A, B) of two things on the floor plan."""
    return np.asarray(np.maximum(a.size[:, None, :2].max(axis=2), b.size[None, :, :2].max(axis=2)))


def costs(found: Boxes, known: Boxes, strolled_m: F64) -> F64:
    """How unlikely (D, T) it is that a detection shows a track; 1e6 where it cannot be.

    `strolled_m` (T,) says how far each track may have walked since it was seen, 0 for what does not walk.
    """
    distance, plan, height = _gaps(found, known)
    same_label = found.label[:, None] == known.label[None]
    same_colour = found.colour[:, None] == known.colour[None]
    reach = np.where(same_label, 1.0, 0.6) * _reach(found, known)
    walked = np.where(same_label, strolled_m[None], 0.0)
    cost = distance / (reach + walked) * 0.6 + _OTHER_LABEL * ~same_label + _OTHER_COLOUR * ~same_colour
    touching = plan < _SPARE_M + 0.15 * _widths(found, known) + walked
    possible = (distance < reach + walked) & touching & (height < 0.2) & (same_colour | same_label)
    possible &= ~(_standing_on(found, known) | _standing_on(known, found).T)
    return np.where(possible, cost, _NEVER)


def _reach(a: Boxes, b: Boxes) -> F64:
    """How far apart (A, B) two sightings of one thing may lie."""
    weak = a.weak[:, None] | b.weak[None]
    return np.asarray(_REACH_M + np.where(weak, _REACH_WEAK, _REACH_PART) * _widths(a, b))


def match(cost: F64, skip: Mask) -> List[Tuple[int, int]]:
    """Pairs (row, column) of a cost (D, T), cheapest first, each row and column once at most; rows to skip (D,)."""
    rows, columns = np.nonzero((cost < _DEAREST) & ~skip[:, None])
    order = np.lexsort((columns, rows, cost[rows, columns]))
    taken_rows: Set[int] = set()
    taken_columns: Set[int] = set()
    pairs: List[Tuple[int, int]] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist()):
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            pairs.append((row, column))
    return pairs


def pieces(found: Boxes, seen_m: F64, known: Boxes, sure: Mask) -> Mask:
    """Whether (D, T) a detection may be a piece of a thing of its colour: its box or what is seen (D, 3) touches it.

    `sure` (D,) detections are no pieces of what is called differently.
    """
    _, plan, height = _gaps(found, known)
    apart = np.abs(seen_m[:, None] - known.centre[None]) - known.size[None] / 2
    inside = (apart <= _PIECE_M).all(axis=2)
    touching = inside | ((plan <= _PIECE_M) & (height <= _PIECE_M))
    touching &= ~(_standing_on(found, known) | _standing_on(known, found).T)
    touching &= (found.label[:, None] == known.label[None]) | ~sure[:, None]
    return np.asarray(touching & (found.colour[:, None] == known.colour[None]))


def _standing_on(a: Boxes, b: Boxes) -> Mask:
    """Whether (A, B) the first is another, smaller thing whose lower end is at the upper end of the second."""
    lower, upper = a.centre[:, 2] - a.size[:, 2] / 2, b.centre[:, 2] + b.size[:, 2] / 2
    smaller = a.size[:, None, :2].max(axis=2) < _SMALL * b.size[None, :, :2].max(axis=2)
    return np.asarray(
        smaller & (lower[:, None] > upper[None] - _PIECE_M) & (a.label[:, None] != b.label[None])
    )


def overlapping(a: Boxes, b: Boxes) -> Mask:
    """Whether (A, B) two things of one colour fill the same place."""
    distance, plan, height = _gaps(a, b)
    near = (distance < 0.35 * _widths(a, b) + 0.1) & (plan <= 0.0)
    weak = (a.weak[:, None] | b.weak[None]) & (a.label[:, None] == b.label[None])
    near |= weak & (distance < 0.8 * _widths(a, b) + 0.3) & (plan <= _SPARE_M)
    near &= ~(_standing_on(a, b) | _standing_on(b, a).T)
    return np.asarray(near & (height <= 0.0) & (a.colour[:, None] == b.colour[None]))


def holding(boxes: Boxes, points_m: F64) -> Mask:
    """Whether (N, P) boxes hold points (P, 3), clearly below their tops."""
    apart = points_m[None] - boxes.centre[:, None]
    half = boxes.size[:, None] / 2
    inside = (np.abs(apart) <= half + _PART_M).all(axis=2)
    return np.asarray(inside & (apart[..., 2] < half[..., 2] - _TOP_M))
