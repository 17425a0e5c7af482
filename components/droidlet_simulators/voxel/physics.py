"""Upright boxes among blocks: how far they get, how they fall, and that they never get into anything solid."""

from __future__ import annotations

import math
from typing import NamedTuple, Tuple

from droidlet_simulators.voxel.grid import Blocks
from droidlet_simulators.voxel.looks import LIQUID, SOLID

GRAVITY_M_S2 = 32.0
JUMP_M_S = 8.4
FASTEST_FALL_M_S = 60.0
SINK_M_S = 2.0
SWIM_M_S = 4.0
STEP_UP_M = 1.0
SUBSTEP_S = 0.05
_EPS = 1e-7
_CLOSE = 1e-6


class Shape(NamedTuple):
    """A body's box."""

    half: float
    height: float


class Moving(NamedTuple):
    """A body under way: the middle of its feet, native; how fast it rises; what it met."""

    x: float
    y: float
    z: float
    rise_m_s: float = 0.0
    on_ground: bool = False
    collided: bool = False


def fits(blocks: Blocks, x: float, y: float, z: float, shape: Shape) -> bool:
    """Whether a body at a place is in nothing solid."""
    h = shape.half - _EPS
    for cx in range(math.floor(x - h), math.floor(x + h) + 1):
        for cy in range(math.floor(y + _EPS), math.floor(y + shape.height - _EPS) + 1):
            for cz in range(math.floor(z - h), math.floor(z + h) + 1):
                if SOLID[blocks.get(cx, cy, cz)]:
                    return False
    return True


def _spans(at: Moving, shape: Shape) -> Tuple[Tuple[float, float], ...]:
    return (
        (at.x - shape.half, at.x + shape.half),
        (at.y, at.y + shape.height),
        (at.z - shape.half, at.z + shape.half),
    )


def _blocked(blocks: Blocks, axis: int, layer: int, spans: Tuple[Tuple[float, float], ...]) -> bool:
    """Whether anything solid in one layer of cells across an axis is in a body's way."""
    one, two = (i for i in range(3) if i != axis)
    for a in range(math.floor(spans[one][0] + _EPS), math.floor(spans[one][1] - _EPS) + 1):
        for b in range(math.floor(spans[two][0] + _EPS), math.floor(spans[two][1] - _EPS) + 1):
            cell = (layer, a, b) if axis == 0 else (a, layer, b) if axis == 1 else (a, b, layer)
            if SOLID[blocks.get(*cell)]:
                return True
    return False


def _reach(blocks: Blocks, at: Moving, shape: Shape, axis: int, by: float) -> float:
    """How far along an axis a body gets of a distance."""
    spans = _spans(at, shape)
    if by > 0:
        face = spans[axis][1]
        for layer in range(math.floor(face - _EPS) + 1, math.floor(face + by) + 1):
            if _blocked(blocks, axis, layer, spans):
                return max(0.0, min(by, layer - face))
    elif by < 0:
        face = spans[axis][0]
        for layer in range(math.ceil(face + _EPS) - 2, math.floor(face + by) - 1, -1):
            if layer + 1 > face + by and _blocked(blocks, axis, layer, spans):
                return min(0.0, max(by, layer + 1 - face))
    return by


def _moved(at: Moving, axis: int, by: float) -> Moving:
    if axis == 0:
        return at._replace(x=at.x + by)
    return at._replace(y=at.y + by) if axis == 1 else at._replace(z=at.z + by)


def rest_on(at: Moving, blocks: Blocks, shape: Shape) -> bool:
    """Whether a body has something solid right below."""
    return _reach(blocks, at, shape, 1, -2 * _EPS) > -_EPS


def swims(blocks: Blocks, at: Moving) -> bool:
    """Whether a body's feet are in a liquid."""
    return LIQUID[blocks.get(math.floor(at.x), math.floor(at.y + _EPS), math.floor(at.z))]


def slide(blocks: Blocks, at: Moving, shape: Shape, dx: float, dz: float) -> Moving:
    """Moves level, one axis after the other; climbs one block where that helps and there is room."""
    flat, cut = _level(blocks, at, shape, dx, dz)
    if not cut:
        return flat
    if at.on_ground:
        up = _reach(blocks, at, shape, 1, STEP_UP_M)
        high, _ = _level(blocks, at._replace(y=at.y + up), shape, dx, dz)
        gained = math.hypot(high.x - at.x, high.z - at.z) - math.hypot(flat.x - at.x, flat.z - at.z)
        if gained > _EPS:
            return high._replace(y=high.y + _reach(blocks, high, shape, 1, -STEP_UP_M))
    return flat._replace(collided=True)


def _level(blocks: Blocks, at: Moving, shape: Shape, dx: float, dz: float) -> Tuple[Moving, bool]:
    cut = False
    for axis, by in ((0, dx), (2, dz)):
        went = _reach(blocks, at, shape, axis, by)
        cut = cut or abs(went - by) > _EPS
        at = _moved(at, axis, went)
    return at, cut


def fall(blocks: Blocks, at: Moving, shape: Shape, dt_s: float) -> Moving:
    """Rises or falls for a time; sinks slowly in a liquid."""
    if at.rise_m_s <= 0.0 and rest_on(at, blocks, shape):
        return _on_top(at)._replace(rise_m_s=0.0, on_ground=True)
    rise = max(-FASTEST_FALL_M_S, at.rise_m_s - GRAVITY_M_S2 * dt_s)
    by = (at.rise_m_s + rise) / 2 * dt_s  # exact while gravity is even, so no step length jumps higher
    if swims(blocks, at):
        rise = max(rise, -SINK_M_S)
        by = max(by, -SINK_M_S * dt_s)
    went = _reach(blocks, at, shape, 1, by)
    if went == by:
        return _moved(at, 1, went)._replace(rise_m_s=rise, on_ground=False)
    landed = _moved(at, 1, went)
    return (_on_top(landed) if by < 0 else landed)._replace(rise_m_s=0.0, on_ground=by < 0)


def _on_top(at: Moving) -> Moving:
    """A body that rests, on the block's very top, so that nothing drifts."""
    level = float(round(at.y))
    return at._replace(y=level) if abs(at.y - level) < _CLOSE else at


def substeps(time_s: float) -> Tuple[int, float]:
    """How many equal parts a time is worked out in, and how long each is."""
    count = max(1, math.ceil(time_s / SUBSTEP_S - 1e-9))
    return count, time_s / count
