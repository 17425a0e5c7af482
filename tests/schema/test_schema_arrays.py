"""Array fields: what fits, and who may still write."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from numpy.typing import NDArray

from droidlet_schema import Frame, Intrinsics, Pose, RecordError, SchemaError, array, record


@record
class Line:
    values: NDArray[Any] = array("N", np.float64)


@record
class Grid:
    values: NDArray[Any] = array("H W", np.int16)


@record
class Square:
    values: NDArray[Any] = array("N N", np.float64)


@record
class Ends:
    values: NDArray[Any] = array("... N 3", np.float64)
    names: NDArray[Any] = array("N", np.uint8)


def test_an_array_that_owns_its_memory_is_kept_and_becomes_read_only() -> None:
    mine = np.arange(3.0)
    line = Line(mine)
    assert line.values is mine and not mine.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        mine[0] = 5.0


@pytest.mark.parametrize(
    "view",
    [lambda a: a[1:3], lambda a: a.reshape(-1), lambda a: a[::-1], lambda a: a.view()],
    ids=["slice", "reshape", "reversed", "view"],
)
def test_a_view_of_writable_memory_is_copied(view: Any) -> None:
    mine = np.arange(4.0)
    line = Line(view(mine))
    before = line.values.copy()
    mine[:] = 9.0
    assert not line.values.flags.writeable and not np.shares_memory(line.values, mine)
    assert line.values.tobytes() == before.tobytes()


def test_a_read_only_view_of_writable_memory_is_copied() -> None:
    mine = np.arange(4.0)
    view = mine[:2]
    view.setflags(write=False)
    line = Line(view)
    mine[:] = 9.0
    assert line.values.tolist() == [0.0, 1.0]


def test_a_view_of_a_frozen_array_is_kept() -> None:
    mine = np.arange(8.0)
    mine.setflags(write=False)
    line = Line(mine[::2])
    assert np.shares_memory(line.values, mine)
    assert Line(line.values).values is line.values


def test_memory_that_was_lent() -> None:
    frozen = np.arange(2.0).tobytes()
    kept = np.frombuffer(frozen, np.float64)
    assert Line(kept).values is kept
    assert Line(np.frombuffer(memoryview(frozen), np.float64)).values.base is not None
    shared = mmap.mmap(-1, 16)
    lent = np.frombuffer(memoryview(shared).toreadonly(), np.float64)
    assert Line(lent).values is lent
    assert not np.shares_memory(Line(np.frombuffer(shared, np.float64)).values, lent)


def test_memory_of_a_bytearray_is_copied() -> None:
    memory = bytearray(16)
    for buffer in (memory, memoryview(memory), memoryview(memory).toreadonly()):
        taken = np.frombuffer(buffer, np.float64)
        taken.setflags(write=False)
        line = Line(taken)
        memory[:] = b"\x01" * 16
        assert line.values.tolist() == [0.0, 0.0]
        memory[:] = bytes(16)


@settings(deadline=None, max_examples=50, database=None)
@given(st_numpy.arrays(np.int16, st_numpy.array_shapes(min_dims=2, max_dims=2, min_side=0)), st.data())
def test_nothing_done_to_the_argument_changes_the_record(values: np.ndarray, data: st.DataObject) -> None:
    view = data.draw(st.sampled_from([lambda a: a, lambda a: a[:, ::2], lambda a: a.T, lambda a: a[::-1]]))
    given_array = view(values)
    grid = Grid(given_array)
    before = grid.values.tolist()
    for one in (given_array, values):
        if one.flags.writeable:
            one[...] = 77
    assert grid.values.tolist() == before
    assert not grid.values.flags.writeable


@pytest.mark.parametrize(
    "value, cause",
    [
        ([1.0], "expected a numpy array of float64, shape N"),
        (None, "expected a numpy array"),
        (1.0, "expected a numpy array"),
        (np.float64(1.0), "expected a numpy array"),
        (np.array([1.0], np.float32), r"expected dtype float64 \(arrays are never cast: use .astype\)"),
        (np.array([1.0], ">f8"), "expected dtype float64"),
        (np.array([1], np.int64), "got ndarray of int64 1"),
        (np.array(1.0), r"expected 1 axes \(N\), got shape \(\)"),
        (np.zeros((2, 2)), r"got shape \(2, 2\)"),
        (np.ma.array([1.0]), "np.asarray makes a plain one"),
        (np.zeros((1, 1)).view(np.matrix), "np.asarray makes a plain one"),
        (np.rec.array([1.0]), "expected a numpy array"),
    ],
    ids=lambda v: str(v)[:20],
)
def test_what_does_not_fit(value: Any, cause: str) -> None:
    with pytest.raises(RecordError, match=cause) as caught:
        Line(value)
    assert str(caught.value).startswith("Line.values: ")


def test_a_name_stands_for_one_length_within_a_record() -> None:
    assert Square(np.zeros((2, 2))).values.shape == (2, 2)
    with pytest.raises(RecordError, match=r"N N with N = 2 as before, got \(2, 3\)"):
        Square(np.zeros((2, 3)))
    lens, pose = Intrinsics(2, 2, 1.0, 1.0, 1.0, 1.0), Pose(0.0, 0.0, 0.0)
    with pytest.raises(
        RecordError, match=r"Frame.depth_m: expected shape H W with W = 3 as before, got \(2, 4\)"
    ):
        Frame(np.zeros((2, 3, 3), np.uint8), np.zeros((2, 4), np.float32), lens, pose)


def test_leading_axes_of_any_number() -> None:
    for shape in [(4, 3), (0, 4, 3), (5, 2, 4, 3)]:
        assert Ends(np.zeros(shape), np.zeros(4, np.uint8)).values.shape == shape
    with pytest.raises(RecordError, match="expected 2 axes"):
        Ends(np.zeros(3), np.zeros(3, np.uint8))
    with pytest.raises(RecordError, match="N = 4"):
        Ends(np.zeros((4, 3)), np.zeros(5, np.uint8))


@pytest.mark.parametrize("shape", ["H, W", "-1", "H ...", "3.5", "²", "H*W", 3, None, ("H", "W")], ids=str)
def test_patterns_that_cannot_be(shape: Any) -> None:
    with pytest.raises(SchemaError, match="array"):
        array(shape, np.float32)


@pytest.mark.parametrize(
    "dtype", [object, "U3", "S3", "M8[s]", np.longdouble, [("a", int)], "nonsense", None], ids=str
)
def test_dtypes_that_cannot_be(dtype: Any) -> None:
    with pytest.raises(SchemaError, match="fixed size"):
        array("N", dtype)


def test_big_endian_declarations_mean_the_wire_order() -> None:
    @record
    class Swapped:
        values: NDArray[Any] = array("N", ">f4")

    assert Swapped(np.zeros(2, np.float32)).values.dtype == np.float32
