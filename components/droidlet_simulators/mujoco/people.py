"""People: led along their routes as bodies that physics does not push, and who wait for robots and each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Sequence, Tuple

from droidlet_simulators.mujoco.world import MujocoWorld
from droidlet_simulators.scene import Walker

if TYPE_CHECKING:
    from droidlet_simulators.mujoco.model import Compiled

KEEP_M = 0.10
"""How near a walking person comes to a robot or another person, edge to edge."""
_ROBOT_M = 0.28
_STRIDE_S = 0.01  # people are led in strides of this length, or of one timestep where that is longer


def walking(people: Sequence[Walker]) -> bool:
    """Whether anybody walks."""
    return any(len(walker.route) > 1 and walker.speed_m_s > 0 for walker in people)


class Walk:
    """The people of one world during one step."""

    def __init__(self, compiled: Compiled, world: MujocoWorld, tick_s: float) -> None:
        self.numbers, self.people, self.tick_s = compiled.of_data, world.plan.people, tick_s
        self.stride = max(1, int(_STRIDE_S / tick_s + 1e-9))  # ticks
        self.points, self.now_s = list(world.next_points), world.now_ns / 1e9
        by_id = {index.thing.id: index for index in compiled.things}
        at = [by_id[walker.body.id] for walker in self.people]
        self.at = [(index.mocap, max(index.thing.size_m[:2]) / 2) for index in at]  # place and radius
        self.robots = [robot.qpos for robot in compiled.robots.values()]

    def lead(self, ticks: int) -> None:
        """Moves everybody ahead by some ticks."""
        for number, walker in enumerate(self.people):
            if len(walker.route) > 1 and not (walker.gestures and _sits(walker, self.now_s)):
                self._walk(number, walker, walker.speed_m_s * ticks * self.tick_s)

    def _walk(self, number: int, walker: Walker, length_m: float) -> None:
        """Straight to the next point; who is in the way makes a person turn back, or they would wait for ever."""
        places, mocap, points = self.numbers.mocap_pos, self.at[number][0], len(walker.route)
        here = places[mocap, 0], places[mocap, 1]
        x, y = walker.route[self.points[number] % points]
        dx, dy = x - here[0], y - here[1]
        distance = math.hypot(dx, dy)
        part = 1.0 if distance <= length_m else length_m / distance
        aim = (here[0] + part * dx, here[1] + part * dy)
        if not self._may_go(number, here, aim):
            self.points[number] = (self.points[number] - 1) % points
            return
        if distance <= length_m:
            self.points[number] = (self.points[number] + 1) % points
        else:
            turn, half = self.numbers.mocap_quat, math.atan2(dy, dx) / 2
            turn[mocap, 0], turn[mocap, 1], turn[mocap, 2], turn[mocap, 3] = (
                math.cos(half),
                0.0,
                0.0,
                math.sin(half),
            )
        places[mocap, 0], places[mocap, 1] = aim

    def _may_go(self, number: int, old: Tuple[float, float], new: Tuple[float, float]) -> bool:
        """Whether nobody is near there, or the person steps away from who is."""
        qpos, places, radius = self.numbers.qpos, self.numbers.mocap_pos, self.at[number][1]
        others = [(qpos[at], qpos[at + 1], _ROBOT_M) for at in self.robots]
        for other, (mocap, theirs) in enumerate(self.at):
            if other != number:
                others.append((places[mocap, 0], places[mocap, 1], theirs))
        for x, y, theirs in others:
            after = math.hypot(new[0] - x, new[1] - y) - radius - theirs
            if after < KEEP_M and after < math.hypot(old[0] - x, old[1] - y) - radius - theirs:
                return False
        return True


def _sits(walker: Walker, now_s: float) -> bool:
    return any(gesture.kind == "sit" and gesture.from_s < now_s < gesture.to_s for gesture in walker.gestures)
