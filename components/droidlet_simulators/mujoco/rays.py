"""Pictures by casting one ray per pixel: no GL, no system library, every camera model."""

from __future__ import annotations

import functools
from typing import NamedTuple, Sequence, Tuple

import numpy as np

from droidlet_schema import Intrinsics
from droidlet_simulators.cameras import picture_rays
from droidlet_simulators.mujoco.indices import RobotIndex
from droidlet_simulators.mujoco.model import Compiled
from droidlet_simulators.scene import Lighting

_GROUPS = np.array([1, 1, 1, 0, 0, 0], np.uint8)
_UNSEEN_GROUP = 5
_FAR_M = 1e10


class Picture(NamedTuple):
    """What a camera sees."""

    rgb: np.ndarray  # (H, W, 3) uint8
    depth_m: np.ndarray  # (H, W) float32, 0 = no return
    semantic: np.ndarray  # (H, W) int32


Place = Tuple[np.ndarray, np.ndarray]
"""Position (3,) and rotation (3, 3) of a camera's optical frame in the world."""


def blank(intrinsics: Intrinsics) -> Picture:
    """What a camera sees that senses nothing."""
    size = (intrinsics.height, intrinsics.width)
    return Picture(np.zeros((*size, 3), np.uint8), np.zeros(size, np.float32), np.zeros(size, np.int32))


class Bundle(NamedTuple):
    """A camera's rays in its own frame, one row per pixel that looks anywhere."""

    origins: np.ndarray  # (N, 3) m
    directions: np.ndarray  # (N, 3); depth 1 lies at their ends
    pixels: np.ndarray  # (N,) numbers of the pixels


@functools.lru_cache(maxsize=32)
def bundle_of(intrinsics: Intrinsics) -> Bundle:
    """The rays of a picture; made once per camera."""
    origins, directions = (part.reshape(-1, 3) for part in picture_rays(intrinsics))
    pixels = np.flatnonzero(np.isfinite(directions).all(axis=1))
    bundle = Bundle(origins[pixels], directions[pixels], pixels)
    for column in bundle:
        column.flags.writeable = False
    return bundle


def cast(
    compiled: Compiled,
    robot: RobotIndex,
    intrinsics: Intrinsics,
    place: Place,
    pictures: Sequence[str],
    lighting: Lighting,
) -> Picture:
    """What is asked for of a camera's picture of what `eyes` holds; the rest is 0.

    Lambert's light, as in the room; the robot's own base and head are not in its way.
    """
    position, rotation = place
    bundle = bundle_of(intrinsics)
    rays = _turned(bundle.directions, rotation)
    groups = np.array(compiled.model.geom_group[robot.own_geoms])
    compiled.model.geom_group[robot.own_geoms] = _UNSEEN_GROUP
    try:
        if intrinsics.model == "orthographic":
            hit = _parallel(compiled, _turned(bundle.origins, rotation) + position, rays)
        else:
            hit = _from_one_point(compiled, position, rays)
    finally:
        compiled.model.geom_group[robot.own_geoms] = groups
    picture = blank(intrinsics)
    geoms, depth, normals = hit
    if "rgb" in pictures:
        shades = _shades(normals, lighting)
        colours = np.minimum(compiled.colours[geoms] * shades[:, None] + np.float32(0.5), 255)
        picture.rgb.reshape(-1, 3)[bundle.pixels] = colours
    if "depth" in pictures:
        picture.depth_m.reshape(-1)[bundle.pixels] = np.where(geoms < 0, 0.0, depth)
    if "semantic" in pictures:
        picture.semantic.reshape(-1)[bundle.pixels] = compiled.shown_id[geoms]
    return picture


Hits = Tuple[np.ndarray, np.ndarray, np.ndarray]
"""Geoms (N,), -1 for none, how often the ray's direction fits in between (N,), and normals (N, 3)."""


def _turned(vectors: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Vectors (N, 3) in the world; elementwise, so that the bits depend on no library's threads."""
    x, y, z = vectors[:, 0:1], vectors[:, 1:2], vectors[:, 2:3]
    return np.asarray(x * rotation[:, 0] + y * rotation[:, 1] + z * rotation[:, 2])


def _from_one_point(compiled: Compiled, position: np.ndarray, rays: np.ndarray) -> Hits:
    count = len(rays)
    geoms, depth, normals = np.full(count, -1, np.int32), np.empty(count), np.zeros(3 * count)
    compiled.mujoco.mj_multiRay(
        compiled.model, compiled.eyes, position, rays.reshape(-1), _GROUPS, True, -1, geoms, depth, normals,
        count, _FAR_M,
    )  # fmt: skip
    return geoms, depth, normals.reshape(-1, 3)


def _parallel(compiled: Compiled, origins: np.ndarray, rays: np.ndarray) -> Hits:
    """One call per ray: they begin at different points."""
    count = len(rays)
    geoms, depth, normals = np.full(count, -1, np.int32), np.empty(count), np.zeros((count, 3))
    geom, normal = np.zeros(1, np.int32), np.zeros(3)
    for row in range(count):
        depth[row] = compiled.mujoco.mj_ray(
            compiled.model, compiled.eyes, origins[row], rays[row], _GROUPS, True, -1, geom, normal
        )
        geoms[row], normals[row] = geom[0], normal
    return geoms, depth, normals


def _shades(normals: np.ndarray, lighting: Lighting) -> np.ndarray:
    """How bright surfaces with normals (N, 3) are, (N,)."""
    light = lighting.direction
    lit = normals[:, 0] * light[0] + normals[:, 1] * light[1] + normals[:, 2] * light[2]
    return np.asarray(lighting.ambient + lighting.diffuse * np.maximum(lit, 0.0), np.float32)
