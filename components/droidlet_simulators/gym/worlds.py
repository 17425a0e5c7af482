"""The registered environments: each makes one engine with a small camera and a place to reach."""

from __future__ import annotations

from typing import Any, Optional

from droidlet_schema import Key
from droidlet_simulators.gym.controls import DriveControls
from droidlet_simulators.gym.environment import SimulatorEnv
from droidlet_simulators.gym.tasks import PointNavigation
from droidlet_simulators.robots import robot
from droidlet_simulators.room.generate import make_scene
from droidlet_simulators.room.simulator import RoomSimulator

MOST_STEPS = 500
IDS = {
    "droidlet/RoomNavigation-v0": "room_navigation",
    "droidlet/VoxelNavigation-v0": "voxel_navigation",
    "droidlet/MujocoNavigation-v0": "mujoco_navigation",
    "droidlet/HabitatNavigation-v0": "habitat_navigation",
}


def one_room(key: Key) -> Any:
    """A furnished room without people."""
    return make_scene(key, rooms=1, people=0)


def hills(key: Key) -> Any:
    """Hills with lakes and trees, and a player in their middle."""
    from droidlet_simulators.voxel.scenes import hills_scene

    return hills_scene(seed=int(key.generator().integers(2**31)))


def room_navigation(
    render_mode: Optional[str] = None,
    picture_px: int = 64,
    renderer: str = "numpy",
    task: PointNavigation = PointNavigation(),  # noqa: B008 - a frozen value
    **options: Any,
) -> SimulatorEnv:
    """A robot in a furnished room; further options are SimulatorEnv's."""
    simulator = RoomSimulator((robot(picture_px, picture_px),), renderer=renderer)
    return SimulatorEnv(simulator, task, options.pop("scenes", one_room), render_mode=render_mode, **options)


def mujoco_navigation(
    render_mode: Optional[str] = None,
    picture_px: int = 64,
    renderer: str = "rays",
    task: PointNavigation = PointNavigation(),  # noqa: B008 - a frozen value
    **options: Any,
) -> SimulatorEnv:
    """The same with contact physics. Raises NotInstalled without the extra `mujoco`."""
    from droidlet_simulators.mujoco import MujocoSimulator

    simulator = MujocoSimulator((robot(picture_px, picture_px),), renderer=renderer)
    return SimulatorEnv(simulator, task, options.pop("scenes", one_room), render_mode=render_mode, **options)


def habitat_navigation(
    render_mode: Optional[str] = None,
    picture_px: int = 64,
    task: PointNavigation = PointNavigation(),  # noqa: B008 - a frozen value
    **options: Any,
) -> SimulatorEnv:
    """The same in habitat-sim. Raises NotInstalled where that is not installed."""
    from droidlet_simulators.habitat import HabitatSimulator

    simulator = HabitatSimulator((robot(picture_px, picture_px),))
    return SimulatorEnv(simulator, task, options.pop("scenes", one_room), render_mode=render_mode, **options)


def voxel_navigation(
    render_mode: Optional[str] = None,
    picture_px: int = 64,
    task: PointNavigation = PointNavigation(reach_m=1.0, least_m=3.0),  # noqa: B008 - a frozen value
    **options: Any,
) -> SimulatorEnv:
    """A player in a world of blocks, by default among hills."""
    from droidlet_simulators.voxel.simulator import VoxelSimulator

    options.setdefault("controls", DriveControls(forward_m_s=4.3, turn_rad_s=3.0))
    options.setdefault("far_m", 64.0)
    options.setdefault("scenes", hills)
    simulator = VoxelSimulator((robot(picture_px, picture_px),))
    return SimulatorEnv(simulator, task, render_mode=render_mode, **options)
