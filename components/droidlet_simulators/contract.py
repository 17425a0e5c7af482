"""What every simulator offers: reset and step over an explicit world, and a spec that says what it is."""

from __future__ import annotations

from typing import Mapping, Protocol, Tuple, TypeVar, Union

from droidlet_schema import Action, FrozenMap, Key, Observation, Pose, SceneObject, record
from droidlet_simulators.scene import Scene

Observations = FrozenMap[str, Observation]
"""What each agent senses, by agent id."""
Actions = Mapping[str, Tuple[Action, ...]]
"""What each agent does within one step; an agent that is not named does nothing, and time passes."""

W = TypeVar("W")


@record
class SensorSpec:
    """One sensor of one agent; kind is "rgb", "depth" or "semantic"."""

    agent: str
    camera: str
    kind: str
    width: int
    height: int
    horizontal_fov_rad: float


@record
class SimulatorSpec:
    """What a simulator is, as data."""

    name: str
    agents: Tuple[str, ...]
    sensors: Tuple[SensorSpec, ...]
    actions: Tuple[str, ...]  # record names
    period_ns: int  # simulated time of one step
    renderer: str
    exact_restore: bool  # whether a world handed back later goes on to the bit as it would have


class Simulator(Protocol[W]):
    """A frozen value that turns scenes into worlds and worlds into next worlds.

    Every refusal is a SimulatorError, and nothing has changed then. The same arguments give the same result.
    """

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        ...

    def reset(self, scene: Scene, key: Key) -> Tuple[Observations, W]:
        """The first world of a scene and what is sensed in it."""
        ...

    def step(self, actions: Actions, world: W) -> Tuple[Observations, W]:
        """The world one period later; never resets by itself."""
        ...

    def observe(self, world: W) -> Observations:
        """What is sensed in a world; no time passes."""
        ...

    def objects(self, world: W) -> Tuple[SceneObject, ...]:
        """The truth about every object and person, by id."""
        ...

    def invariant(self, world: W) -> Union[float, int]:
        """A number that stays the same along every run of steps."""
        ...

    def add_object(self, world: W, thing: SceneObject) -> W:
        """The world with one more object."""
        ...

    def move_object(self, world: W, ident: int, pose: Pose) -> W:
        """The world with one object elsewhere; the pose is of its centre."""
        ...

    def remove_object(self, world: W, ident: int) -> W:
        """The world without one object."""
        ...
