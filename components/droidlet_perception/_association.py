"""Which detection shows which track."""

from __future__ import annotations

from typing import AbstractSet, List, NamedTuple, Sequence, Set, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Detection, Track

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NEVER = 1e6
_DEAREST = 1.2
_SPARE_M = 0.12  # boxes this near to each other may be one thing
_WEAK = 0.35  # quality below which a track's place is a guess
_REACH_M, _REACH_PART, _REACH_WEAK = (
    0.45,
    0.35,
    0.8,
)  # how far sightings of one thing lie apart; per metre of size
_OTHER_LABEL, _OTHER_COLOUR = 0.35, 0.75
_PIECE_M, _PIECE_PART = 0.1, 0.08  # how far a piece may lie off; per metre of size if it has the same name
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
    whole: Mask  # (N,) of a class whose box holds nothing but the thing itself


class Relation(NamedTuple):
    """How A things lie to B others, all (A, B)."""

    distance: F64  # of their centres on the floor plan, metres
    plan: F64  # between their boxes on the floor plan
    height: F64  # between their boxes in height
    width: F64  # of the wider one on the floor plan
    same_label: Mask
    same_colour: Mask
    stacked: Mask  # whether one is a smaller thing of another class that stands on the other


def boxes_of(things: Sequence[Union[Detection, Track]], solid: AbstractSet[str]) -> Boxes:
    """Tracks or lifted detections as arrays; `solid` classes hold nothing but themselves."""
    weak = [t.truncated if isinstance(t, Detection) else t.quality < _WEAK for t in things]
    return Boxes(
        np.array([t.centre_m for t in things], np.float64).reshape(-1, 3),
        np.array([t.size_m for t in things], np.float64).reshape(-1, 3),
        np.array([t.label for t in things], np.str_),
        np.array([t.colour for t in things], np.str_),
        np.array(weak, bool),
        np.array([t.label in solid for t in things], bool),
    )


def relate(a: Boxes, b: Boxes) -> Relation:
    """How things lie to others."""
    between = np.abs(a.centre[:, None] - b.centre[None])
    out = np.maximum(between - (a.size[:, None] + b.size[None]) / 2, 0.0)
    wide_a, wide_b = a.size[:, :2].max(axis=1, initial=0.0), b.size[:, :2].max(axis=1, initial=0.0)
    same_label = a.label[:, None] == b.label[None]
    low_a, low_b = a.centre[:, 2] - a.size[:, 2] / 2, b.centre[:, 2] - b.size[:, 2] / 2
    on = (low_a[:, None] > (low_b + b.size[:, 2] - _PIECE_M)[None]) & (
        wide_a[:, None] < _SMALL * wide_b[None]
    )
    under = (low_b[None] > (low_a + a.size[:, 2] - _PIECE_M)[:, None]) & (
        wide_b[None] < _SMALL * wide_a[:, None]
    )
    return Relation(
        np.hypot(between[..., 0], between[..., 1]),
        np.hypot(out[..., 0], out[..., 1]),
        out[..., 2],
        np.maximum(wide_a[:, None], wide_b[None]),
        same_label,
        a.colour[:, None] == b.colour[None],
        (on | under) & ~same_label,
    )


def costs(found: Boxes, known: Boxes, lie: Relation, strolled_m: F64) -> F64:
    """How unlikely (D, T) it is that a detection shows a track; 1e6 where it cannot be.

    `strolled_m` (T,) says how far each track may have walked since it was seen, 0 for what does not walk.
    """
    weak = found.weak[:, None] | known.weak[None]
    reach = _REACH_M + np.where(weak, _REACH_WEAK, _REACH_PART) * lie.width
    walked = np.where(lie.same_label, strolled_m[None], 0.0)
    reach = np.where(lie.same_label, 1.0, 0.6) * reach + walked
    cost = lie.distance / reach * 0.6 + _OTHER_LABEL * ~lie.same_label + _OTHER_COLOUR * ~lie.same_colour
    touching = (lie.plan < _SPARE_M + 0.15 * lie.width + walked) & (lie.height < 0.2)
    possible = (lie.distance < reach) & touching & (lie.same_colour | lie.same_label) & ~lie.stacked
    return np.where(possible, cost, _NEVER)


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


def pieces(lie: Relation, known: Boxes, seen_m: F64, sure: Mask) -> Mask:
    """Whether (D, T) a detection may be a piece of a thing of its colour: its box or what is seen (D, 3) touches it.

    `sure` (D,) detections are no pieces of what is called differently.
    """
    apart = (np.abs(seen_m[:, None] - known.centre[None]) - known.size[None] / 2).max(axis=2)
    spare = _PIECE_M + np.where(lie.same_label, _PIECE_PART, 0.0) * lie.width
    touching = (apart <= spare) | ((lie.plan <= _PIECE_M) & (lie.height <= _PIECE_M))
    touching &= (lie.same_label | ~sure[:, None]) & lie.same_colour & ~lie.stacked
    return np.asarray(touching)


def overlapping(a: Boxes, b: Boxes, lie: Relation) -> Mask:
    """Whether (A, B) two things of one colour fill the same place."""
    near = (lie.distance < 0.35 * lie.width + 0.1) & (lie.plan <= 0.0)
    weak = (a.weak[:, None] | b.weak[None]) & lie.same_label
    near |= weak & (lie.distance < 0.8 * lie.width + 0.3) & (lie.plan <= _SPARE_M)
    return np.asarray(near & (lie.height <= 0.0) & lie.same_colour & ~lie.stacked)


def holding(boxes: Boxes, points_m: F64) -> Mask:
    """Whether (N, P) boxes that hold nothing but themselves hold points (P, 3), clearly below their tops."""
    apart = points_m[None] - boxes.centre[:, None]
    half = boxes.size[:, None] / 2
    inside = (np.abs(apart) <= half + _PART_M).all(axis=2)
    return np.asarray(inside & (apart[..., 2] < half[..., 2] - _TOP_M) & boxes.whole[:, None])
