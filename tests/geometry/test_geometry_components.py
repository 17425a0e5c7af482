"""Components against breadth-first search."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import component_boxes, connected_components, graph_roots

shapes = st.tuples(st.integers(1, 14), st.integers(1, 14))
images = hnp.arrays(np.bool_, shapes) | hnp.arrays(np.int16, shapes, elements=st.integers(-1, 2))


def flooded(image: np.ndarray, connectivity: int) -> tuple[np.ndarray, int]:
    labels, count = np.zeros(image.shape, np.int32), 0
    steps = [
        (a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if abs(a) + abs(b) <= (1 if connectivity == 4 else 2)
    ]
    for first in zip(*np.nonzero(image)):
        if labels[first]:
            continue
        count += 1
        labels[first] = count
        waiting = deque([first])
        while waiting:
            r, c = waiting.popleft()
            for a, b in steps:
                near = (r + a, c + b)
                inside = 0 <= near[0] < image.shape[0] and 0 <= near[1] < image.shape[1]
                if inside and not labels[near] and image[near] == image[r, c]:
                    labels[near] = count
                    waiting.append(near)
    return labels, count


@given(images, st.sampled_from([4, 8]))
def test_labels_are_those_of_a_flood(image, connectivity):
    labels, count = connected_components(image, connectivity)
    expected, expected_count = flooded(image, connectivity)
    assert labels.dtype == np.int32 and count == expected_count
    np.testing.assert_array_equal(labels, expected)


@given(images)
def test_boxes_are_the_tightest(image):
    labels, count = connected_components(image)
    sizes, boxes = component_boxes(labels, count)
    assert len(sizes) == len(boxes) == count
    for k in range(count):
        rows, columns = np.nonzero(labels == k + 1)
        assert sizes[k] == len(rows)
        assert boxes[k].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


@pytest.mark.parametrize("connectivity", [4, 8])
def test_a_spiral_is_one_component(connectivity):
    """The worst case for hooking: one arm whose runs meet only at its turns."""
    side = 41
    spiral = np.zeros((side, side), np.bool_)
    top, left, bottom, right = 0, 0, side - 1, side - 1
    while top < bottom:
        spiral[top, left : right + 1] = spiral[top : bottom + 1, right] = True
        spiral[bottom, left + 2 : right + 1] = spiral[top + 2 : bottom + 1, left + 2] = True
        spiral[top + 2, left + 2] = True
        top, left, bottom, right = top + 2, left + 2, bottom - 2, right - 2
    expected, count = flooded(spiral, connectivity)
    labels, found = connected_components(spiral, connectivity)
    assert found == count
    np.testing.assert_array_equal(labels, expected)


@pytest.mark.parametrize("fill", [False, True])
def test_all_and_nothing(fill):
    labels, count = connected_components(np.full((5, 7), fill))
    assert count == int(fill)
    np.testing.assert_array_equal(labels, np.full((5, 7), int(fill)))


def test_an_empty_image_has_no_components():
    labels, count = connected_components(np.zeros((0, 4), np.bool_))
    assert labels.shape == (0, 4) and count == 0
    assert component_boxes(labels, 0)[1].shape == (0, 4)


def test_a_label_without_cells_is_empty():
    sizes, boxes = component_boxes(np.array([[2, 2]], np.int32), 3)
    assert sizes.tolist() == [0, 2, 0]
    assert boxes.tolist() == [[0, 0, 0, 0], [0, 0, 2, 1], [0, 0, 0, 0]]


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="image is float64"):
        connected_components(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="connectivity is 6"):
        connected_components(np.zeros((2, 2), np.bool_), 6)


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_roots_of_a_graph_are_the_smallest_members(count, edges):
    edges = [(a % count, b % count) for a, b in edges]
    parent = list(range(count))
    for _ in range(count):
        for a, b in edges:
            parent[a] = parent[b] = min(parent[a], parent[b])
    a, b = (np.array([e[i] for e in edges], np.int64) for i in (0, 1))
    assert graph_roots(count, a, b).tolist() == parent
