"""Cameras: every model is drawn by pinholes, whose geometry Habitat is known to have.

A fisheye or equirectangular picture takes each pixel from the face of a cube of pinhole pictures that its ray
goes through (nearest pixel); depth along the ray is the face's planar depth over the cosine to the face's axis.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry import pose_from_matrix, pose_matrix
from droidlet_schema import Frame, Intrinsics, Pose, SemanticImage
from droidlet_simulators.cameras import intrinsics_of, picture_rays
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.errors import SimulatorError

MOST_PIXELS = 16384  # a side; more than that aborts the process
FIRST_OWN = 1 << 30
"""Semantic ids from here on are this adapter's numbers of things; those below are the scene's own."""

_RIGHT_ANGLE_DEG = 90.0
_AXES = np.eye(3)


class Sensor(NamedTuple):
    """One native camera: unlike in all agents, always a pinhole."""

    uuid: str
    picture: str  # "rgb", "depth" or "semantic"
    width: int
    height: int
    fov_deg: float


class Face(NamedTuple):
    """One pinhole of a camera: how it is turned within the camera, and which pixels it gives."""

    turn: npt.NDArray[
        np.float64
    ]  # (3, 3): columns are its right, down, forward in the camera's optical frame
    size: Tuple[int, int]  # width, height
    fov_deg: float
    wanted: npt.NDArray[np.intp]  # (M,) flat pixels of the camera's picture
    taken: npt.NDArray[np.intp]  # (M,) flat pixels of the face
    stretch: npt.NDArray[np.float64]  # (M,) depth in the picture per depth in the face


class Eye(NamedTuple):
    """One camera of one agent, and the native cameras that draw it."""

    spec: CameraSpec
    intrinsics: Intrinsics
    faces: Tuple[Face, ...]
    sensors: Tuple[Tuple[Sensor, ...], ...]  # by face, then picture


def make_eyes(agents: Sequence[AgentSpec]) -> Mapping[str, Tuple[Eye, ...]]:
    """The cameras of each agent. Raises SimulatorError for a camera that Habitat cannot draw."""
    return {
        agent.id: tuple(
            _eye(camera, f"{agent.id}#{number}.{index}") for index, camera in enumerate(agent.cameras)
        )
        for number, agent in enumerate(agents)
    }


def _eye(camera: CameraSpec, prefix: str) -> Eye:
    if camera.model == "orthographic":
        raise SimulatorError(
            f"model of camera {camera.name!r} is 'orthographic': how far Habitat's reach is not known; "
            "pinhole, fisheye and equirectangular ones are drawn"
        )
    optics = intrinsics_of(camera)
    faces = (_whole(optics, camera),) if camera.model == "pinhole" else _cube(optics)
    sensors = tuple(
        tuple(
            Sensor(f"{prefix}.{number}.{picture}", picture, face.size[0], face.size[1], face.fov_deg)
            for picture in camera.pictures
        )
        for number, face in enumerate(faces)
    )
    return Eye(camera, optics, faces, sensors)


def _whole(optics: Intrinsics, camera: CameraSpec) -> Face:
    pixels = np.arange(optics.width * optics.height)
    size = (optics.width, optics.height)
    return Face(_AXES, size, math.degrees(camera.horizontal_fov_rad), pixels, pixels, np.ones(len(pixels)))


def _cube(optics: Intrinsics) -> Tuple[Face, ...]:
    """The faces that some pixel looks through, fine enough in the middle for the camera's own pixels."""
    rays = picture_rays(optics)[1].reshape(-1, 3)
    seen = np.flatnonzero(np.isfinite(rays).all(axis=1))
    pixels = min(MOST_PIXELS, max(1, math.ceil(2 * max(optics.fx_px, optics.fy_px))))
    along = np.stack([rays[seen] @ turn[:, 2] for turn in _turns()])
    nearest = np.argmax(along, axis=0)
    made: List[Face] = []
    for number, turn in enumerate(_turns()):
        mine = seen[nearest == number]
        if len(mine):
            made.append(_face(turn, pixels, mine, rays[mine]))
    return tuple(made)


def _face(
    turn: npt.NDArray[np.float64], pixels: int, wanted: npt.NDArray[np.intp], rays: npt.NDArray[np.float64]
) -> Face:
    own = rays @ turn
    column, row = (
        np.clip(((own[:, axis] / own[:, 2] + 1.0) * pixels / 2).astype(np.intp), 0, pixels - 1)
        for axis in (0, 1)
    )
    return Face(turn, (pixels, pixels), _RIGHT_ANGLE_DEG, wanted, row * pixels + column, 1.0 / own[:, 2])


def _turns() -> Tuple[npt.NDArray[np.float64], ...]:
    """Ahead, right, back, left, down and up, as columns right, down, forward in the camera's optical frame."""
    x, y, z = _AXES
    ways = ((x, y, z), (-z, y, x), (-x, y, -z), (z, y, -x), (x, -z, y), (x, z, -y))
    return tuple(np.stack(way, axis=1) for way in ways)


def face_pose(camera: Pose, face: Face) -> Pose:
    """Where the optical frame of a face is when the camera's is at a pose."""
    turn = np.eye(4)
    turn[:3, :3] = face.turn
    return Pose(*pose_from_matrix(pose_matrix(camera) @ turn))


def take(
    eye: Eye, drawn: Mapping[str, Any], camera: Pose, shown: npt.NDArray[np.int64]
) -> Tuple[Frame, Optional[SemanticImage]]:
    """A camera's picture from what its native cameras drew; `shown` are the semantic ids by own number.

    Raises SimulatorError for pictures that are not what was asked for.
    """
    size = (eye.intrinsics.height, eye.intrinsics.width)
    rgb, depth = np.zeros((*size, 3), np.uint8), np.zeros(size, np.float32)
    ids = np.zeros(size, np.int32)
    for face, sensors in zip(eye.faces, eye.sensors):
        for sensor in sensors:
            image = _checked(sensor, drawn)
            if sensor.picture == "rgb":
                rgb.reshape(-1, 3)[face.wanted] = image.reshape(-1, 4)[face.taken, :3]
            elif sensor.picture == "depth":
                depth.reshape(-1)[face.wanted] = image.reshape(-1)[face.taken] * face.stretch
            else:
                ids.reshape(-1)[face.wanted] = own_ids(image.reshape(-1)[face.taken], shown)
    frame = Frame(rgb, depth, eye.intrinsics, camera)
    return frame, SemanticImage(ids) if "semantic" in eye.spec.pictures else None


_KINDS: Dict[str, Tuple[Any, Tuple[int, ...]]] = {
    "rgb": (np.uint8, (4,)),
    "depth": (np.float32, ()),
    "semantic": (np.uint32, ()),
}


def _checked(sensor: Sensor, drawn: Mapping[str, Any]) -> npt.NDArray[Any]:
    dtype, channels = _KINDS[sensor.picture]
    image = np.asarray(drawn[sensor.uuid]) if sensor.uuid in drawn else np.zeros(0)
    shape = (sensor.height, sensor.width, *channels)
    if image.shape != shape or image.dtype != dtype:
        raise SimulatorError(
            f"sensor {sensor.uuid!r} gave {image.shape} {image.dtype} and not {shape} {np.dtype(dtype)}: "
            "is this habitat-sim 0.3.3 or 0.3.4?"
        )
    if sensor.picture == "depth" and not np.isfinite(image).all():
        raise SimulatorError(f"sensor {sensor.uuid!r} gave depths that are no numbers")
    return image


def own_ids(native: npt.NDArray[np.uint32], shown: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """What a semantic picture shows, from native ids: unsigned numbers, in which -1 has no place."""
    wide = native.astype(np.int64)
    own = (wide >= FIRST_OWN) & (wide < FIRST_OWN + len(shown))
    wide[own] = shown[wide[own] - FIRST_OWN]
    return wide.astype(np.int32)
