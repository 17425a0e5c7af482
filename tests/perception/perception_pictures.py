"""Pictures of boxes in a room, drawn by the slab method: truth for perception that no simulator is needed for."""

from __future__ import annotations

import math
from typing import NamedTuple, Sequence, Tuple

import numpy as np

from droidlet_geometry import camera_pose, quaternion_to_matrix
from droidlet_schema import Frame, Intrinsics, Pose

Triple = Tuple[float, float, float]
LIGHT = np.array([0.36, 0.48, 0.8])
WALLS, FLOOR, CEILING = (200, 205, 190), (150, 120, 90), (230, 230, 225)


class Block(NamedTuple):
    """An upright box, turned about z."""

    centre: Triple
    size: Triple
    rgb: Tuple[int, int, int]
    yaw: float = 0.0


def lens(size: int = 96, fov: float = math.radians(80)) -> Intrinsics:
    focal = size / (2 * math.tan(fov / 2))
    return Intrinsics(size, size, focal, focal, size / 2, size / 2)


def picture(
    blocks: Sequence[Block],
    at: Tuple[float, float, float] = (0.0, 0.0, 0.0),
    tilt: float = -0.3,
    room: Tuple[float, float] = (4.0, 4.0),
    size: int = 96,
    height_m: float = 1.1,
) -> Frame:
    """What a camera over (x, y), looking along yaw, sees in a room that spans -room to +room."""
    intrinsics = lens(size)
    pose = Pose(*camera_pose(at, height_m, tilt))
    matrix = quaternion_to_matrix(np.array([pose.qw, pose.qx, pose.qy, pose.qz]))
    u = (np.arange(size) + 0.5 - intrinsics.cx_px) / intrinsics.fx_px
    v = (np.arange(size) + 0.5 - intrinsics.cy_px) / intrinsics.fy_px
    rays = np.stack(np.broadcast_arrays(u[None], v[:, None], 1.0), axis=-1) @ matrix.T
    eye = np.array([pose.x_m, pose.y_m, pose.z_m])
    depth, rgb = _room(rays, eye, room)
    for block in blocks:
        _draw(block, rays, eye, depth, rgb)
    return Frame(np.clip(rgb + 0.5, 0, 255).astype(np.uint8), depth.astype(np.float32), intrinsics, pose)


def _shade(normal: np.ndarray) -> np.ndarray:
    return 0.65 + 0.35 * np.maximum(0.0, normal @ LIGHT)


def _room(rays: np.ndarray, eye: np.ndarray, room: Tuple[float, float]) -> Tuple[np.ndarray, np.ndarray]:
    low, high = np.array([-room[0], -room[1], 0.0]), np.array([room[0], room[1], 2.6])
    safe = np.where(np.abs(rays) < 1e-12, 1e-12, rays)
    exits = np.maximum((low - eye) / safe, (high - eye) / safe)
    axis = exits.argmin(axis=-1)
    depth = exits.min(axis=-1)
    normal = -np.eye(3)[axis] * np.sign(np.take_along_axis(rays, axis[..., None], -1))
    base = np.where((axis == 2)[..., None], np.where((normal[..., 2:] > 0), FLOOR, CEILING), WALLS)
    return depth, base * _shade(normal)[..., None]


def _draw(block: Block, rays: np.ndarray, eye: np.ndarray, depth: np.ndarray, rgb: np.ndarray) -> None:
    c, s = math.cos(block.yaw), math.sin(block.yaw)
    turn = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])
    local, start = rays @ turn.T, turn @ (eye - block.centre)
    safe = np.where(np.abs(local) < 1e-12, 1e-12, local)
    half = np.array(block.size) / 2
    one, two = (-half - start) / safe, (half - start) / safe
    near, far = np.minimum(one, two), np.maximum(one, two)
    enter, axis = near.max(axis=-1), near.argmax(axis=-1)
    hit = (enter < far.min(axis=-1)) & (enter > 0) & (enter < depth)
    normal = -np.eye(3)[axis] * np.sign(np.take_along_axis(local, axis[..., None], -1))
    depth[hit] = enter[hit]
    rgb[hit] = (np.array(block.rgb) * _shade(normal @ turn)[..., None])[hit]


RED, BLUE, GREEN, YELLOW, BLACK = (209, 26, 26), (31, 61, 209), (31, 158, 46), (240, 214, 26), (18, 18, 18)


def crate(x: float, y: float, rgb: Tuple[int, int, int] = RED, yaw: float = 0.0) -> Block:
    """A box of the household's own size, on the floor."""
    return Block((x, y, 0.16), (0.40, 0.50, 0.32), rgb, yaw)


def cabinet(x: float, y: float, rgb: Tuple[int, int, int] = BLUE, yaw: float = 0.0) -> Block:
    return Block((x, y, 0.40), (0.50, 0.90, 0.80), rgb, yaw)


def table(x: float, y: float, rgb: Tuple[int, int, int] = GREEN) -> Tuple[Block, ...]:
    """A top on four legs."""
    legs = [
        Block((x + i * 0.345, y + j * 0.645, 0.34), (0.07, 0.07, 0.68), rgb) for i in (-1, 1) for j in (-1, 1)
    ]
    return (Block((x, y, 0.71), (0.80, 1.40, 0.06), rgb), *legs)
