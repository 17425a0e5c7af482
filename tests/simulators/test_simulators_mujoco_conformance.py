"""MujocoSimulator keeps every law of simulators: with and without an arm, alone and in company, by rays and by GL."""

import math

import pytest

from droidlet_schema import Pose
from droidlet_simulators import AgentSpec, CameraSpec, make_scene, robot
from droidlet_simulators.conformance import SIMULATOR_LAWS, check_simulator
from droidlet_simulators.contract import SENSES
from droidlet_simulators.mujoco import MujocoSimulator
from simulators.mujoco_parts import NEEDS_EGL

ALONE = {"each agent acts and sees for itself"}


def wheels():
    """One robot as agents know it from the room."""
    return MujocoSimulator((robot(32, 24, semantic=True),))


def company():
    """One with an arm and every sense, one that only looks."""
    eye = CameraSpec("head", 32, 24, pictures=("rgb", "depth", "semantic"))
    turned = Pose(0.0, 0.1, 0.5, math.cos(0.6), 0.0, 0.0, math.sin(0.6))
    side = CameraSpec("side", 24, 24, math.radians(90), turned, pictures=("depth", "semantic"), neck=False)
    agents = (
        AgentSpec("robot", (eye, side), SENSES),
        AgentSpec("other", (eye,), ("pose", "collided", "heard")),
    )
    return MujocoSimulator(agents, arms=("robot",))


def drawn():
    """The same pictures by EGL."""
    return MujocoSimulator((robot(32, 24, semantic=True),), renderer="gl")


def held(factory, alone=(), **options):
    report = check_simulator(f"simulators.test_simulators_mujoco_conformance:{factory}", **options)
    assert {law for law, _ in report.not_exercised} == set(alone), str(report)
    assert set(report.held) | set(alone) == set(SIMULATOR_LAWS)
    return report


def test_robots_in_company_keep_every_law():
    assert held("company", examples=2, steps=2, bad_inputs=25).runs == 2


@NEEDS_EGL
@pytest.mark.slow
def test_pictures_by_gl_keep_every_law():
    held("drawn", ALONE, examples=6, steps=4)


@pytest.mark.slow
@pytest.mark.parametrize(("factory", "alone"), [("wheels", ALONE), ("company", ())])
def test_a_thousand_bad_inputs_and_many_runs(factory, alone):
    held(factory, alone, examples=30, steps=8, bad_inputs=1000)


@pytest.mark.slow
def test_furnished_flats_with_doors_and_people_keep_every_law():
    scenes = [make_scene(seed, doors=True, containers=2, people=2) for seed in (1, 2)]
    held("wheels", ALONE, scenes=scenes, examples=6, steps=6)
