"""Values as people write them: what is written is read again, and any table is a value or one DecodeError."""

from __future__ import annotations

import contextlib
import json
from typing import Optional, Tuple, Union

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from droidlet_schema import (
    Change,
    DecodeError,
    EncodeError,
    FrozenMap,
    Observation,
    Query,
    SceneObject,
    array,
    from_plain,
    record,
    to_plain,
)
from droidlet_schema.plain_values import named_in
from droidlet_schema.strategies import of


@record
class Cube:
    edge_m: float = 1.0


@record
class Ball:
    radius_m: float


@record
class Shelf:
    name: str
    heights: NDArray[np.float32] = array("N", np.float32)
    things: Tuple[Union[Cube, Ball], ...] = ()
    by_floor: FrozenMap[int, Tuple[float, float]] = FrozenMap()
    note: Optional[str] = None
    sealed: Union[str, bytes] = ""


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("$", "name", "things", "heights", "edge_m")), inner, max_size=3)
    ),
    max_leaves=8,
)


def through_json(value):
    return from_plain(json.loads(json.dumps(to_plain(value), allow_nan=False)), type(value))


@given(of(Query) | of(SceneObject) | of(Observation, max_axis=3) | of(Shelf))
def test_what_is_written_is_read_again(value):
    try:
        plain = to_plain(value)
    except EncodeError:
        assert isinstance(value, Shelf) and isinstance(value.sealed, bytes)
    else:
        assert from_plain(json.loads(json.dumps(plain, allow_nan=False)), type(value)) == value


@given(of(Change))
def test_changes_of_a_memory_have_a_plain_form_or_none(value):
    try:
        to_plain(value)
    except EncodeError as error:
        assert "no plain form" in str(error)
    else:
        assert through_json(value) == value


@given(values)
def test_any_table_is_a_value_or_one_error(data):
    with contextlib.suppress(DecodeError):
        assert isinstance(from_plain(data, Shelf), Shelf)


def test_it_reads_as_a_person_writes():
    heights = np.array([0.5, np.inf], np.float32)
    shelf = Shelf("s", heights, (Cube(), Ball(2.0)), FrozenMap({3: (1.0, 2.0)}))
    plain = {
        "name": "s",
        "things": [{"$": "Cube/1"}, {"$": "Ball/1", "radius_m": 2.0}],
        "by_floor": {"3": [1.0, 2.0]},
        "heights": {"shape": [2], "items": [0.5, "inf"]},
    }
    by_hand = {**plain, "things": [{"$": "Cube"}, {"$": "Ball", "radius_m": 2}], "by_floor": {"3": [1, 2]}}

    assert to_plain(shelf) == plain
    assert from_plain(plain, Shelf) == from_plain(by_hand, Shelf) == shelf


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"nam": "x"}, "at nam: Shelf has no such field; it has name, heights, things"),
        ({"things": [{"edge_m": 1}]}, 'at things[0]: say which record it is: "$": "Cube" or "$": "Ball"'),
        (
            {"things": [{"$": "Ball", "radius_m": "wide"}]},
            "at things[0].radius_m: expected float, got 'wide'",
        ),
        ({"things": [{"$": "Ball"}]}, "at things[0]: Ball lacks radius_m"),
        ({"by_floor": {"first": [1, 2]}}, "at by_floor: expected a whole number for a key, got 'first'"),
        ({"by_floor": {"1": [1]}}, "at by_floor.1: expected 2 items, got 1"),
        ({"heights": [1, 2]}, 'at heights: expected {"shape": [...], "items": [...]}'),
    ],
)
def test_a_mistake_is_named_by_its_place(change, text):
    with pytest.raises(DecodeError) as caught:
        from_plain({"name": "s", "heights": {"shape": [0], "items": []}, **change}, Shelf)
    assert str(caught.value).startswith(text)


def test_bytes_that_look_like_text_are_refused_when_written():
    heights = np.zeros(0, np.float32)
    with pytest.raises(EncodeError, match="look the same"):
        to_plain(Shelf("s", heights=heights, sealed=b"abc"))
    with pytest.raises(EncodeError, match="no record"):
        to_plain({"name": "s"})


def test_a_table_may_name_its_record():
    assert named_in({"$": "Ball"}, Cube) is named_in({"$": "Ball/1"}, Cube) is Ball
    assert named_in({}, Cube) is Cube
    with pytest.raises(DecodeError, match=r"at \$: expected a known record"):
        named_in({"$": "Tetrahedron"}, Cube)


def test_a_deep_table_is_refused():
    data: dict = {}
    for _ in range(300):
        data = {"things": [data]}
    with pytest.raises(DecodeError):
        from_plain(data, Shelf)
