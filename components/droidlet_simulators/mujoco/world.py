"""MuJoCo's world as a value, and scenes that are MJCF text."""

from __future__ import annotations

from typing import Any, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Chat, FrozenMap, Key, Pose2, SceneObject, array, record
from droidlet_simulators.scene import Leaf, Scene, Walker


@record
class MjcfScene:
    """A scene in MuJoCo's own language; the simulator's robots are attached where `starts` says.

    `assets` are the files that the text names, by the names in it; `read_mjcf` makes a scene of a file. Each body of
    its worldbody that has geoms is an object; ids count from 10 in the order of the text. The timestep is the
    simulator's; where a robot is attached, so is the integrator, unless its servos bear the text's (implicitfast,
    discrete). The flags sleep and ipc are off: what they remember is in no state. All other options are the text's.
    """

    xml: str
    starts: FrozenMap[str, Pose2] = FrozenMap()  # by agent id, each with a robot of ours
    assets: FrozenMap[str, bytes] = FrozenMap()


@record
class MujocoPlan:
    """What a model is compiled from: everything of a world that steps leave as it is."""

    scene: Union[Scene, MjcfScene]
    things: Tuple[SceneObject, ...]  # by id; loose ones where they were put
    people: Tuple[Walker, ...]
    leaves: Tuple[Leaf, ...] = ()  # as they are when shut
    gone: Tuple[int, ...] = ()  # ids of an MjcfScene's own objects that were removed


def plan_of(scene: Union[Scene, MjcfScene]) -> MujocoPlan:
    """The plan of a scene as it is at first."""
    if isinstance(scene, MjcfScene):
        return MujocoPlan(scene, (), ())
    things = tuple(sorted(scene.objects, key=lambda thing: thing.id))
    return MujocoPlan(scene, things, scene.people, scene.leaves)


@record
class MujocoBody:
    """What one robot remembers from step to step besides its physical state."""

    goals: FrozenMap[str, float] = FrozenMap()  # where joints are still on their way to, rad or m
    collided: bool = False


@record
class MujocoWorld:
    """Everything that the future depends on."""

    plan: MujocoPlan
    state: NDArray[Any] = array("N", np.float64)  # mjSTATE_INTEGRATION of the plan's model
    bodies: FrozenMap[str, MujocoBody]
    next_points: Tuple[int, ...]  # of each person's route
    spoken: Tuple[Chat, ...]  # in the last step
    step: int
    now_ns: int
    key: Key

    def __attrs_post_init__(self) -> None:
        """Raises ValueError where people and points are not as many."""
        if len(self.next_points) != len(self.plan.people):
            raise ValueError(
                f"MujocoWorld: next_points has {len(self.next_points)} entries for the {len(self.plan.people)} people "
                "of the plan: one for each, in that order"
            )
