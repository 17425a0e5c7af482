"""Arrays among the properties of a node."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from droidlet_schema import ArrayValue, FrozenMap, MemoryNode, decode, encode
from droidlet_schema.arrays import WIRE_DTYPES

arrays = st.tuples(
    st.sampled_from(sorted(WIRE_DTYPES)), st_numpy.array_shapes(min_dims=0, min_side=0)
).flatmap(lambda form: st_numpy.arrays(*form))


@given(arrays, st.sampled_from(("C", "F")), st.sampled_from("<>"))
def test_an_array_comes_back_bit_by_bit(array, order, endian):
    given_array = np.array(array, dtype=array.dtype.newbyteorder(endian), order=order)
    value = ArrayValue.of(given_array)
    assert value.array.tobytes() == array.tobytes() and value.array.shape == array.shape
    assert value.array.dtype == array.dtype and not value.array.flags.writeable
    node = MemoryNode("a", "Memory", 0, 0, properties=FrozenMap({"mask": value}))
    frames = encode(node)
    assert len(frames) == 1 and decode(frames, MemoryNode) == node


def test_what_is_no_array_is_refused_by_field():
    for dtype, shape, data, field in (
        ("O", (1,), b"12345678", "dtype"),
        ("float32", (1,), b"1234", "dtype"),
        ("<f4", (2,), b"1234", "data"),
        ("<f4", (-1, -1), b"1234", "data"),
    ):
        with pytest.raises(ValueError, match=f"ArrayValue.{field}"):
            ArrayValue(dtype, shape, data)
    with pytest.raises(ValueError, match="ArrayValue.dtype"):
        ArrayValue.of(np.array(["text"]))
