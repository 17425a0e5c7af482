"""Colour words hold under every shade of the light."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_perception import colour_name
from droidlet_simulators import COLOURS

WORDS = {
    "black",
    "blue",
    "brown",
    "cyan",
    "green",
    "grey",
    "orange",
    "pink",
    "purple",
    "red",
    "white",
    "yellow",
}


@pytest.mark.parametrize("name", sorted(COLOURS))
@given(shade=st.floats(0.65, 1.0))
def test_a_colour_keeps_its_name_in_every_shade(name, shade):
    assert colour_name([255 * shade * channel for channel in COLOURS[name]]) == name


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((255, 0, 0), "red"),
        ((0, 128, 0), "green"),
        ((0, 0, 255), "blue"),
        ((255, 255, 0), "yellow"),
        ((255, 165, 0), "orange"),
        ((128, 0, 128), "purple"),
        ((255, 192, 203), "pink"),
        ((0, 255, 255), "cyan"),
        ((139, 69, 19), "brown"),
        ((255, 255, 255), "white"),
        ((128, 128, 128), "grey"),
        ((0, 0, 0), "black"),
    ],
)
def test_the_plainest_colours_have_their_plain_names(rgb, name):
    assert colour_name(rgb) == name


@given(st.tuples(*[st.floats(-1000, 1000)] * 3))
def test_every_colour_has_one_of_the_words(rgb):
    assert colour_name(rgb) in WORDS


@given(st.floats(1, 255))
def test_what_has_no_hue_is_black_grey_or_white_and_brighter_is_never_darker(level):
    order = ["black", "grey", "white"]
    assert order.index(colour_name([level] * 3)) >= order.index(colour_name([level / 2] * 3))


@pytest.mark.parametrize("rgb", [(), (1.0, 2.0), (1.0, 2.0, math.nan), (math.inf, 0.0, 0.0), (1, 2, 3, 4)])
def test_what_is_no_colour_is_refused_by_name(rgb):
    with pytest.raises(ValueError, match="rgb"):
        colour_name(rgb)


def test_nothing_is_refused_by_name():
    with pytest.raises(TypeError, match="rgb"):
        colour_name(None)
