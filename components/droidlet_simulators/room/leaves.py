"""Doors and lids: where they are, and how they swing until something is in the way."""

from __future__ import annotations

import math
from typing import List, Optional, Tuple

from droidlet_schema import FrozenMap, SceneObject, evolve
from droidlet_simulators.errors import PlacementError, UnknownObject
from droidlet_simulators.room.hinges import leaf_at
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.solids import (
    Solid,
    bottom_m,
    bounding_solid,
    crosses,
    distance_m,
    hit,
    wall_solid,
)
from droidlet_simulators.room.world import RoomBody, RoomWorld, Swing, leaves_of, people_of, robot_row
from droidlet_simulators.scene import Leaf, Scene

SWING_RAD_S = 1.5
"""How fast doors and lids swing."""
_STRIDE_M = 0.02  # of a leaf's far edge, in one piece of its way
_SKIN_M = 1e-6


def tell_leaves(
    world: RoomWorld, body: RoomBody, ident: int, goal: float, limits: Limits
) -> FrozenMap[int, Swing]:
    """The leaves after one of them, or all of a container's, was told to open (1) or to shut (0).

    Raises UnknownObject for what has no door or lid, PlacementError for what is out of reach.
    """
    meant = [leaf for leaf in world.scene.leaves if ident in (leaf.body.id, leaf.container)]
    if not meant:
        known = sorted(leaf.body.id for leaf in world.scene.leaves)
        raise UnknownObject(
            f"object_id is {ident}: it has no door and no lid; those that can be opened: {known}"
        )
    now = [leaf_at(leaf, world.swings[leaf.body.id].part) for leaf in meant]
    here = (body.x_m, body.y_m)
    away = min(distance_m(here, bounding_solid(leaf).row) for leaf in now)
    if away > limits.reach_m:
        raise PlacementError(
            f"object {ident} is {away:.2f} m away: the hand reaches {limits.reach_m} m; go nearer"
        )
    if all(in_between(world, here, leaf, leaf.id) for leaf in now):
        raise PlacementError(f"object {ident} is behind a wall or a shut door: go round")
    told = {leaf.body.id: evolve(world.swings[leaf.body.id], goal=goal) for leaf in meant}
    return world.swings.update(told)


def in_between(world: RoomWorld, here: Tuple[float, float], thing: SceneObject, but: Optional[int]) -> bool:
    """Whether a wall or the door of a doorway is between a place and a thing."""
    there = (thing.x_m, thing.y_m)
    rows = [wall_solid(wall).row for wall in world.scene.walls if wall.z0_m <= bottom_m(thing)]
    for leaf in world.scene.leaves:
        if leaf.container is None and leaf.body.id != but:
            rows.append(bounding_solid(leaf_at(leaf, world.swings[leaf.body.id].part)).row)
    return any(crosses(here, there, row) for row in rows)


def swing_all(world: RoomWorld, limits: Limits, period_ns: int) -> FrozenMap[int, Swing]:
    """Every leaf one period later, by their ids; a leaf stops before what is in its way, and tries again."""
    if all(swing.part == swing.goal for swing in world.swings.values()):
        return world.swings
    swings = world.swings
    blockers = _blockers(world, limits)
    for leaf in sorted(world.scene.leaves, key=lambda leaf: leaf.body.id):
        swing = swings[leaf.body.id]
        if swing.part != swing.goal:
            others = [solid for solid in blockers if solid.ident != leaf.container or solid.ident is None]
            others += _other_leaves(world.scene, swings, leaf)
            part = _swung(leaf, swing, others, SWING_RAD_S * period_ns / 1e9)
            swings = swings.set(leaf.body.id, evolve(swing, part=part))
    return swings


def _blockers(world: RoomWorld, limits: Limits) -> List[Solid]:
    """Robots, people and things that a leaf could swing into; walls stand where no leaf gets."""
    robots = [Solid(robot_row(body, limits), 0.0, limits.height_m) for body in world.bodies.values()]
    return robots + [bounding_solid(thing) for thing in (*people_of(world), *world.scene.objects)]


def _other_leaves(scene: Scene, swings: FrozenMap[int, Swing], mine: Leaf) -> List[Solid]:
    """The leaves of other doorways and containers: the two of a pair meet, and may touch."""
    return [
        bounding_solid(leaf_at(leaf, swings[leaf.body.id].part))
        for leaf in scene.leaves
        if leaf.body.id != mine.body.id and (leaf.container is None or leaf.container != mine.container)
    ]


def _swung(leaf: Leaf, swing: Swing, others: List[Solid], most_rad: float) -> float:
    """How far a leaf gets towards its goal, in pieces."""
    whole = abs(leaf.swing_rad)
    way = min(abs(swing.goal - swing.part), most_rad / whole)
    pieces = max(1, math.ceil(way * whole * max(leaf.body.size_m) / _STRIDE_M))
    sign = 1.0 if swing.goal > swing.part else -1.0
    sweeps = 1.5 * max(leaf.body.size_m[:2]) + 0.1  # from where its middle is when shut
    near = [other for other in others if distance_m((leaf.body.x_m, leaf.body.y_m), other.row) < sweeps]
    part = swing.part
    for piece in range(1, pieces + 1):
        ahead = swing.part + sign * way * piece / pieces
        if piece == pieces and way == abs(swing.goal - swing.part):
            ahead = swing.goal
        if hit(bounding_solid(leaf_at(leaf, ahead)), near, _SKIN_M) is not None:
            return part
        part = ahead
    return part


def swings_freely(scene: Scene, leaf: Leaf) -> bool:
    """Whether a leaf gets from shut to open when no robot and no person is in the way, the others shut or open."""
    others = [bounding_solid(thing) for thing in scene.objects if thing.id != leaf.container]
    for other in scene.leaves:
        if other.body.id != leaf.body.id and (leaf.container is None or leaf.container != other.container):
            others += [bounding_solid(leaf_at(other, part)) for part in (0.0, 1.0)]
    return _swung(leaf, Swing(0.0, 1.0), others, math.pi) == 1.0


def leaf_solids(world: RoomWorld) -> List[Solid]:
    """All leaves as prisms, where they are."""
    return [bounding_solid(leaf) for leaf in leaves_of(world)]
