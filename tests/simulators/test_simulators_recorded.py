"""A recorded sequence of actions: twice, over the wire at every tick, and in another process, equal to the bit."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.habitat_parts import faked
from simulators.recorded_parts import ENGINES, TICKS, played


@functools.cache
def recorded(name: str) -> tuple[str, ...]:
    with faked():
        return tuple(played(name, wire=False))


def needs(name: str) -> None:
    if name == "room numba":
        pytest.importorskip("numba", reason="numba is not installed")


@pytest.mark.parametrize("name", ENGINES)
def test_it_is_the_same_again_and_with_every_world_read_from_its_bytes(name):
    needs(name)
    first = recorded(name)
    assert len(set(first)) == TICKS + 1  # something happens at every tick
    with faked():
        assert tuple(played(name, wire=False)) == first
        assert tuple(played(name, wire=True)) == first


PROGRAM = """
import sys
tests, *names = sys.argv[1:]
sys.path.insert(0, tests)
from simulators.recorded_parts import played
for name in names:
    print(*played(name, wire=False), sep="\\n")
"""


def test_it_is_the_same_in_another_process():
    names = [
        name for name in ENGINES if name != "room numba"
    ]  # which is numpy's, see below, and slow to start
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).parents[1]), *names],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [line for name in names for line in recorded(name)]


def test_both_renderers_record_the_same():
    needs("room numba")
    assert recorded("room numba") == recorded("room numpy")
