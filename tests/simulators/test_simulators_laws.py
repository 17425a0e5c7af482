"""The general laws of components, held by the simulator and the scene generator."""

import pytest

from droidlet_laws import check_component

CASES = [("droidlet_simulators:room_node", None), ("droidlet_simulators:make_scene", [(1,), (2,)])]


@pytest.mark.parametrize(("factory", "inputs"), CASES)
def test_the_laws_hold(factory, inputs):
    report = check_component(factory, inputs, examples=15)
    left_out = {"an old state stays usable"} if inputs else set()  # a function has no state
    assert {law for law, _ in report.not_exercised} <= left_out
