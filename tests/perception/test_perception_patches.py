"""Connected patches against a flood fill, and the weights' text form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_perception import LooksLayer, LooksWeights, default_weights
from droidlet_perception._household_text import pack, unpack
from droidlet_perception._segments import join_links

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))


@st.composite
def linked_grids(draw):
    """Solid cells and which neighbours are joined; only solid ones are."""
    height, width = draw(SHAPES)
    solid = draw(hnp.arrays(bool, (height, width)))
    right = draw(hnp.arrays(bool, (height, width - 1))) & solid[:, 1:] & solid[:, :-1]
    down = draw(hnp.arrays(bool, (height - 1, width))) & solid[1:] & solid[:-1]
    return solid, right, down


def flooded(solid, right, down):
    """Labels in reading order by flood fill."""
    labels, count = np.zeros(solid.shape, int), 0
    for start in zip(*np.nonzero(solid)):
        if labels[start]:
            continue
        count += 1
        todo = [start]
        while todo:
            r, c = todo.pop()
            if labels[r, c]:
                continue
            labels[r, c] = count
            todo += [(r, c + 1)] if c < right.shape[1] and right[r, c] else []
            todo += [(r, c - 1)] if c > 0 and right[r, c - 1] else []
            todo += [(r + 1, c)] if r < down.shape[0] and down[r, c] else []
            todo += [(r - 1, c)] if r > 0 and down[r - 1, c] else []
    return labels, count


@given(linked_grids())
def test_joined_cells_are_what_a_flood_reaches(grid):
    labels, count = join_links(*grid)
    expected, most = flooded(*grid)
    assert count == most + 1
    pairs = set(zip(labels.ravel().tolist(), expected.ravel().tolist()))
    assert (
        len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    )  # the same but for the numbers
    assert np.array_equal(labels == 0, expected == 0)


@given(hnp.arrays(np.float32, SHAPES, elements=st.floats(-50, 50, width=32)))
def test_weights_survive_their_text_form_to_four_digits(values):
    text, scale = pack(values)
    back = unpack(text, scale, values.shape)
    assert back.shape == values.shape and text.isascii()
    assert np.abs(back - values).max() <= 1.5 * scale / 7224


@pytest.mark.parametrize(("text", "shape"), [("00", (2,)), ("0", (1,)), ('"x', (1,))])
def test_text_that_was_not_packed_is_refused(text, shape):
    with pytest.raises(ValueError, match="pack"):
        unpack(text, 1.0, shape)


def test_weights_that_do_not_fit_together_are_refused():
    layer = LooksLayer(np.zeros((3, 2), np.float32), np.zeros(2, np.float32))
    with pytest.raises(ValueError, match="labels"):
        LooksWeights(("a", "b"), (layer,))
    assert len(default_weights().labels) == 19
