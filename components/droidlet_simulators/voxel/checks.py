"""What is refused before anything is done: actions that cannot be, worlds of others, simulators that cannot be.

What a body merely cannot do now (too far away, nothing there) is no error: the action is noted in the senses of
blocks as refused, with the reason, and time passes.
"""

from __future__ import annotations

import math
from typing import Any, Sequence

from droidlet_schema import (
    Craft,
    Dig,
    DropItem,
    HoldItem,
    Jump,
    LookAtBlock,
    PickUpItem,
    PlaceBlock,
    SetLook,
    SpawnMob,
    StepBlock,
    UseItem,
)
from droidlet_simulators.asked import WHEELED, Numbers, as_actions, as_world, check_period
from droidlet_simulators.contract import AgentSpec
from droidlet_simulators.equipment import check_agents
from droidlet_simulators.errors import SimulatorError, UnknownAction, WorldError
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.table import known
from droidlet_simulators.voxel.world import VoxelWorld

_KINDS: Numbers = {
    **WHEELED,
    StepBlock: (),
    Jump: (),
    SetLook: ("yaw_rad", "pitch_rad"),
    LookAtBlock: (),
    Dig: (),
    PlaceBlock: (),
    HoldItem: (),
    DropItem: (),
    PickUpItem: (),
    UseItem: (),
    SpawnMob: (),
    Craft: (),
}
ACTIONS = tuple(kind.__name__ for kind in _KINDS)
"""What bodies in a block world can be told to do."""


def check_config(agents: Any, period_ns: Any, renderer: Any) -> None:
    """Raises SimulatorError for agents, a period or a renderer that cannot be."""
    check_agents(agents)
    for agent in agents:
        _check_cameras(agent)
    check_period(period_ns)
    if renderer != "numpy":
        raise SimulatorError(f"renderer is {renderer!r}: blocks are drawn by 'numpy'")


def _check_cameras(agent: AgentSpec) -> None:
    widest = {"pinhole": 3.0, "orthographic": 3.0, "fisheye": 2 * math.pi, "equirectangular": 2 * math.pi}
    for camera in agent.cameras:
        what = f"camera {camera.name!r} of {agent.id!r}"
        if camera.model not in widest:
            raise SimulatorError(f"model of {what} is {camera.model!r}: known ones are {', '.join(widest)}")
        if not 0.05 <= camera.horizontal_fov_rad <= widest[camera.model]:
            raise SimulatorError(
                f"horizontal_fov_rad of {what} is {camera.horizontal_fov_rad}: 0.05 to {widest[camera.model]:.2f} rad "
                f"for {camera.model}; were degrees meant?"
            )


def check_world(world: Any, agents: Sequence[str]) -> None:
    """Raises WorldError for what is no world of a simulator with these agents."""
    as_world(world, VoxelWorld)
    lacking = [agent for agent in agents if agent not in world.players]
    if lacking:
        raise WorldError(
            f"world has the players {', '.join(world.players)}, not {', '.join(lacking)}: it is another's"
        )


def check_actions(actions: Any, agents: Sequence[str]) -> None:
    """Raises UnknownAgent or UnknownAction."""
    for agent, action in as_actions(actions, agents, _KINDS, "a block world"):
        _check_action(agent, action)


def _check_action(agent: str, action: Any) -> None:
    name = type(action).__name__
    empties = isinstance(action, HoldItem) and action.id == 0
    if isinstance(action, (HoldItem, Craft)) and not empties and not known(action.id, action.meta):
        raise UnknownAction(f"{name} of {agent!r} is of {(action.id, action.meta)}: no such block or item")
    if isinstance(action, SpawnMob) and action.kind not in CREATURES:
        raise UnknownAction(
            f"SpawnMob.kind of {agent!r} is {action.kind!r}: known ones are {', '.join(CREATURES)}"
        )
