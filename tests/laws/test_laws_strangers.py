"""No false alarm for components as people write them who have not read the laws closely."""

from __future__ import annotations

from pathlib import Path

import pytest

from droidlet_laws import LAWS, check_component
from droidlet_laws.laws import CODEC, NO_HASH_ORDER, NO_HISTORY, OLD_STATE
from droidlet_transport import load

IN_CHILDREN = ("unique_sorted", "cached_kernel", "takes_a_mood", "TwoLayers")  # a second for each
FILE = str(Path(__file__).with_name("strangers.py"))
NAMES = load(f"{FILE}:STRANGERS")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (n % 2)) for n, name in enumerate(NAMES)]
)
def test_an_honest_component_of_a_stranger_keeps_every_law(name: str) -> None:
    report = check_component(f"{FILE}:{name}", examples=6, processes=name in IN_CHILDREN)
    skipped = {law for law, _ in report.not_exercised}
    assert skipped <= {OLD_STATE, CODEC} | (set() if name in IN_CHILDREN else {NO_HASH_ORDER})
    assert set(report.held) | skipped == set(LAWS)
    assert report.calls > 0 and report.refused == 0


def test_there_are_many_kinds_of_them() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 40


@pytest.mark.parametrize(
    ("name", "cache"), [("cached_helper", "_power"), ("CachedProperty", "table"), ("CachedMethod", "area")]
)
def test_a_cache_that_may_grow_is_named(name: str, cache: str) -> None:
    report = check_component(f"{FILE}:{name}", examples=5, processes=False)
    (text,) = [text for law, text in report.limits if law == NO_HISTORY]
    assert "cache of functools" in text and cache in text
