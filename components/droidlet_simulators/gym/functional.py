"""A simulator with a task as Gymnasium's functional environment: the state is a value, and nothing is remembered."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple

import attrs
import numpy as np
import numpy.typing as npt
from gymnasium import spaces
from gymnasium.experimental.functional import FuncEnv

from droidlet_schema import Key, Observation
from droidlet_simulators.contract import AgentSpec, Simulator
from droidlet_simulators.errors import SceneError, SimulatorError, UnknownAction, UnknownAgent
from droidlet_simulators.gym.controls import Controls, check_controls, controls_of
from droidlet_simulators.gym.numbers import Arrays, numbers_of, observation_space, picture_of
from droidlet_simulators.gym.tasks import Task, blind

FAR_M = 20.0
_SCENES = 5
Scenes = Callable[[Key], Any]
"""From an episode's key to its scene."""


@attrs.frozen
class Episode:
    """Where an episode is: the world, the goal, and what the agent senses there."""

    world: Any
    goal: Any
    seen: Observation


class SimulatorFuncEnv(FuncEnv[Episode, Arrays, Any, float, bool, Key, None]):
    """Pure functions of episodes. `rng` is a Key, a whole number, or a NumPy generator, of which one key is drawn.

    Raises SimulatorError for agents or controls that the simulator does not have.
    """

    def __init__(
        self,
        simulator: Simulator[Any],
        task: Task[Any],
        scenes: Scenes,
        controls: Optional[Controls] = None,
        agent_id: Optional[str] = None,
        far_m: float = FAR_M,
    ) -> None:
        """Derives both spaces from the spec."""
        super().__init__()
        spec = simulator.spec
        self.simulator, self.task, self.scenes, self.far_m = simulator, task, scenes, float(far_m)
        if not 0.0 < self.far_m < 1e6:
            raise SimulatorError(f"far_m is {far_m}: above 0, below 1e6 m")
        self.agent = _agent(spec.agents, agent_id)
        self.controls: Controls = controls_of(spec) if controls is None else controls
        check_controls(self.controls, spec)
        self.action_space = self.controls.space
        self.observation_space = observation_space(self.agent, task.told_space(), self.far_m)
        self._blind = blind(simulator)

    def initial(self, rng: Any, params: None = None) -> Episode:
        """The first episode of a key: its scene, its goal and its world come from it alone.

        A scene that the simulator cannot load, or in which there is no goal, is drawn again. Raises SceneError
        where that does not help.
        """
        refused = ""
        for attempt in key_of(rng).split(_SCENES):
            scene_key, goal_key, world_key = attempt.split(3)
            try:
                return self.initial_in(self.scenes(scene_key), goal_key, world_key)
            except SceneError as error:
                refused = str(error)
        raise SceneError(f"none of {_SCENES} scenes will do: {refused}")

    def initial_in(self, scene: Any, goal_key: Key, world_key: Key) -> Episode:
        """The first episode in a scene of your own."""
        goal = self.task.goal(self._blind, self.agent.id, scene, goal_key)
        observations, world = self.simulator.reset(scene, world_key)
        return Episode(world, goal, observations[self.agent.id])

    def transition(self, state: Episode, action: Any, rng: Any = None, params: None = None) -> Episode:
        """One period later; never resets by itself. Raises UnknownAction for a value that is not of the space."""
        wanted = {self.agent.id: self.controls.actions(value_in(self.action_space, action))}
        observations, world = self.simulator.step(wanted, state.world)
        return Episode(world, state.goal, observations[self.agent.id])

    def observation(self, state: Episode, rng: Any = None, params: None = None) -> Arrays:
        """What the agent senses and is told, as fresh arrays."""
        told = self.task.told(state.seen, state.goal)
        return numbers_of(self.agent, state.seen, told, self.far_m)

    def reward(
        self, state: Episode, action: Any, next_state: Episode, rng: Any = None, params: None = None
    ) -> float:
        """What the step is worth."""
        return float(self.task.reward(state.seen, next_state.seen, state.goal))

    def terminal(self, state: Episode, rng: Any = None, params: None = None) -> bool:
        """Whether the task is at its end there."""
        return bool(self.task.terminated(state.seen, state.goal))

    def state_info(self, state: Episode, params: None = None) -> Dict[str, Any]:
        """What the task tells people about a state."""
        return dict(self.task.info(state.seen, state.goal))

    def transition_info(
        self, state: Episode, action: Any, next_state: Episode, params: None = None
    ) -> Dict[str, Any]:
        """The same of the state after a step."""
        return self.state_info(next_state)

    def render_init(self, params: None = None, **kwargs: Any) -> Key:
        """Nothing needs to be kept between pictures."""
        return Key(0)

    def render_image(
        self, state: Episode, render_state: Key, params: None = None
    ) -> Tuple[Key, npt.NDArray[np.uint8]]:
        """What the agent's first camera with colours sees."""
        return render_state, picture_of(self.agent, state.seen)

    def render_close(self, render_state: Key, params: None = None) -> None:
        """Nothing is open."""


def key_of(rng: Any) -> Key:
    """A key. Raises SimulatorError for what is none, no whole number and no generator."""
    if isinstance(rng, Key):
        return rng
    if isinstance(rng, np.random.Generator):
        words = rng.integers(0, 2**63, size=2)
        return Key((int(words[0]), int(words[1])))
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool):
        return Key(int(rng))
    raise SimulatorError(f"rng is {rng!r}: a Key, a whole number or a NumPy generator")


def value_in(space: spaces.Space[Any], action: Any) -> Any:
    """The action as a value of the space; numbers of other precision are brought to its own. Raises UnknownAction."""
    if isinstance(space, spaces.Box):
        given = np.asarray(action) if isinstance(action, (np.ndarray, list, tuple)) else np.zeros(0, object)
        value = given.astype(space.dtype) if given.dtype.kind in "fiu" else None
    else:
        value = action
    if value is None or value not in space:
        raise UnknownAction(f"action is {action!r}: not in {space}")
    return value


def _agent(agents: Tuple[AgentSpec, ...], agent_id: Optional[str]) -> AgentSpec:
    if agent_id is None:
        return agents[0]
    for agent in agents:
        if agent.id == agent_id:
            return agent
    known = ", ".join(agent.id for agent in agents)
    raise UnknownAgent(f"agent_id is {agent_id!r}: the agents of this simulator are {known}")
