"""From a world to what one agent senses."""

from __future__ import annotations

from typing import Mapping, Sequence, Tuple

from droidlet_geometry import quaternion_from_yaw
from droidlet_schema import (
    Chat,
    Contact,
    Frame,
    FrozenMap,
    JointState,
    Observation,
    Pose,
    Pose2,
    SemanticImage,
)
from droidlet_simulators.contract import AgentSpec
from droidlet_simulators.room.eyes import Eye as Eye
from droidlet_simulators.room.eyes import camera_of, frame_of
from droidlet_simulators.room.eyes import make_eyes as make_eyes
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.render import Picture
from droidlet_simulators.room.stage import stage_of
from droidlet_simulators.room.world import RoomBody, RoomWorld


def sense(world: RoomWorld, agent: AgentSpec, eyes: Tuple[Eye, ...], limits: Limits) -> Observation:
    """The observation of one agent: its odometry, its pictures and what else it asked for."""
    body = world.bodies[agent.id]
    stage = stage_of(world, limits, agent.id) if eyes else None
    pictures = [
        eye.draw(eye.lens, [stage._replace(camera=camera_of(body, eye.spec))], eye.spec.pictures)[0]
        for eye in eyes
        if stage is not None
    ]
    return observation_of(world, agent, eyes, pictures)


def observation_of(
    world: RoomWorld, agent: AgentSpec, eyes: Tuple[Eye, ...], pictures: Sequence[Picture]
) -> Observation:
    """The observation of one agent whose cameras took these pictures."""
    body, asked = world.bodies[agent.id], agent.senses
    frames = {eye.spec.name: frame_of(body, eye, picture) for eye, picture in zip(eyes, pictures)}
    semantics = {
        eye.spec.name: SemanticImage(picture.semantic)
        for eye, picture in zip(eyes, pictures)
        if "semantic" in eye.spec.pictures
    }
    return Observation(
        world.now_ns,
        Pose2(body.x_m, body.y_m, body.yaw_rad),
        body.collided,
        FrozenMap(frames),
        FrozenMap(semantics),
        _poses(body, frames) if "poses" in asked else FrozenMap(),
        _neck(body) if "joints" in asked else FrozenMap(),
        tuple(Contact("base", ident, 0.0) for ident in body.touched) if "contacts" in asked else (),
        None if body.held is None else body.held.id,
        _heard(world, agent.id) if "heard" in asked else (),
    )


def _poses(body: RoomBody, frames: Mapping[str, Frame]) -> FrozenMap[str, Pose]:
    base = Pose(body.x_m, body.y_m, 0.0, *(float(q) for q in quaternion_from_yaw(body.yaw_rad)))
    return FrozenMap({"base": base, **{name: frame.camera for name, frame in frames.items()}})


def _neck(body: RoomBody) -> FrozenMap[str, JointState]:
    return FrozenMap({"pan": JointState(body.pan_rad, 0.0), "tilt": JointState(body.tilt_rad, 0.0)})


def _heard(world: RoomWorld, agent: str) -> Tuple[Chat, ...]:
    """What the other agents said in the last step."""
    return tuple(Chat(said.agent, said.text, world.now_ns) for said in world.spoken if said.agent != agent)
