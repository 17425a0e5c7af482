"""People: led along their routes as bodies that physics does not push, and who wait for robots and each other."""

from __future__ import annotations

import math
from typing import Any, Callable, List, Optional, Sequence, Tuple

from droidlet_simulators.mujoco.model import Compiled, ThingIndex
from droidlet_simulators.scene import Walker

KEEP_M = 0.10
"""How near a walking person comes to a robot or another person, edge to edge."""
_ROBOT_M = 0.28


class Walk:
    """The people of one world during one step."""

    def __init__(
        self,
        compiled: Compiled,
        people: Sequence[Walker],
        points: Sequence[int],
        tick_s: float,
        now_s: float,
    ) -> None:
        self.now_s = now_s
        self.data, self.people, self.points, self.tick_s = compiled.data, people, list(points), tick_s
        by_id = {index.thing.id: index for index in compiled.things}
        self.at: List[ThingIndex] = [by_id[walker.body.id] for walker in people]
        self.robots = [robot.qpos for robot in compiled.robots.values()]

    def lead(self) -> Optional[Callable[[int], None]]:
        """The function that moves everybody ahead by some ticks; None where nobody walks."""
        walks = any(len(walker.route) > 1 and walker.speed_m_s > 0 for walker in self.people)
        return self._ahead if walks else None

    def _ahead(self, ticks: int) -> None:
        for number, walker in enumerate(self.people):
            if len(walker.route) > 1 and not _sits(walker, self.now_s):
                self._walk(number, walker, walker.speed_m_s * ticks * self.tick_s)

    def _walk(self, number: int, walker: Walker, length_m: float) -> None:
        """Straight to the next point; who is in the way makes a person turn back, or they would wait for ever."""
        mocap, points = self.at[number].mocap, len(walker.route)
        here = self.data.mocap_pos[mocap]
        x, y = walker.route[self.points[number] % points]
        dx, dy = x - float(here[0]), y - float(here[1])
        distance = math.hypot(dx, dy)
        part = 1.0 if distance <= length_m else length_m / distance
        aim = (float(here[0]) + part * dx, float(here[1]) + part * dy)
        if not self._may_go(number, (float(here[0]), float(here[1])), aim):
            self.points[number] = (self.points[number] - 1) % points
            return
        if distance <= length_m:
            self.points[number] = (self.points[number] + 1) % points
        else:
            half = math.atan2(dy, dx) / 2
            self.data.mocap_quat[mocap] = (math.cos(half), 0.0, 0.0, math.sin(half))
        self.data.mocap_pos[mocap, :2] = aim

    def _may_go(self, number: int, old: Tuple[float, float], new: Tuple[float, float]) -> bool:
        """Whether nobody is near there, or the person steps away from who is."""
        radius = _radius(self.at[number])
        for x, y, other in self._others(number):
            before, after = (math.hypot(p[0] - x, p[1] - y) - radius - other for p in (old, new))
            if after < KEEP_M and after < before:
                return False
        return True

    def _others(self, number: int) -> List[Tuple[float, float, float]]:
        found = [(*_place(self.data.qpos[place : place + 2]), _ROBOT_M) for place in self.robots]
        for other, index in enumerate(self.at):
            if other != number:
                found.append((*_place(self.data.mocap_pos[index.mocap]), _radius(index)))
        return found


def _sits(walker: Walker, now_s: float) -> bool:
    return any(gesture.kind == "sit" and gesture.from_s < now_s < gesture.to_s for gesture in walker.gestures)


def _place(row: Any) -> Tuple[float, float]:
    return float(row[0]), float(row[1])


def _radius(index: ThingIndex) -> float:
    return max(index.thing.size_m[:2]) / 2
