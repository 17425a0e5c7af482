"""Small environments for tests."""

from __future__ import annotations

from typing import Any

from droidlet_schema import Key, Pose2
from droidlet_simulators import Area, RoomSimulator, Scene, robot
from droidlet_simulators.gym import PointNavigation, SimulatorEnv

NEAR = PointNavigation(reach_m=0.3, least_m=0.5, walk_steps=20)


def empty_hall(key: Key) -> Scene:
    """Nothing in it; the key says where the robot looks."""
    yaw = float(key.generator().uniform(-3.0, 3.0))
    return Scene((6.0, 6.0, 2.6), (Area("hall", 0.0, 0.0, 6.0, 6.0),), (), (), (), (), Pose2(3.0, 3.0, yaw))


def small_env(**options: Any) -> SimulatorEnv:
    """A robot in an empty hall."""
    given = {"render_mode": "rgb_array", **options}
    simulator = RoomSimulator((robot(16, 12, semantic=True),))
    return SimulatorEnv(simulator, NEAR, empty_hall, **given)
