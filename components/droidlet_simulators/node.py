"""A simulator as a stepped component: for lockstep graphs, placement and the laws."""

from __future__ import annotations

from typing import Tuple

import attrs

from droidlet_schema import Action, Key, Observation, record
from droidlet_simulators.robots import robot
from droidlet_simulators.room.generate import make_scene
from droidlet_simulators.room.simulator import RoomSimulator
from droidlet_simulators.room.world import RoomWorld
from droidlet_simulators.scene import Scene


@record
class BodyInputs:
    """What the robot does within one step."""

    actions: Tuple[Action, ...] = ()


@attrs.frozen
class RoomNode:
    """The first robot of a simulator in one scene; its state is the world."""

    simulator: RoomSimulator
    scene: Scene

    def initial(self, key: Key) -> RoomWorld:
        """The scene's first world. Raises SceneError for one that cannot be."""
        return self.simulator.reset(self.scene, key)[1]

    def __call__(self, inputs: BodyInputs, world: RoomWorld) -> Tuple[Observation, RoomWorld]:
        """What the robot senses one period later, and the world then. Raises UnknownAction."""
        agent = self.simulator.agents[0].id
        observations, after = self.simulator.step({agent: inputs.actions}, world)
        return observations[agent], after


def room_node() -> RoomNode:
    """A robot with a small camera in the flat of seed 0."""
    return RoomNode(RoomSimulator((robot(width=32, height=24),)), make_scene(0))
