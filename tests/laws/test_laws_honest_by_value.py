"""Honest components keep every law for the values that their code names too, and each check says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from droidlet_laws import check_component
from droidlet_transport import load

FILE = str(Path(__file__).with_name("honest_by_value.py"))
IN_CHILDREN = ("colours_sorted", "how_many_colours", "a_set_of_colours", "Counts")


TWICE = ("greets", "near", "Threshold", "how_many_colours")


@pytest.mark.parametrize("name", load(f"{FILE}:HONEST"))
def test_an_honest_component_keeps_every_law(name: str) -> None:
    report = check_component(f"{FILE}:{name}", examples=15, processes=name in IN_CHILDREN)
    assert report.more > 0


@pytest.mark.parametrize("name", TWICE)
def test_a_check_says_the_same_each_time(name: str) -> None:
    first, second = (check_component(f"{FILE}:{name}", examples=15, processes=False) for _ in range(2))
    assert str(first) == str(second) and first.more == second.more
