"""One block along an axis: how block worlds' players are told to go."""

from __future__ import annotations

import math
from typing import Tuple

from droidlet_schema import StepBlock, evolve
from droidlet_simulators.voxel.build import PLAYER_SHAPE
from droidlet_simulators.voxel.physics import Moving, fits, rest_on
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import VoxelPlayer

_AXES = {"+x": (1, 0), "-x": (-1, 0), "+z": (0, 1), "-z": (0, -1)}
_LEFT_TURNS = {"forward": 0, "left": 1, "back": 2, "right": 3}


def step_block(turn: VoxelTurn, agent: str, action: StepBlock) -> None:
    """Takes a player one block on, to the middle of that cell, or notes why not."""
    if action.direction == "+y":
        reason = _rise(turn, agent)
    elif action.direction == "-y":
        reason = _sink(turn, agent)
    else:
        reason = _aside(turn, agent, *_axis(turn.players[agent], action.direction))
    if reason:
        turn.refuse(agent, action, reason)


def _axis(player: VoxelPlayer, direction: str) -> Tuple[int, int]:
    """Which way along X and Z: the axis nearest to what was said."""
    if direction in _AXES:
        return _AXES[direction]
    yaw = player.yaw_rad + player.pan_rad + _LEFT_TURNS[direction] * math.pi / 2
    quarter = round(yaw / (math.pi / 2)) % 4
    return ((1, 0), (0, -1), (-1, 0), (0, 1))[quarter]


def _aside(turn: VoxelTurn, agent: str, dx: int, dz: int) -> str:
    player = turn.players[agent]
    x, z = math.floor(player.x) + dx + 0.5, math.floor(player.z) + dz + 0.5
    if fits(turn.blocks, x, player.y, z, PLAYER_SHAPE):
        turn.players[agent] = evolve(player, x=x, z=z)
        return ""
    up = player.y + 1.0
    climbs = player.on_ground and fits(turn.blocks, player.x, up, player.z, PLAYER_SHAPE)
    if climbs and fits(turn.blocks, x, up, z, PLAYER_SHAPE):
        turn.players[agent] = evolve(player, x=x, y=up, z=z)
        return ""
    turn.players[agent] = evolve(player, collided=True)
    return "a block is in the way"


def _rise(turn: VoxelTurn, agent: str) -> str:
    player = turn.players[agent]
    if not player.creative:
        return "only creative players fly; Jump jumps"
    y = math.floor(player.y) + 1.0
    if not fits(turn.blocks, player.x, y, player.z, PLAYER_SHAPE):
        turn.players[agent] = evolve(player, collided=True)
        return "a block is above"
    turn.players[agent] = evolve(player, y=y, rise_m_s=0.0, on_ground=False, flying=True)
    return ""


def _sink(turn: VoxelTurn, agent: str) -> str:
    player = turn.players[agent]
    if not player.flying:
        return "it does not fly"
    y = math.ceil(player.y) - 1.0
    if fits(turn.blocks, player.x, y, player.z, PLAYER_SHAPE):
        player = evolve(player, y=y)
    landed = rest_on(Moving(player.x, player.y, player.z), turn.blocks, PLAYER_SHAPE)
    turn.players[agent] = evolve(player, flying=not landed, on_ground=landed)
    return ""
