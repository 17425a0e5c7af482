"""Which configurations Habitat takes; what is wrong is said before it can end the process."""

from __future__ import annotations

import math
from numbers import Real
from typing import Sequence, Tuple

from droidlet_schema import fields_of
from droidlet_simulators.contract import CAMERA_MODELS, PICTURES, AgentSpec, CameraSpec
from droidlet_simulators.equipment import check_names
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.habitat.eyes import MOST_PIXELS
from droidlet_simulators.habitat.values import NavmeshSettings
from droidlet_simulators.room.limits import Limits

SENSED = ("pose", "collided", "poses", "joints", "heard")
SUBSTEP_NS = 8_000_000
"""Bullet's own step in Habitat; only whole ones leave no remainder behind that no world could hold."""
_UNIT = 1e-6
_WIDEST_RAD = {"pinhole": 3.0, "fisheye": 2 * math.pi, "equirectangular": 2 * math.pi, "orthographic": 3.0}


def check_agents(agents: Tuple[AgentSpec, ...]) -> None:
    """Raises SimulatorError for agents, cameras or senses that cannot be."""
    if not isinstance(agents, tuple) or not all(isinstance(agent, AgentSpec) for agent in agents):
        raise SimulatorError(f"agents is {agents!r}: a tuple of AgentSpec")
    if not agents:
        raise SimulatorError("agents is (): at least one is needed")
    check_names("agents", [agent.id for agent in agents])
    for agent in agents:
        _known(f"senses of {agent.id!r}", agent.senses, SENSED)
        check_names(f"cameras of {agent.id!r}", [camera.name for camera in agent.cameras])
        for camera in agent.cameras:
            _check_camera(f"camera {camera.name!r} of {agent.id!r}", camera)


def _known(what: str, chosen: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SimulatorError(f"{what} has {unknown}: Habitat has {', '.join(known)}")


def _check_camera(what: str, camera: CameraSpec) -> None:
    if camera.model not in CAMERA_MODELS:
        raise SimulatorError(f"model of {what} is {camera.model!r}: one of {', '.join(CAMERA_MODELS)}")
    for name in ("width", "height"):
        _whole(f"{name} of {what}", getattr(camera, name), 1, MOST_PIXELS)
    _known(f"pictures of {what}", camera.pictures, PICTURES)
    widest = _WIDEST_RAD[camera.model]
    if not 0.05 <= camera.horizontal_fov_rad <= widest + _UNIT:
        raise SimulatorError(
            f"horizontal_fov_rad of {what} is {camera.horizontal_fov_rad}: 0.05 to {widest:.2f} rad for a "
            f"{camera.model} camera; were degrees meant?"
        )
    mount = camera.mount
    numbers = (mount.x_m, mount.y_m, mount.z_m, mount.qw, mount.qx, mount.qy, mount.qz)
    if not all(map(math.isfinite, numbers)) or max(map(abs, numbers[:3])) > 10.0:
        raise SimulatorError(f"mount of {what} is {mount}: finite numbers, within 10 m of the base")
    length = math.sqrt(sum(q * q for q in numbers[3:]))
    if not abs(length - 1.0) <= _UNIT:
        raise SimulatorError(f"mount of {what} has a quaternion of length {length}: 1 is needed")


def _whole(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SimulatorError(f"{name} is {value!r}: a whole number from {least} to {most}")


def _number(name: str, value: object, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not least <= float(value) <= most:
        raise SimulatorError(f"{name} is {value!r}: a number from {least} to {most}")


def check_period(period_ns: int, dynamics: bool) -> None:
    """Raises SimulatorError for a period that cannot be."""
    _whole("period_ns", period_ns, 1_000_000, 10_000_000_000)
    if dynamics and period_ns % SUBSTEP_NS:
        near = max(1, round(period_ns / SUBSTEP_NS)) * SUBSTEP_NS
        raise SimulatorError(
            f"period_ns is {period_ns}: with dynamics a multiple of Bullet's step, {SUBSTEP_NS} ns; "
            f"{near} is the nearest"
        )


def check_rest(limits: Limits, navmesh: NavmeshSettings, near_m: float, far_m: float, gpu: int) -> None:
    """Raises SimulatorError for a body, navmesh settings, clip planes or device that cannot be."""
    for name in fields_of(Limits):
        still = name in ("pan_rad", "tilt_rad")  # a neck may be stiff
        _number(f"limits.{name}", getattr(limits, name), 0.0 if still else 1e-3, 100.0)
    if not isinstance(navmesh, NavmeshSettings):
        raise SimulatorError(f"navmesh is {navmesh!r}: NavmeshSettings")
    _number("navmesh.cell_m", navmesh.cell_m, 0.01, 1.0)
    _number("navmesh.cell_height_m", navmesh.cell_height_m, 0.01, 1.0)
    _number("near_m", near_m, 1e-4, 1e3)
    _number("far_m", far_m, 1e-3, 1e6)
    if near_m >= far_m:
        raise SimulatorError(f"near_m is {near_m} and far_m {far_m}: the near plane is the nearer one")
    _whole("gpu_device_id", gpu, -1, 63)
