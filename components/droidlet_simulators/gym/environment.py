"""A simulator with a task as `gymnasium.Env`."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import gymnasium
import numpy as np
import numpy.typing as npt

from droidlet_schema import Key
from droidlet_simulators.contract import Simulator
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.gym.controls import Controls
from droidlet_simulators.gym.functional import FAR_M, Episode, Scenes, SimulatorFuncEnv, key_of
from droidlet_simulators.gym.numbers import Arrays, has_picture
from droidlet_simulators.gym.tasks import Task

_OPTIONS = ("scene",)
_FIRST_SEED = 0


class SimulatorEnv(gymnasium.Env[Arrays, Any]):
    """One agent with a task. `terminated` is the task's end; episodes are cut (`truncated`) by TimeLimit, which
    `gymnasium.make` puts around it.

    The same seed gives the same episode, and the same episodes after it; an environment that was never given one
    begins with seed 0. `state` is a value: assign one to go on from there.
    """

    def __init__(
        self,
        simulator: Simulator[Any],
        task: Task[Any],
        scenes: Scenes,
        controls: Optional[Controls] = None,
        agent_id: Optional[str] = None,
        render_mode: Optional[str] = None,
        far_m: float = FAR_M,
    ) -> None:
        """Raises SimulatorError for what the simulator does not have."""
        self.functions = SimulatorFuncEnv(simulator, task, scenes, controls, agent_id, far_m)
        self.metadata = {
            "render_modes": ["rgb_array"] if has_picture(self.functions.agent) else [],
            "render_fps": max(1, round(1e9 / simulator.spec.period_ns)),
        }
        modes = self.metadata["render_modes"]
        if render_mode is not None and render_mode not in modes:
            raise SimulatorError(f"render_mode is {render_mode!r}: {modes or 'none, as no camera takes rgb'}")
        self.render_mode = render_mode
        self.action_space = self.functions.action_space
        self.observation_space = self.functions.observation_space
        self._state: Optional[Episode] = None

    @property
    def state(self) -> Episode:
        """Where the episode is now. Raises ResetNeeded before the first one."""
        if self._state is None:
            raise gymnasium.error.ResetNeeded("there is no episode yet: call reset() first")
        return self._state

    @state.setter
    def state(self, state: Episode) -> None:
        self._state = state

    def reset(
        self, *, seed: Optional[int] = None, options: Optional[Dict[str, Any]] = None
    ) -> Tuple[Arrays, Dict[str, Any]]:
        """A new episode; options may hold a "scene". Raises SimulatorError for other options."""
        unknown = [name for name in options or {} if name not in _OPTIONS]
        if unknown:
            raise SimulatorError(f"options has {unknown}: known ones are {', '.join(_OPTIONS)}")
        never = self._np_random is None
        super().reset(seed=_FIRST_SEED if seed is None and never else seed)
        key = key_of(self.np_random)
        self._state = self._first(key, (options or {}).get("scene"))
        return self._told()

    def _first(self, key: Key, scene: Any) -> Episode:
        if scene is None:
            return self.functions.initial(key)
        goal_key, world_key = key.split(2)
        return self.functions.initial_in(scene, goal_key, world_key)

    def step(self, action: Any) -> Tuple[Arrays, float, bool, bool, Dict[str, Any]]:
        """One period of simulated time. Raises ResetNeeded, or UnknownAction, nothing changed."""
        before = self.state
        after = self.functions.transition(before, action)
        self._state = after
        reward = self.functions.reward(before, action, after)
        seen, info = self._told()
        return seen, reward, self.functions.terminal(after), False, info

    def _told(self) -> Tuple[Arrays, Dict[str, Any]]:
        return self.functions.observation(self.state), self.functions.state_info(self.state)

    def render(self) -> Optional[npt.NDArray[np.uint8]]:
        """What the agent sees, (H, W, 3); None without a render mode."""
        if self.render_mode is None:
            return None
        return self.functions.render_image(self.state, self.functions.render_init())[1]

    def close(self) -> None:
        """Lets go of what the simulator holds, if it holds something."""
        close = getattr(self.functions.simulator, "close", None)
        if close is not None:
            close()
