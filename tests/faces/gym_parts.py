"""Gymnasium environments that tests put into other processes."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from faces.environment_parts import wait_for


class Pictures(gymnasium.Env):
    """Pictures and numbers drawn from a seed; episodes of drawn length, and infos of many kinds."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}

    def __init__(self, most: int = 6, render_mode: Any = None) -> None:
        self.observation_space = spaces.Dict(
            {
                "rgb": spaces.Box(0, 255, (6, 7, 3), np.uint8),
                "also": spaces.Tuple((spaces.Discrete(5, start=-1), spaces.MultiBinary(3))),
                "pose": spaces.Box(-1.0, 1.0, (2,), np.float32),
            }
        )
        self.action_space = spaces.Dict(
            {"go": spaces.Box(-1.0, 1.0, (2,), np.float32), "do": spaces.Discrete(3)}
        )
        self.most, self.left, self.render_mode, self.tag = most, 0, render_mode, "none"

    def _seen(self) -> Any:
        rng = self.np_random
        return {
            "rgb": rng.integers(0, 255, (6, 7, 3), dtype=np.uint8),
            "also": (np.int64(rng.integers(-1, 4)), rng.integers(0, 2, 3, dtype=np.int8)),
            "pose": rng.uniform(-1, 1, 2).astype(np.float32),
        }

    def _info(self) -> Any:
        left = self.left
        made: dict[str, Any] = {"left": left} if left % 2 else {}
        if left % 3 == 0:
            made.update(
                many={"half": np.float32(left / 2), "deep": {"word": f"left {left}"}}, row=np.arange(3) + left
            )
        if left % 4 == 1:
            made.update(flag=left > 2, items=[left, "x"], nothing=None)
        return made

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.left = int(self.np_random.integers(1, self.most)) if not options else options["steps"]
        return self._seen(), {"reset": True, **self._info()}

    def step(self, action: Any) -> Any:
        assert self.action_space.contains(action)
        self.left -= 1
        end = self.left <= 0
        cut = bool(end and self.np_random.random() < 0.5)
        return self._seen(), float(action["go"].sum()) + int(action["do"]), end and not cut, cut, self._info()

    def render(self) -> Any:
        return np.full((2, 2, 3), self.left, np.uint8)

    def double(self, number: int, *, add: int = 0) -> int:
        return 2 * number + add


def small_cart(**options: Any) -> Any:
    return gymnasium.make("CartPole-v1", max_episode_steps=12, **options)


class Wrong(Pictures):
    """Raises, dies or shows something else at its second step."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what, self.count = what, 0

    def step(self, action: Any) -> Any:
        self.count += 1
        seen, *others = super().step(action)
        if self.count == 2 and self.what == "raise":
            raise RuntimeError("the arm is stuck")
        if self.count == 2 and self.what == "shape":
            seen["rgb"] = seen["rgb"][:3]
        return (seen, *others)


class Worded(gymnasium.Env):
    """Sees and takes what has no fixed form."""

    observation_space = spaces.Text(12)
    action_space = spaces.Discrete(2)

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return "begin", {}

    def step(self, action: Any) -> Any:
        return f"did{action}", 0.0, False, False, {}


class Moody(gymnasium.Env):
    """Counts; its resets fail, or wait for a file, when they are told to."""

    observation_space = spaces.Box(0, 1000, (2,), np.int64)
    action_space = spaces.Discrete(3)

    def __init__(self, length: int = 3, number: int = 0) -> None:
        self.length, self.number, self.steps, self.resets, self.tag = length, number, 0, 0, "none"

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        if options and "gate" in options:
            wait_for(Path(options["gate"]))
        if options and options.get("fail") == self.number:
            raise ValueError("not today")
        self.steps, self.resets = 0, self.resets + 1
        return np.array([self.steps, self.resets]), {}

    def step(self, action: Any) -> Any:
        self.steps += 1
        return np.array([self.steps, self.resets]), 1.0, self.steps == self.length, False, {}


class Further(Moody):
    """Counts on, as its space says."""

    observation_space = spaces.Box(0, 2000, (2,), np.int64)


class OwnBox(spaces.Box):
    """A subclass, as packages have them."""


LOOSE = spaces.Dict(
    {
        "word": spaces.Text(5),
        "map": spaces.Graph(spaces.Box(0, 1, (2,)), spaces.Discrete(3)),
        "rest": spaces.Tuple(
            [
                spaces.Sequence(spaces.Discrete(4)),
                OwnBox(-1, 1, (2, 2)),
                spaces.OneOf([spaces.Discrete(2), spaces.Box(0, 1, (3,))]),
                spaces.Sequence(spaces.Box(0, 1, (2,)), stack=True),
            ]
        ),
        "number": spaces.Discrete(7),
    }
)


class Loose(gymnasium.Env):
    """Sees and takes values of no fixed shape, drawn from a seed; tells what it took."""

    def __init__(self, length: int = 3) -> None:
        self.observation_space, self.action_space = copy.deepcopy(LOOSE), copy.deepcopy(LOOSE)
        self.length, self.steps = length, 0

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        if seed is not None:
            self.observation_space.seed(seed)
        self.steps = 0
        return self.observation_space.sample(), {}

    def step(self, action: Any) -> Any:
        assert self.action_space.contains(action)
        self.steps += 1
        info = {"took": action["word"], "one": int(action["rest"][2][0])}
        return self.observation_space.sample(), 0.5, self.steps == self.length, False, info


class Lengthy(Worded):
    """Takes texts that are longer than there is room for beside the arrays."""

    action_space = spaces.Text(3 << 20)

    def step(self, action: Any) -> Any:
        return f"{len(action)}", 0.0, False, False, {}


class Unknown(gymnasium.Space[int]):
    """A space that nobody knows."""


class Strange(Worded):
    observation_space = Unknown()


gymnasium.register("own_namespace/Moody-v0", entry_point="faces.gym_parts:Moody")
