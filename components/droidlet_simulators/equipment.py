"""Which agents, cameras and senses a simulator in plain floats takes."""

from __future__ import annotations

import math
from typing import Sequence, Tuple

from droidlet_schema import Pose
from droidlet_simulators.contract import PICTURES, SENSES, AgentSpec, CameraSpec
from droidlet_simulators.errors import SimulatorError

_MOST_PIXELS = 4096
_UNIT = 1e-6


def check_agents(agents: Tuple[AgentSpec, ...]) -> None:
    """Raises SimulatorError for agents, cameras or senses that cannot be."""
    if not _are_agents(agents):
        raise SimulatorError(f"agents is {agents!r}: a tuple of AgentSpec; robot(...) makes the usual one")
    if not agents:
        raise SimulatorError("agents is (): at least one; robot() makes the usual one")
    check_names("agents", [agent.id for agent in agents])
    for agent in agents:
        _check_some(f"senses of {agent.id!r}", agent.senses, SENSES)
        check_names(f"cameras of {agent.id!r}", [camera.name for camera in agent.cameras])
        for camera in agent.cameras:
            _check_camera(f"camera {camera.name!r} of {agent.id!r}", camera)


def _are_agents(agents: object) -> bool:
    return isinstance(agents, tuple) and all(isinstance(agent, AgentSpec) for agent in agents)


def check_names(what: str, names: Sequence[str]) -> None:
    """Raises SimulatorError for names that occur twice, or are empty."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "" in names:
        raise SimulatorError(f"{what} are named {list(names)}: each needs a name of its own")


def _check_some(what: str, chosen: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SimulatorError(f"{what} has {unknown}: known ones are {', '.join(known)}")


def _check_camera(what: str, camera: CameraSpec) -> None:
    for name in ("width", "height"):
        value = getattr(camera, name)
        if not 1 <= value <= _MOST_PIXELS:
            raise SimulatorError(
                f"{name} of {what} is {value!r}: a picture has 1 to {_MOST_PIXELS} pixels a side"
            )
    _check_some(f"pictures of {what}", camera.pictures, PICTURES)
    fov = camera.horizontal_fov_rad
    if not math.isfinite(fov) or fov <= 0.0:
        raise SimulatorError(f"horizontal_fov_rad of {what} is {fov!r}: a finite number above 0")
    _check_mount(what, camera.mount)


def _check_mount(what: str, mount: Pose) -> None:
    place = (mount.x_m, mount.y_m, mount.z_m)
    if not all(map(math.isfinite, place)) or not (
        0.05 <= mount.z_m <= 2.5 and max(map(abs, place[:2])) <= 1.0
    ):
        raise SimulatorError(
            f"mount of {what} is at {place}: 0.05 to 2.5 m above the floor, at most 1 m from the middle"
        )
    length = math.sqrt(mount.qw**2 + mount.qx**2 + mount.qy**2 + mount.qz**2)
    if not abs(length - 1.0) <= _UNIT:
        raise SimulatorError(f"mount of {what} has a quaternion of length {length}: 1 is needed")
