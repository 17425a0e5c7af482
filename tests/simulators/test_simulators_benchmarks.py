"""The baselines of the room's benchmark that no extra brings: measured where they are, one line where they are not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from droidlet_transport import load
from simulators.habitat_parts import faked

OTHERS = Path(__file__).resolve().parents[2] / "benchmarks" / "_others.py"


def other(name):
    return load(f"{OTHERS}:{name}")


def test_habitat_is_measured_where_it_is():
    """Over a FAKE of it, so that only the way there is shown, and no number means anything."""
    pytest.importorskip("numba", reason="numba is not installed")
    with faked() as fake:
        found = other("against_habitat")(32, 24, 2)
        assert found.version == fake.__version__ and set(found.details) == {"frame", "ours"}
    assert found.ratio == found.details["frame"] / found.details["ours"] > 0


@pytest.mark.skipif(importlib.util.find_spec("habitat_sim") is not None, reason="habitat-sim is installed")
def test_habitat_is_one_line_where_it_is_not():
    told = other("against_habitat")(32, 24, 2)
    assert "conda install" in told and "\n" not in told


def test_vizdoom_is_one_line_where_it_is_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "vizdoom", None)
    assert other("against_vizdoom")(lambda number: None, 2) == "not installed: pip install vizdoom"
