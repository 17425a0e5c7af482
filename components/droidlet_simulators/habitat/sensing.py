"""From what Habitat drew to what the agents sense, and the truth about things."""

from __future__ import annotations

import math
from typing import Dict, Tuple

import numpy as np

from droidlet_geometry import quaternion_from_yaw, quaternion_to_matrix, yaw_of_quaternion
from droidlet_schema import (
    Chat,
    Frame,
    FrozenMap,
    JointState,
    Observation,
    Pose,
    Pose2,
    SceneObject,
    SemanticImage,
    evolve,
)
from droidlet_simulators.contract import AgentSpec, Observations
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.eyes import take
from droidlet_simulators.habitat.values import HabitatAgent, HabitatRigid, HabitatWorld

_TILTED = 1e-4


def sense(engine: Engine, world: HabitatWorld) -> Observations:
    """What each agent senses in a world that the engine holds."""
    drawn = engine.draw(world)
    shown = np.array([_shown(rigid.thing) for rigid in world.rigids], np.int64)
    seen: Dict[str, Observation] = {}
    for agent in engine.build.settings.agents:
        frames: Dict[str, Frame] = {}
        semantics: Dict[str, SemanticImage] = {}
        native, poses = drawn[agent.id]
        for eye, pose in zip(engine.eyes[agent.id], poses):
            frames[eye.spec.name], semantic = take(eye, native, pose, shown)
            if semantic is not None:
                semantics[eye.spec.name] = semantic
        seen[agent.id] = _observation(world, agent, frames, semantics)
    return FrozenMap(seen)


def _shown(thing: SceneObject) -> int:
    return thing.id if thing.semantic_id is None else thing.semantic_id


def _observation(
    world: HabitatWorld, agent: AgentSpec, frames: Dict[str, Frame], semantics: Dict[str, SemanticImage]
) -> Observation:
    body = world.agents[agent.id]
    parts = {"base": _base(body), **{name: frame.camera for name, frame in frames.items()}}
    neck = {"pan": JointState(body.pan_rad, 0.0), "tilt": JointState(body.tilt_rad, 0.0)}
    return Observation(
        world.now_ns,
        Pose2(body.x_m, body.y_m, body.yaw_rad),
        body.collided,
        FrozenMap(frames),
        FrozenMap(semantics),
        poses=FrozenMap(parts) if "poses" in agent.senses else FrozenMap(),
        joints=FrozenMap(neck) if "joints" in agent.senses else FrozenMap(),
        heard=_heard(world, agent.id) if "heard" in agent.senses else (),
    )


def _base(body: HabitatAgent) -> Pose:
    return Pose(body.x_m, body.y_m, body.z_m, *(float(q) for q in quaternion_from_yaw(body.yaw_rad)))


def _heard(world: HabitatWorld, agent: str) -> Tuple[Chat, ...]:
    return tuple(Chat(said.agent, said.text, world.now_ns) for said in world.spoken if said.agent != agent)


def things_of(world: HabitatWorld) -> Tuple[SceneObject, ...]:
    """Everything where it is now, by id."""
    things = [_thing(rigid) for rigid in world.rigids] + [joints.thing for joints in world.articulated]
    return tuple(sorted(things, key=lambda thing: thing.id))


def _thing(rigid: HabitatRigid) -> SceneObject:
    """A thing where it is; one that has fallen over by the upright box around it."""
    if rigid.motion == "static":
        return rigid.thing
    pose = rigid.pose
    turn = [pose.qw, pose.qx, pose.qy, pose.qz]
    at = {"x_m": pose.x_m, "y_m": pose.y_m, "z_m": pose.z_m}
    if math.hypot(pose.qx, pose.qy) <= _TILTED:
        return evolve(rigid.thing, yaw_rad=float(yaw_of_quaternion(turn)), **at)
    x, y, z = (np.abs(quaternion_to_matrix(np.array(turn))) @ np.array(rigid.thing.size_m)).tolist()
    return evolve(rigid.thing, yaw_rad=0.0, size_m=(x, y, z), **at)
