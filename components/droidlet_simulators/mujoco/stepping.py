"""One step of physics: orders in turn, servos on their way to their goals, people walking."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from droidlet_schema import FrozenMap
from droidlet_schema.making import maker
from droidlet_simulators.mujoco.actions import Order
from droidlet_simulators.mujoco.indices import Joint, RobotIndex
from droidlet_simulators.mujoco.model import Compiled
from droidlet_simulators.mujoco.people import Walk
from droidlet_simulators.mujoco.robot import LEAD_RAD
from droidlet_simulators.mujoco.world import MujocoBody

_NEVER = 2**62  # ticks
_body = maker(MujocoBody)


class Running(NamedTuple):
    """A group of joints on its way: where they arrive and when."""

    goals: Mapping[str, float]
    end: int


class Driver:
    """One robot during one step; whoever was held up gives up what is left of its way."""

    __slots__ = ("body", "carried", "goals", "numbers", "orders", "robot", "running", "tick_s")

    def __init__(
        self, compiled: Compiled, robot: RobotIndex, body: MujocoBody, orders: List[Order], tick_s: float
    ) -> None:
        self.numbers, self.robot, self.body, self.tick_s = compiled.of_data, robot, body, tick_s
        self.goals: Dict[str, float] = dict(body.goals) if body.goals else {}
        self.orders = orders
        self.running: Dict[str, Running] = {}
        self._catch_up(0.0 if body.collided else LEAD_RAD)
        self._still()
        self.carried = bool(self.goals)

    def _still(self) -> None:
        ctrl = self.numbers.ctrl
        for number in self.robot.controls:
            ctrl[number] = 0.0

    def _catch_up(self, lead_rad: float) -> None:
        """Forgets what the wheels are behind by more than this."""
        qpos, act = self.numbers.qpos, self.numbers.act
        for wheel, way in self.robot.ways:
            at = qpos[wheel]
            act[way] = min(max(act[way], at - lead_rad), at + lead_rad)

    def next_tick(self) -> int:
        """When something has to be done next; a very late tick where nothing has."""
        due = self.orders[0].tick if self.orders else _NEVER
        for run in self.running.values():
            due = min(due, run.end)
        return due

    def at(self, tick: int) -> None:
        """What is due at a tick."""
        if self.running:
            for group, run in list(self.running.items()):
                if run.end <= tick:
                    self._arrive(group, run)
        while self.orders and self.orders[0].tick <= tick:
            self._obey(self.orders.pop(0), tick)
        if self.carried:  # on with what the step before left, unless an order has just taken that over
            self.carried = False
            joints = self.robot.joints
            self._start(tick, [name for name in self.goals if joints[name].group not in self.running])

    def after(self, hit: bool) -> MujocoBody:
        """What the robot remembers of the step."""
        if hit is self.body.collided and not self.goals and not self.body.goals:
            return self.body
        return _body(FrozenMap(self.goals), hit)

    def _obey(self, order: Order, tick: int) -> None:
        if order.halt:
            self._halt()
        if order.free or order.goals:
            for name in order.free:
                self.goals.pop(name, None)
            self.goals.update(order.goals)
            self._start(tick, (*order.free, *order.goals))
        for number, speed in order.controls:
            self.numbers.ctrl[number] = speed

    def _halt(self) -> None:
        self.goals.clear()
        self.running.clear()
        self._still()
        self._catch_up(0.0)

    def _start(self, tick: int, names: Iterable[str]) -> None:
        """Sets the groups of these joints going so that all of one arrive at one tick, none faster than it may be."""
        joints = self.robot.joints
        for group in sorted({joints[name].group for name in names}):
            old = self.running.pop(group, None)
            for name in () if old is None else old.goals:
                if name not in self.goals:
                    self._set(joints[name], 0.0)
            goals = {name: goal for name, goal in self.goals.items() if joints[name].group == group}
            if goals:
                self.running[group] = self._run(tick, goals)

    def _run(self, tick: int, goals: Dict[str, float]) -> Running:
        gaps, needed = [], 0.0
        for name, goal in goals.items():
            joint = self.robot.joints[name]
            gap = goal - self.numbers.act[joint.act]
            gaps.append((joint, gap))
            needed = max(needed, abs(gap) / joint.speed)
        ticks = max(1, math.ceil(needed / self.tick_s - 1e-9))
        for joint, gap in gaps:
            self._set(joint, gap / (ticks * self.tick_s))
        return Running(goals, tick + ticks)

    def _set(self, joint: Joint, speed: float) -> None:
        for number in joint.actuators:
            self.numbers.ctrl[number] = speed

    def _arrive(self, group: str, run: Running) -> None:
        del self.running[group]
        for name, goal in run.goals.items():
            joint = self.robot.joints[name]
            self.numbers.act[joint.act] = goal
            self._set(joint, 0.0)
            self.goals.pop(name, None)


def run_ticks(compiled: Compiled, drivers: Sequence[Driver], ticks: int, walk: Optional[Walk]) -> int:
    """Steps the held data; tells which robots were held up at the end of one of their stretches, a bit for each."""
    hit = now = 0
    while now < ticks:
        due = ticks
        for driver in drivers:
            driver.at(now)
            due = min(due, driver.next_tick())
        until = due
        if walk is not None:
            until = min(due, now + walk.stride)
            walk.lead(until - now)
        compiled.mujoco.mj_step(compiled.model, compiled.data, until - now)
        now = until
        if now == due:
            hit |= touching(compiled, compiled.data)
    for driver in drivers:
        driver.at(now)
    return hit


def touching(compiled: Compiled, data: Any) -> int:
    """Which robots touch something that is neither floor nor in the hand: a bit for each."""
    pairs = data.contact.geom
    known = pairs.tobytes()
    if known != compiled.pairs:  # mostly what touched before does so again
        compiled.pairs, compiled.held_up = known, _held_up(compiled, pairs.tolist())
    found = 0
    for number, robots in compiled.held_up:
        if data.contact.dist[number] <= 0.0:
            found |= robots
    return found


def _held_up(compiled: Compiled, pairs: List[Tuple[int, int]]) -> List[Tuple[int, int]]:
    """The contacts that hold robots up where they are none of margins, by number, and these robots."""
    bumps, blocks = compiled.bumps, compiled.blocks
    robots = [bumps[one] & blocks[other] | bumps[other] & blocks[one] for one, other in pairs]
    return [(number, held) for number, held in enumerate(robots) if held]
