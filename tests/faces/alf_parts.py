"""An environment as another well-known library for learning has them: every reset and step gives one TimeStep."""

from __future__ import annotations

import enum
import threading
from pathlib import Path
from typing import Any, NamedTuple, Optional

import numpy as np

from droidlet_transport.specs import ArraySpec
from faces.environment_parts import wait_for


class StepType(enum.IntEnum):
    FIRST = 0
    MID = 1
    LAST = 2


class TimeStep(NamedTuple):
    step_type: Any
    reward: Any
    discount: Any
    observation: Any
    prev_action: Any
    env_id: Any
    env_info: Any = {}


class Task:
    """Sums its actions; an episode ends when the sum is large, or is cut after `length` steps."""

    def __init__(
        self, env_id: int = 0, seed: int = 0, length: int = 5, gate: str = "", fails: str = ""
    ) -> None:
        self.env_id, self.length, self.fails = env_id, length, fails
        self.gate = Path(gate) if gate else None
        self.resets, self.thread = 0, threading.current_thread().name
        self.seed(seed)
        if fails == "init":
            raise RuntimeError("no such task")

    def seed(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def observation_spec(self) -> Any:
        return {"sum": ArraySpec((), "int64"), "noise": ArraySpec((3,), "float32")}

    def action_spec(self) -> Any:
        return ArraySpec((), "int64")

    def reset(self) -> TimeStep:
        self.resets += 1
        if self.fails == "reset":
            raise ValueError("cannot begin")
        if self.gate is not None and self.resets > 1:
            wait_for(self.gate)
        self.sum = self.steps = 0
        return self._told(StepType.FIRST, 0.0, 1.0, np.int64(0))

    def step(self, action: Any) -> TimeStep:
        if action < 0:
            raise ZeroDivisionError("there is no less than nothing")
        self.sum, self.steps = self.sum + int(action), self.steps + 1
        over, cut = self.sum >= 10, self.steps >= self.length
        kind = StepType.LAST if over or cut else StepType.MID
        return self._told(kind, float(action), 0.0 if over else 1.0, np.int64(action))

    def _told(self, kind: StepType, reward: float, discount: float, action: np.int64) -> TimeStep:
        seen = {"sum": np.int64(self.sum), "noise": self.rng.random(3, np.float32)}
        return TimeStep(
            kind, np.float32(reward), np.float32(discount), seen, action, self.env_id, {"steps": self.steps}
        )


class Told:
    """A Task as `stepping.Stepper` has environments: what a TimeStep says, in five parts."""

    def __init__(self, **options: Any) -> None:
        self.task = Task(**options)
        self.observation_spec, self.action_spec = self.task.observation_spec(), self.task.action_spec()

    def reset(self, *, seed: Optional[int] = None) -> Any:
        if seed is not None:
            self.task.seed(seed)
        told = self.task.reset()
        return told.observation, told.env_info

    def step(self, action: Any) -> Any:
        told = self.task.step(action)
        last, over = told.step_type == StepType.LAST, told.discount == 0
        return (
            told.observation,
            float(told.reward),
            bool(last and over),
            bool(last and not over),
            told.env_info,
        )


class Sight(NamedTuple):
    image: Any
    pose: Any


class Drive(NamedTuple):
    wheels: Any
    brake: Any


class Car:
    """Sees, and takes, trees of named tuples, and uses their names."""

    observation_spec = Sight(ArraySpec((2, 2), "uint8"), {"x": ArraySpec((), "float64")})
    action_spec = Drive(ArraySpec((2,), "float32"), ArraySpec((), "bool"))

    def reset(self, *, seed: Optional[int] = None) -> Any:
        self.x = 0.0
        return self.seen(), {}

    def step(self, action: Any) -> Any:
        self.x += 0.0 if action.brake else float(action.wheels.sum())
        return self.seen(), self.x, False, False, {}

    def seen(self) -> Sight:
        return Sight(np.zeros((2, 2), np.uint8), {"x": np.float64(self.x)})
