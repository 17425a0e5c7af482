"""A path pulled straight stays free, keeps its ends, and is never longer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import line_maximum, path_length, plan_path, segment_cells, simplify_path


@st.composite
def planned(draw):
    blocked = draw(hnp.arrays(np.bool_, (13, 13), elements=st.sampled_from([False] * 4 + [True])))
    ends = [(draw(st.integers(0, 12)), draw(st.integers(0, 12))) for _ in range(2)]
    for end in ends:
        blocked[end] = False
    return blocked, plan_path(blocked, *ends, simplify=False)


@given(planned())
def test_simplified_paths_are_free_and_never_longer(problem):
    blocked, path = problem
    if path is None:
        return
    short = simplify_path(blocked, path)
    assert short[0].tolist() == path[0].tolist() and short[-1].tolist() == path[-1].tolist()
    assert path_length(short) <= path_length(path) + 1e-9
    assert len(short) <= len(path)
    for here, there in zip(short, short[1:]):
        touched = segment_cells(here, there)
        assert not blocked[touched[:, 0], touched[:, 1]].any()


@given(planned())
def test_no_corner_can_be_skipped_for_the_next(problem):
    blocked, path = problem
    if path is None:
        return
    short = simplify_path(blocked, path)
    if len(short) > 2:
        assert line_maximum(blocked, short[:-2], short[2:]).all()


@given(planned(), hnp.arrays(np.float64, (13, 13), elements=st.sampled_from([0.0, 1.0, 2.0])))
def test_a_shortcut_is_never_dearer_than_what_it_cuts_short(problem, penalty):
    blocked, path = problem
    if path is None:
        return
    short = simplify_path(blocked, path, penalty)
    places = [next(k for k, cell in enumerate(path.tolist()) if cell == corner) for corner in short.tolist()]
    for a, b in zip(places, places[1:]):
        along = line_maximum(penalty, path[a:b], path[a + 1 : b + 1]).max()
        assert line_maximum(penalty, path[a], path[b])[0] <= along


def test_dear_cells_further_on_allow_no_dear_shortcut_before():
    """The way round the dear middle is kept, although the path ends on a cell as dear."""
    blocked, penalty = np.zeros((11, 11), np.bool_), np.zeros((11, 11))
    blocked[6:10, 4:8] = True
    penalty[5, 5] = penalty[10, 10] = 5.0
    down = segment_cells((5, 10), (10, 10))
    round_it = [(5, 0), (4, 1), (3, 2), (2, 3), (1, 4), (0, 5), (1, 6), (2, 7), (3, 8), (4, 9)]
    short = simplify_path(blocked, np.vstack([round_it, down]), penalty)
    assert short[-1].tolist() == [10, 10]
    for here, there in zip(short, short[1:]):
        assert [5, 5] not in segment_cells(here, there).tolist()


def test_an_open_grid_needs_no_corners():
    path = plan_path(np.zeros((30, 30), np.bool_), (2, 3), (25, 11))
    assert path.tolist() == [[2, 3], [25, 11]]


def test_more_turns_than_are_looked_at_once():
    """A staircase of 60 turns through open floor is one line."""
    steps = [(k // 2, (k + 1) // 2) for k in range(61)]
    assert simplify_path(np.zeros((40, 40), np.bool_), steps).tolist() == [[0, 0], [30, 30]]


def test_single_cells_and_repetitions():
    blocked = np.zeros((3, 3), np.bool_)
    assert simplify_path(blocked, [(1, 1)]).tolist() == [[1, 1]]
    assert simplify_path(blocked, [(1, 1), (1, 1)]).tolist() == [[1, 1]]
    assert simplify_path(blocked, [(0, 0), (0, 2), (0, 1)]).tolist() == [[0, 0], [0, 1]]


def test_bad_paths_are_refused():
    blocked = np.zeros((3, 3), np.bool_)
    blocked[1, 1] = True
    with pytest.raises(ValueError, match="path touches a blocked cell"):
        simplify_path(blocked, [(0, 0), (2, 2)])
    with pytest.raises(ValueError, match="path touches a blocked cell"):
        simplify_path(blocked, [(1, 1)])
    with pytest.raises(ValueError, match="path is"):
        simplify_path(blocked, np.zeros((0, 2), np.int64))
    with pytest.raises(ValueError, match=r"penalty has shape \(2, 2\)"):
        simplify_path(blocked, [(0, 0)], np.zeros((2, 2)))
