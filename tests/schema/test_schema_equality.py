"""One equality: two values are equal when their canonical bytes are."""

from __future__ import annotations

import itertools
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from droidlet_schema import FrozenMap, Pose2, SemanticImage, Speak, Turn, array, digest, encode, record
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=20, database=None)
OTHER_NAN = struct.unpack("<d", struct.pack("<Q", 0xFFF8_0000_0000_0001))[0]


@record
class Anything:
    value: None | bool | int | float | str | bytes


@record
class Numbers:
    values: NDArray[Any] = array("...", np.float64)


@record
class Bits:
    values: NDArray[Any] = array("...", np.uint64)


def test_equality_is_that_of_the_encoding(record_class: type) -> None:
    @LAW
    @given(st.lists(of(record_class, max_axis=4), min_size=2, max_size=2))
    def law(values: list[Any]) -> None:
        for one, other in itertools.product(values, values):
            bytes_equal = [bytes(f) for f in encode(one)] == [bytes(f) for f in encode(other)]
            assert (one == other) is bytes_equal
            assert (one != other) is not bytes_equal
            assert (digest(one) == digest(other)) is bytes_equal
            if bytes_equal:
                assert hash(one) == hash(other)

    law()


def test_values_that_python_takes_for_equal_are_not() -> None:
    values = [0, 0.0, -0.0, False, "", b"", None, 1, 1.0, True]
    for one, other in itertools.combinations(values, 2):
        assert Anything(one) != Anything(other)
        assert FrozenMap({"a": one}) != FrozenMap({"a": other})
        assert len({Anything(one), Anything(other)}) == 2


def test_there_is_one_nan() -> None:
    assert math.isnan(OTHER_NAN)
    assert Anything(math.nan) == Anything(OTHER_NAN) == Anything(-math.nan) == Anything(np.float32("nan"))
    assert digest(OTHER_NAN) == digest(math.nan)
    assert FrozenMap({"a": OTHER_NAN}) == FrozenMap({"a": math.nan})
    assert digest((OTHER_NAN,)) == digest((math.nan,))


def test_arrays_are_equal_by_dtype_shape_and_bits() -> None:
    assert Numbers(np.array([np.nan])) == Numbers(np.array([np.nan]))
    assert Numbers(np.array([0.0])) != Numbers(np.array([-0.0]))
    assert Numbers(np.zeros((2, 3))) != Numbers(np.zeros((3, 2)))
    assert Numbers(np.zeros((0, 3))) != Numbers(np.zeros((3, 0)))
    assert Numbers(np.zeros(())) != Numbers(np.zeros(1))
    assert digest(np.zeros(2)) != digest(np.zeros(2, np.int64))


def test_the_layout_of_an_array_is_no_part_of_its_value() -> None:
    values = np.arange(12.0).reshape(3, 4)
    wide = np.zeros((3, 8))
    wide[:, ::2] = values
    same = [Numbers(values.copy()), Numbers(np.asfortranarray(values)), Numbers(wide[:, ::2])]
    assert same[0] == same[1] == same[2]
    assert len(set(same)) == 1 and len({digest(one) for one in same}) == 1


def test_records_of_different_classes_are_unequal() -> None:
    assert Turn(1.0) != Pose2(1.0, 0.0, 0.0)
    assert Turn(1.0) != 1.0
    assert Speak("x") != "x"
    assert FrozenMap({"a": 1}) != {"a": 1}


def test_a_record_may_bring_its_own_digest() -> None:
    @record
    class Stored:
        store: str
        revision: int

        def __digest__(self) -> str:
            return f"{self.revision:032x}"

    @record
    class Holder:
        inner: Stored

    assert Stored("here", 1) == Stored("there", 1) and hash(Stored("here", 1)) == hash(Stored("there", 1))
    assert Stored("here", 1) != Stored("here", 2)
    assert digest(Stored("here", 1)) == "0" * 31 + "1"
    assert digest(Holder(Stored("here", 1))) == digest(Holder(Stored("there", 1)))
    assert Holder(Stored("here", 1)) == Holder(Stored("there", 1)) != Holder(Stored("there", 2))
    assert encode(Stored("here", 1)) != encode(Stored("there", 1))


@pytest.mark.parametrize(
    "value", [Pose2(1, 2, 3), SemanticImage(np.zeros((1, 2), np.int32)), FrozenMap({1: 2})]
)
def test_values_are_equal_to_themselves_and_work_as_keys(value: Any) -> None:
    assert value == value and {value: 1}[value] == 1
