"""Arguments that are made from annotations arrive as they were declared."""

from __future__ import annotations

from typing import Tuple

from droidlet_laws import check_component


def joined(pair: Tuple[str, str]) -> str:
    first, second = pair
    if not isinstance(first, str) or not isinstance(second, str):
        raise TypeError(f"pair holds two texts, got {pair!r}")
    return first + second


def scaled(pair: tuple[float, float], scale: float = 1.0) -> float:
    if not isinstance(pair, tuple):
        raise TypeError(f"pair is a tuple, got {pair!r}")
    return (pair[0] + pair[1]) * scale


def test_one_parameter_that_is_a_tuple_arrives_as_it_is() -> None:
    for component in (joined, scaled):
        report = check_component(component, examples=20)  # in child processes too
        assert report.calls > 0 and report.refused == 0
        assert "no hash order" in report.held
