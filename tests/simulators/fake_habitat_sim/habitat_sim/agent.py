"""A FAKE of habitat_sim.agent: configurations, states and agents."""

import attr
import magnum
import numpy as np

from habitat_sim.errors import InvalidAttachedObject
from habitat_sim.utils.common import quaternion


def _unit(instance, attribute, value):
    if abs(float(np.linalg.norm(value.components)) - 1.0) > 1e-4:
        raise ValueError(f"{attribute.name} is not of length 1")


def _finite(instance, attribute, value):
    if not np.isfinite(np.asarray(value, float)).all():
        raise ValueError(f"{attribute.name} is not finite")


@attr.s(auto_attribs=True)
class AgentConfiguration:
    height: float = 1.5
    radius: float = 0.1
    sensor_specifications: list = attr.ib(factory=list)
    action_space: dict = attr.ib(
        factory=lambda: {"move_forward": 0.25, "turn_left": 10.0, "turn_right": 10.0}
    )
    body_type: str = "cylinder"


@attr.s
class SixDOFPose:
    position = attr.ib(factory=lambda: np.zeros(3), validator=_finite)
    rotation = attr.ib(factory=lambda: quaternion(1, 0, 0, 0), validator=_unit)


@attr.s
class AgentState:
    position = attr.ib(factory=lambda: np.zeros(3), validator=_finite)
    rotation = attr.ib(factory=lambda: quaternion(1, 0, 0, 0), validator=_unit)
    sensor_states = attr.ib(factory=dict)


class Agent:
    def __init__(self, sim, config):
        self._sim, self.config = sim, config
        self.state = AgentState()
        self.sensors = {spec.uuid: SixDOFPose() for spec in config.sensor_specifications}

    def set_state(self, state, reset_sensors=True, infer_sensor_states=True, is_initial=False):
        if self._sim.closed:
            raise InvalidAttachedObject("the simulator is closed")
        attr.validate(state)
        attr.set_run_validators(False)  # a trap: what another thread was about to switch on again
        if not isinstance(state.position, (np.ndarray, magnum.Vector3)):
            raise TypeError("position is an array or a Vector3")
        self.state = AgentState(np.asarray(state.position, np.float32), state.rotation)
        if infer_sensor_states:
            return
        for uuid, pose in state.sensor_states.items():
            if uuid not in self.sensors:
                raise AssertionError(uuid)
            self.sensors[uuid] = pose
