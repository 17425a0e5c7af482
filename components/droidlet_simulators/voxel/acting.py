"""What one player does within a step: its actions in turn, until the period is used up."""

from __future__ import annotations

import math
from typing import Tuple

from droidlet_schema import (
    Action,
    Chat,
    Drive,
    DropItem,
    HoldItem,
    Jump,
    Look,
    LookAtBlock,
    Move,
    PickUpItem,
    SetLook,
    Speak,
    StepBlock,
    Stop,
    Turn,
    evolve,
)
from droidlet_simulators.voxel.build import PLAYER_SHAPE
from droidlet_simulators.voxel.hands import handle
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.physics import (
    JUMP_M_S,
    SWIM_M_S,
    Moving,
    fall,
    rest_on,
    slide,
    substeps,
    swims,
)
from droidlet_simulators.voxel.stepping import step_block
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import VoxelPlayer, eye_of, house_yaw, look_towards

_UPRIGHT = math.pi / 2
_TIMELESS = (HoldItem, DropItem, PickUpItem)
USED_UP = "the step is used up"


def act(
    turn: VoxelTurn, agent: str, actions: Tuple[Action, ...], limits: VoxelLimits, period_s: float
) -> None:
    """Carries a player's actions out, then lets what is left of the period pass; gravity never rests."""
    turn.players[agent] = evolve(turn.players[agent], collided=False)
    left_s = period_s
    for action in actions:
        if _at_once(turn, agent, action, limits):
            continue
        if left_s <= 0.0:
            turn.refuse(agent, action, USED_UP)
            continue
        left_s = max(0.0, left_s - _in_time(turn, agent, action, limits, left_s))
    if left_s > 0.0:
        go(turn, agent, 0.0, 0.0, left_s)


def _at_once(turn: VoxelTurn, agent: str, action: Action, limits: VoxelLimits) -> bool:
    """Carries out what takes no time; whether it was such an action."""
    player = turn.players[agent]
    if isinstance(action, Look):
        pan = _clip(action.pan_rad, limits.pan_rad)
        turn.players[agent] = evolve(player, pan_rad=pan, tilt_rad=_clip(action.tilt_rad, _UPRIGHT))
    elif isinstance(action, SetLook):
        turn.players[agent] = _facing(player, action.yaw_rad, action.pitch_rad)
    elif isinstance(action, LookAtBlock):
        target = (action.x + 0.5, action.y + 0.5, action.z + 0.5)
        turn.players[agent] = _facing(player, *look_towards(eye_of(player), target))
    elif isinstance(action, Speak):
        turn.spoken.append(Chat(agent, action.text, turn.world.now_ns))
    elif isinstance(action, Jump):
        _jump(turn, agent, action)
    elif isinstance(action, _TIMELESS):
        handle(turn, agent, action, limits.reach_m)
    else:
        return False
    return True


def _facing(player: VoxelPlayer, yaw_rad: float, pitch_rad: float) -> VoxelPlayer:
    return evolve(player, yaw_rad=house_yaw(yaw_rad), pan_rad=0.0, tilt_rad=_clip(pitch_rad, _UPRIGHT))


def _clip(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _jump(turn: VoxelTurn, agent: str, action: Jump) -> None:
    player = turn.players[agent]
    if player.flying:
        turn.refuse(agent, action, "it flies")
    elif swims(turn.blocks, moving_of(player)):
        turn.players[agent] = evolve(player, rise_m_s=SWIM_M_S, on_ground=False)
    elif player.on_ground:
        turn.players[agent] = evolve(player, rise_m_s=JUMP_M_S, on_ground=False)
    else:
        turn.refuse(agent, action, "it is in the air")


def _in_time(turn: VoxelTurn, agent: str, action: Action, limits: VoxelLimits, left_s: float) -> float:
    """Carries out what takes time; how much of what is left it took, in seconds."""
    if isinstance(action, Drive):
        speed = _clip(action.forward_m_s, limits.walk_m_s)
        go(turn, agent, speed, _clip(action.turn_rad_s, limits.turn_rad_s), left_s)
        return left_s
    if isinstance(action, Move):
        far = _clip(action.distance_m, limits.walk_m_s * left_s)
        used_s = abs(far) / limits.walk_m_s
        if used_s > 0.0:
            go(turn, agent, math.copysign(limits.walk_m_s, far), 0.0, used_s)
        return used_s
    if isinstance(action, Turn):
        angle = _clip(action.angle_rad, limits.turn_rad_s * left_s)
        used_s = abs(angle) / limits.turn_rad_s
        if used_s > 0.0:
            go(turn, agent, 0.0, math.copysign(limits.turn_rad_s, angle), used_s)
        return used_s
    if isinstance(action, StepBlock):
        step_block(turn, agent, action)
    elif not isinstance(action, Stop):
        handle(turn, agent, action, limits.reach_m)  # type: ignore[arg-type]
    go(turn, agent, 0.0, 0.0, left_s)
    return left_s


def moving_of(player: VoxelPlayer) -> Moving:
    """A player's body as physics moves it."""
    return Moving(player.x, player.y, player.z, player.rise_m_s, player.on_ground)


def go(turn: VoxelTurn, agent: str, forward_m_s: float, turn_rad_s: float, time_s: float) -> None:
    """Walks and turns for a time; falls unless the player flies."""
    player, blocks = turn.players[agent], turn.blocks
    at, yaw, collided = moving_of(player), player.yaw_rad, player.collided
    if forward_m_s == 0.0 and at.on_ground and at.rise_m_s == 0.0 and rest_on(at, blocks, PLAYER_SHAPE):
        yaw = math.remainder(yaw + turn_rad_s * time_s, 2 * math.pi) if turn_rad_s else yaw
        turn.players[agent] = evolve(player, yaw_rad=yaw)
        return
    count, dt_s = substeps(time_s)
    for _ in range(count):
        heading = yaw + turn_rad_s * dt_s / 2
        yaw += turn_rad_s * dt_s
        if forward_m_s != 0.0:
            ahead = forward_m_s * dt_s
            at = slide(blocks, at, PLAYER_SHAPE, ahead * math.cos(heading), -ahead * math.sin(heading))
            collided = collided or at.collided
        at = at._replace(rise_m_s=0.0) if player.flying else fall(blocks, at, PLAYER_SHAPE, dt_s)
    yaw = math.remainder(yaw, 2 * math.pi) if turn_rad_s else player.yaw_rad
    turn.players[agent] = evolve(
        player,
        x=at.x,
        y=at.y,
        z=at.z,
        yaw_rad=yaw,
        rise_m_s=at.rise_m_s,
        on_ground=at.on_ground and not player.flying,
        collided=collided,
    )
