"""Any Gymnasium environment as a body: an effect, of which there is only one."""

from __future__ import annotations

from typing import Any, Callable, Dict, NoReturn, Optional, Sequence, Tuple

from droidlet_schema import Action, Observation
from droidlet_simulators.errors import SimulatorError, UnknownAction

Sense = Callable[[Any, int], Observation]
"""From what the environment gives and the simulated time, ns, to an observation of the house."""
Do = Callable[[Tuple[Action, ...]], Any]
"""From a step's actions to what the environment takes; raises UnknownAction for what it cannot do."""


class GymnasiumBody:
    """Drives a Gymnasium environment step by step; belongs to the shell, because it changes.

    `sense` and `do` translate. A step is `period_ns` of simulated time. When an episode is over nothing more is
    done until `reset`. It cannot be forked, copied or sent: the environment's state is its own.
    """

    def __init__(self, env: Any, sense: Sense, do: Do, *, seed: int, period_ns: int = 100_000_000) -> None:
        """Resets the environment with the seed. Raises SimulatorError for a period that cannot be."""
        if isinstance(period_ns, bool) or not isinstance(period_ns, int) or period_ns <= 0:
            raise SimulatorError(f"period_ns is {period_ns!r}: a whole number above 0")
        self.env, self.period_ns = env, period_ns
        self._sense, self._do = sense, do
        self.reset(seed)

    def reset(self, seed: Optional[int] = None) -> None:
        """A new episode, at time 0; without a seed the one that follows."""
        native, info = self.env.reset(seed=seed)
        self.now_ns = 0
        self.reward: Optional[float] = None  # of the last step
        self.terminated = self.truncated = False
        self.info: Dict[str, Any] = dict(info)
        self._seen = self._sense(native, 0)

    def observe(self) -> Observation:
        """What the environment gave last."""
        return self._seen

    def act(self, actions: Sequence[Action] = ()) -> None:
        """One step. Raises UnknownAction for what the environment does not take, SimulatorError after the end."""
        if self.terminated or self.truncated:
            how = "terminated" if self.terminated else "truncated"
            raise SimulatorError(
                f"the episode is over ({how}): reset() begins the next one, and only that does"
            )
        native_action = self._do(tuple(actions))
        if native_action not in self.env.action_space:
            raise UnknownAction(
                f"actions {tuple(actions)!r} are {native_action!r} to the environment: not in "
                f"{self.env.action_space}"
            )
        native, reward, terminated, truncated, info = self.env.step(native_action)
        self.now_ns += self.period_ns
        self.reward, self.info = float(reward), dict(info)
        self.terminated, self.truncated = bool(terminated), bool(truncated)
        self._seen = self._sense(native, self.now_ns)

    def close(self) -> None:
        """Closes the environment."""
        self.env.close()

    @property
    def world(self) -> NoReturn:
        """There is none. Raises SimulatorError."""
        self.fork()

    def fork(self) -> NoReturn:
        """Raises SimulatorError: a second one with the same state cannot be had."""
        name = type(getattr(self.env, "unwrapped", self.env)).__name__
        raise SimulatorError(
            f"{name} is a Gymnasium environment, whose state cannot be read: it cannot be forked, copied or sent; "
            "make a second one, seed it alike and repeat its actions"
        )

    def __copy__(self) -> NoReturn:
        """Raises SimulatorError."""
        self.fork()

    def __deepcopy__(self, memo: Any) -> NoReturn:
        """Raises SimulatorError."""
        self.fork()

    def __reduce__(self) -> NoReturn:
        """Raises SimulatorError."""
        self.fork()
