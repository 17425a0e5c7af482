"""Numbers are read whole, in digits and in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_memory.numerals import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", 10),
        ("-2.5", -2.5),
        ("ten", 10),
        ("Zero", 0),
        ("twenty-five", 25),
        ("a hundred and one", 101),
        ("nineteen hundred", 1900),
        ("two thousand three hundred and four", 2304),
        ("a million", 1_000_000),
        ("one million two hundred thousand", 1_200_000),
        ("inf", math.inf),
    ],
)
def test_numbers(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "an",
        "and",
        "nan",
        "chair",
        "two three",
        "twenty ten",
        "hundred hundred",
        "a five",
        "five and",
    ]
    + ["thousand million", "twenty zero", "four by five", "and five", "one " * 20],
)
def test_no_numbers(text):
    assert number_in(text) is None


@given(st.integers(0, 999_999))
def test_every_number_in_words_is_read(number):
    assert number_in(in_words(number)) == number


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def in_words(number):
    """A number as people say it."""
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = "" if number % size == 0 else " and " + in_words(number % size)
            return f"{in_words(number // size)} {name}{rest}"
    if number < 20:
        return SMALL.split()[number]
    return TENS.split()[number // 10 - 2] + ("" if number % 10 == 0 else "-" + SMALL.split()[number % 10])
