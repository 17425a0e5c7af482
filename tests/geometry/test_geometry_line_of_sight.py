"""A line is free exactly if no cell that it touches is blocked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import line_maximum, line_of_sight, segment_cells

SIDE = 11
grids = hnp.arrays(np.bool_, (SIDE, SIDE), elements=st.sampled_from([False] * 5 + [True]))
cells = st.tuples(st.integers(0, SIDE - 1), st.integers(0, SIDE - 1))


@given(grids, cells, st.lists(cells, min_size=1, max_size=6))
def test_free_lines_touch_no_blocked_cell(blocked, start, targets):
    expected = []
    for target in targets:
        touched = segment_cells(start, target)
        expected.append(not blocked[touched[:, 0], touched[:, 1]].any())
    assert line_of_sight(blocked, start, targets).tolist() == expected


@given(grids, cells, cells)
def test_sight_is_mutual(blocked, a, b):
    assert line_of_sight(blocked, a, b).tolist() == line_of_sight(blocked, b, a).tolist()


@given(hnp.arrays(np.float64, (SIDE, SIDE), elements=st.floats(-5, 5)), cells, cells)
def test_line_maximum_is_the_largest_value_touched(values, a, b):
    touched = segment_cells(a, b)
    assert line_maximum(values, a, b).tolist() == [values[touched[:, 0], touched[:, 1]].max()]


def test_corners_and_ends_count():
    blocked = np.zeros((4, 4), np.bool_)
    blocked[1, 0] = True
    assert line_of_sight(blocked, (0, 0), [(1, 1), (0, 3), (1, 0), (0, 0)]).tolist() == [
        False,
        True,
        False,
        True,
    ]


def test_outside_the_grid_nothing_is_seen():
    blocked = np.zeros((4, 5), np.bool_)
    assert line_of_sight(blocked, (0, 0), [(0, 5), (3, 4), (-1, 0)]).tolist() == [False, True, False]
    assert line_of_sight(blocked, (9, 9), [(0, 0), (1, 1)]).tolist() == [False, False]
    with pytest.raises(ValueError, match="outside the grid"):
        line_maximum(np.zeros((4, 5)), (0, 0), (0, 5))


def test_long_thin_lines():
    blocked = np.zeros((3, 200), np.bool_)
    assert line_of_sight(blocked, (0, 0), (2, 199)).all()
    blocked[1, 99] = True
    assert not line_of_sight(blocked, (0, 0), (2, 199)).any()
    assert line_of_sight(blocked, (0, 0), (0, 199)).all()
