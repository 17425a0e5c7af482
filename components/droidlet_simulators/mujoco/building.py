"""A scene as one MJCF model: floor, ceiling, walls, things and people; robots are attached later."""

from __future__ import annotations

from typing import List, Sequence

from droidlet_schema import SceneObject
from droidlet_simulators.mujoco.robot import numbers
from droidlet_simulators.mujoco.things import leaf_body, thing_body, thing_name
from droidlet_simulators.room.colours import CEILING_COLOUR, FLOOR_COLOUR, WALL_COLOUR
from droidlet_simulators.scene import Leaf, Lighting, Scene

FLOOR_GEOM, CEILING_GEOM = "floor", "ceiling"
_THICK_M = 0.5  # of the outer walls: nothing gets through within one timestep
_FRICTION = 'condim="4" friction="0.8 0.005 0.0001"'


def scene_mjcf(
    scene: Scene, things: Sequence[SceneObject], people: Sequence[SceneObject], leaves: Sequence[Leaf]
) -> str:
    """The building of a scene with these things, people and leaves in it, as a complete MJCF model."""
    world = [
        *_shell(scene),
        *_walls(scene),
        *(thing_body(thing) for thing in (*things, *people)),
        *(leaf_body(leaf) for leaf in leaves),
        light(scene.looks.lighting),
    ]
    apart = "".join(
        f'<exclude body1="{thing_name(leaf.body.id)}" body2="{thing_name(leaf.container)}"/>'
        for leaf in leaves
        if leaf.container is not None
    )
    return (
        f'<mujoco model="scene"><compiler angle="radian" autolimits="true"/><worldbody>{"".join(world)}</worldbody>'
        f"<contact>{apart}</contact></mujoco>"
    )


def light(lighting: Lighting) -> str:
    """The light of the room's pictures: ambient and from one direction, without shadows."""
    x, y, z = lighting.direction
    return (
        f'<light directional="true" castshadow="false" dir="{numbers((-x, -y, -z))}" pos="0 0 100" '
        f'ambient="{numbers([lighting.ambient] * 3)}" diffuse="{numbers([lighting.diffuse] * 3)}" specular="0 0 0"/>'
    )


def _shell(scene: Scene) -> List[str]:
    x, y, z = scene.size_m
    t = _THICK_M
    slabs = [
        ("wall west", (-t, -t, -t), (0, y + t, z + t), WALL_COLOUR),
        ("wall east", (x, -t, -t), (x + t, y + t, z + t), WALL_COLOUR),
        ("wall south", (0, -t, -t), (x, 0, z + t), WALL_COLOUR),
        ("wall north", (0, y, -t), (x, y + t, z + t), WALL_COLOUR),
        (CEILING_GEOM, (0, 0, z), (x, y, z + t), CEILING_COLOUR),
    ]
    floor = (
        f'<geom name="{FLOOR_GEOM}" type="plane" pos="{numbers((x / 2, y / 2, 0))}" '
        f'size="{numbers((x / 2, y / 2, 1))}" rgba="{numbers((*FLOOR_COLOUR, 1))}" {_FRICTION}/>'
    )
    return [floor, *(_block(name, low, high, colour) for name, low, high, colour in slabs)]


def _walls(scene: Scene) -> List[str]:
    return [
        _block(f"wall {number}", (w.x0_m, w.y0_m, w.z0_m), (w.x1_m, w.y1_m, w.z1_m), WALL_COLOUR)
        for number, w in enumerate(scene.walls)
    ]


def _block(name: str, low: Sequence[float], high: Sequence[float], colour: Sequence[float]) -> str:
    middle = [(a + b) / 2 for a, b in zip(low, high)]
    half = [(b - a) / 2 for a, b in zip(low, high)]
    return (
        f'<geom name="{name}" type="box" pos="{numbers(middle)}" size="{numbers(half)}" '
        f'rgba="{numbers((*colour, 1))}" {_FRICTION}/>'
    )
