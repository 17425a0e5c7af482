"""Seeded furnished rooms and flats in which everything can be reached."""

from __future__ import annotations

from typing import Optional, Union

import numpy as np

from droidlet_schema import Key, Pose2, evolve
from droidlet_simulators.errors import SceneError
from droidlet_simulators.room.flats import Extras, try_flat
from droidlet_simulators.room.furnish import furnish
from droidlet_simulators.room.layout import MOST_ROOMS, make_layout
from droidlet_simulators.room.many_rooms import MOST
from droidlet_simulators.room.reach import shortfall, survey
from droidlet_simulators.room.settle import begin_at, settle_people
from droidlet_simulators.room.wishes import wishes
from droidlet_simulators.scene import Scene

_TRIES = 60


def make_scene(
    seed: Union[int, Key],
    *,
    rooms: Optional[int] = None,
    people: int = 1,
    duplicates: int = 0,
    doors: bool = False,
    containers: int = 0,
    limbs: bool = False,
    looks: bool = False,
) -> Scene:
    """A furnished flat; the same seed and options always give the same one.

    `rooms` is 1 to 12 (None: 1 to 4, drawn), `people` 0 to 4 of which some walk, `duplicates` how many pairs of
    class and colour occur twice. With `doors` there is a door in every doorway, half of them shut; `containers` is
    how many fridges, cupboards and chests there are, with things in them and on shelves; with `limbs` people swing
    arms and legs and make gestures; with `looks` light and patterns are drawn, too. A robot of radius 0.3 m gets to
    every room and to 0.75 m of every thing, once the doors are open. Raises SceneError for options out of range.
    """
    key = _key_of(seed)
    _check(rooms, people, duplicates)
    _check_extras(doors, containers, limbs, looks)
    extras = Extras(doors, containers, limbs, looks)
    for attempt in key.split(_TRIES):
        rng = attempt.generator()
        count = int(rng.integers(1, MOST_ROOMS + 1)) if rooms is None else rooms
        if any(extras) or count > MOST_ROOMS:
            scene = try_flat(count, people, duplicates, extras, rng)
        else:
            scene = _try(count, people, duplicates, rng)
        if scene is not None:
            return scene
    raise SceneError(
        f"seed {key.words[0]}: no reachable flat in {_TRIES} tries; try another seed or fewer people"
    )


def _key_of(seed: Union[int, Key]) -> Key:
    if isinstance(seed, Key):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise SceneError(f"seed is {seed!r}: a whole number or a Key")
    return Key((seed % 2**64, seed // 2**64 % 2**64))


def _check(rooms: Optional[int], people: int, duplicates: int) -> None:
    if rooms is not None and not _between(rooms, 1, MOST):
        raise SceneError(f"rooms is {rooms!r}: a flat has 1 to {MOST} rooms")
    if not _between(people, 0, 4):
        raise SceneError(f"people is {people!r}: a flat has room for 0 to 4")
    if not _between(duplicates, 0, 4):
        raise SceneError(f"duplicates is {duplicates!r}: 0 to 4 pairs may occur twice")


def _check_extras(doors: bool, containers: int, limbs: bool, looks: bool) -> None:
    for name, value in (("doors", doors), ("limbs", limbs), ("looks", looks)):
        if value not in (True, False):
            raise SceneError(f"{name} is {value!r}: True or False")
    if not _between(containers, 0, 6):
        raise SceneError(f"containers is {containers!r}: 0 to 6")


def _between(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _try(rooms: int, people: int, duplicates: int, rng: np.random.Generator) -> Optional[Scene]:
    """One draw, or None when something cannot be reached."""
    layout = make_layout(rooms, rng)
    large, small = wishes(rooms, duplicates, rng)
    things = furnish(layout, large, small, rng)
    if len(things) < len(large) + len(small) - 1:
        return None
    scene = Scene(
        layout.size_m, layout.areas, layout.walls, layout.doorways, tuple(things), (), Pose2(0.0, 0.0, 0.0)
    )
    ground = survey(scene)
    walkers = settle_people(layout, ground, len(things), people, rng)
    standing = [w.body for w in walkers if len(w.route) == 1]
    if len(walkers) < people or shortfall(scene, standing) is not None:
        return None
    start = begin_at(survey(scene, standing), walkers, rng)
    return None if start is None else evolve(scene, people=tuple(walkers), start=start)
