"""Scenes, simulators and short runs for the tests of MujocoSimulator."""

import math
import os
import subprocess
import sys

import pytest

from droidlet_schema import FrozenMap, JointTargets, Key, Pose, Pose2, SceneObject
from droidlet_simulators import AgentSpec, Area, CameraSpec, Scene, Walker
from droidlet_simulators.contract import SENSES
from droidlet_simulators.mujoco import JOINTS, READY, MujocoSimulator
from droidlet_simulators.mujoco.library import has_library

NEEDS_EGL = pytest.mark.skipif(
    not has_library("egl"), reason="libEGL is not installed: apt install libegl1 libgl1-mesa-dri"
)
NEEDS_OSMESA = pytest.mark.skipif(
    not has_library("osmesa"), reason="libOSMesa is not installed: apt install libosmesa6"
)

CUBE = SceneObject(20, "box", "red", 2.62, 2.05, 0.03, 0.2, (0.05, 0.05, 0.06))
CRATE = SceneObject(21, "box", "orange", 2.6, 2.0, 0.15, 0.0, (0.3, 0.4, 0.3))
BALL = SceneObject(22, "ball", "green", 3.4, 2.1, 0.6, 0.0, (0.26, 0.26, 0.26))
CABINET = SceneObject(23, "cabinet", "brown", 4.6, 2.0, 0.4, math.pi, (0.5, 0.9, 0.8))
VASE = SceneObject(24, "vase", "blue", 4.6, 1.8, 0.8 + 0.21, 0.0, (0.24, 0.24, 0.42))
PERSON = SceneObject(25, "person", "yellow", 4.0, 3.3, 0.86, 0.0, (0.36, 0.52, 1.72))

START = Pose2(2.0, 2.0, 0.0)
BARE = AgentSpec("robot", (), SENSES)
EYE = CameraSpec("head", 32, 24, pictures=("rgb", "depth", "semantic"))
SEEING = AgentSpec("robot", (EYE,), SENSES)


def hall(*things, people=(), start=START, starts=None):
    """A room of 6 by 4 m."""
    area = (Area("hall", 0, 0, 6, 4),)
    return Scene((6.0, 4.0, 2.6), area, (), (), things, tuple(people), start, starts=FrozenMap(starts or {}))


def walker(*points, speed=0.6):
    """Somebody who walks."""
    return Walker(PERSON, ((PERSON.x_m, PERSON.y_m), *points), speed)


def bare(**options):
    """A robot without a camera, with every sense."""
    return MujocoSimulator((BARE,), **options)


def with_arm():
    """A seeing robot with an arm; also for other processes, by its name."""
    return MujocoSimulator((SEEING,), arms=("robot",))


def run(simulator, world, *steps):
    """What is sensed and the world after some steps of the robot."""
    observations = simulator.observe(world)
    for actions in steps:
        observations, world = simulator.step({"robot": tuple(actions)}, world)
    return observations["robot"], world


def started(simulator, scene):
    """The first world."""
    return simulator.reset(scene, Key(0))[1]


def place_of(simulator, world, ident):
    """An object as it is now."""
    (found,) = [thing for thing in simulator.objects(world) if thing.id == ident]
    return found


def ready():
    """The arm before the robot, the hand pointing down."""
    return JointTargets(FrozenMap(dict(zip(JOINTS, READY))))


def hand_down(x_m, y_m, z_m, yaw_rad=0.0):
    """A grip from above, the fingers apart along the yaw's left."""
    return Pose(x_m, y_m, z_m, 0.0, math.cos(yaw_rad / 2), math.sin(yaw_rad / 2), 0.0)


def python(code, before=(), **environment):
    """A program in a process of its own; `before` is put before the command."""
    paths = os.pathsep.join(path for path in sys.path if path)
    given = {k: v for k, v in os.environ.items() if k not in ("MUJOCO_GL", "PYOPENGL_PLATFORM")}
    given |= {"PYTHONPATH": paths, **environment}
    command = [*before, sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=given)
