"""What agents may be told, and how their actions are laid out over one step's ticks."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from droidlet_schema import (
    Action,
    Drive,
    Grip,
    JointTargets,
    JointVelocities,
    Look,
    Move,
    Speak,
    Stop,
    Turn,
)
from droidlet_simulators.contract import Actions
from droidlet_simulators.errors import UnknownAction, UnknownAgent
from droidlet_simulators.mujoco import arm
from droidlet_simulators.mujoco.indices import Joint, RobotIndex
from droidlet_simulators.mujoco.robot import HALF_TRACK_M, WHEEL_RADIUS_M, WHEELS
from droidlet_simulators.room.limits import Limits, travel

WITHOUT_ARM = ("Drive", "Move", "Turn", "Look", "JointVelocities", "JointTargets", "Speak", "Stop")
WITH_ARM = (*WITHOUT_ARM[:-2], "Grip", "Speak", "Stop")
_NUMBERS: Dict[type, Tuple[str, ...]] = {
    Drive: ("forward_m_s", "turn_rad_s"),
    Move: ("distance_m",),
    Turn: ("angle_rad",),
    Look: ("pan_rad", "tilt_rad"),
    JointVelocities: (),
    JointTargets: (),
    Grip: ("opening_m",),
    Speak: (),
    Stop: (),
}
_TIMED = (Drive, Move, Turn, Stop)
_NOWHERE: Dict[str, float] = {}


class Order(NamedTuple):
    """What one robot is to do from a tick on: controls for the rest of the step, goals of joints."""

    tick: int
    controls: Sequence[Tuple[int, float]]  # actuator and speed, rad/s or m/s
    goals: Mapping[str, float]  # rad or m
    free: Sequence[str]  # joints whose goals are given up
    halt: bool  # joints stay where they are


def check_actions(actions: Actions, robots: Mapping[str, RobotIndex]) -> None:
    """Raises UnknownAgent or UnknownAction."""
    if type(actions) is not dict and not isinstance(actions, Mapping):
        raise UnknownAction(f"actions are {actions!r}: a mapping from agent ids to tuples of actions")
    for agent, wanted in actions.items():
        if not isinstance(agent, str) or agent not in robots:
            known = ", ".join(robots) or "none"
            raise UnknownAgent(f"actions name the agent {agent!r}: this world has {known}")
        if not isinstance(wanted, (tuple, list)):
            raise UnknownAction(f"actions of {agent!r} are {wanted!r}: a tuple of actions, () for none")
        for action in wanted:
            _check_action(agent, action, robots[agent])


def _check_action(agent: str, action: Any, robot: RobotIndex) -> None:
    kind = type(action)
    fields = _NUMBERS.get(kind)
    if fields is None or (kind is Grip and robot.arm < 0):
        known = ", ".join(WITH_ARM if robot.arm >= 0 else WITHOUT_ARM)
        raise UnknownAction(f"an action of {agent!r} is {action!r}: this robot takes {known}")
    for field in fields:
        value = getattr(action, field)
        if not math.isfinite(value):
            raise UnknownAction(f"{kind.__name__}.{field} of {agent!r} is {value}: must be finite")
    if kind is JointVelocities:
        _check_joints(agent, kind.__name__, action.velocities, robot, held=False)
    if kind is JointTargets:
        _check_joints(agent, kind.__name__, action.positions, robot, held=True)


def _check_joints(agent: str, name: str, wanted: Mapping[str, float], robot: RobotIndex, held: bool) -> None:
    for joint, value in wanted.items():
        index = robot.joints.get(joint)
        if index is None or (held and index.servo is None):
            known = [one for one, its in robot.joints.items() if its.servo is not None or not held]
            raise UnknownAction(f"{name} of {agent!r} names the joint {joint!r}: it takes {', '.join(known)}")
        if not math.isfinite(value):
            raise UnknownAction(f"{name} of {agent!r} for {joint!r} is {value}: must be finite")


def lay_out(
    actions: Sequence[Action], robot: RobotIndex, limits: Limits, ticks: int, tick_s: float
) -> List[Order]:
    """The orders of one step of so many ticks: what drives takes its time, the rest holds from its turn on."""
    orders: List[Order] = []
    now, last = 0, _last_way(actions)
    for number, action in enumerate(actions):
        kind = type(action)
        if kind not in _TIMED:
            if kind is not Speak:
                orders.append(_held(action, robot, limits, now))
        elif now >= ticks:
            continue
        elif kind is Stop:
            orders.append(Order(now, (), _NOWHERE, (), True))
            now = ticks
        else:
            left = ticks - now
            forward, turn, used_s = travel(action, left * tick_s, limits)
            taken = min(left, math.ceil(used_s / tick_s - 1e-9))
            if taken <= 0:
                continue
            if number == last:
                taken = left  # nothing waits for it: no need to hurry
            orders.append(_roll(now, forward / (taken * tick_s), turn / (taken * tick_s), robot))
            now += taken
            if now < ticks:
                orders.append(_roll(now, 0.0, 0.0, robot))
    return orders


def _last_way(actions: Sequence[Action]) -> int:
    """Which action takes the rest of the step, -1 where none does."""
    number = len(actions) - 1
    while number >= 0 and type(actions[number]) not in _TIMED:
        number -= 1
    return number


def _roll(tick: int, forward_m_s: float, turn_rad_s: float, robot: RobotIndex) -> Order:
    apart = turn_rad_s * HALF_TRACK_M
    speeds = [(number, (forward_m_s - side * apart) / WHEEL_RADIUS_M) for number, side in robot.wheels]
    return Order(tick, speeds, _NOWHERE, (), False)


def _held(action: Action, robot: RobotIndex, limits: Limits, tick: int) -> Order:
    if isinstance(action, Look):
        pan, tilt = limits.look(action)
        return _toward(tick, {"pan": pan, "tilt": tilt})
    if isinstance(action, Grip):
        half = min(max(action.opening_m, 0.0), arm.OPEN_M) / 2
        return _toward(tick, dict.fromkeys(arm.FINGERS, half))
    if isinstance(action, JointTargets):
        wanted = action.positions.items()
        return _toward(tick, {name: _within(robot.joints[name], at) for name, at in wanted})
    controls: List[Tuple[int, float]] = []
    velocities = action.velocities if isinstance(action, JointVelocities) else {}
    for name, speed in velocities.items():
        joint = robot.joints[name]
        speed = max(-joint.speed, min(joint.speed, speed))
        controls += [(number, speed) for number in joint.actuators]
    return Order(tick, controls, _NOWHERE, [name for name in velocities if name not in WHEELS], False)


def _toward(tick: int, goals: Mapping[str, float]) -> Order:
    return Order(tick, (), goals, (), False)


def _within(joint: Joint, position: float) -> float:
    servo = joint.servo
    return position if servo is None else min(max(position, servo.low), servo.high)
