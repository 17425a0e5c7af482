"""The engines behind the one contract, as a list: what each is, and what makes one of it."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

from droidlet_schema import record
from droidlet_simulators.contract import AgentSpec
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.robots import robot


@record
class Engine:
    """One engine under one renderer."""

    name: str
    renderer: str
    says: str  # what it is for, in a few words


ENGINES = (
    Engine("room", "numpy", "furnished flats, doors, people; numpy alone"),
    Engine("room", "numba", "the same, drawn many times faster"),
    Engine("voxel", "numpy", "a world of blocks, animals, items and players; numpy alone"),
    Engine("mujoco", "rays", "contact physics, an arm with a gripper; pictures without GL"),
    Engine("mujoco", "gl", "the same, with pictures by EGL"),
    Engine("mujoco", "gl-osmesa", "the same, with pictures by OSMesa"),
    Engine("habitat", "gl", "scanned and modelled homes, navigation meshes"),
)


def make_engine(name: str, renderer: str = "", agents: Tuple[AgentSpec, ...] = (robot(),)) -> Any:
    """A simulator by its engine's name; without a renderer, by its first one.

    Raises NotInstalled, which says what to install; SimulatorError for an engine that is not in ENGINES.
    """
    known = [engine for engine in ENGINES if engine.name == name]
    if not known:
        names = ", ".join(dict.fromkeys(engine.name for engine in ENGINES))
        raise SimulatorError(f"engine is {name!r}: there are {names}")
    wanted = renderer or known[0].renderer
    if wanted not in [engine.renderer for engine in known]:
        there = ", ".join(engine.renderer for engine in known)
        raise SimulatorError(f"renderer is {renderer!r}: {name} has {there}")
    return _MAKERS[name](agents, wanted)


def _room(agents: Tuple[AgentSpec, ...], renderer: str) -> Any:
    from droidlet_simulators.room.simulator import RoomSimulator

    return RoomSimulator(agents, renderer=renderer)


def _voxel(agents: Tuple[AgentSpec, ...], renderer: str) -> Any:
    from droidlet_simulators.voxel.simulator import VoxelSimulator

    return VoxelSimulator(agents)


def _mujoco(agents: Tuple[AgentSpec, ...], renderer: str) -> Any:
    from droidlet_simulators.mujoco import MujocoSimulator

    return MujocoSimulator(agents, renderer=renderer)


def _habitat(agents: Tuple[AgentSpec, ...], renderer: str) -> Any:
    from droidlet_simulators.habitat import HabitatSimulator

    return HabitatSimulator(agents)


_MAKERS: Dict[str, Callable[[Tuple[AgentSpec, ...], str], Any]] = {
    "room": _room,
    "voxel": _voxel,
    "mujoco": _mujoco,
    "habitat": _habitat,
}
