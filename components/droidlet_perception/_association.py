"""Which detection shows which track."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence, Tuple, Union

import numpy as np
from droidlet_schema import Detection, Track
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NEVER = 1e6
_SPARE_M = 0.12  # boxes this near to each other may be one thing
_REACH_M, _REACH_PART = (
    0.45,
    0.35,
)  # how far two sightings of one thing may lie apart: and per metre of its size
_PERSON_M = 1.2  # how far a person may have gone while it was not seen
_OTHER_LABEL, _OTHER_COLOUR = 0.35, 0.75


class Boxes(NamedTuple):
    """N things as boxes in the world, with their names."""

    centre: F64  # (N, 3) metres
    size: F64  # (N, 3) metres, along the world's axes
    label: NDArray[np.str_]  # (N,)
    colour: NDArray[np.str_]  # (N,)


def boxes_of(things: Sequence[Union[Detection, Track]]) -> Boxes:
    """Tracks or lifted detections as arrays."""
    return Boxes(
        np.array([t.centre_m for t in things], np.float64).reshape(-1, 3),
        np.array([t.size_m for t in things], np.float64).reshape(-1, 3),
        np.array([t.label for t in things], np.str_),
        np.array([t.colour for t in things], np.str_),
    )


def gaps(a: Boxes, b: Boxes) -> Tuple[F64, F64]:
    """Distance (A, B) between boxes on the floor plan and in height; 0 where they overlap."""
    apart = np.abs(a.centre[:, None] - b.centre[None]) - (a.size[:, None] + b.size[None]) / 2
    out = np.maximum(apart, 0.0)
    return np.hypot(out[..., 0], out[..., 1]), out[..., 2]


def costs(found: Boxes, known: Boxes) -> F64:
    """How unlikely (D, T) it is that a detection shows a track: below 1 possible, else a very large number."""
    apart = found.centre[:, None] - known.centre[None]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    size = np.maximum(found.size[:, None, :2].max(axis=2), known.size[None, :, :2].max(axis=2))
    same_label = found.label[:, None] == known.label[None]
    same_colour = found.colour[:, None] == known.colour[None]
    person = same_label & (known.label == "person")[None]
    reach = _REACH_M + _REACH_PART * size
    reach = np.where(person, _PERSON_M, np.where(same_label, reach, 0.6 * reach))
    plan, height = gaps(found, known)
    cost = distance / reach * 0.6 + _OTHER_LABEL * ~same_label + _OTHER_COLOUR * ~same_colour
    possible = (
        (distance < reach) & (plan < np.where(person, _PERSON_M, _SPARE_M + 0.15 * size)) & (height < 0.2)
    )
    possible &= same_colour | same_label
    return np.where(possible, cost, _NEVER)


def match(cost: F64) -> List[Tuple[int, int]]:
    """Pairs (row, column) with cost below 1.2, cheapest first, each row and column once at most."""
    rows, columns = np.nonzero(cost < 1.2)
    order = np.lexsort((columns, rows, cost[rows, columns]))
    taken_rows, taken_columns, pairs = set(), set(), []
    for row, column in zip(rows[order].tolist(), columns[order].tolist()):
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            pairs.append((row, column))
    return pairs


def within(found: Boxes, known: Boxes, spare_m: float) -> Mask:
    """Whether (D, T) a detection's box overlaps a track of the same colour, give or take."""
    plan, height = gaps(found, known)
    return (plan <= spare_m) & (height <= spare_m) & (found.colour[:, None] == known.colour[None])
