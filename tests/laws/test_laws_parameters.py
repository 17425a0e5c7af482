"""Arguments that are made from annotations arrive as they were declared."""

from __future__ import annotations

import io
from typing import Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple, Union

import numpy as np
import pytest
from numpy.typing import NDArray

from droidlet_laws import LawBroken, NotCheckable, check_component
from droidlet_schema import record


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


def gained(level: float, gain: float = 2.0, plain=None, *, debug: bool = False) -> float:  # type: ignore[no-untyped-def]
    return level * gain


def test_parameters_with_defaults_are_varied_or_named() -> None:
    with pytest.raises(LawBroken, match="no history"):
        check_component(remembers_gain, examples=20, processes=False)
    report = check_component(gained, examples=20, processes=False)
    assert ("same arguments, same result", "its parameters plain, debug were left at their defaults") in (
        report.limits
    )


@record
class Lift:
    kilos: int
    by: Union[int, None] = None


def lifted(lifts: Mapping[str, Tuple[Lift, ...]], first: Sequence[Dict[str, Lift]]) -> int:
    """As a simulator's step has its actions."""
    return sum(bool(lift.by) for own in lifts.values() for lift in own) + len(first)


def test_records_in_tables_and_lists_are_made_as_their_fields_say() -> None:
    report = check_component(lifted, examples=30, processes=False)
    assert report.calls > 20 and report.refused == 0


SEEN: List[float] = []


def remembers_gain(level: float, gain: float = 2.0) -> float:
    if gain != 2.0:
        SEEN.append(gain)
    return level * gain


def together(words: Iterable[str]) -> int:
    return sum(len(word) for word in words)


def once(words: Iterator[str]) -> int:
    return sum(len(word) for word in words)


def either(level: Union[float, np.floating]) -> float:  # type: ignore[type-arg]
    return float(level)


def in_memory(values: NDArray[np.float64]) -> int:
    file = io.BytesIO()
    np.save(file, values)
    file.seek(0)
    return int(np.load(file).size)


def test_what_can_be_read_often_is_given_as_a_list() -> None:
    for component in (together, either, in_memory):
        report = check_component(component, examples=10, processes=False)
        assert report.calls > 0 and report.refused == 0
    with pytest.raises(NotCheckable, match="can be read only once"):
        check_component(once)


def spoils_pictures(image: np.ndarray) -> float:  # type: ignore[type-arg]
    if image.dtype == np.uint8 and image.size:
        image.reshape(-1)[0] += 1
    return float(image.size)


def test_an_array_of_any_kind_is_tried_with_several() -> None:
    with pytest.raises(LawBroken, match="arguments unchanged"):
        check_component(spoils_pictures, processes=False)
