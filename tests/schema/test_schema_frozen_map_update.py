"""A map that a field has checked stays checked when it changes, and never takes what the field would not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import FrozenMap, RecordError, record

ENTRIES = st.dictionaries(st.text(max_size=2), st.floats(allow_nan=False))


@record
class Weights:
    """A field that brings ints to floats."""

    by_name: FrozenMap[str, float] = FrozenMap()


@given(ENTRIES, ENTRIES)
def test_update_and_without_are_as_of_a_new_map(first, more):
    held = Weights(FrozenMap(first)).by_name
    updated = held.update(more)
    assert updated == FrozenMap({**first, **more}) and list(updated) == sorted({**first, **more})
    assert Weights(updated).by_name is updated
    less = updated.without(*first)
    assert less == FrozenMap({k: v for k, v in more.items() if k not in first})
    assert Weights(less).by_name is less
    assert held == FrozenMap(first)


def test_what_does_not_fit_the_field_is_still_refused_there():
    held = Weights(FrozenMap({"a": 1.0})).by_name
    with pytest.raises(RecordError, match="expected float"):
        Weights(held.set("b", "heavy"))
    with pytest.raises(TypeError, match="int or str"):
        held.set(1.5, 1.0)
    with pytest.raises(TypeError, match="got both"):
        held.set(1, 1.0)


def test_an_entry_is_not_coerced_before_its_field_is_known():
    held = Weights(FrozenMap({"a": 1.0})).by_name
    assert type(held.set("b", 2)["b"]) is int
    assert type(Weights(held.set("b", 2)).by_name["b"]) is float
