"""What comes down when the thing that it stood on is gone: straight down, at once, onto what is under it."""

from __future__ import annotations

from typing import List, Sequence, Tuple

from droidlet_schema import SceneObject, evolve
from droidlet_simulators.room.hinges import leaf_at
from droidlet_simulators.room.leaves import leaf_solids
from droidlet_simulators.room.solids import Solid, bottom_m, bounding_solid, overlap_m, part_solids
from droidlet_simulators.room.world import RoomWorld

_TOUCH_M = 1e-3  # from its support up to which a thing stands on it


def solids_of(world: RoomWorld, thing: SceneObject) -> Tuple[Solid, ...]:
    """The parts of a thing, and its doors and lids where they are now."""
    leaves = [leaf for leaf in world.scene.leaves if leaf.container == thing.id]
    now = (bounding_solid(leaf_at(leaf, world.swings[leaf.body.id].part)) for leaf in leaves)
    return (*part_solids(thing), *now)


def settled(world: RoomWorld, gone: Sequence[Solid]) -> Tuple[RoomWorld, Tuple[int, ...]]:
    """The world after these solids went from where they were, and the ids of what came down, lowest first.

    What stood on them, and on what came down, comes to stand on the next lower thing under its outline, or on the
    floor; nothing is in its way, as whatever was would have held it.
    """
    things = {thing.id: thing for thing in world.scene.objects}
    left: List[Solid] = list(gone)
    fallen: List[int] = []
    while left:
        lost = left.pop()
        on_it = [thing for thing in things.values() if _stands_on(thing, lost)]
        for thing in sorted(on_it, key=lambda one: (bottom_m(one), one.id)):
            level = _support_m(world, thing, [other for other in things.values() if other.id != thing.id])
            if level < bottom_m(thing) - _TOUCH_M:
                left += part_solids(thing)
                things[thing.id] = evolve(thing, z_m=level + thing.size_m[2] / 2)
                fallen.append(thing.id)
    if not fallen:
        return world, ()
    objects = tuple(things[thing.id] for thing in world.scene.objects)
    return evolve(world, scene=evolve(world.scene, objects=objects)), tuple(dict.fromkeys(fallen))


def _stands_on(thing: SceneObject, base: Solid) -> bool:
    near = abs(bottom_m(thing) - base.high_m) <= _TOUCH_M
    return near and overlap_m(bounding_solid(thing).row, base.row) > 0.0


def _support_m(world: RoomWorld, thing: SceneObject, others: Sequence[SceneObject]) -> float:
    """The height of the highest thing, door or lid under a thing; 0 for the floor."""
    row, low = bounding_solid(thing).row, bottom_m(thing)
    under = [solid for other in others for solid in part_solids(other)] + leaf_solids(world)
    tops = [s.high_m for s in under if s.high_m <= low + _TOUCH_M and overlap_m(row, s.row) > 0.0]
    return max([0.0, *tops])
