"""FrozenMap beside a dict that does the same."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from droidlet_schema import EncodeError, FrozenMap, digest, record

keys = st.text(max_size=3)
values = st.integers(0, 3) | st.floats(0, 1) | st.none()


class FrozenMapMachine(RuleBasedStateMachine):
    """Every map that was ever made stays what the dict said at that time."""

    maps = Bundle("maps")

    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[FrozenMap[str, Any], dict[str, Any]]] = []

    def keep(
        self, made: FrozenMap[str, Any], model: dict[str, Any]
    ) -> tuple[FrozenMap[str, Any], dict[str, Any]]:
        self.made.append((made, model))
        return made, model

    @rule(target=maps, entries=st.dictionaries(keys, values, max_size=6))
    def make(self, entries: dict[str, Any]) -> Any:
        return self.keep(FrozenMap(dict(entries)), entries)

    @rule(target=maps, one=maps, key=keys, value=values)
    def set(self, one: Any, key: str, value: Any) -> Any:
        return self.keep(one[0].set(key, value), {**one[1], key: value})

    @rule(target=maps, one=maps, other=maps)
    def update(self, one: Any, other: Any) -> Any:
        return self.keep(one[0].update(other[0]), {**one[1], **other[1]})

    @rule(target=maps, one=consumes(maps), gone=st.lists(keys, max_size=3))
    def without(self, one: Any, gone: list[str]) -> Any:
        return self.keep(one[0].without(*gone), {k: v for k, v in one[1].items() if k not in gone})

    @rule(one=maps, other=maps)
    def compare(self, one: Any, other: Any) -> None:
        typed = [{k: (type(v), v) for k, v in model.items()} for model in (one[1], other[1])]
        assert (one[0] == other[0]) is (typed[0] == typed[1])
        if typed[0] == typed[1]:
            assert hash(one[0]) == hash(other[0]) and digest(one[0]) == digest(other[0])

    @rule(one=maps, key=keys)
    def look_up(self, one: Any, key: str) -> None:
        assert (key in one[0]) is (key in one[1])
        assert one[0].get(key, "no") == one[1].get(key, "no")
        if key not in one[1]:
            with pytest.raises(KeyError):
                one[0][key]

    @invariant()
    def all_maps_are_what_they_were(self) -> None:
        for made, model in self.made:
            assert list(made.items()) == sorted(model.items(), key=lambda entry: entry[0])
            assert len(made) == len(model) and bool(made) is bool(model)


FrozenMapMachine.TestCase.settings = settings(
    deadline=None, max_examples=30, stateful_step_count=15, database=None
)
TestFrozenMap = FrozenMapMachine.TestCase


def test_it_never_changes() -> None:
    source = {"b": 1, "a": 2}
    made = FrozenMap(source)
    source["c"] = 3
    assert list(made) == ["a", "b"]
    with pytest.raises(AttributeError, match="never changes: use .set"):
        made._data = {}  # type: ignore[misc]
    with pytest.raises(TypeError, match="item assignment"):
        made["a"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError, match="never changes: use .without"):
        del made._data


def test_without_leaves_absent_keys_alone() -> None:
    assert FrozenMap({1: "a"}).without(1, 2) == FrozenMap()


@pytest.mark.parametrize("key", [True, 1.0, None, (1,), b"a"], ids=repr)
def test_keys_of_other_types_are_refused(key: Any) -> None:
    for make in (
        lambda: FrozenMap({key: 1}),
        lambda: FrozenMap().set(key, 1),
        lambda: FrozenMap({"a": 1}).set(key, 1),
    ):
        with pytest.raises(TypeError, match="keys are int or str, got"):
            make()


def test_keys_of_two_types_are_refused() -> None:
    for entries in ({1: 1, "a": 1}, {"a": 1, 1: 1}):
        with pytest.raises(TypeError, match="all int or all str"):
            FrozenMap(entries)


def test_pairs_and_maps_make_maps() -> None:
    assert FrozenMap([("b", 1), ("a", 2)]) == FrozenMap(FrozenMap({"a": 2, "b": 1}))
    assert repr(FrozenMap([("b", 1), ("a", 2)])) == "FrozenMap({'a': 2, 'b': 1})"


def test_copies_and_pickles() -> None:
    made = FrozenMap({"a": (1, 2)})
    for back in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301
        assert back == made and type(back) is FrozenMap


def test_values_without_a_place_on_the_wire_are_found_out_when_compared() -> None:
    loose = FrozenMap({"a": [1]})
    with pytest.raises(EncodeError, match="use a tuple"):
        hash(loose)
    with pytest.raises(EncodeError, match="surrogate"):
        hash(FrozenMap({"\ud800": 1}))


def test_a_map_that_a_field_has_checked_is_kept() -> None:
    @record
    class Votes:
        votes: FrozenMap[str, float]

    once = Votes(FrozenMap({"a": 1})).votes
    assert Votes(once).votes is once
    assert type(once.set("b", 2)["b"]) is int and type(Votes(once.set("b", 2)).votes["b"]) is float


def test_its_views_are_those_of_a_dict_and_change_nothing() -> None:
    made = FrozenMap({"b": 2, "a": 1})
    assert list(made.items()) == [("a", 1), ("b", 2)]
    assert list(made.keys()) == ["a", "b"] and list(made.values()) == [1, 2]
    for view in (made.items(), made.keys(), made.values()):
        with pytest.raises(TypeError):
            getattr(view, "mapping", ())["c"] = 3  # a proxy, or on older Pythons nothing
    assert dict(made) == {"a": 1, "b": 2}
