"""Records made without a check are those that the check would have let through."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from droidlet_schema import Key, Observation, Pose2, digest, encode, fields_of
from droidlet_schema.making import maker
from droidlet_schema.strategies import of


@settings(max_examples=30)
@given(of(Observation) | of(Pose2) | of(Key))
def test_of_the_same_values_it_is_the_same_record(value: Any) -> None:
    made = maker(type(value))(*(getattr(value, name) for name in fields_of(type(value))))
    assert made == value and type(made) is type(value)
    assert digest(made) == digest(value)
    assert list(map(bytes, encode(made))) == list(map(bytes, encode(value)))


def test_it_is_frozen() -> None:
    made = maker(Pose2)(1.0, 2.0, 3.0)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.x_m = 2.0  # type: ignore[misc]
