"""One step of physics: orders in turn, servos on their way to their goals, people walking."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from droidlet_simulators.mujoco.actions import Order
from droidlet_simulators.mujoco.model import Compiled, RobotIndex
from droidlet_simulators.mujoco.robot import LEAD_RAD, WHEELS
from droidlet_simulators.mujoco.world import MujocoBody


class Running(NamedTuple):
    """A group of joints on its way: what each does per second, where they arrive and when."""

    rates: Mapping[str, float]
    goals: Mapping[str, float]
    end: int


class Driver:
    """One robot during one step; whoever was held up gives up what is left of its way."""

    def __init__(
        self,
        compiled: Compiled,
        robot: RobotIndex,
        body: MujocoBody,
        orders: List[Order],
        tick_s: float,
    ) -> None:
        self.data, self.robot, self.tick_s = compiled.data, robot, tick_s
        self.goals: Dict[str, float] = dict(body.goals)
        self.orders = list(orders)
        self.running: Dict[str, Running] = {}
        self._catch_up(0.0 if body.collided else LEAD_RAD)
        self._still()
        if self.goals:
            self._start(0, {joint.servo.group for joint in robot.joints.values() if joint.servo is not None})

    def _still(self) -> None:
        self.data.ctrl[self.robot.controls] = 0.0

    def _catch_up(self, lead_rad: float) -> None:
        """Forgets what the wheels are behind by more than this."""
        for name in WHEELS:
            joint = self.robot.joints[name]
            at = float(self.data.qpos[joint.qpos])
            self.data.act[joint.act] = min(max(float(self.data.act[joint.act]), at - lead_rad), at + lead_rad)

    def next_tick(self) -> int:
        """When something has to be done next; a very late tick where nothing has."""
        ends = [run.end for run in self.running.values()]
        return min([*ends, *(order.tick for order in self.orders)], default=2**62)

    def at(self, tick: int) -> None:
        """What is due at a tick."""
        for group, run in list(self.running.items()):
            if run.end <= tick:
                self._arrive(group, run)
        while self.orders and self.orders[0].tick <= tick:
            self._obey(self.orders.pop(0), tick)

    def _obey(self, order: Order, tick: int) -> None:
        touched = {self._group(name) for name in (*order.rates, *order.goals)}
        if order.halt:
            self.goals.clear()
            touched |= set(self.running)
            self._still()
            self._catch_up(0.0)
        for name in order.rates:
            self.goals.pop(name, None)
        self.goals.update(order.goals)
        self._start(tick, touched)
        for name, speed in order.wheels.items():
            self.data.ctrl[list(self.robot.joints[name].actuators)] = speed
        for name, rate in order.rates.items():
            self.data.ctrl[list(self.robot.joints[name].actuators)] = max(
                -self._speed(name), min(self._speed(name), rate)
            )

    def _group(self, name: str) -> str:
        servo = self.robot.joints[name].servo
        return "" if servo is None else servo.group

    def _start(self, tick: int, groups: Any) -> None:
        """Sets groups going so that all joints of a group arrive at one tick, none faster than it may be."""
        for group in sorted(groups):
            old = self.running.pop(group, None)
            for name in () if old is None else old.rates:
                if name not in self.goals and old is not None:
                    self.data.ctrl[list(self.robot.joints[name].actuators)] = 0.0
            goals = {name: goal for name, goal in self.goals.items() if self._group(name) == group}
            if goals:
                self._run(tick, group, goals)

    def _run(self, tick: int, group: str, goals: Dict[str, float]) -> None:
        left = {
            name: goal - float(self.data.act[self.robot.joints[name].act]) for name, goal in goals.items()
        }
        needed = max(abs(gap) / self._speed(name) for name, gap in left.items())
        ticks = max(1, math.ceil(needed / self.tick_s - 1e-9))
        rates = {name: gap / (ticks * self.tick_s) for name, gap in left.items()}
        for name, rate in rates.items():
            self.data.ctrl[list(self.robot.joints[name].actuators)] = rate
        self.running[group] = Running(rates, goals, tick + ticks)

    def _speed(self, name: str) -> float:
        servo = self.robot.joints[name].servo
        return math.inf if servo is None else servo.speed

    def _arrive(self, group: str, run: Running) -> None:
        del self.running[group]
        for name, goal in run.goals.items():
            joint = self.robot.joints[name]
            self.data.act[joint.act] = goal
            self.data.ctrl[list(joint.actuators)] = 0.0
            self.goals.pop(name, None)


def run_ticks(
    compiled: Compiled,
    drivers: Tuple[Driver, ...],
    ticks: int,
    stride: int,
    lead: Optional[Callable[[int], None]],
) -> Tuple[bool, ...]:
    """Steps the held data; returns for each robot whether it was held up at the end of one of its stretches.

    `lead` moves people ahead by some ticks; it is called every `stride` ticks at least.
    """
    hit = now = 0
    while True:
        for driver in drivers:
            driver.at(now)
        if now >= ticks:
            return tuple(bool(hit >> number & 1) for number in range(len(drivers)))
        until = min([ticks, *(driver.next_tick() for driver in drivers)])
        if lead is not None:
            until = min(until, now + stride)
            lead(until - now)
        compiled.mujoco.mj_step(compiled.model, compiled.data, until - now)
        now = until
        if now >= ticks or any(driver.next_tick() <= now for driver in drivers):
            hit |= touching(compiled, compiled.data)


def touching(compiled: Compiled, data: Any) -> int:
    """Which robots touch something that is neither floor nor in the hand: a bit for each."""
    geoms = data.contact.geom
    if len(geoms) == 0:
        return 0
    one, other = geoms[:, 0], geoms[:, 1]
    bumps, blocks = compiled.bumps, compiled.blocks
    found = (bumps[one] & blocks[other]) | (bumps[other] & blocks[one])
    if not found.any():
        return 0
    return int(np.bitwise_or.reduce(found[data.contact.dist <= 0.0], initial=0))
