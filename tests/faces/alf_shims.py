"""The calls of a well-known library's environments elsewhere, as thin shims over our faces: no code of theirs."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from droidlet_style.placement import THREAD, place
from droidlet_transport.faces.parallel_environment import ParallelEnvironment
from droidlet_transport.faces.process_environment import ProcessEnvironment as OurProcessEnvironment
from faces.alf_parts import TimeStep

TASK, TOLD = "faces.alf_parts:Task", "faces.alf_parts:Told"


class ProcessEnvironment:
    """One environment in a process."""

    def __init__(self, env_id: int = 0, **options: Any) -> None:
        self._ours = OurProcessEnvironment(TASK, {"env_id": env_id, **options})

    def start(self, wait_to_start: bool = True) -> None:
        self._ours.start(wait_to_start)

    def wait_start(self) -> None:
        self._ours.start()

    def observation_spec(self) -> Any:
        return self._ours.specs()["observation"]

    def action_spec(self) -> Any:
        return self._ours.specs()["action"]

    def call(self, name: str, *arguments: Any, **options: Any) -> Callable[[], Any]:
        return self._ours.call(name, *arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ours, name)

    def step(self, action: Any, blocking: bool = True) -> Any:
        return self._ours.step(action, blocking)

    def reset(self, blocking: bool = True) -> Any:
        return self._ours.reset(blocking=blocking)

    def close(self) -> None:
        self._ours.close()


class ParallelAlfEnvironment:
    """Many of them, stacked."""

    def __init__(
        self, options: list[dict[str, Any]], num_spare_envs_for_reload: int = 0, batch_size_per_env: int = 1
    ) -> None:
        workers = None if batch_size_per_env == 1 else -(-len(options) // batch_size_per_env)
        factories = [(TOLD, one) for one in options]
        self._ours = ParallelEnvironment(factories, spares=num_spare_envs_for_reload, workers=workers)
        self.batch_size = len(options)
        self._action: Any = np.zeros(self.batch_size, np.int64)

    def seed(self, seed: int) -> None:
        self._seed: int | None = seed

    def observation_spec(self) -> Any:
        return self._ours.observation_spec

    def action_spec(self) -> Any:
        return self._ours.action_spec

    def reset(self) -> TimeStep:
        return self._told(
            self._ours.reset(seed=getattr(self, "_seed", None)), np.zeros(self.batch_size, np.int64)
        )

    def step(self, action: Any) -> TimeStep:
        return self._told(self._ours.step(action), action)

    def _told(self, batch: Any, action: Any) -> TimeStep:
        return TimeStep(
            batch.step_type,
            batch.reward.astype(np.float32),
            batch.discount,
            batch.observation,
            np.where(batch.first, 0, action),
            np.arange(self.batch_size),
            batch.infos,
        )

    def close(self) -> None:
        self._ours.close()


class ThreadEnvironment:
    """One environment that is made and stepped in a thread of its own."""

    def __init__(self, **options: Any) -> None:
        self._ours = place(TASK, THREAD, options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ours, name)

    def close(self) -> None:
        self._ours.close()
