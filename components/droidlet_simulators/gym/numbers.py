"""Observations as the arrays that policies take: spaces derived from an agent's spec."""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, Tuple

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from droidlet_schema import Observation
from droidlet_simulators.contract import AgentSpec, CameraSpec

Arrays = Dict[str, npt.NDArray[Any]]
FARTHEST_M = 1e6
_IDS = np.iinfo(np.int32)


def observation_space(agent: AgentSpec, told: Mapping[str, spaces.Box], far_m: float) -> spaces.Dict:
    """A dictionary of boxes: "<camera>_<picture>", "pose" (x, y in m, yaw), "collided", and what the task tells."""
    made: Dict[str, spaces.Space[Any]] = {}
    for camera in agent.cameras:
        for picture in camera.pictures:
            made[f"{camera.name}_{picture}"] = _picture_space(camera, picture, far_m)
    if "pose" in agent.senses:
        most = np.array([FARTHEST_M, FARTHEST_M, math.pi], np.float32)
        made["pose"] = spaces.Box(-most, most, dtype=np.float32)
    if "collided" in agent.senses:
        made["collided"] = spaces.MultiBinary(1)
    made.update(told)
    return spaces.Dict(made)


def _picture_space(camera: CameraSpec, picture: str, far_m: float) -> spaces.Box:
    size = (camera.height, camera.width)
    if picture == "rgb":
        return spaces.Box(0, 255, (*size, 3), np.uint8)
    if picture == "depth":
        return spaces.Box(0.0, far_m, size, np.float32)
    return spaces.Box(int(_IDS.min), int(_IDS.max), size, np.int32)


def numbers_of(agent: AgentSpec, seen: Observation, told: Arrays, far_m: float) -> Arrays:
    """Fresh arrays, which are the caller's to change. Depth beyond `far_m` is cut to it; 0 stays "no return"."""
    made: Arrays = {}
    for camera in agent.cameras:
        for picture in camera.pictures:
            made[f"{camera.name}_{picture}"] = _picture(seen, camera.name, picture, far_m)
    if "pose" in agent.senses:
        made["pose"] = _pose(seen)
    if "collided" in agent.senses:
        made["collided"] = np.array([seen.collided], np.int8)
    return {**made, **told}


def _picture(seen: Observation, camera: str, picture: str, far_m: float) -> npt.NDArray[Any]:
    if picture == "rgb":
        return np.array(seen.frames[camera].rgb)
    if picture == "depth":
        depth = np.minimum(seen.frames[camera].depth_m, np.float32(far_m))
        return np.asarray(depth, np.float32)
    return np.array(seen.semantics[camera].ids)


def _pose(seen: Observation) -> npt.NDArray[np.float32]:
    yaw = math.remainder(seen.pose.yaw_rad, 2 * math.pi)
    pose = np.array([seen.pose.x_m, seen.pose.y_m, yaw], np.float32)
    most = np.array([FARTHEST_M, FARTHEST_M, math.pi], np.float32)
    return np.clip(pose, -most, most)


def picture_of(agent: AgentSpec, seen: Observation) -> npt.NDArray[np.uint8]:
    """What the agent's first camera with colours sees, a copy. Raises ValueError where it has none."""
    for camera in agent.cameras:
        if "rgb" in camera.pictures:
            return np.array(seen.frames[camera.name].rgb)
    raise ValueError(f"agent {agent.id!r} has no camera that takes rgb: there is nothing to show")


def has_picture(agent: AgentSpec) -> Tuple[str, ...]:
    """The names of the agent's cameras that take rgb."""
    return tuple(camera.name for camera in agent.cameras if "rgb" in camera.pictures)
