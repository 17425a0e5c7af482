"""What code can reach by name: its helpers, the globals that it names, and what it names of the outside."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from droidlet_laws.reach import Reach

LIMIT = 3
_seen: list[int] = []


def helper(n: int) -> int:
    return n + LIMIT


class Deep:
    def __init__(self) -> None:
        self.text = Path(__file__).read_text()

    def value(self) -> float:
        return self._hidden()

    def _hidden(self) -> float:
        return time.time()

    def never(self) -> float:
        return float(np.random.rand())


class Holder:
    def __init__(self) -> None:
        self.deep = Deep()
        self.started = time.time()

    def __call__(self, n: int) -> float:
        _seen.clear()
        return helper(n) + self.deep.value()


def names(component: Any) -> set[str]:
    return {function.__qualname__ for function in Reach(component).functions.values()}


def test_helpers_are_followed_through_objects_that_it_holds() -> None:
    assert names(Holder()) == {"Holder.__call__", "helper", "Deep.value", "Deep._hidden"}


def test_globals_that_are_named() -> None:
    assert {label.rpartition(".")[2] for label in Reach(Holder()).roots} >= {"_seen", "LIMIT", "helper"}


def test_what_is_named_of_the_outside_says_where() -> None:
    (touch,) = Reach(Holder()).touches
    assert touch.startswith("time.time named at test_laws_reach.py:") and touch.endswith("in Deep._hidden")


def test_a_parameter_hides_a_global() -> None:
    def component(time: Any) -> float:
        return time.time() + sum(np.random.rand() for np in (time,))

    assert Reach(component).touches == []


def test_names_that_are_fine_with_arguments() -> None:
    def fine(seconds: float) -> Any:
        return time.gmtime(seconds), time.strftime("%H", time.gmtime(seconds)), np.random.default_rng(3)

    def not_fine(seconds: float) -> Any:
        return time.gmtime(), time.strftime("%H"), np.random.default_rng()

    assert Reach(fine).touches == []
    assert len(Reach(not_fine).touches) == 3


def test_a_class_that_is_only_named_is_not_made() -> None:
    def asks(value: Any) -> bool:
        return isinstance(value, Deep)

    def makes(value: Any) -> Deep:
        return Deep()

    assert names(asks) == {"test_a_class_that_is_only_named_is_not_made.<locals>.asks"}
    assert "Deep.__init__" in names(makes)


def test_wrappers_and_what_they_wrap() -> None:
    import functools

    def wrapper(function: Any) -> Any:
        @functools.wraps(function)
        def inner(n: int) -> Any:
            return function(n)

        return inner

    assert set(Reach(wrapper(helper)).functions) == {wrapper(helper).__code__, helper.__code__}
    assert "helper" in names(functools.lru_cache(helper)) and "helper" in names(functools.partial(helper, 1))


def test_several_lambdas_on_one_line() -> None:
    first, second = (lambda n: n), (lambda n: time.time())  # noqa: E731
    assert Reach(first).touches == [] and len(Reach(second).touches) == 1
