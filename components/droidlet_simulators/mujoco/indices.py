"""Where everything of a robot and of a scene's things is in a compiled model."""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.mujoco.robot import MAKES_UP, WHEELS, Servo, servos
from droidlet_simulators.room.limits import Limits


class Joint(NamedTuple):
    """Where one joint is in the state, and what moves it."""

    qpos: int
    dof: int
    actuators: Tuple[int, ...]
    act: int  # where it is to be
    servo: Optional[Servo]  # None: a wheel
    group: str  # joints of one group arrive together; "" for a wheel
    speed: float  # at most, rad/s or m/s; a wheel's is its actuators'


class RobotIndex(NamedTuple):
    """Where one robot is in the model."""

    agent: str
    base: int  # body
    qpos: int
    dof: int
    joints: Mapping[str, Joint]
    arm: int  # body of the arm's foot, -1 without one
    gripper: int  # site, -1 without an arm
    controls: Tuple[int, ...]  # all its actuators
    wheels: Tuple[Tuple[int, float], ...]  # the wheels' actuators, each with its side: 1 left, -1 right
    ways: Tuple[
        Tuple[int, int], ...
    ]  # for each wheel, the places of its angle and of the angle that it is to have
    own_geoms: np.ndarray  # what its own cameras do not see: base, wheels, mast and head


class ThingIndex(NamedTuple):
    """Where one object or person is in the model."""

    thing: SceneObject  # as planned
    body: int
    hinge: int  # place of a leaf's angle in qpos; -1: no leaf
    qpos: int  # -1: not loose
    dof: int
    mocap: int  # -1: no person
    centre_m: np.ndarray  # (3,) of its box in the body's frame
    own: bool  # whether it is a user's own, from an MjcfScene


class Numbers(NamedTuple):
    """Some `MjData`'s numbers as memoryviews: a single one read or set so takes a fraction of what numpy takes."""

    qpos: Any
    qvel: Any
    act: Any
    ctrl: Any
    mocap_pos: Any  # rows and columns
    mocap_quat: Any


def numbers_of(data: Any) -> Numbers:
    """The numbers of some `MjData`, which they keep alive."""
    views = [
        memoryview(array)
        for array in (data.qpos, data.qvel, data.act, data.ctrl, data.mocap_pos, data.mocap_quat)
    ]
    return Numbers(*views)


def robot_index(model: Any, agent: str, has_arm: bool, limits: Limits) -> RobotIndex:
    """Where the robot of an agent is, attached under its name."""
    prefix = agent + "/"
    base = model.body(prefix + "base").id
    free = model.joint(prefix + "base")
    held = {servo.joint: servo for servo in servos(has_arm, limits)}
    joints: Dict[str, Joint] = {}
    for name in (*WHEELS, *held):
        joint, actuators = model.joint(prefix + name), [model.actuator(prefix + name)]
        if name in WHEELS:
            actuators.append(model.actuator(prefix + name + MAKES_UP))
        numbers = tuple(int(actuator.id) for actuator in actuators)
        act = int(actuators[-1].actadr[0])
        servo = held.get(name)
        group, speed = ("", math.inf) if servo is None else (servo.group, servo.speed)
        joints[name] = Joint(int(joint.qposadr[0]), int(joint.dofadr[0]), numbers, act, servo, group, speed)
    controls = tuple(number for joint in joints.values() for number in joint.actuators)
    wheels = tuple(
        (number, side) for name, side in zip(WHEELS, (1.0, -1.0)) for number in joints[name].actuators
    )
    own = {prefix + name for name in ("base", "head_pan", "head", *WHEELS)}
    ways = tuple((joints[name].qpos, joints[name].act) for name in WHEELS)
    bodies = [model.body(int(body)).name for body in model.geom_bodyid]
    geoms = np.array([geom for geom, body in enumerate(bodies) if body in own])
    arm = model.body(prefix + "arm").id if has_arm else -1
    gripper = model.site(prefix + "gripper").id if has_arm else -1
    place = int(free.qposadr[0]), int(free.dofadr[0])
    return RobotIndex(agent, base, *place, joints, arm, gripper, controls, wheels, ways, geoms)
