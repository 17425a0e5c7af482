"""Configurations of the FAKE."""

import enum

import attr
import numpy as np


class SensorType(enum.Enum):
    COLOR = 1
    DEPTH = 2
    SEMANTIC = 4


class SensorSubType(enum.Enum):
    PINHOLE = 1
    ORTHOGRAPHIC = 2


def _floats(values):
    if isinstance(values, np.ndarray):
        good = values.dtype in (np.float32, np.float64)
    else:
        good = all(isinstance(value, float) for value in values)
    if not good:
        raise TypeError(f"floats are needed, not {values!r}")
    return list(values)


class CameraSensorSpec:
    def __init__(self):
        self.uuid = "rgba_camera"
        self.sensor_type, self.sensor_subtype = SensorType.COLOR, SensorSubType.PINHOLE
        self._resolution, self._position, self._orientation = [128, 128], [0.0, 1.5, 0.0], [0.0, 0.0, 0.0]
        self.hfov, self.near, self.far, self.channels = 90.0, 0.01, 1000.0, 4

    @property
    def resolution(self):
        return self._resolution

    @resolution.setter
    def resolution(self, value):
        if not all(type(side) is int for side in value):
            raise TypeError("resolution takes ints")
        self._resolution = list(value)

    @property
    def position(self):
        return self._position

    @position.setter
    def position(self, value):
        self._position = _floats(value)

    @property
    def orientation(self):
        return self._orientation

    @orientation.setter
    def orientation(self, value):
        self._orientation = _floats(value)


class SimulatorConfiguration:
    def __init__(self):
        self.scene_id, self.scene_dataset_config_file = "", "default"
        self.gpu_device_id, self.default_agent_id = 0, 0
        self.enable_physics, self.allow_sliding = False, True
        self.create_renderer, self.requires_textures, self.load_semantic_mesh = True, True, True
        self._random_seed = 0

    @property
    def random_seed(self):
        return self._random_seed

    @random_seed.setter
    def random_seed(self, value):
        if type(value) is not int or not 0 <= value < 2**32:
            raise TypeError("random_seed takes an unsigned 32 bit int")
        self._random_seed = value


@attr.s(auto_attribs=True)
class Configuration:
    sim_cfg: SimulatorConfiguration
    agents: list
    metadata_mediator: object = None
    enable_batch_renderer: bool = False
