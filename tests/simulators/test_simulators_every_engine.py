"""Every engine under every law, with many runs and a thousand bad inputs each; minutes."""

from __future__ import annotations

import pytest

from droidlet_simulators.conformance import SIMULATOR_LAWS, check_simulator
from simulators.habitat_parts import faked

MANY = {"examples": 25, "steps": 10, "bad_inputs": 1000}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["room", "fast_room", "blocks", "physics", "physics_by_gl"])
def test_an_engine_keeps_every_law(name: str):
    report = check_simulator(f"simulators.engine_parts:{name}", **MANY)
    assert report.held == SIMULATOR_LAWS, str(report)


@pytest.mark.slow
def test_the_adapter_of_habitat_keeps_every_law_over_the_fake():
    with faked():
        report = check_simulator("simulators.habitat_parts:kinematic", **MANY)
    assert report.held == SIMULATOR_LAWS, str(report)
