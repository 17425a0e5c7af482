"""Where the source goes through a set of text in the set's own order: told as a remark, never as a failure."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, FrozenSet, List, Optional, Set, Tuple

import pytest

from droidlet_laws import check_component, laws
from droidlet_laws.reach import Reach
from droidlet_laws.unsorted import unsorted_sets

TABLE = {"chair": 1, "lamp": 2}
NAMES = frozenset({"chair", "lamp"})
NUMBERS = frozenset({1, 2, 3})


def as_a_tuple(text: str) -> Tuple[str, ...]:
    return tuple(set(text.split()))


def joined(text: str) -> str:
    return ", ".join({word.lower() for word in text.split()} | {"end"})


def one_of_them(text: str) -> Optional[str]:
    words = set(text.split()) & NAMES
    return next(iter(words)) if words else None


def popped(words: Set[str]) -> str:
    return words.pop() if words else ""


def gathered(text: str) -> List[str]:
    found = []
    for name in NAMES:
        if name in text:
            found.append(name)
    return found


def unpacked(names: FrozenSet[str]) -> Tuple[str, ...]:
    return (*names, "end")


def first_that_fits(text: str) -> str:
    known = NAMES.difference({"lamp"})
    for name in known:
        if name in text:
            return name
    return ""


def numbered(text: str) -> Dict[str, int]:
    return {word: number for number, word in enumerate(set(text.split()))}


class Holds:
    def __init__(self) -> None:
        self.names = {"chair", "lamp"}

    def __call__(self, text: str) -> List[str]:
        return [name for name in self.names if name in text]


def is_sorted(text: str) -> Tuple[str, ...]:
    return tuple(sorted(set(text.split())))


def sorted_late(text: str) -> List[str]:
    return sorted(list({word.lower() for word in text.split()}))  # noqa: C414


def counted(text: str) -> Tuple[int, bool, Any]:
    words = set(text.split())
    return len(words), any(word in NAMES for word in words), Counter(w for w in words).most_common(0)


def numbers(values: List[int]) -> Tuple[int, ...]:
    return tuple({value % 3 for value in values} | NUMBERS)


def asked(text: str) -> bool:
    for name in NAMES:
        print(name)  # noqa: T201
    return text in NAMES or text in TABLE


def in_the_order_of_a_table(text: str) -> Tuple[str, ...]:
    return tuple(name for name in TABLE if name in text) + tuple(dict.fromkeys(text.split()))


def a_set_of_a_set(text: str) -> FrozenSet[str]:
    return frozenset({word.upper() for word in set(text.split())})


def the_least(text: str) -> str:
    return min((word for word in set(text.split())), default="")


TOLD = (as_a_tuple, joined, one_of_them, popped, gathered, unpacked, first_that_fits, numbered, Holds())
NOT_TOLD = (
    is_sorted,
    sorted_late,
    counted,
    numbers,
    asked,
    in_the_order_of_a_table,
    a_set_of_a_set,
    the_least,
)


@pytest.mark.parametrize("component", TOLD)
def test_an_order_that_is_taken_over(component: Any) -> None:
    places = unsorted_sets(Reach(component))
    assert places and all(place.startswith("test_laws_unsorted.py:") for place in places)


@pytest.mark.parametrize("component", NOT_TOLD)
def test_an_order_that_decides_nothing(component: Any) -> None:
    assert unsorted_sets(Reach(component)) == []


def the_same_name(text: str) -> str:
    for name in NAMES:
        if name == text:
            return name
    return ""


def test_it_is_a_remark() -> None:
    report = check_component(the_same_name, ["chair", "table"])
    (remark,) = [text for law, text in report.limits if law == laws.NO_HASH_ORDER]
    assert "without sorted at test_laws_unsorted.py:" in remark and remark.endswith("in the_same_name")
