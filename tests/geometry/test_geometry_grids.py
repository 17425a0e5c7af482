"""Grids against brute force: growing, distances, segments, world and cells."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import (
    cell_to_world,
    cells_inside,
    dilate,
    distance_to_mask,
    rasterise_segments,
    segment_cells,
    world_to_cell,
)

masks = hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))
origins = st.floats(-100.0, 100.0)
cell_sizes = st.floats(0.01, 2.0)
cells = st.tuples(st.integers(-12, 12), st.integers(-12, 12))


def brute_distance(mask: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(mask)
    r, c = np.mgrid[: mask.shape[0], : mask.shape[1]]
    squared = (r[..., None] - rows) ** 2 + (c[..., None] - columns) ** 2
    return np.sqrt(squared.min(axis=2, initial=10**9).astype(float))


def touches(start: tuple, end: tuple, cell: tuple) -> bool:
    """Whether a segment meets the closed square of a cell: clipped in exact arithmetic (Liang and Barsky)."""
    enter, leave = Fraction(0), Fraction(1)
    for axis in (0, 1):
        move = end[axis] - start[axis]
        low, high = (Fraction(2 * cell[axis] + side, 2) - start[axis] for side in (-1, 1))
        if move == 0:
            if not low <= 0 <= high:
                return False
            continue
        first, last = sorted((low / move, high / move))
        enter, leave = max(enter, first), min(leave, last)
    return enter <= leave


@given(masks, st.floats(0.0, 15.0) | st.integers(0, 6))
def test_dilation_is_every_cell_within_the_radius(mask, radius):
    np.testing.assert_array_equal(dilate(mask, radius), brute_distance(mask) <= radius)


@given(masks)
def test_dilation_leaves_its_argument_alone(mask):
    before = mask.copy()
    grown = dilate(mask, 2)
    np.testing.assert_array_equal(mask, before)
    assert not np.shares_memory(grown, mask)


@given(masks, st.none() | st.floats(0.0, 8.0))
def test_distance_to_mask_against_brute_force(mask, limit):
    expected = brute_distance(mask) if mask.any() else np.full(mask.shape, math.inf)
    if limit is not None:
        expected = np.minimum(expected, limit)
    np.testing.assert_allclose(distance_to_mask(mask, limit), expected, rtol=1e-12)


@given(cells, cells)
def test_a_segment_touches_exactly_its_cells(start, end):
    found = [tuple(cell) for cell in segment_cells(start, end).tolist()]
    box = [sorted((start[k], end[k])) for k in (0, 1)]
    around = [
        (r, c) for r in range(box[0][0] - 1, box[0][1] + 2) for c in range(box[1][0] - 1, box[1][1] + 2)
    ]
    assert len(set(found)) == len(found)
    assert set(found) == {cell for cell in around if touches(start, end, cell)}


@given(cells, cells)
def test_a_segment_is_the_same_backwards_and_runs_from_start_to_end(start, end):
    there, back = segment_cells(start, end), segment_cells(end, start)
    assert set(map(tuple, there.tolist())) == set(map(tuple, back.tolist()))
    assert tuple(there[0]) == start and tuple(there[-1]) == end
    longer = 0 if abs(end[0] - start[0]) > abs(end[1] - start[1]) else 1
    assert np.all(np.diff(there[:, longer] * (1 if end[longer] >= start[longer] else -1)) >= 0)


@given(cells, st.lists(cells, min_size=1, max_size=6))
def test_many_segments_are_each_alone(start, ends):
    found, owner = rasterise_segments(start, ends)
    assert np.all(np.diff(owner) >= 0)
    for k, end in enumerate(ends):
        np.testing.assert_array_equal(found[owner == k], segment_cells(start, end))


@given(origins, origins, cell_sizes, st.lists(cells, min_size=1, max_size=8))
def test_a_cells_centre_lies_in_it(x, y, size, many):
    np.testing.assert_array_equal(world_to_cell(cell_to_world(many, x, y, size), x, y, size), many)


@given(origins, origins, cell_sizes, st.floats(-50, 50), st.floats(-50, 50))
def test_a_point_lies_within_half_a_cell_of_its_cells_centre(x, y, size, px, py):
    centre = cell_to_world(world_to_cell((px, py), x, y, size), x, y, size)
    assert np.all(np.abs(centre - (px, py)) <= size * (0.5 + 1e-9) + 1e-9)


def test_columns_run_along_x_and_rows_along_y():
    assert world_to_cell((1.25, 0.65), 1.0, 0.0, 0.1).tolist() == [6, 2]
    np.testing.assert_allclose(cell_to_world((6, 2), 1.0, 0.0, 0.1), (1.25, 0.65))
    assert cells_inside([(0, 0), (6, 2), (6, 3), (-1, 0), (7, 0)], (7, 3)).tolist() == [1, 1, 0, 0, 0]


def test_bad_arguments_are_named():
    grid = np.zeros((3, 3), np.bool_)
    with pytest.raises(ValueError, match="radius_cells is -1"):
        dilate(grid, -1)
    with pytest.raises(ValueError, match="radius_cells is nan"):
        dilate(grid, math.nan)
    with pytest.raises(ValueError, match=r"mask is int64 of shape \(3, 3\)"):
        dilate(grid.astype(np.int64), 1)
    with pytest.raises(ValueError, match="limit_cells is -2"):
        distance_to_mask(grid, -2)
    with pytest.raises(ValueError, match="cell_m is 0"):
        world_to_cell((0, 0), 0, 0, 0)
    with pytest.raises(ValueError, match="points_m is"):
        world_to_cell((math.nan, 0), 0, 0, 1)
    with pytest.raises(ValueError, match="starts is float64"):
        segment_cells((0.5, 0.5), (1, 1))
