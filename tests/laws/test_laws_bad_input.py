"""Bad input: which replacements are tried, and what a refusal must say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_laws import LawBroken, check_component, laws
from droidlet_laws.bad_input import Stranger, replacements
from droidlet_schema import FrozenMap, Pose2, Query, RecordError, TaskEvent, array, is_record, record
from droidlet_schema.strategies import of


@record
class Inner:
    pixels: Any = array("N", np.float32)
    level: float


@record
class Outer:
    inner: Inner
    names: FrozenMap[str, int]
    text: str = ""


VALUE = Outer(Inner(np.ones(2, np.float32), 1.0), FrozenMap({"a": 1}))


def test_every_field_is_replaced() -> None:
    paths = {path for path, _, _ in replacements(VALUE, "x", top=True)}
    expected = {"x.inner", "x.inner.pixels", "x.inner.level", "x.names", "x.names['a']", "x.text"}
    assert paths == expected


def test_what_does_not_fit_is_refused_when_made_and_the_rest_is_as_before() -> None:
    taken = []
    for path, bad, make in replacements(VALUE, "x", top=True):
        try:
            made = make()
        except RecordError as error:
            assert error.field.split(".")[-1].split("[")[0] in path
            continue
        taken.append((path, type(bad)))
        assert is_record(made) and made != VALUE
    assert taken == [("x.inner.pixels", np.ndarray), ("x.inner.level", float)]  # NaN in both


@given(
    of(TaskEvent) | of(Query) | of(Pose2) | st.lists(st.floats()) | st.dictionaries(st.text(), st.integers())
)
def test_replacing_never_changes_the_value(value: Any) -> None:
    before = repr(value)
    for _, _, make in replacements(value, "x"):
        try:
            make()
        except (RecordError, ValueError):
            continue
    assert repr(value) == before


def refuses(text: str) -> Any:
    def component(level_m: float) -> float:
        if not isinstance(level_m, float) or math.isnan(level_m):
            raise ValueError(text.format(level_m))
        return level_m

    return component


NAMING_ONE = ("level_m", "got {!r}", "not (1, 2)")


@pytest.mark.parametrize("text", ["level_m must be finite, got {}", "the level is bad: {}", *NAMING_ONE])
def test_a_refusal_that_names_something(text: str) -> None:
    report = check_component(refuses(text), [1.0, 2.0], processes=False)
    assert laws.BAD_INPUT in report.held
    assert (laws.BAD_INPUT in dict(report.limits)) == (text in NAMING_ONE)


@pytest.mark.parametrize("text", ["bad input", "", "no!"])
def test_a_refusal_that_names_nothing(text: str) -> None:
    with pytest.raises(LawBroken, match="names neither the field nor the value"):
        check_component(refuses(text), [1.0, 2.0], processes=False)


def test_an_error_from_below_is_a_limit() -> None:
    report = check_component(lambda level: level + 1, [1.0, 2.0], processes=False)
    assert "raised TypeError" in dict(report.limits)[laws.BAD_INPUT]


def test_inputs_without_anything_to_replace() -> None:
    report = check_component(lambda *values: len(values), [(), (1,)], processes=False)
    assert laws.BAD_INPUT in report.held
    report = check_component(lambda *values: 0, [()], processes=False)
    assert "nothing that could be replaced" in dict(report.not_exercised)[laws.BAD_INPUT]


def test_the_stranger_is_a_record_of_its_own() -> None:
    assert is_record(Stranger())


def says_its_length(text: str) -> int:
    return len(text)


def test_a_check_whose_time_is_over_says_so_and_blames_no_quick_call() -> None:
    """It was: "a call takes 0.0005 s: there is no time for bad inputs"."""
    report = check_component(says_its_length, budget_s=1e-9, processes=False, examples=2)
    told = dict(report.not_exercised)["bad input changes nothing"]
    assert told == "no time was left for bad inputs: give it more (budget_s, --seconds)"
