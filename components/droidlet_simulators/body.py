"""A body in a simulated world: the shell's side of acting, for one agent."""

from __future__ import annotations

from typing import Any, Generic, Sequence, Tuple, TypeVar, get_args

from droidlet_schema import Action, Key, Observation, SceneObject
from droidlet_simulators.contract import Simulator
from droidlet_simulators.errors import UnknownAgent

W = TypeVar("W")


class SimulatedBody(Generic[W]):
    """Holds a simulator and its current world; belongs to the shell, because it changes."""

    def __init__(self, simulator: Simulator[W], scene: Any, key: Key, agent_id: str = "robot") -> None:
        """Resets the simulator to a Scene or its own kind of scene.

        Raises UnknownAgent for an agent that it does not have.
        """
        if agent_id not in simulator.spec.agent_ids:
            known = ", ".join(simulator.spec.agent_ids)
            raise UnknownAgent(f"agent_id is {agent_id!r}: the agents of this simulator are {known}")
        self.simulator = simulator
        self.agent_id = agent_id
        self._observations, self._world = simulator.reset(scene, key)

    @property
    def world(self) -> W:
        """The world as it is now, a value."""
        return self._world

    @world.setter
    def world(self, world: W) -> None:
        self._observations, self._world = self.simulator.observe(world), world

    def observe(self) -> Observation:
        """What the agent senses now."""
        return self._observations[self.agent_id]

    def act(self, actions: Sequence[Action] = ()) -> None:
        """Carries the actions out for one step of the world; a refused action raises and no time passes.

        Raises TypeError for one action alone.
        """
        if isinstance(actions, get_args(Action)):
            raise TypeError(f"actions are {actions!r}: act takes several, act((action,))")
        self._observations, self._world = self.simulator.step({self.agent_id: tuple(actions)}, self._world)

    def truth(self) -> Tuple[SceneObject, ...]:
        """All objects as they really are; for checking and for pictures, never for the agent."""
        return self.simulator.objects(self._world)
