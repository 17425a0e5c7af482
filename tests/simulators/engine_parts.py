"""Every engine that can be made here, with two agents that see, as a check of all laws wants it."""

from __future__ import annotations

from typing import Any

from droidlet_simulators import AgentSpec, CameraSpec, RoomSimulator

PICTURES = ("rgb", "depth", "semantic")


def agents(*senses: str) -> tuple[AgentSpec, AgentSpec]:
    def one(name: str, pixels: int) -> AgentSpec:
        camera = CameraSpec(width=pixels, height=pixels, pictures=PICTURES)
        return AgentSpec(name, (camera,), ("pose", "collided", *senses))

    return one("robot", 32), one("other", 24)


def room() -> RoomSimulator:
    return RoomSimulator(agents("poses", "contacts", "heard"))


def fast_room() -> RoomSimulator:
    return RoomSimulator(agents(), renderer="numba")


def blocks() -> Any:
    from droidlet_simulators.voxel.simulator import VoxelSimulator

    return VoxelSimulator(agents())


def physics() -> Any:
    from droidlet_simulators.mujoco import MujocoSimulator

    return MujocoSimulator(agents("poses", "joints", "contacts", "heard"), arms=("robot",))


def physics_by_gl() -> Any:
    from droidlet_simulators.mujoco import MujocoSimulator

    return MujocoSimulator(agents(), renderer="gl")
