"""Honest components keep every law: no false alarms."""

from __future__ import annotations

from pathlib import Path

import pytest

from droidlet_laws import LAWS, check_component
from droidlet_laws.laws import CODEC, NO_HASH_ORDER, OLD_STATE
from droidlet_transport import load

IN_CHILDREN = (
    "gram",
    "words",
    "box",
    "Linear",
    "Refuses",
)  # child processes take a second for each component
FILE = str(Path(__file__).with_name("honest.py"))


@pytest.mark.parametrize("name", load(f"{FILE}:HONEST"))
def test_an_honest_component_keeps_every_law(name: str) -> None:
    report = check_component(f"{FILE}:{name}", examples=15, processes=name in IN_CHILDREN)
    skipped = {law for law, _ in report.not_exercised}
    assert skipped <= {OLD_STATE, CODEC} | (set() if name in IN_CHILDREN else {NO_HASH_ORDER})
    assert set(report.held) | skipped == set(LAWS)
    assert report.calls > 0
    assert (OLD_STATE in report.held) == (report.kind == "stepped")


def test_every_law_is_exercised_by_a_stepped_component() -> None:
    report = check_component(f"{FILE}:Walker")
    assert report.held == LAWS
    assert report.not_exercised == report.limits == ()
