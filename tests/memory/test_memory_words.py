"""Words are the same whatever their case, number, article and underscores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_memory import means


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("chairs", "chair"),
        ("The  Coffee_Table", "coffee tables"),
        ("boxes", "box"),
        ("vases", "vase"),
        ("glasses", "glass"),
        ("buses", "bus"),
        ("shelves", "shelf"),
        ("knives", "knife"),
        ("gloves", "glove"),
        ("benches", "bench"),
        ("berries", "berry"),
        ("movies", "movie"),
        ("people", "Person"),
        ("potatoes", "potato"),
        ("an apple", "apples"),
        ("STRASSE", "straße"),
    ],
)
def test_the_same(one, other):
    assert means(one, other) and means(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("can", "cane"),
        ("tub", "tubes"),
        ("glass", "glas"),
        ("bus", "bu"),
        ("", "a"),
        ("chair", "armchair"),
        ("s", ""),
    ],
)
def test_not_the_same(one, other):
    assert not means(one, other) and not means(other, one)


@given(st.text(max_size=12), st.text(max_size=12))
def test_alike_both_ways(one, other):
    assert means(one, one)
    assert means(one, other) == means(other, one)
    assert means(one, f"  {one.upper().lower()} ") == means(one.upper().lower(), one)
