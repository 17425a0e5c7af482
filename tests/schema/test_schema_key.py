"""Keys: the same key gives the same numbers, for ever, and no entropy is read."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import Key, RecordError, decode, digest, encode, evolve
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=50, database=None)


@LAW
@given(of(Key))
def test_the_same_key_gives_the_same_numbers(key: Key) -> None:
    again = decode(encode(key), Key)
    assert key.generator().bit_generator.state["state"]["key"].tolist() == list(key.words)
    assert key.generator().random(5).tolist() == again.generator().random(5).tolist()
    assert key.split(3) == again.split(3)


@LAW
@given(of(Key), of(Key))
def test_different_keys_give_different_numbers(one: Key, other: Key) -> None:
    drawn = [key.generator().integers(0, 2**63, 4).tolist() for key in (one, other)]
    assert (drawn[0] == drawn[1]) is (one == other)


@LAW
@given(of(Key), st.integers(0, 20), st.integers(0, 20))
def test_split_gives_keys_unlike_one_another_and_their_parent(key: Key, few: int, more: int) -> None:
    children = key.split(few)
    assert len({key, *children, *(grand for child in children[:3] for grand in child.split(2))}) == (
        1 + few + 2 * min(3, few)
    )
    assert key.split(few + more)[:few] == children  # asking for more changes nothing


def test_drawing_does_not_change_a_key() -> None:
    key = Key(3)
    before = digest(key)
    key.generator().normal(size=100)
    assert digest(key) == before


def test_split_children_are_independent_enough() -> None:
    draws = np.array([child.generator().random(64) for child in Key(5).split(64)])
    correlation = np.corrcoef(draws)
    assert np.abs(correlation - np.eye(64)).max() < 0.6
    assert abs(draws.mean() - 0.5) < 0.02


def test_the_counter_gives_another_stream() -> None:
    key = Key(5)
    later = evolve(key, counter=1)
    assert later != key
    assert key.generator().random() != later.generator().random()
    assert key.split(1) != later.split(1)


def test_a_seed_is_any_int() -> None:
    assert Key(7) == Key(np.int64(7)) == Key((7, 0)) == Key([7, 0])
    assert Key(-1).words == (2**64 - 1, 2**64 - 1)
    assert Key(2**64 + 5).words == (5, 1)


@pytest.mark.parametrize("words", [True, 1.5, "7", None, (1,), (1, 2, 3), (1, 2**64), (1, True)], ids=repr)
def test_what_is_no_seed(words: object) -> None:
    with pytest.raises(RecordError, match="Key.words"):
        Key(words)


def test_negative_words_counters_and_numbers_are_refused() -> None:
    for make in (lambda: Key((-1, 0)), lambda: Key(1, -1), lambda: Key(1).split(-1)):
        with pytest.raises(ValueError, match="negative"):
            make()


def test_the_first_numbers_are_fixed_for_ever() -> None:
    assert Key(0).generator().integers(0, 2**32, 4).tolist() == FIRST_OF_0
    assert Key(7).split(2)[1].words == SECOND_OF_7
    assert evolve(Key(7), counter=3).generator().random(2).tolist() == WITH_COUNTER


FIRST_OF_0 = [149215387, 49592932, 2628306354, 1037445899]
SECOND_OF_7 = (16777312984377242994, 6629442884215028863)
WITH_COUNTER = [0.44205212947108785, 0.8445679063131062]

NO_ENTROPY = """
import os, sys
import droidlet_schema
from droidlet_schema import Key
def refuse(*args):
    raise AssertionError("entropy was read")
import numpy as np, numpy.random.bit_generator as b, random, secrets
os.urandom = os.getrandom = random.SystemRandom.getrandbits = secrets.randbits = refuse
b.randbits = refuse
try:
    np.random.Philox()
except AssertionError:
    pass
else:
    sys.exit("the trap does not work")
print(Key(1).generator().random(), [k.generator().random() for k in Key(1).split(2)])
"""


def test_no_entropy_is_read() -> None:
    made = subprocess.run([sys.executable, "-c", NO_ENTROPY], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    expected = Key(1).generator().random(), [k.generator().random() for k in Key(1).split(2)]
    assert made.stdout.strip() == " ".join(map(str, expected))
