"""What every simulator offers: reset and step over an explicit world, and a spec that says what it is."""

from __future__ import annotations

import math
from typing import Mapping, Protocol, Tuple, TypeVar, Union

from droidlet_schema import Action, FrozenMap, Key, Observation, Pose, SceneObject, record
from droidlet_simulators.scene import Scene

Observations = FrozenMap[str, Observation]
"""What each agent senses, by agent id."""
Actions = Mapping[str, Tuple[Action, ...]]
"""What each agent does within one step; an agent that is not named does nothing, and time passes."""

W = TypeVar("W")


CAMERA_MODELS = ("pinhole", "orthographic", "fisheye", "equirectangular")
PICTURES = ("rgb", "depth", "semantic")
SENSES = ("pose", "collided", "poses", "joints", "contacts", "heard", "blocks")


@record
class CameraSpec:
    """One camera of one agent, and which pictures it takes.

    The mount is where it sits on the agent's base (x forward, y left, z up, the origin on the floor below the
    agent), its own axes turned like the base's: x along the optical axis. A camera on the neck is turned by Look.
    For an orthographic camera the field of view gives the width of what it sees at 1 m: 2 * tan(fov / 2) metres.
    """

    name: str = "head"
    width: int = 128  # px
    height: int = 128
    horizontal_fov_rad: float = math.radians(80)
    mount: Pose = Pose(0.0, 0.0, 1.1)
    model: str = "pinhole"  # of CAMERA_MODELS
    pictures: Tuple[str, ...] = ("rgb", "depth")  # of PICTURES
    neck: bool = True


@record
class AgentSpec:
    """One agent: what it is called, and what it senses besides time."""

    id: str = "robot"
    cameras: Tuple[CameraSpec, ...] = (CameraSpec(),)
    senses: Tuple[str, ...] = ("pose", "collided")  # of SENSES


@record
class SimulatorSpec:
    """What a simulator is, as data."""

    name: str
    agents: Tuple[AgentSpec, ...]
    actions: Tuple[str, ...]  # record names
    period_ns: int  # simulated time of one step
    renderer: str
    exact_restore: bool  # whether a world handed back later goes on to the bit as it would have

    @property
    def agent_ids(self) -> Tuple[str, ...]:
        """The agents' ids, in order."""
        return tuple(agent.id for agent in self.agents)


class Simulator(Protocol[W]):
    """A frozen value that turns scenes into worlds and worlds into next worlds.

    Every refusal is a SimulatorError, and nothing has changed then. The same arguments give the same result.
    Whatever the engine's own axes are, what crosses this border has the house's: metres, z up.
    """

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        ...

    def left_out(self, scene: Scene) -> Tuple[str, ...]:
        """What of this scene the engine cannot load, a sentence each; () when it loads all of it."""
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
