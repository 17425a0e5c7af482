"""From a world to what one agent senses."""

from __future__ import annotations

from typing import Dict, Tuple

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
from droidlet_simulators.room.stage import stage_of
from droidlet_simulators.room.world import RoomBody, RoomWorld


def sense(world: RoomWorld, agent: AgentSpec, eyes: Tuple[Eye, ...], limits: Limits) -> Observation:
    """The observation of one agent: its odometry, its pictures and what else it asked for."""
    body = world.bodies[agent.id]
    frames: Dict[str, Frame] = {}
    semantics: Dict[str, SemanticImage] = {}
    stage = stage_of(world, limits, agent.id)
    for eye in eyes:
        picture = eye.draw(eye.lens, [stage._replace(camera=camera_of(body, eye.spec))])[0]
        frames[eye.spec.name] = frame_of(body, eye, picture)
        if "semantic" in eye.spec.pictures:
            semantics[eye.spec.name] = SemanticImage(picture.semantic)
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


def _base(body: RoomBody) -> Pose:
    return Pose(body.x_m, body.y_m, 0.0, *(float(q) for q in quaternion_from_yaw(body.yaw_rad)))


def _heard(world: RoomWorld, agent: str) -> Tuple[Chat, ...]:
    """What the other agents said in the last step."""
    return tuple(Chat(said.agent, said.text, world.now_ns) for said in world.spoken if said.agent != agent)
