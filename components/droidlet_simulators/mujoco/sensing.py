"""From a world to what each agent senses."""

from __future__ import annotations

import math
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_geometry import pose_from_matrix, quaternion_to_matrix
from droidlet_schema import (
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
from droidlet_schema.making import maker
from droidlet_simulators.cameras import intrinsics_of, mounted
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.mujoco import arm
from droidlet_simulators.mujoco.indices import Numbers, RobotIndex
from droidlet_simulators.mujoco.model import NO_OBJECT, Compiled
from droidlet_simulators.mujoco.rays import Picture, Place
from droidlet_simulators.mujoco.world import MujocoWorld

_ORIGIN = Pose2(0.0, 0.0, 0.0)
_NONE = Observation(0, _ORIGIN, False, FrozenMap())
_observation, _pose2, _joint = maker(Observation), maker(Pose2), maker(JointState)
Draw = Callable[[Compiled, RobotIndex, Intrinsics, Place, Sequence[str]], Picture]


def needs(agents: Tuple[AgentSpec, ...]) -> Tuple[bool, bool]:
    """Whether bodies' places and whether contact forces have to be worked out for what agents sense."""
    places = any(agent.cameras or "poses" in agent.senses for agent in agents)
    return places, any("contacts" in agent.senses for agent in agents)


def sense(
    compiled: Compiled, numbers: Numbers, world: MujocoWorld, agent: AgentSpec, draw: Draw
) -> Observation:
    """What one agent senses; `numbers` are the world's, worked out as far as `needs` says."""
    robot, wanted = compiled.robots[agent.id], agent.senses
    frames, semantics, poses, joints = _NONE.frames, _NONE.semantics, _NONE.poses, _NONE.joints
    cameras: Dict[str, Place] = {}
    if agent.cameras:
        cameras = {camera.name: place_of(compiled, robot, camera) for camera in agent.cameras}
        frames, semantics = _pictures(compiled, robot, agent, cameras, draw)
    if "poses" in wanted:
        poses = _poses(compiled, robot, cameras)
    if "joints" in wanted:
        joints = _joints(numbers, robot)
    touched, held = _contacts(compiled, robot) if "contacts" in wanted else ((), None)
    heard = world.spoken and "heard" in wanted
    return _observation(
        world.now_ns,
        _stance(numbers, robot),
        world.bodies[agent.id].collided,
        frames,
        semantics,
        poses,
        joints,
        touched,
        held,
        tuple(said for said in world.spoken if said.speaker != agent.id) if heard else (),
        None,
    )


def _stance(numbers: Numbers, robot: RobotIndex) -> Pose2:
    qpos, at = numbers.qpos, robot.qpos
    qw, qx, qy, qz = qpos[at + 3], qpos[at + 4], qpos[at + 5], qpos[at + 6]
    yaw = math.atan2(2 * (qw * qz + qx * qy), 1 - 2 * (qy * qy + qz * qz))
    return _pose2(qpos[at], qpos[at + 1], yaw)


def place_of(compiled: Compiled, robot: RobotIndex, camera: CameraSpec) -> Place:
    """Position (3,) and rotation (3, 3) of a camera's optical frame in the world."""
    qpos = compiled.eyes.qpos
    base = qpos[robot.qpos : robot.qpos + 7]
    turn = quaternion_to_matrix(base[3:])
    pan, tilt = (float(qpos[robot.joints[name].qpos]) for name in ("pan", "tilt"))
    position, rotation = mounted(camera, _ORIGIN, pan, tilt)
    return base[:3] + turn @ position, turn @ rotation


def _pictures(
    compiled: Compiled, robot: RobotIndex, agent: AgentSpec, cameras: Dict[str, Place], draw: Draw
) -> Tuple[FrozenMap[str, Frame], FrozenMap[str, SemanticImage]]:
    frames: Dict[str, Frame] = {}
    semantics: Dict[str, SemanticImage] = {}
    for camera in agent.cameras:
        if not camera.pictures:
            continue
        intrinsics = intrinsics_of(camera)
        picture = draw(compiled, robot, intrinsics, cameras[camera.name], camera.pictures)
        if {"rgb", "depth"} & set(camera.pictures):
            pose = _pose(*cameras[camera.name])
            frames[camera.name] = Frame(picture.rgb, picture.depth_m, intrinsics, pose)
        if "semantic" in camera.pictures:
            semantics[camera.name] = SemanticImage(picture.semantic)
    return FrozenMap(frames), FrozenMap(semantics)


def _pose(position: np.ndarray, rotation: np.ndarray) -> Pose:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, position
    return Pose(*pose_from_matrix(matrix))


def _poses(compiled: Compiled, robot: RobotIndex, cameras: Dict[str, Place]) -> FrozenMap[str, Pose]:
    eyes = compiled.eyes
    found = {name: _pose(*place) for name, place in cameras.items()}
    found["base"] = _pose(eyes.xpos[robot.base], eyes.xmat[robot.base].reshape(3, 3))
    if robot.arm >= 0:
        found["arm"] = _pose(eyes.xpos[robot.arm], eyes.xmat[robot.arm].reshape(3, 3))
        found["gripper"] = _pose(eyes.site_xpos[robot.gripper], eyes.site_xmat[robot.gripper].reshape(3, 3))
    return FrozenMap(found)


def _joints(numbers: Numbers, robot: RobotIndex) -> FrozenMap[str, JointState]:
    qpos, qvel = numbers.qpos, numbers.qvel
    return FrozenMap({name: _joint(qpos[at.qpos], qvel[at.dof]) for name, at in robot.joints.items()})


def _contacts(compiled: Compiled, robot: RobotIndex) -> Tuple[Tuple[Contact, ...], Optional[int]]:
    """The robot's touches, forces summed per part and object, and what both fingers touch."""
    forces: Dict[Tuple[str, int], float] = {}
    number = list(compiled.robots).index(robot.agent)
    wrench = np.zeros(6)
    for index, contact in enumerate(compiled.eyes.contact):
        pair = (int(contact.geom1), int(contact.geom2))
        for own, other in (pair, pair[::-1]):
            if compiled.agent_of[own] != number or compiled.agent_of[other] == number:
                continue
            compiled.mujoco.mj_contactForce(compiled.model, compiled.eyes, index, wrench)
            key = (compiled.part_of[own], int(compiled.object_of[other]))
            forces[key] = forces.get(key, 0.0) + float(wrench[0])
    made: List[Contact] = []
    for (part, thing), force in sorted(forces.items()):
        ident = None if thing == NO_OBJECT else compiled.things[thing].thing.id
        made.append(Contact(part, ident, force))
    left, right = ({c.object_id for c in made if c.part == name} for name in arm.FINGERS)
    held = sorted(ident for ident in left & right if ident is not None)
    return tuple(made), held[0] if held else None
