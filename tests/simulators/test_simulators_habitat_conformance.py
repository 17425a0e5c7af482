"""The conformance suite over the adapter, with a FAKE habitat-sim below it."""

from __future__ import annotations

from droidlet_simulators.conformance import SIMULATOR_LAWS, check_simulator
from simulators.habitat_parts import faked

FEW = {"examples": 2, "steps": 3, "bad_inputs": 30}


def test_without_physics_every_law_holds():
    with faked():
        report = check_simulator("simulators.habitat_parts:kinematic", **FEW)

    assert report.held == SIMULATOR_LAWS and not report.not_exercised, str(report)


def test_with_physics_all_but_restoring_holds():
    with faked():
        report = check_simulator("simulators.habitat_parts:falling", **FEW)

    unheld = {law for law, _ in report.not_exercised}
    assert unheld == {"a world handed back goes on as it did", "forked worlds do not disturb each other"}
