"""What an engine is built for: all that cannot be changed in it without leaving traces."""

from __future__ import annotations

from typing import Any, Tuple

import attrs

from droidlet_schema import Pose, evolve
from droidlet_simulators.contract import AgentSpec
from droidlet_simulators.habitat.checks import AnyScene
from droidlet_simulators.habitat.values import HabitatJoints, HabitatRigid, HabitatWorld, NavmeshSettings

_STILL = (0.0, 0.0, 0.0)
_ANYWHERE = Pose(0.0, 0.0, 0.0)


@attrs.frozen
class Settings:
    """A simulator's own part of a build."""

    agents: Tuple[AgentSpec, ...]
    near_m: float
    far_m: float
    gpu_device_id: int
    dynamics: bool
    sliding: bool


@attrs.frozen
class Build:
    """Equal builds are interchangeable engines; static things are part of the navmesh, and so of the build."""

    settings: Settings
    scene: AnyScene
    rigids: Tuple[HabitatRigid, ...]
    articulated: Tuple[HabitatJoints, ...]
    navmesh: NavmeshSettings
    radius_m: float
    height_m: float


def build_of(settings: Settings, world: HabitatWorld) -> Build:
    """What a world needs."""
    return Build(
        settings,
        world.scene,
        tuple(_lasting(rigid) for rigid in world.rigids),
        tuple(evolve(jointed, positions=(), velocities=()) for jointed in world.articulated),
        world.navmesh,
        world.radius_m,
        world.height_m,
    )


def _lasting(rigid: HabitatRigid) -> HabitatRigid:
    """A thing without what can be changed natively, or is not native at all."""
    pose = rigid.pose if rigid.motion == "static" else _ANYWHERE
    thing = evolve(rigid.thing, x_m=0.0, y_m=0.0, z_m=0.0, yaw_rad=0.0, colour="", semantic_id=None)
    return evolve(rigid, thing=thing, pose=pose, velocity_m_s=_STILL, turning_rad_s=_STILL)


def fits(build: Build, settings: Settings, world: HabitatWorld, last: Any) -> bool:
    """Whether an engine of that build can hold a world; `last` is one that it held, the quick way to know."""
    if build.settings is not settings and build.settings != settings:
        return False
    if (
        isinstance(last, HabitatWorld)
        and last.scene is world.scene
        and last.rigids is world.rigids
        and last.articulated is world.articulated
        and last.navmesh is world.navmesh
        and (last.radius_m, last.height_m) == (world.radius_m, world.height_m)
    ):
        return True
    return build == build_of(settings, world)
