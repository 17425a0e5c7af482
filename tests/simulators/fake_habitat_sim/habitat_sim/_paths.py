"""The navmesh of the FAKE: rectangles that a disc keeps away from, above one floor."""

import heapq
import math
import random

import numpy as np

from habitat_sim._death import ProcessDeath
from habitat_sim.errors import GreedyFollowerError

_RAND = random.Random(1)  # the process's own, as rand() is
_CELL_M = 0.1


class NavMeshSettings:
    def set_defaults(self):
        self.cell_size, self.cell_height = 0.05, 0.2
        self.agent_height, self.agent_radius = 1.5, 0.1
        self.agent_max_climb, self.agent_max_slope = 0.2, 45.0
        self.include_static_objects = False


class ShortestPath:
    def __init__(self):
        self.requested_start = self.requested_end = None
        self.geodesic_distance, self.points = math.inf, []


class PathFinder:
    def __init__(self):
        self.is_loaded = False
        self._boxes, self._floors, self._radius, self._y = [], [], 0.1, 0.0

    def build(self, solids, settings):
        """Floors are boxes that end at y = 0; what stands higher than a climb above them is in the way."""
        self._radius, self._y = settings.agent_radius, settings.cell_height / 2
        self._boxes, self._floors = [], []
        for solid in solids:
            tall = (np.abs(solid.turn) @ solid.half)[1]
            low, high = solid.centre[1] - tall, solid.centre[1] + tall
            if abs(high) < 1e-3:
                self._floors.append(solid)
            elif high > settings.agent_max_climb and low < settings.agent_height:
                self._boxes.append(solid)
        self.is_loaded = bool(self._floors)
        return self.is_loaded

    def _ask(self, *points):
        if not self.is_loaded:
            raise ProcessDeath("segmentation fault: the navmesh is not loaded")
        for point in points:
            if np.asarray(point).dtype not in (np.float32, np.float64):
                raise TypeError("a point of floats is needed")

    def _free(self, x, z):
        inside = any(
            abs(x - f.centre[0]) <= f.half[0] and abs(z - f.centre[2]) <= f.half[2] for f in self._floors
        )
        return inside and all(_gap(box, x, z) >= self._radius for box in self._boxes)

    def is_navigable(self, point, max_y_delta=0.5):
        self._ask(point)
        return abs(float(point[1]) - self._y) <= max_y_delta and self._free(float(point[0]), float(point[2]))

    def snap_point(self, point):
        self._ask(point)
        x, y, z = (float(v) for v in point)
        for ring in range(20):
            for turn in range(max(1, 8 * ring)):
                angle = 2 * math.pi * turn / max(1, 8 * ring)
                at = (x + 0.1 * ring * math.cos(angle), z + 0.1 * ring * math.sin(angle))
                if abs(y) < 2 and self._free(*at):
                    return np.array([at[0], self._y, at[1]], np.float32)
        return np.full(3, np.nan, np.float32)

    def try_step(self, start, end):
        return self._step(start, end, True)

    def try_step_no_sliding(self, start, end):
        return self._step(start, end, False)

    def _step(self, start, end, sliding):
        self._ask(start, end)
        (x, _, z), (gx, _, gz) = ([float(v) for v in p] for p in (start, end))
        if self._free(x, z):
            for ax, az in ((gx, gz), *(((gx, z), (x, gz)) if sliding else ())):
                if self._free(ax, az):
                    return np.array([ax, self._y, az], np.float32)
        return np.array([x, self._y, z], np.float32)

    def get_random_navigable_point(self):
        self._ask()
        floor = self._floors[0]
        for _ in range(200):
            x = floor.centre[0] + (2 * _RAND.random() - 1) * floor.half[0]
            z = floor.centre[2] + (2 * _RAND.random() - 1) * floor.half[2]
            if self._free(x, z):
                return np.array([x, self._y, z], np.float32)
        return np.full(3, np.nan, np.float32)

    def load_nav_mesh(self, path):
        return False

    def find_path(self, path):
        self._ask(path.requested_start, path.requested_end)
        start, goal = (
            (round(float(p[0]) / _CELL_M), round(float(p[2]) / _CELL_M))
            for p in (path.requested_start, path.requested_end)
        )
        if not self._free(float(path.requested_end[0]), float(path.requested_end[2])):
            return False
        known, queue, before = {start: 0.0}, [(0.0, start)], {}
        while queue:
            cost, cell = heapq.heappop(queue)
            if cell == goal:
                break
            for dx, dz in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
                new = (cell[0] + dx, cell[1] + dz)
                longer = cost + _CELL_M * math.hypot(dx, dz)
                if longer < known.get(new, math.inf) and self._free(new[0] * _CELL_M, new[1] * _CELL_M):
                    known[new], before[new] = longer, cell
                    heapq.heappush(queue, (longer, new))
        if goal not in known:
            return False
        cells = [goal]
        while cells[-1] != start:
            cells.append(before[cells[-1]])
        path.points = [np.array([c[0] * _CELL_M, self._y, c[1] * _CELL_M], np.float32) for c in cells[::-1]]
        path.geodesic_distance = known[goal]
        return True


def _gap(box, x, z):
    """Metres from a point on the floor to a box's outline, 0 inside."""
    dx, dz = x - box.centre[0], z - box.centre[2]
    own = box.turn.T @ np.array([dx, 0.0, dz])
    over = np.maximum(np.abs(own[[0, 2]]) - box.half[[0, 2]], 0.0)
    return float(np.hypot(*over))


class GreedyFollower:
    def __init__(self, finder, agent, goal_radius):
        self._finder, self._agent, self._radius = finder, agent, goal_radius

    def find_path(self, goal):
        state = self._agent.state
        w, _, y, _ = state.rotation.components
        at, yaw, keys = np.array(state.position, float), 2 * math.atan2(y, w), []
        path = ShortestPath()
        path.requested_start, path.requested_end = np.array(at, np.float32), goal
        if not self._finder.find_path(path):
            raise GreedyFollowerError()
        points = path.points[3::3] + path.points[-1:]
        for aim in points:
            while math.hypot(aim[0] - at[0], aim[2] - at[2]) > max(0.26, self._radius / 2):
                way = math.remainder(math.atan2(-(aim[0] - at[0]), -(aim[2] - at[2])) - yaw, 2 * math.pi)
                if abs(way) > math.radians(5.0) and len(keys) < 2000:
                    keys.append("turn_left" if way > 0 else "turn_right")
                    yaw += math.copysign(math.radians(10.0), way)
                    continue
                step = [at[0] - 0.25 * math.sin(yaw), at[1], at[2] - 0.25 * math.cos(yaw)]
                before, here = at, np.array(at, np.float32)
                at = np.array(self._finder.try_step(here, np.array(step, np.float32)), float)
                keys.append("move_forward")
                if np.abs(at - before).max() < 0.05:
                    break  # held up: on to the next point
                if len(keys) > 2000:
                    raise GreedyFollowerError()
        return [*keys, None]
