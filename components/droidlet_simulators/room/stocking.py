"""Small things on the boards of shelves and inside containers."""

from __future__ import annotations

import math
from typing import List, Optional, Sequence

import numpy as np

from droidlet_schema import SceneObject, evolve
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.solids import Solid, bounding_solid, hit, holds, part_solids
from droidlet_simulators.room.wishes import Wish

_TRIES = 30
_THIN_M = 0.06
_HIGHEST_M = 1.35
_APART_M = 0.02
HOLDERS = ("chest", "cupboard", "fridge", "shelf")


def stock(
    wishes: Sequence[Wish], things: List[SceneObject], first_id: int, rng: np.random.Generator
) -> List[SceneObject]:
    """The wished for things that found a board in one of the holders among the things, which stay as they are."""
    found: List[SceneObject] = []
    holders = [thing for thing in things if thing.class_name in HOLDERS]
    for number, wish in enumerate(wishes):
        order = [holders[(number + i) % len(holders)] for i in range(len(holders))]  # each gets its share
        for holder in order:
            thing = _put_in(wish, holder, first_id + len(found), found, rng)
            if thing is not None:
                found.append(thing)
                break
    return found


def _put_in(
    wish: Wish, holder: SceneObject, ident: int, others: Sequence[SceneObject], rng: np.random.Generator
) -> Optional[SceneObject]:
    solids = part_solids(holder)
    boards = [s for s in solids if s.high_m - s.low_m < _THIN_M and s.high_m <= _HIGHEST_M and s.flat]
    boards = [s for s in boards if s.high_m < holder.z_m + holder.size_m[2] / 2 - 1e-6]
    around = [*solids, *(bounding_solid(other) for other in others)]
    for _ in range(_TRIES):
        thing = _on_board(wish, boards[int(rng.integers(len(boards)))], ident, rng)
        solid = bounding_solid(thing)
        fits = any(abs(b.high_m - solid.low_m) < 1e-6 and holds(b.row, solid.row) for b in boards)
        if fits and hit(solid, around, _APART_M) is None:
            return thing
    return None


def _on_board(wish: Wish, board: Solid, ident: int, rng: np.random.Generator) -> SceneObject:
    """The thing somewhere on a board, turned as the board is."""
    size = tuple(round(s * wish.scale, 4) for s in KINDS[wish.name].size_m)
    x, y, deep, wide, yaw, _ = board.row
    u, v = (float(rng.uniform(-1.0, 1.0)) * half for half in (deep, wide))
    c, s = math.cos(yaw), math.sin(yaw)
    place = (x + c * u - s * v, y + s * u + c * v, board.high_m + size[2] / 2, yaw)
    thing = SceneObject(ident, wish.name, wish.colour, *place, (size[0], size[1], size[2]))
    return evolve(thing, x_m=round(thing.x_m, 4), y_m=round(thing.y_m, 4))
