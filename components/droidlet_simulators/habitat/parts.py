"""The common scene in Habitat: the building as boxes of one mesh, things as scaled primitives."""

from __future__ import annotations

import math
from typing import Any, List, NamedTuple, Tuple

import attrs

from droidlet_geometry import compose_poses
from droidlet_schema import Pose, SceneObject, fields_of
from droidlet_simulators.habitat.glb import Box
from droidlet_simulators.room.classes import CLASSES
from droidlet_simulators.room.colours import CEILING_COLOUR, FLOOR_COLOUR, WALL_COLOUR
from droidlet_simulators.room.primitives import CYLINDER, SPHERE
from droidlet_simulators.scene import Scene, Walker

CUBE, TUBE, BALL = "cubeSolid", "cylinderSolid", "uvSphereSolid"
"""How the handles of Habitat's own templates begin; each spans 2 m along every axis before it is scaled."""
_SLAB_M = 0.2  # how thick floor, ceiling and outer walls are
_LOADED = ("size_m", "walls", "objects", "people", "start", "starts")
_SAYS_NOTHING = ("areas", "doorways")  # words for what size and walls already say


class Part(NamedTuple):
    """One primitive of a thing, in the thing's frame: its middle and its half extents, house axes."""

    template: str
    centre_m: Tuple[float, float, float]
    half_m: Tuple[float, float, float]


def building(scene: Scene) -> Tuple[Box, ...]:
    """Floor, ceiling, outer and inner walls as boxes."""
    x, y, z = (float(s) for s in scene.size_m)
    t = _SLAB_M
    shell: List[Box] = [
        ((-t, -t, -t), (x + t, y + t, 0.0), FLOOR_COLOUR),
        ((-t, -t, z), (x + t, y + t, z + t), CEILING_COLOUR),
        ((-t, -t, 0.0), (0.0, y + t, z), WALL_COLOUR),
        ((x, -t, 0.0), (x + t, y + t, z), WALL_COLOUR),
        ((0.0, -t, 0.0), (x, 0.0, z), WALL_COLOUR),
        ((0.0, y, 0.0), (x, y + t, z), WALL_COLOUR),
    ]
    inner = [((w.x0_m, w.y0_m, w.z0_m), (w.x1_m, w.y1_m, w.z1_m), WALL_COLOUR) for w in scene.walls]
    return (*shell, *inner)


def parts_of(thing: SceneObject, whole: bool) -> Tuple[Part, ...]:
    """The primitives of a thing; one for the whole of it if asked so, or if its class is not known."""
    half = (thing.size_m[0] / 2, thing.size_m[1] / 2, thing.size_m[2] / 2)
    kind = CLASSES.get(thing.class_name)
    if kind is None:
        return (Part(CUBE, (0.0, 0.0, 0.0), half),)
    if whole:
        shape = kind.parts[0].shape if len(kind.parts) == 1 else (CYLINDER if kind.round else -1)
        return (Part(_template(shape), (0.0, 0.0, 0.0), half),)
    sx, sy, sz = (size / nominal for size, nominal in zip(thing.size_m, kind.size_m))
    made = []
    for part in kind.parts:
        x, y, z = part.centre_m
        hx, hy, hz = part.half_m
        middle = (x * sx, y * sy, z * sz - half[2])  # classes count z from the floor, poses from the middle
        made.append(Part(_template(part.shape), middle, (hx * sx, hy * sy, hz * sz)))
    return tuple(made)


def _template(shape: int) -> str:
    return {CYLINDER: TUBE, SPHERE: BALL}.get(shape, CUBE)


def part_pose(whole: Pose, part: Part) -> Pose:
    """Where a part is when the middle of its thing is at a pose."""
    return Pose(*compose_poses(whole, (*part.centre_m, 1.0, 0.0, 0.0, 0.0)))


def upright(thing: SceneObject) -> Pose:
    """The pose of a thing's middle as the scene has it."""
    half = thing.yaw_rad / 2
    return Pose(thing.x_m, thing.y_m, thing.z_m, math.cos(half), 0.0, 0.0, math.sin(half))


def left_out_of(scene: Scene, dynamics: bool) -> Tuple[str, ...]:
    """What of a scene Habitat does not load here, a sentence each."""
    said = []
    things = (*scene.objects, *(walker.body for walker in scene.people))
    if things:
        said.append("the colours of objects and people: Habitat's primitives have one plain material")
    for thing in things:
        if thing.class_name not in CLASSES:
            said.append(f"the shape of object {thing.id}: {thing.class_name!r} is drawn as a box of its size")
        elif dynamics and small(thing) and len(CLASSES[thing.class_name].parts) > 1:
            said.append(f"the shape of object {thing.id} ({thing.class_name}): what moves is one primitive")
    said += [
        f"the length and width of object {thing.id} in physics: Bullet's balls have one radius"
        for thing in scene.objects
        if dynamics
        and small(thing)
        and parts_of(thing, True)[0].template == BALL
        and len(set(thing.size_m)) > 1
    ]
    for walker in scene.people:
        if len(walker.route) > 1 and walker.speed_m_s > 0:
            said.append(f"the walk of person {walker.body.id}: people stand where their routes begin")
        said += [
            f"the {name} of person {walker.body.id}: people stand still" for name in _more_than_stands(walker)
        ]
    for name in fields_of(type(scene)):
        if name not in _LOADED + _SAYS_NOTHING and getattr(scene, name) != _default(scene, name):
            said.append(f"{name}: Habitat does not load it")
    return tuple(said)


def _default(value: Any, name: str) -> Any:
    return attrs.fields_dict(type(value))[name].default


def _more_than_stands(walker: Walker) -> Tuple[str, ...]:
    """What a person has besides a body and a route, by the names of its fields."""
    rest = [name for name in fields_of(type(walker)) if name not in ("body", "route", "speed_m_s")]
    return tuple(name for name in rest if getattr(walker, name) != _default(walker, name))


def small(thing: SceneObject) -> bool:
    """Whether a thing is one that physics moves: of a class that stands free and is no furniture."""
    kind = CLASSES.get(thing.class_name)
    return kind is not None and kind.place in ("floor", "top")
