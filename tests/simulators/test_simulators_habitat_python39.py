"""Habitat lives in Python 3.9: the adapter walks there, over the FAKE, as it does here."""

from __future__ import annotations

from simulators.habitat_parts import FAKE
from simulators.old_python import assert_alike

WALK = """
import sys
from droidlet_schema import Drive, Key, Look, Pose2, digest
from droidlet_simulators import Area, Scene, robot
from droidlet_simulators.habitat import HabitatSimulator

simulator = HabitatSimulator((robot(16, 16, semantic=True),))
hall = Scene((4.0, 4.0, 2.6), (Area("hall", 0.0, 0.0, 4.0, 4.0),), (), (), (), (), Pose2(1.0, 1.0, 0.3))
observations, world = simulator.reset(hall, Key(0))
for _ in range(5):
    observations, world = simulator.step({"robot": (Look(0.0, -0.3), Drive(0.4, 0.7))}, world)
depth = observations["robot"].frames["head"].depth_m
print(sys.version_info[:2], digest(world.agents), round(float(depth.mean()), 4))
"""


def test_a_walk_in_habitat_on_python_3_9_is_the_walk_on_this_one(python39):
    assert_alike(python39, WALK, FAKE)
