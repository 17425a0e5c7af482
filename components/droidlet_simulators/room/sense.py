"""From a world to what one agent senses."""

from __future__ import annotations

import math
from typing import Dict, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from droidlet_geometry import (
    camera_pose,
    compose_poses,
    quaternion_from_yaw,
    quaternion_to_matrix,
)
from droidlet_schema import (
    Chat,
    Contact,
    Frame,
    FrozenMap,
    Intrinsics,
    JointState,
    Observation,
    Pose,
    Pose2,
    SemanticImage,
)
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.room.camera import Camera, Lens, camera_at, lens_of_fov
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.pack import shell_of, thing_primitives, wall_primitives
from droidlet_simulators.room.primitives import Primitives, join
from droidlet_simulators.room.render import render
from droidlet_simulators.room.robot_looks import robot_primitives
from droidlet_simulators.room.world import RoomBody, RoomWorld, things_of

_RENDERERS = ("numpy",)


class Eye(NamedTuple):
    """One camera of one agent, ready to be drawn with."""

    spec: CameraSpec
    lens: Lens


def make_eyes(agents: Sequence[AgentSpec], renderer: str) -> Mapping[str, Tuple[Eye, ...]]:
    """The cameras of each agent. Raises SimulatorError for what this renderer cannot draw."""
    if renderer not in _RENDERERS:
        raise SimulatorError(f"renderer is {renderer!r}: known ones are {', '.join(_RENDERERS)}")
    return {agent.id: tuple(_eye(camera) for camera in agent.cameras) for agent in agents}


def _eye(camera: CameraSpec) -> Eye:
    if camera.model != "pinhole":
        raise SimulatorError(f"model of camera {camera.name!r} is {camera.model!r}: a room draws pinhole")
    if not 0.05 <= camera.horizontal_fov_rad <= 3.0:
        raise SimulatorError(
            f"horizontal_fov_rad of camera {camera.name!r} is {camera.horizontal_fov_rad}: 0.05 to 3.0 rad; were "
            "degrees meant?"
        )
    return Eye(camera, lens_of_fov(camera.width, camera.height, camera.horizontal_fov_rad))


def sense(world: RoomWorld, agent: AgentSpec, eyes: Tuple[Eye, ...], limits: Limits) -> Observation:
    """The observation of one agent: its odometry, its pictures and what else it asked for."""
    body = world.bodies[agent.id]
    frames: Dict[str, Frame] = {}
    semantics: Dict[str, SemanticImage] = {}
    prims = _primitives(world, agent.id, limits)
    for eye in eyes:
        frame, semantic = _take(world, body, eye, prims)
        frames[eye.spec.name] = frame
        if semantic is not None:
            semantics[eye.spec.name] = semantic
    asked = agent.senses
    poses = {"base": _base(body), **{name: frame.camera for name, frame in frames.items()}}
    neck = {"pan": JointState(body.pan_rad, 0.0), "tilt": JointState(body.tilt_rad, 0.0)}
    return Observation(
        world.now_ns,
        Pose2(body.x_m, body.y_m, body.yaw_rad),
        body.collided,
        FrozenMap(frames),
        FrozenMap(semantics),
        FrozenMap(poses) if "poses" in asked else FrozenMap(),
        FrozenMap(neck) if "joints" in asked else FrozenMap(),
        tuple(Contact("base", ident, 0.0) for ident in body.touched) if "contacts" in asked else (),
        None if body.held is None else body.held.id,
        _heard(world, agent.id) if "heard" in asked else (),
    )


def _primitives(world: RoomWorld, agent: str, limits: Limits) -> Primitives:
    """What an agent's cameras may see: everything but the agent itself."""
    others = [body for name, body in world.bodies.items() if name != agent]
    return join(
        [wall_primitives(world.scene), thing_primitives(things_of(world)), robot_primitives(others, limits)]
    )


def _take(
    world: RoomWorld, body: RoomBody, eye: Eye, prims: Primitives
) -> Tuple[Frame, Optional[SemanticImage]]:
    """One picture; what the camera does not sense is zeros."""
    camera, pose = _place(body, eye.spec)
    picture = render(prims, eye.lens, camera, shell_of(world.scene))
    asked = eye.spec.pictures
    rgb = picture.rgb if "rgb" in asked else np.zeros_like(picture.rgb)
    depth = picture.depth_m if "depth" in asked else np.zeros_like(picture.depth_m)
    frame = Frame(rgb, depth, intrinsics_of(eye.lens), pose)
    return frame, SemanticImage(picture.semantic) if "semantic" in asked else None


def _place(body: RoomBody, spec: CameraSpec) -> Tuple[Camera, Pose]:
    """Where a camera is: for the renderer, and as the pose of its optical frame."""
    mount = spec.mount
    pan, tilt = (body.pan_rad, body.tilt_rad) if spec.neck else (0.0, 0.0)
    c, s = math.cos(body.yaw_rad), math.sin(body.yaw_rad)
    x, y = body.x_m + c * mount.x_m - s * mount.y_m, body.y_m + s * mount.x_m + c * mount.y_m
    if mount.qx == 0.0 and mount.qy == 0.0 and mount.qz == 0.0:
        at = Pose2(x, y, body.yaw_rad)
        upright = camera_at((x, y, mount.z_m), body.yaw_rad + pan, -tilt)
        return upright, Pose(*camera_pose(at, mount.z_m, tilt, pan))
    turned = compose_poses(_base(body), mount)
    optical = compose_poses(turned, Pose(*camera_pose((0.0, 0.0, 0.0), 0.0, tilt, pan)))
    rotation = quaternion_to_matrix(optical[3:])
    return Camera(np.array(optical[:3]), rotation), Pose(*optical)


def _base(body: RoomBody) -> Pose:
    return Pose(body.x_m, body.y_m, 0.0, *(float(q) for q in quaternion_from_yaw(body.yaw_rad)))


def _heard(world: RoomWorld, agent: str) -> Tuple[Chat, ...]:
    """What the other agents said in the last step."""
    return tuple(Chat(said.agent, said.text, world.now_ns) for said in world.spoken if said.agent != agent)


def intrinsics_of(lens: Lens) -> Intrinsics:
    """The lens as a record."""
    return Intrinsics(lens.width, lens.height, lens.fx, lens.fy, lens.cx, lens.cy)
