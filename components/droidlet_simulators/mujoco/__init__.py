"""MuJoCo as a simulator: contact physics, a wheeled base, an arm with a gripper. Needs the extra `mujoco`."""

from droidlet_simulators.mujoco.arm import FINGERS, JOINTS, arm_pose
from droidlet_simulators.mujoco.body import mujoco_body
from droidlet_simulators.mujoco.kinematics import reach
from droidlet_simulators.mujoco.mjcf import read_mjcf
from droidlet_simulators.mujoco.robot import READY, STOWED, robot_mjcf
from droidlet_simulators.mujoco.simulator import MujocoSimulator
from droidlet_simulators.mujoco.world import MjcfScene, MujocoBody, MujocoPlan, MujocoWorld

__all__ = [
    "FINGERS",
    "JOINTS",
    "READY",
    "STOWED",
    "MjcfScene",
    "MujocoBody",
    "MujocoPlan",
    "MujocoSimulator",
    "MujocoWorld",
    "arm_pose",
    "mujoco_body",
    "reach",
    "read_mjcf",
    "robot_mjcf",
]
