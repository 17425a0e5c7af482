"""The conformance suite: an honest engine keeps all laws, a broken one fails by the law that it breaks."""

from __future__ import annotations

import types
from typing import Any

import attrs
import pytest

from droidlet_schema import evolve
from droidlet_simulators import RoomSimulator
from droidlet_simulators.conformance import (
    SIMULATOR_LAWS,
    LawBroken,
    NotCheckable,
    check_simulator,
    conformance_scenes,
)
from simulators import conformance_parts
from simulators.conformance_parts import OFFENDERS, honest

FEW = {"examples": 6, "steps": 4, "bad_inputs": 20}
MANY = {"examples": 25, "steps": 8, "bad_inputs": 400}


def test_a_room_with_two_robots_keeps_every_law():
    report = check_simulator(honest, **FEW)

    assert report.held == SIMULATOR_LAWS and not report.not_exercised
    assert report.runs >= FEW["examples"] and report.steps > 80


@pytest.mark.parametrize(("law", "name"), OFFENDERS)
def test_a_broken_engine_fails_by_the_law_that_it_breaks(law: str, name: str):
    with pytest.raises(LawBroken) as caught:
        check_simulator(f"simulators.conformance_parts:{name}", **FEW)

    assert caught.value.law == law, str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize(("law", "name"), OFFENDERS)
def test_a_broken_engine_fails_by_that_law_however_much_is_tried(law: str, name: str):
    with pytest.raises(LawBroken) as caught:
        check_simulator(f"simulators.conformance_parts:{name}", **MANY)

    assert caught.value.law == law, str(caught.value)


def test_there_is_an_offender_for_every_law():
    assert {law for law, _ in OFFENDERS} == set(SIMULATOR_LAWS)
    assert all(getattr(conformance_parts, name).__doc__ for _, name in OFFENDERS)


def test_what_cannot_be_exercised_is_told():
    @attrs.frozen
    class Vague:
        room: RoomSimulator = RoomSimulator()

        def __getattr__(self, name: str) -> Any:
            return getattr(self.room, name)

        @property
        def spec(self) -> Any:
            return evolve(self.room.spec, exact_restore=False)

    report = check_simulator(Vague, **FEW)
    reasons = dict(report.not_exercised)

    assert reasons["a world handed back goes on as it did"] == "the spec says exact_restore=False"
    assert "one agent" in reasons["each agent acts and sees for itself"]
    assert "no name" in reasons["another process gives the same run"]
    assert "semantic" in reasons["pictures agree with the truth"]
    assert "not exercised  each agent acts and sees for itself" in str(report)


def test_what_says_nothing_of_its_agents_cannot_be_checked():
    for said in (None, (64, 48)):
        with pytest.raises(
            NotCheckable, match=f"its spec is {type(said).__name__}, expected a SimulatorSpec"
        ):
            check_simulator(lambda said=said: types.SimpleNamespace(spec=said))


def test_an_engine_that_loads_no_scene_cannot_be_checked():
    scene = conformance_scenes(honest().spec)[0]
    with pytest.raises(NotCheckable, match="loads none of the 1 scenes"):
        check_simulator(honest, scenes=[evolve(scene, size_m=(0.1, 0.1, 0.1))])
