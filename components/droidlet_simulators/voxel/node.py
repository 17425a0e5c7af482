"""The block world as a stepped component, and as a body made by name."""

from __future__ import annotations

from typing import Any, Tuple

import attrs

from droidlet_schema import Key, Observation
from droidlet_simulators.body import SimulatedBody
from droidlet_simulators.errors import SceneError
from droidlet_simulators.node import BodyInputs
from droidlet_simulators.robots import robot
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.scene import VoxelScene, VoxelStart
from droidlet_simulators.voxel.scenes import flat_scene, hills_scene, two_cubes
from droidlet_simulators.voxel.simulator import VoxelSimulator
from droidlet_simulators.voxel.world import EYE_M, VoxelWorld


@attrs.frozen
class VoxelNode:
    """One player in one scene; its state is the world."""

    simulator: VoxelSimulator
    scene: VoxelScene

    def initial(self, key: Key) -> VoxelWorld:
        """The scene's first world. Raises SceneError for one that cannot be."""
        return self.simulator.reset(self.scene, key)[1]

    def __call__(self, inputs: BodyInputs, world: VoxelWorld) -> Tuple[Observation, VoxelWorld]:
        """What the player senses one period later, and the world then. Raises UnknownAction."""
        agent = self.simulator.agents[0].id
        observations, after = self.simulator.step({agent: inputs.actions}, world)
        return observations[agent], after


def voxel_node() -> VoxelNode:
    """A player with a small camera on a small patch of level ground."""
    scene = flat_scene((VoxelStart("robot", 0, 63, 0),), low=(-8, 58, -8), high=(9, 72, 9))
    eyes = robot(16, 12, camera_height_m=EYE_M, senses=("pose", "collided", "blocks"))
    return VoxelNode(VoxelSimulator((eyes,), limits=VoxelLimits(blocks_radius=3)), scene)


def voxel_body(
    key: Key, *, scene: str = "hills", picture_px: int = 64, period_s: float = 0.25, **options: Any
) -> SimulatedBody[VoxelWorld]:
    """A body in a block world by name: "hills" (drawn from the key), "flat" or "two_cubes".

    Further options are `robot`'s. Raises SimulatorError for options out of range, SceneError for other names.
    """
    makers = {
        "hills": lambda: hills_scene(seed=key.words[0] % 2**31),
        "flat": flat_scene,
        "two_cubes": two_cubes,
    }
    if scene not in makers:
        raise SceneError(f"scene is {scene!r}: known ones are {', '.join(makers)}")
    made = makers[scene]()
    senses = ("pose", "collided", "heard", "blocks")
    eyes = robot(picture_px, picture_px, **{"camera_height_m": EYE_M, "senses": senses, **options})
    simulator = VoxelSimulator((eyes,), round(period_s * 1e9))
    return SimulatedBody(simulator, made, key, eyes.id)
