"""A walk over a value tells any two different values apart, and equal ones not."""

from __future__ import annotations

import collections
import io
import itertools
import math
import random
import re
import threading
from typing import Any, Callable, List

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_laws.snapshot import Snapshot, difference
from droidlet_schema import FrozenMap, Pose2, Track
from droidlet_schema.strategies import of


def leaves(value: Any) -> dict[str, str]:
    return Snapshot(value, "x").leaves


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def same(first: Any, second: Any) -> bool:
    """Equal in type and content; NaN equals NaN, -0.0 is not 0.0, dicts in one order."""
    if type(first) is not type(second):
        return False
    if isinstance(first, float):
        return repr(first) == repr(second)
    if isinstance(first, (list, tuple)):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[k], second[k]) for k in first)
    return bool(first == second)


@settings(max_examples=300)
@given(plain, plain)
def test_two_values_have_the_same_leaves_when_they_are_the_same(first: Any, second: Any) -> None:
    assert (leaves(first) == leaves(second)) == same(first, second)


@given(of(Track))
def test_a_copy_of_a_record_has_the_same_leaves(track: Track) -> None:
    copy = type(track)(**{name: getattr(track, name) for name in type(track).__record__.names})
    assert leaves(copy) == leaves(track)


class Plain:
    def __init__(self) -> None:
        self.items: List[int] = []


class Slotted:
    __slots__ = ("__hidden", "value")

    def __init__(self) -> None:
        self.__hidden = 0

    def change(self) -> None:
        self.__hidden += 1


@attrs.frozen
class Frozen:
    inner: Plain = attrs.field(factory=Plain)


def closure() -> Any:
    count = 0

    def function() -> int:
        nonlocal count
        count += 1
        return count

    return function


def mutable_default(seen: List[int] = []) -> List[int]:  # noqa: B006
    return seen


CHANGES: List[tuple[Any, Callable[[Any], Any]]] = [
    (Plain(), lambda v: v.items.append(1)),
    (Slotted(), lambda v: v.change()),
    (Frozen(), lambda v: v.inner.items.append(1)),
    (closure(), lambda v: v()),
    (mutable_default, lambda v: v().append(1)),
    (np.zeros(3), lambda v: v.__setitem__(1, 5)),
    (np.array([[], {}], object), lambda v: v[0].append(1)),
    ({1, 2}, lambda v: v.add(3)),
    (collections.deque([1]), lambda v: v.rotate() or v.append(2)),
    (collections.Counter("aab"), lambda v: v.update("b")),
    (itertools.count(), next),
    (iter([1, 2, 3]), next),
    (random.Random(1), lambda v: v.random()),
    (np.random.default_rng(1), lambda v: v.random()),
    (np.random.RandomState(1), lambda v: v.rand()),
    (bytearray(b"ab"), lambda v: v.append(1)),
    (io.BytesIO(b"ab"), lambda v: v.read(1)),
    ((i for i in range(3)), next),
    (threading.local(), lambda v: setattr(v, "x", 1)),
    ({"a": 1, "b": 2}, lambda v: v.update(a=v.pop("a"))),
]


@pytest.mark.parametrize(("value", "change"), CHANGES, ids=[type(v).__name__ for v, _ in CHANGES])
def test_a_change_is_seen(value: Any, change: Callable[[Any], Any]) -> None:
    before = leaves(value)
    assert leaves(value) == before  # looking changes nothing
    change(value)
    assert difference(before, leaves(value)) is not None


def test_the_difference_is_the_deepest_place() -> None:
    before = leaves({"a": (Pose2(1.0, 2.0, 3.0),)})
    after = leaves({"a": (Pose2(1.0, 2.5, 3.0),)})
    assert difference(before, after) == ("x['a'][0].y_m", "2.0", "2.5")


def test_what_contains_itself_is_walked_once() -> None:
    value: List[Any] = []
    value.append(value)
    assert leaves(value)["x[0]"] == "<itself>"


def test_what_cannot_be_looked_into_is_named() -> None:
    made = Snapshot({"handle": np.nditer(np.zeros(2))}, "x")
    assert made.opaque == {"x['handle']": "numpy.nditer"}
    assert Snapshot((re.compile("a"), threading.Lock(), FrozenMap()), "x").opaque == {}


def test_large_tables_are_sampled_unless_all_is_asked_for() -> None:
    table = {n: 0 for n in range(5000)}  # noqa: C420
    assert len(Snapshot(table, "x", whole=False).leaves) < 100
    assert len(Snapshot(table, "x").leaves) > 5000


def test_nan_and_signed_zero() -> None:
    assert leaves(math.nan) == leaves(float("nan")) and leaves(0.0) != leaves(-0.0)
    assert leaves(1) != leaves(True) and leaves(np.float64(1.0)) != leaves(1.0)
