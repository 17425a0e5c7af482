"""Small scenes for a check: what stands in them is seen at once, and nothing in them is alike."""

from __future__ import annotations

from typing import Tuple

from droidlet_schema import FrozenMap, Pose2, SceneObject, evolve
from droidlet_simulators.contract import SimulatorSpec
from droidlet_simulators.scene import Area, Scene, Walker, Wall

SIZE_M = (5.0, 4.0, 2.6)
_STARTS = ((1.0, 1.0, 0.0), (1.0, 3.0, 0.0), (4.2, 0.7, 3.0), (4.2, 3.3, -3.0))


def conformance_scenes(spec: SimulatorSpec) -> Tuple[Scene, ...]:
    """A hall with three things in it, and one with a wall and a person besides; a start for each agent."""
    box = SceneObject(10, "box", "red", 2.6, 1.0, 0.2, 0.3, (0.4, 0.4, 0.4))
    ball = SceneObject(11, "ball", "blue", 2.4, 2.9, 0.12, 0.0, (0.24, 0.24, 0.24))
    chair = SceneObject(12, "chair", "green", 3.4, 2.0, 0.45, 2.0, (0.5, 0.5, 0.9))
    area = Area("hall", 0.0, 0.0, SIZE_M[0], SIZE_M[1])
    first, *others = spec.agent_ids
    starts = FrozenMap({agent: Pose2(*_STARTS[1 + n]) for n, agent in enumerate(others)})
    hall = Scene(SIZE_M, (area,), (), (), (box, ball, chair), (), Pose2(*_STARTS[0]), starts=starts)
    person = SceneObject(13, "person", "yellow", 3.0, 3.4, 0.85, 0.0, (0.5, 0.35, 1.7))
    walker = Walker(person, ((3.0, 3.4), (3.9, 3.4)), 0.5)
    wall = Wall(1.9, 1.9, 0.0, 2.1, 2.1, 2.6)
    return hall, evolve(hall, walls=(wall,), people=(walker,))
