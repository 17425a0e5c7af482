"""What agents may be told, and how their actions are laid out over one step's ticks."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, NamedTuple, Tuple

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
from droidlet_simulators.mujoco.model import RobotIndex
from droidlet_simulators.mujoco.robot import HALF_TRACK_M, WHEEL_RADIUS_M, WHEELS
from droidlet_simulators.room.limits import Limits, travel

WITHOUT_ARM = ("Drive", "Move", "Turn", "Look", "JointVelocities", "JointTargets", "Speak", "Stop")
WITH_ARM = (*WITHOUT_ARM[:-2], "Grip", "Speak", "Stop")
_KINDS: Tuple[type, ...] = (Drive, Move, Turn, Look, JointVelocities, JointTargets, Grip, Speak, Stop)
_NUMBERS = {
    "Drive": ("forward_m_s", "turn_rad_s"),
    "Move": ("distance_m",),
    "Turn": ("angle_rad",),
    "Look": ("pan_rad", "tilt_rad"),
    "Grip": ("opening_m",),
}


class Order(NamedTuple):
    """What one robot is to do from a tick on: wheel speeds, joint speeds, goals of joints."""

    tick: int
    wheels: Mapping[str, float] = {}  # rad/s
    rates: Mapping[str, float] = {}  # rad/s or m/s, for the rest of the step
    goals: Mapping[str, float] = {}  # rad or m
    halt: bool = False  # joints stay where they are


def check_actions(actions: Actions, robots: Mapping[str, RobotIndex]) -> None:
    """Raises UnknownAgent or UnknownAction."""
    if not isinstance(actions, Mapping):
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
    name = type(action).__name__
    if not isinstance(action, _KINDS) or (isinstance(action, Grip) and robot.arm < 0):
        known = ", ".join(WITH_ARM if robot.arm >= 0 else WITHOUT_ARM)
        raise UnknownAction(f"an action of {agent!r} is {action!r}: this robot takes {known}")
    for field in _NUMBERS.get(name, ()):
        _check_finite(f"{name}.{field} of {agent!r}", getattr(action, field))
    if isinstance(action, JointVelocities):
        _check_joints(agent, name, action.velocities, robot, held=False)
    if isinstance(action, JointTargets):
        _check_joints(agent, name, action.positions, robot, held=True)


def _check_joints(agent: str, name: str, wanted: Mapping[str, float], robot: RobotIndex, held: bool) -> None:
    known = [joint for joint, index in robot.joints.items() if index.servo is not None or not held]
    for joint, value in wanted.items():
        if joint not in known:
            raise UnknownAction(f"{name} of {agent!r} names the joint {joint!r}: it takes {', '.join(known)}")
        _check_finite(f"{name} of {agent!r} for {joint!r}", value)


def _check_finite(what: str, value: float) -> None:
    if not math.isfinite(value):
        raise UnknownAction(f"{what} is {value}: must be finite")


def lay_out(
    actions: Tuple[Action, ...], robot: RobotIndex, limits: Limits, ticks: int, tick_s: float
) -> List[Order]:
    """The orders of one step of so many ticks: what drives takes its time, the rest holds from its turn on."""
    orders: List[Order] = []
    now, last = 0, _last_way(actions)
    for number, action in enumerate(actions):
        if isinstance(action, (Look, Grip, JointTargets, JointVelocities)):
            orders.append(_held(action, robot, limits, now))
            continue
        if isinstance(action, Speak) or now >= ticks:
            continue
        if isinstance(action, Stop):
            orders.append(Order(now, _wheels(0.0, 0.0), halt=True))
            now = ticks
            continue
        forward, turn, used_s = travel(action, (ticks - now) * tick_s, limits)
        taken = min(ticks - now, math.ceil(used_s / tick_s - 1e-9))
        if number == last and taken > 0:
            taken = ticks - now  # nothing waits for it: no need to hurry
        if taken > 0:
            orders.append(Order(now, _wheels(forward / (taken * tick_s), turn / (taken * tick_s))))
            now += taken
            if now < ticks:
                orders.append(Order(now, _wheels(0.0, 0.0)))
    return orders


def _last_way(actions: Tuple[Action, ...]) -> int:
    """Which action takes the rest of the step, -1 where none does."""
    timed = [number for number, action in enumerate(actions) if isinstance(action, (Drive, Move, Turn, Stop))]
    return timed[-1] if timed else -1


def _wheels(forward_m_s: float, turn_rad_s: float) -> Dict[str, float]:
    apart = turn_rad_s * HALF_TRACK_M
    speeds = ((forward_m_s - apart) / WHEEL_RADIUS_M, (forward_m_s + apart) / WHEEL_RADIUS_M)
    return dict(zip(WHEELS, speeds))


def _held(action: Action, robot: RobotIndex, limits: Limits, tick: int) -> Order:
    if isinstance(action, Look):
        pan, tilt = limits.look(action)
        return Order(tick, goals={"pan": pan, "tilt": tilt})
    if isinstance(action, Grip):
        half = min(max(action.opening_m, 0.0), arm.OPEN_M) / 2
        return Order(tick, goals=dict.fromkeys(arm.FINGERS, half))
    if isinstance(action, JointTargets):
        return Order(tick, goals={name: _within(robot, name, at) for name, at in action.positions.items()})
    velocities = action.velocities if isinstance(action, JointVelocities) else {}
    wheels = {name: speed for name, speed in velocities.items() if name in WHEELS}
    return Order(tick, wheels, {name: speed for name, speed in velocities.items() if name not in WHEELS})


def _within(robot: RobotIndex, name: str, position: float) -> float:
    servo = robot.joints[name].servo
    return position if servo is None else min(max(position, servo.low), servo.high)
