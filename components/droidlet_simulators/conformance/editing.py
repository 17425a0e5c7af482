"""Laws of objects that are added, moved and removed."""

from __future__ import annotations

import math
from typing import Any, Iterator, List, Optional, Tuple

import numpy as np

from droidlet_laws.laws import Offence
from droidlet_schema import Key, Pose, SceneObject, evolve
from droidlet_simulators.conformance.acting import still
from droidlet_simulators.conformance.lab import Lab, Tick, bytes_of, differs
from droidlet_simulators.conformance.laws import ARGUMENTS, EDITS, IDS, offence
from droidlet_simulators.errors import SimulatorError

_PLACES = tuple((x / 4, y / 4) for y in (1, 2, 3) for x in (1, 2, 3))  # as parts of the room
_CLOSE = 1e-6
_SEMANTIC = (None, 0, -1, 7)


def edit_offences(lab: Lab, key: Key, counted: List[int]) -> Iterator[Offence]:
    """An object is added, moved and removed in each scene; `counted` grows by what could be tried."""
    for number, scene in enumerate(lab.scenes):
        observations, world = lab.simulator.reset(scene, key)
        before = bytes_of(world)
        added = _added(lab, world, None)
        if added is None:
            continue
        counted.append(number)
        thing, after = added
        for what in (*_shows(lab, after, thing), *_without(lab, world, thing.id)):
            yield offence(EDITS, f"scene {number}, {thing.class_name} {thing.id} added: {what}")
        moved = _moved(lab, after, thing)
        if moved is not None:
            there, elsewhere = moved
            for what in (*_shows(lab, elsewhere, there), *_shows(lab, after, thing)):
                yield offence(EDITS, f"scene {number}, object {thing.id} moved: {what}")
        removed = lab.simulator.remove_object(after, thing.id)
        for what in (*_without(lab, removed, thing.id), *_shows(lab, after, thing)):
            yield offence(EDITS, f"scene {number}, object {thing.id} removed: {what}")
        what = differs(lab.simulator.objects(world), lab.simulator.objects(removed), "objects")
        if what:
            yield offence(EDITS, f"scene {number}: added and removed again, {what}")
        for edited in (after, removed):
            tick = lab.step(still(lab), Tick({}, observations, edited))
            if tick.refusal:
                yield offence(EDITS, f"scene {number}: the edited world cannot be stepped: {tick.refusal}")
        if bytes_of(world) != before:
            yield offence(ARGUMENTS, f"scene {number}: the world that was edited has changed itself")


def new_id(lab: Lab, world: Any) -> int:
    """An object id that is free."""
    known: List[int] = [thing.id for thing in lab.simulator.objects(world)]
    return max([*known, 99]) + 1


def _added(lab: Lab, world: Any, semantic_id: Optional[int]) -> Optional[Tuple[SceneObject, Any]]:
    """A copy of one of the world's smaller objects where there is room; None where there is none."""
    things = sorted(lab.simulator.objects(world), key=lambda t: t.size_m[0] * t.size_m[1] * t.size_m[2])
    reach = [max((abs(t.x_m) for t in things), default=4.0), max((abs(t.y_m) for t in things), default=4.0)]
    for model in things[:3]:
        for x, y in _PLACES:
            thing = evolve(
                model,
                id=new_id(lab, world),
                x_m=round(x * reach[0] * 1.3, 2) * math.copysign(1.0, model.x_m),
                y_m=round(y * reach[1] * 1.3, 2) * math.copysign(1.0, model.y_m),
                yaw_rad=0.0,
                semantic_id=semantic_id,
            )
            try:
                return thing, lab.simulator.add_object(world, thing)
            except SimulatorError:
                continue
    return None


def _moved(lab: Lab, world: Any, thing: SceneObject) -> Optional[Tuple[SceneObject, Any]]:
    for dx, dy in ((0.3, 0.0), (0.0, 0.3), (-0.3, 0.0), (0.0, -0.3), (1.0, 0.0), (0.0, 1.0), (-1.0, -1.0)):
        there = evolve(thing, x_m=thing.x_m + dx, y_m=thing.y_m + dy)
        pose = Pose(there.x_m, there.y_m, there.z_m)
        try:
            return there, lab.simulator.move_object(world, thing.id, pose)
        except SimulatorError:
            continue
    return None


def _shows(lab: Lab, world: Any, thing: SceneObject) -> Iterator[str]:
    found = [t for t in lab.simulator.objects(world) if t.id == thing.id]
    if len(found) != 1:
        yield f"objects() shows it {len(found)} times"
        return
    seen = found[0]
    place = (seen.x_m - thing.x_m, seen.y_m - thing.y_m, seen.z_m - thing.z_m)
    sizes = tuple(a - b for a, b in zip(seen.size_m, thing.size_m))
    turned = math.remainder(seen.yaw_rad - thing.yaw_rad, 2 * math.pi)
    named = [getattr(seen, n) == getattr(thing, n) for n in ("class_name", "colour", "semantic_id")]
    if max(map(abs, (*place, *sizes, turned))) > _CLOSE or not all(named):
        yield f"it was given as {thing}, objects() shows {seen}"


def _without(lab: Lab, world: Any, ident: int) -> Iterator[str]:
    if any(thing.id == ident for thing in lab.simulator.objects(world)):
        yield f"objects() of a world without {ident} shows it"


def id_offences(lab: Lab, key: Key, counted: List[int]) -> Iterator[Offence]:
    """One object under each semantic id; `counted` grows by each that could be added."""
    for semantic_id in _SEMANTIC:
        found = _somewhere(lab, key, semantic_id)
        if found is None:
            continue
        observations, world, thing, after = found
        counted.append(0 if semantic_id is None else 1)
        tick = lab.step(still(lab), Tick({}, observations, after))
        for when, later in (("added", after), ("one step later", tick.world)):
            (seen,) = [t for t in lab.simulator.objects(later) if t.id == thing.id]
            if seen.semantic_id != semantic_id or type(seen.semantic_id) is not type(semantic_id):
                yield offence(IDS, f"semantic_id {semantic_id!r} is {seen.semantic_id!r}, {when}")
        yield from _pictured(lab, after, thing, world)


def _somewhere(lab: Lab, key: Key, semantic_id: Optional[int]) -> Optional[Tuple[Any, Any, SceneObject, Any]]:
    """The first scene in which such an object can be added, before and after."""
    for scene in lab.scenes:
        observations, world = lab.simulator.reset(scene, key)
        added = _added(lab, world, semantic_id)
        if added is not None:
            return (observations, world, *added)
    return None


def _pictured(lab: Lab, world: Any, thing: SceneObject, without: Any) -> Iterator[Offence]:
    """Where the new object is seen, the pictures show its semantic id."""
    shown = thing.id if thing.semantic_id is None else thing.semantic_id
    here, gone = lab.simulator.observe(world), lab.simulator.observe(without)
    for agent, seen in here.items():
        for name, picture in seen.semantics.items():
            changed = picture.ids != gone[agent].semantics[name].ids
            wrong = set(np.unique(picture.ids[changed]).tolist()) - {shown}
            if wrong:
                yield offence(
                    IDS,
                    f"an object of id {thing.id} and semantic_id {thing.semantic_id!r} is shown as {sorted(wrong)} "
                    f"by camera {name!r} of {agent!r}",
                )
                return
