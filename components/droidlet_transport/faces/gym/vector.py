"""A `gymnasium.vector.VectorEnv` whose environments live in processes of their own. Extra `gym`."""

from __future__ import annotations

import time
from typing import Any, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv

from droidlet_transport.bound import Bound
from droidlet_transport.faces.gym.batches import Env, GymTeam, Infos, factory_of, infos_of, mask_of
from droidlet_transport.members import named
from droidlet_transport.parts import DEADLINE_S
from droidlet_transport.seeds import seeds_of
from droidlet_transport.workers import START_S

_monotonic = time.monotonic


class ProcessVectorEnv(Bound, VectorEnv[Any, Any, np.ndarray]):
    """Gymnasium environments in worker processes, stepped together over shared memory; does as `SyncVectorEnv` does.

    `envs` are ids ("CartPole-v1", "module:id-v0" for those that importing a module registers) or factories by name
    ("module:name", "file.py:name"), each alone or with options: `ProcessVectorEnv(["CartPole-v1"] * 8)`,
    `ProcessVectorEnv([("CartPole-v1", {"render_mode": "rgb_array"})] * 2)`.
    `workers` is how many processes share them. None: a twin of the first is made, stepped and closed; where steps are
    so short that waking a second process takes longer, one has them all; where they wait, each has its own; else there
    is one per core. Observations are the caller's own; with `copy=False` they are looks at memory that the next step
    overwrites. Actions are brought to the space's type.

    A step waits `deadline_s` at most (DeadlineExceeded). When a worker dies, OutcomeUnknown names its environments.
    After either, `reset()` begins with new ones, with the attributes that were set, in the place of those that died,
    or still do not answer; also those that a mask leaves out.
    """

    def __init__(
        self,
        envs: Sequence[Env],
        *,
        copy: bool = True,
        observation_mode: Union[str, Tuple[Any, Any]] = "same",
        autoreset_mode: Union[str, AutoresetMode] = AutoresetMode.NEXT_STEP,
        workers: Optional[int] = None,
        deadline_s: Optional[float] = DEADLINE_S,
        start_s: float = START_S,
    ) -> None:
        super().__init__()
        self.closed = True  # until there is something to close
        self.copy, self.observation_mode, self.deadline_s = copy, observation_mode, deadline_s
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self._team = GymTeam(
            envs if isinstance(envs, str) else [factory_of(env) for env in envs],
            mode=self.autoreset_mode.value,
            workers=workers,
            start_s=start_s,
        )
        self.closed = False
        self.num_envs = self._team.rows
        try:
            self.metadata, self.render_mode, found = self._team.told(observation_mode)
        except BaseException:
            self.close()
            raise
        self.metadata["autoreset_mode"] = self.autoreset_mode
        self.observation_space, self.single_observation_space = found[:2]
        self.action_space, self.single_action_space = found[2:]
        self._over = np.zeros(self.num_envs, np.bool_)

    def reset(
        self,
        *,
        seed: Union[int, Sequence[Optional[int]], None] = None,
        options: Optional[Mapping[str, Any]] = None,
    ) -> Tuple[Any, Infos]:
        """New episodes: everywhere, or where `options["reset_mask"]` is True. A seed is environment 0's, the next
        has the next; or there is a list of them.
        """
        self.reset_async(seed, options)
        return self.reset_wait()

    def reset_async(
        self,
        seed: Union[int, Sequence[Optional[int]], None] = None,
        options: Optional[Mapping[str, Any]] = None,
    ) -> None:
        """Begins a reset; `reset_wait` gives what comes of it."""
        seeds = seeds_of(seed, self.num_envs)
        given = dict(options or {})
        mask = mask_of(given.pop("reset_mask"), self.num_envs) if "reset_mask" in given else None
        self._over &= ~self._team.begin(
            seeds, None if options is None else given, mask, self._until(None), lent=self.copy
        )

    def reset_wait(self, timeout: Optional[float] = None) -> Tuple[Any, Infos]:
        """What came of the reset that `reset_async` began, within `timeout` seconds (else `deadline_s`)."""
        told = self._team.wait(self._until(timeout), "reset")
        return self._team.seen(told, lent=self.copy), infos_of(self, told)

    def step(self, actions: Any) -> Tuple[Any, np.ndarray, np.ndarray, np.ndarray, Infos]:
        """One step of each: observations, rewards (float64), terminations, truncations and infos, [num_envs, ...]."""
        self.step_async(actions)
        return self.step_wait()

    def step_async(self, actions: Any) -> None:
        """Begins a step; `step_wait` gives what comes of it."""
        self._team.check()
        if self.autoreset_mode == AutoresetMode.DISABLED and self._over.any():
            over = named([int(index) for index in np.flatnonzero(self._over)])
            raise ResetNeeded(
                f"the episode of {over} is over: reset(options={{'reset_mask': ...}}) begins the next"
            )
        self._team.step(actions, lent=self.copy)

    def step_wait(
        self, timeout: Optional[float] = None
    ) -> Tuple[Any, np.ndarray, np.ndarray, np.ndarray, Infos]:
        """What came of the step that `step_async` began, within `timeout` seconds (else `deadline_s`)."""
        told = self._team.wait(self._until(timeout))
        board = self._team.board
        terminated, truncated = board.terminated.copy(), board.truncated.copy()
        np.logical_or(terminated, truncated, out=self._over)
        seen = self._team.seen(told, lent=self.copy)
        return seen, board.rewards.copy(), terminated, truncated, infos_of(self, told)

    def _until(self, timeout: Optional[float]) -> Optional[float]:
        wait_s = self.deadline_s if timeout is None else timeout
        return None if wait_s is None else _monotonic() + wait_s

    def call(self, name: str, *args: Any, **kwargs: Any) -> Tuple[Any, ...]:
        """Each environment's attribute of that name, or what it returns when it is a method."""
        return self._team.call(name, args, kwargs, self.deadline_s)

    def get_attr(self, name: str) -> Tuple[Any, ...]:
        """The same."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Sets an attribute: of each to one of a list or tuple of values, else of all to the same."""
        each = list(values) if isinstance(values, (list, tuple)) else [values] * self.num_envs
        if len(each) != self.num_envs:
            raise ValueError(f"values are {len(each)}: there are {self.num_envs} environments")
        self._team.assign(name, each)

    def render(self) -> Tuple[Any, ...]:
        """What each environment renders."""
        return self.call("render")

    @property
    def np_random_seed(self) -> Tuple[int, ...]:  # type: ignore[override]
        """The seed of each environment's generator."""
        return self.call("np_random_seed")

    @property  # type: ignore[misc]
    def np_random(self) -> Any:
        """Raises CannotTravel: the environments' generators stay where they are."""
        return self.call("np_random")

    def close_extras(self, **kwargs: Any) -> None:
        """Ends all processes, within seconds whatever they do."""
        self._team.close()
