"""Frontiers are the free cells beside the unknown, once each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import connected_components, find_frontiers, frontier_cells

grids = hnp.arrays(
    np.int8, st.tuples(st.integers(1, 10), st.integers(1, 10)), elements=st.sampled_from([-9, -1, 0, 0, 3])
)


@given(grids)
def test_frontier_cells_by_definition(evidence):
    found = frontier_cells(evidence)
    height, width = evidence.shape
    for r in range(height):
        for c in range(width):
            near = [(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)]
            beside = any(0 <= a < height and 0 <= b < width and evidence[a, b] == 0 for a, b in near)
            assert found[r, c] == (evidence[r, c] < 0 and beside)


@given(grids)
def test_clusters_are_the_components_with_a_member_of_each(evidence):
    cells = frontier_cells(evidence)
    labels, count = connected_components(cells)
    frontiers = find_frontiers(evidence)
    assert sum(f.size for f in frontiers) == np.count_nonzero(cells)
    assert sorted(labels[f.cell] for f in frontiers) == list(range(1, count + 1))
    assert [f.size for f in frontiers] == sorted((f.size for f in frontiers), reverse=True)
    for f in frontiers:
        members = np.argwhere(labels == labels[f.cell])
        assert f.size == len(members)
        assert f.centre == pytest.approx(tuple(members.mean(axis=0)))
        away = np.hypot(*(members - f.centre).T)
        assert np.hypot(*np.subtract(f.cell, f.centre)) == pytest.approx(away.min(), abs=1e-6)


@given(grids, st.integers(1, 5))
def test_small_ones_can_be_dropped(evidence, least):
    assert find_frontiers(evidence, min_size=least) == tuple(
        f for f in find_frontiers(evidence) if f.size >= least
    )


def test_within_leaves_only_what_is_allowed():
    evidence = np.array([[-1, 0, -1], [-1, 0, -1]], np.int8)
    left = np.array([[True, False, False]] * 2)
    assert [f.cell for f in find_frontiers(evidence, within=left)] == [(0, 0)]
    assert len(find_frontiers(evidence)) == 2
    with pytest.raises(ValueError, match=r"within has shape \(1, 2\)"):
        find_frontiers(evidence, within=np.ones((1, 2), np.bool_))


def test_a_known_grid_has_none():
    assert find_frontiers(np.full((4, 4), -1, np.int8)) == ()
    assert find_frontiers(np.zeros((4, 4), np.int8)) == ()


def test_evidence_must_be_signed():
    with pytest.raises(ValueError, match="evidence is uint8"):
        frontier_cells(np.zeros((2, 2), np.uint8))
