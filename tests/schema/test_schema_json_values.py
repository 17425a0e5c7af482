"""Values as JSON: any record comes back, and any text is a value or one DecodeError."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import (
    Change,
    DecodeError,
    EncodeError,
    FrozenMap,
    MemoryNode,
    Move,
    Query,
    from_json,
    to_json,
)
from droidlet_schema.strategies import of

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(("bytes", "float", "map", "$", "x")), inner, max_size=3).map(
            FrozenMap
        )
    ),
    max_leaves=8,
)


@given(of(Change) | of(Query) | values)
def test_what_is_written_is_read_again(value):
    text = to_json(value)
    assert "\n" not in text and to_json(from_json(text)) == text
    assert FrozenMap({"it": from_json(text)}) == FrozenMap({"it": value})  # NaN is NaN, -0.0 is not 0.0
    json.loads(text, parse_constant=pytest.fail)


def test_it_reads_as_one_would_write_it():
    told = to_json((Move(1.5), math.inf, b"ab", FrozenMap({1: "one"})))
    assert told == (
        '[{"$": "Move/1", "distance_m": 1.5}, {"float": "inf"}, {"bytes": "YWI="}, {"map": [[1, "one"]]}]'
    )
    assert to_json("Zoë") == '"Zoë"'


json_like = st.recursive(
    st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(st.text() | json_like.map(json.dumps))
def test_any_other_text_is_refused(text):
    try:
        value: Any = from_json(text, MemoryNode)
    except DecodeError:
        return
    assert isinstance(value, MemoryNode)


@pytest.mark.parametrize(
    "text", ["", "{", '{"bytes": "!"}', '{"float": "1"}', '{"float": []}', "[" * 10_000, "1" * 30]
)
def test_what_is_no_such_json_is_one_error(text):
    with pytest.raises(DecodeError):
        from_json(text)


def test_arrays_are_for_the_wire():
    with pytest.raises(EncodeError, match="ArrayValue"):
        to_json(np.zeros(3))
