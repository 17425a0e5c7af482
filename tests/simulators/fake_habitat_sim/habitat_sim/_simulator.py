"""The simulator of the FAKE."""

import math
import os
import threading

import numpy as np
from magnum import Vector3

from habitat_sim import _paths
from habitat_sim._config import SensorType
from habitat_sim._death import ProcessDeath, deaths
from habitat_sim._solids import cast, matrix, object_solid, stage_solids
from habitat_sim.agent import Agent
from habitat_sim.physics import (
    STEP_S,
    ArticulatedObjectManager,
    MotionType,
    RigidObjectManager,
    TemplateManager,
)

_ALIVE = []
MOST_PIXELS = 16384


def pretend(release):
    """Makes this fake 0.3.3 or 0.3.4: the later one has render_sensors, and one registry of sensors."""
    if release == "0.3.4":
        Simulator.render_sensors = lambda self, sensors: None
    elif hasattr(Simulator, "render_sensors"):
        del Simulator.render_sensors


class Simulator:
    def __init__(self, config):
        made = config.sim_cfg
        if not config.agents:
            raise RuntimeError("no agents")
        if made.gpu_device_id >= 0:
            raise ProcessDeath("exit(1): no CUDA device with EGL")
        for agent in config.agents:
            for spec in agent.sensor_specifications:
                _check(spec)
        made.create_renderer = any(agent.sensor_specifications for agent in config.agents)  # written into
        self._settings = _read_settings()
        self._scene_id = made.scene_id
        own = made.scene_dataset_config_file != "default"  # its scenes are a thing that floats, and no stage
        self._solids = [] if own else stage_solids(made.scene_id)
        self._agents = [Agent(self, agent) for agent in config.agents]
        self._templates = TemplateManager()
        self._rigid, self._joints = RigidObjectManager(self._templates), ArticulatedObjectManager()
        if own:
            self._rigid.add_object_by_template_handle("cubeSolid").translation = Vector3(0.0, 5.0, 0.0)
            self._joints.add(2)
        self.pathfinder = _paths.PathFinder()
        self.closed, self._thread, self._left_s, self.world_time = False, threading.get_ident(), 0.0, 0.0
        self.seed(made.random_seed)
        _ALIVE.append(self)

    def seed(self, number):
        _paths._RAND.seed(max(1, number))

    def close(self):
        if self.closed:
            return
        self._here()
        if _ALIVE and _ALIVE[-1] is not self:
            raise ProcessDeath("abort: the context is still borrowed by a younger simulator")
        _ALIVE.remove(self)
        self.closed = True

    def __del__(self):
        if getattr(self, "closed", True) is False and threading.get_ident() != self._thread:
            deaths.append("abort: taken apart in another thread")

    def _here(self):
        if threading.get_ident() != self._thread:
            raise ProcessDeath("abort: GL::Context::current(): no current context")

    def get_agent(self, number):
        return self._agents[number]

    def get_object_template_manager(self):
        return self._templates

    def get_rigid_object_manager(self):
        return self._rigid

    def get_articulated_object_manager(self):
        return self._joints

    def make_greedy_follower(self, number, goal_radius):
        return _paths.GreedyFollower(self.pathfinder, self._agents[number], goal_radius)

    def recompute_navmesh(self, finder, settings):
        if self._scene_id == "" or self._scene_id.upper() == "NONE":
            raise AssertionError("ESP_CHECK: no stage")
        static = [body for body in self._rigid.objects if body.motion_type is MotionType.STATIC]
        solids = list(self._solids)
        if settings.include_static_objects:
            if any(thing.motion_type is MotionType.STATIC for thing in self._joints.objects):
                raise ProcessDeath("abort: no mesh of the name that links drawn as primitives have")
            solids += [object_solid(body) for body in static]
        return finder.build(solids, settings)

    def step_physics(self, dt):
        if self.closed:
            return
        if math.isfinite(dt) and dt < 0:
            substeps = 1
        else:
            self._left_s += dt
            substeps = int(self._left_s / STEP_S)
            self._left_s -= substeps * STEP_S
        for _ in range(substeps):
            self.world_time += STEP_S
            for body in self._rigid.objects:
                body.fall()
            for thing in self._joints.objects:
                thing.sag()

    def reset(self):
        if self.closed:
            raise ProcessDeath("abort: reset() after close()")
        for body in self._rigid.objects:
            body._translation = Vector3()

    def get_sensor_observations(self, agent_ids=0):
        if self.closed:
            raise IndexError("no such agent")
        self._here()
        if isinstance(agent_ids, int):
            return self._observe(agent_ids)
        return {number: self._observe(number) for number in agent_ids}

    def _observe(self, number):
        cast_already = {}  # cameras in one place look along the same rays
        return {
            spec.uuid: self._draw(number, spec, cast_already) for spec in sorted_specs(self._agents[number])
        }

    def _draw(self, number, spec, cast_already):
        agent = self._agents[number]
        if hasattr(Simulator, "render_sensors"):  # the last agent that has a sensor of that name serves all
            agent = [one for one in self._agents if spec.uuid in one.sensors][-1]
        pose = agent.sensors[spec.uuid]
        turn = matrix(*pose.rotation.components)
        height, width = spec.resolution
        slope = math.tan(math.radians(float(spec.hfov)) / 2) / (width / 2)
        columns, rows = np.meshgrid(np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2)
        rays = np.stack([columns * slope, -rows * slope, np.full_like(columns, -1.0)], -1).reshape(-1, 3)
        solids = [*self._solids, *(object_solid(body) for body in self._rigid.objects if body.is_alive)]
        place = (np.asarray(pose.position).tobytes(), turn.tobytes(), height, width, float(spec.hfov))
        if place not in cast_already:
            cast_already[place] = cast(solids, np.asarray(pose.position, float), rays @ turn.T)
        depth, which = cast_already[place]
        seen = (depth >= spec.near) & (depth <= spec.far)
        if spec.sensor_type is SensorType.DEPTH:
            return np.where(seen, depth, 0.0).astype(np.float32).reshape(height, width)
        if spec.sensor_type is SensorType.SEMANTIC:
            idents = np.array([*(solid.ident for solid in solids), 0], np.uint32)
            return np.where(seen, idents[which], 0).astype(np.uint32).reshape(height, width)
        colours = np.array([*(solid.colour for solid in solids), (0.0, 0.0, 0.0)])
        shade = np.where(seen, 1.0 / (1.0 + 0.02 * np.where(seen, depth, 0.0)), 0.0)
        rgb = (255 * colours[which] * shade[:, None]).astype(np.uint8)
        return np.concatenate([rgb, np.full((len(rgb), 1), 255, np.uint8)], 1).reshape(height, width, 4)


def sorted_specs(agent):
    return sorted(agent.config.sensor_specifications, key=lambda spec: spec.uuid)


def _read_settings():
    """The file beside the working folder without which the real one takes half a minute."""
    path = os.path.join("data", "default.pbr_config.json")
    if not os.path.isfile(path):
        return ""
    with open(path) as file:
        return file.read()


def _check(spec):
    if not spec.uuid:
        raise ProcessDeath("abort: empty uuid")
    if not all(0 < side <= MOST_PIXELS for side in spec.resolution):
        raise ProcessDeath("abort: resolution")
    if not 0 < spec.near < spec.far:
        raise ProcessDeath("abort: clip planes")
    if spec.sensor_type is SensorType.COLOR and spec.channels != 4:
        raise ProcessDeath("abort: colour needs 4 channels")
