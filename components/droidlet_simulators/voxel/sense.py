"""From a block world to what one agent senses."""

from __future__ import annotations

import math
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import quaternion_from_yaw
from droidlet_schema import (
    BlockSenses,
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
    SensedMob,
    SensedPlayer,
    SensedStack,
    evolve,
)
from droidlet_simulators.cameras import camera_on, intrinsics_of, mounted, picture_rays
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.voxel.build import PLAYER_SHAPE
from droidlet_simulators.voxel.draw import draw, view_of
from droidlet_simulators.voxel.figures import Figure, figures_of
from droidlet_simulators.voxel.grid import Blocks, Cell, region
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.physics import fits
from droidlet_simulators.voxel.rays import Floats
from droidlet_simulators.voxel.sight import looked_at
from droidlet_simulators.voxel.world import (
    VoxelItem,
    VoxelPlayer,
    VoxelWorld,
    day_ticks,
    eye_of,
    gaze_of,
    native_yaw,
    to_house,
    to_native,
)

_TOUCH_M = 1e-3


class Eye(NamedTuple):
    """One camera of one agent, ready to be drawn with: its rays in the camera's frame."""

    spec: CameraSpec
    intrinsics: Intrinsics
    origins: Floats  # (N, 3), or (1, 3) where all begin in one point
    directions: Floats  # (N, 3), NaN where it looks nowhere


def make_eyes(agents: Sequence[AgentSpec]) -> Mapping[str, Tuple[Eye, ...]]:
    """The cameras of each agent."""
    return {agent.id: tuple(_eye(camera) for camera in agent.cameras) for agent in agents}


def _eye(spec: CameraSpec) -> Eye:
    intrinsics = intrinsics_of(spec)
    origins, directions = picture_rays(intrinsics)
    for rays in (origins, directions):
        rays.flags.writeable = False
    starts = origins.reshape(-1, 3)
    return Eye(spec, intrinsics, starts if starts.any() else starts[:1], directions.reshape(-1, 3))


def sense(world: VoxelWorld, agent: AgentSpec, eyes: Tuple[Eye, ...], limits: VoxelLimits) -> Observation:
    """The observation of one agent: its odometry, its pictures and what else it asked for."""
    player, asked = world.players[agent.id], agent.senses
    frames: Dict[str, Frame] = {}
    semantics: Dict[str, SemanticImage] = {}
    at = Pose2(*to_house(player.x, player.y, player.z)[:2], player.yaw_rad)
    base = Pose(at.x_m, at.y_m, player.y, *(float(q) for q in quaternion_from_yaw(player.yaw_rad)))
    poses = {"base": base}
    figures = figures_of(world, agent.id) if eyes else []
    for eye in eyes:
        frame, semantic = _take(world, player, eye, figures, limits)
        poses[eye.spec.name] = frame.camera
        if {"rgb", "depth"} & set(eye.spec.pictures):
            frames[eye.spec.name] = frame
        if semantic is not None:
            semantics[eye.spec.name] = semantic
    neck = {"pan": JointState(player.pan_rad, 0.0), "tilt": JointState(player.tilt_rad, 0.0)}
    return Observation(
        world.now_ns,
        at,
        player.collided,
        FrozenMap(frames),
        FrozenMap(semantics),
        FrozenMap(poses) if "poses" in asked else FrozenMap(),
        FrozenMap(neck) if "joints" in asked else FrozenMap(),
        _contacts(world, player) if "contacts" in asked else (),
        heard=_spoken_to(world, agent.id) if "heard" in asked else (),
        blocks=block_senses(world, agent.id, limits) if "blocks" in asked else None,
    )


def _take(
    world: VoxelWorld, player: VoxelPlayer, eye: Eye, figures: Sequence[Figure], limits: VoxelLimits
) -> Tuple[Frame, Optional[SemanticImage]]:
    """One picture; what the camera does not sense is zeros."""
    spec = eye.spec
    base = Pose2(*to_house(player.x, player.y, player.z)[:2], player.yaw_rad)
    position, rotation = mounted(spec, base, player.pan_rad, player.tilt_rad)
    position[2] += player.y
    origins = _native(position + eye.origins @ rotation.T)
    directions = _native(eye.directions @ rotation.T)
    place = to_native(float(position[0]), float(position[1]), float(position[2]))
    semantic = "semantic" in spec.pictures
    picture = draw(view_of(world, place, limits.sight_m, figures, semantic), origins, directions)
    shape = (spec.height, spec.width)
    rgb = picture.rgb.reshape(*shape, 3) if "rgb" in spec.pictures else np.zeros((*shape, 3), np.uint8)
    depth = picture.depth.reshape(shape) if "depth" in spec.pictures else np.zeros(shape, np.float32)
    pose = camera_on(spec, base, player.pan_rad, player.tilt_rad)
    frame = Frame(rgb, depth, eye.intrinsics, evolve(pose, z_m=pose.z_m + player.y))
    return frame, SemanticImage(picture.semantic.reshape(shape)) if semantic else None


def _native(points: Floats) -> Floats:
    """House vectors (N, 3) in native axes."""
    return np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1)


def _contacts(world: VoxelWorld, player: VoxelPlayer) -> Tuple[Contact, ...]:
    """The ground below, and what is right beside the body or above it; blocks are the building."""
    blocks = Blocks(world.chunks, world.low, world.high)
    sides = (("feet", 0.0, -_TOUCH_M, 0.0), ("head", 0.0, _TOUCH_M, 0.0))
    flat = tuple(
        ("body", dx, 0.0, dz)
        for dx, dz in ((_TOUCH_M, 0.0), (-_TOUCH_M, 0.0), (0.0, _TOUCH_M), (0.0, -_TOUCH_M))
    )
    return tuple(
        Contact(part, None, 0.0)
        for part, dx, dy, dz in (*sides, *flat)
        if not fits(blocks, player.x + dx, player.y + dy, player.z + dz, PLAYER_SHAPE)
    )


def block_senses(world: VoxelWorld, name: str, limits: VoxelLimits) -> BlockSenses:
    """What a player senses of the blocks, in native axes."""
    player, blocks = world.players[name], Blocks(world.chunks, world.low, world.high)
    low, states = _around(world, player, limits.blocks_radius)
    ids, meta = (states >> 4).astype(np.uint8), (states & 15).astype(np.uint8)
    at = (player.x, player.y, player.z)
    near = limits.sight_m
    stacks = tuple((ident, item) for ident, item in world.items.items())
    return BlockSenses(
        x=player.x,
        y=player.y,
        z=player.z,
        yaw_rad=native_yaw(player.yaw_rad + player.pan_rad),
        pitch_rad=player.tilt_rad,
        on_ground=player.on_ground,
        flying=player.flying,
        held=player.held,
        inventory=tuple(_stack(ident, one, at) for ident, one in stacks if one.holder == name),
        low=low,
        ids=ids,
        meta=meta,
        mobs=tuple(
            SensedMob(ident, mob.kind, mob.x, mob.y, mob.z, native_yaw(mob.yaw_rad))
            for ident, mob in world.mobs.items()
            if math.dist(at, (mob.x, mob.y, mob.z)) <= near
        ),
        items=tuple(
            _stack(ident, one, (one.x, one.y, one.z))
            for ident, one in stacks
            if one.holder is None and math.dist(at, (one.x, one.y, one.z)) <= near
        ),
        players=_others(world, blocks, name, near),
        changes=world.changes,
        refused=world.refused.get(name, ()),
        looks_at=looked_at(blocks, eye_of(player), gaze_of(player), near),
        day_ticks=day_ticks(world),
    )


def _around(world: VoxelWorld, player: VoxelPlayer, radius: int) -> Tuple[Cell, NDArray[np.uint16]]:
    """The states around a player, cut at the world's edge, and which cell is the first."""
    middle = (math.floor(player.x), math.floor(player.y), math.floor(player.z))
    low = [max(a, m - radius) for a, m in zip(world.low, middle)]
    high = [min(b, m + radius + 1) for b, m in zip(world.high, middle)]
    first = (low[0], low[1], low[2])
    return first, region(world.chunks, first, (high[0], high[1], high[2]))


def _stack(ident: int, one: VoxelItem, at: Tuple[float, float, float]) -> SensedStack:
    return SensedStack(ident, one.item, one.count, *at)


def _others(world: VoxelWorld, blocks: Blocks, name: str, near: float) -> Tuple[SensedPlayer, ...]:
    me = world.players[name]
    made: List[SensedPlayer] = []
    for other, player in world.players.items():
        if other == name or math.dist((me.x, me.y, me.z), (player.x, player.y, player.z)) > near:
            continue
        yaw = native_yaw(player.yaw_rad + player.pan_rad)
        seen = looked_at(blocks, eye_of(player), gaze_of(player), near)
        made.append(
            SensedPlayer(other, player.x, player.y, player.z, yaw, player.tilt_rad, player.held, seen)
        )
    return tuple(made)


def _spoken_to(world: VoxelWorld, name: str) -> Tuple[Chat, ...]:
    """What the others said in the last step."""
    return tuple(said for said in world.spoken if said.speaker != name)
