"""The order of a small set is told as hash order, not as something else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from droidlet_laws import LawBroken, check_component, laws, processes

FILE = str(Path(__file__).with_name("hash_order.py"))


def test_the_order_of_two_words() -> None:
    with pytest.raises(LawBroken) as caught:
        check_component(f"{FILE}:words", f"{FILE}:TEXTS")
    assert caught.value.law == laws.NO_HASH_ORDER
    assert "sort before iterating" in caught.value.likely


@pytest.mark.parametrize(("value", "expected"), [("7", False), ("random", True), ("", True)])
def test_whether_this_process_has_a_random_seed(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", value)
    assert processes._seed_is_random() == (expected and bool(sys.flags.hash_randomization))
