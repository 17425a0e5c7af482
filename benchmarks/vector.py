"""Steps of environments a second, batched over processes, against Gymnasium's own vector environment over processes.

The environments do nothing: they show a picture that lies ready, so all that is measured is the way. Both give
observations that the caller owns. A ratio is ours over theirs, 2.0 being twice as many steps a second.

How many processes there are, on which cores they come to lie, and how they wait for each other is settled when they are
made, and stays so for as long as anything is measured here. So they are made anew several times, all of them each time,
and a ratio is the median of theirs.

    vector_84_vs_gymnasium    2 environments of 84 x 84 x 3, against AsyncVectorEnv(shared_memory=True)
    vector_480_vs_gymnasium   2 environments of 480 x 640 x 3
    ..._8_vs_gymnasium        8 environments
    ..._view_vs_gymnasium     2 environments, both with copy=False
    vector_busy_vs_gymnasium  4 environments of 84 x 84 x 3 that work for 2 ms each step
    parallel_84_vs_gymnasium  2 environments of 84 x 84 x 3 in a ParallelEnvironment

    python benchmarks/vector.py [--quick]
"""

from __future__ import annotations

import functools
import statistics
import sys
import time
from contextlib import ExitStack
from typing import Any, Callable, Dict, List, Tuple

import gymnasium
import numpy as np
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from droidlet_transport.faces.parallel_environment import ParallelEnvironment

AIM = 2.0
Step = Callable[[], Any]


class Still(gymnasium.Env[np.ndarray, np.int64]):
    """Shows the same picture at every step, after working for a while."""

    def __init__(self, height: int, width: int, busy_s: float = 0.0) -> None:
        self.observation_space = gymnasium.spaces.Box(0, 255, (height, width, 3), np.uint8)
        self.action_space = gymnasium.spaces.Discrete(2)
        self.busy_s = busy_s
        rng = np.random.default_rng(0)
        self.picture = rng.integers(0, 255, (height, width, 3)).astype(np.uint8)

    def reset(self, *, seed: Any = None, options: Any = None) -> Tuple[np.ndarray, Dict[str, Any]]:
        """The picture."""
        super().reset(seed=seed)
        return self.picture, {}

    def step(self, action: Any) -> Tuple[np.ndarray, float, bool, bool, Dict[str, Any]]:
        """The picture, no reward, no end."""
        end = time.perf_counter() + self.busy_s
        while time.perf_counter() < end:
            pass
        return self.picture, 0.0, False, False, {}


def ways(stack: ExitStack, count: int, options: Dict[str, Any], copy: bool) -> Dict[str, Step]:
    """A step of the whole batch, by who does it."""
    made = [(f"{__file__}:Still", options)] * count
    functions = [functools.partial(Still, **options)] * count
    actions = np.zeros(count, np.int64)
    envs: Dict[str, Any] = {
        "ours": ProcessVectorEnv(made, copy=copy),
        "async": AsyncVectorEnv(functions, shared_memory=True, copy=copy),
        "sync": SyncVectorEnv(functions, copy=copy),
    }
    if options == {"height": 84, "width": 84} and count == 2 and copy:
        envs["parallel"] = ParallelEnvironment(made)
    for env in envs.values():
        stack.callback(env.close)
        env.reset()
    return {name: functools.partial(env.step, actions) for name, env in envs.items()}


def measure(steps: Dict[str, Step], rounds: int, each: int) -> Dict[str, float]:
    """Microseconds per step of the whole batch, the median; in turns, so that all see the same machine."""
    spent: Dict[str, List[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            kept = None  # the last observations are held while the next are made, as a learner does
            for number in range(each):
                start = time.perf_counter()
                kept = step()
                if number >= each // 5:  # those before warm up
                    spent[name].append((time.perf_counter() - start) * 1e6)
            del kept
    return {name: statistics.median(times) for name, times in spent.items()}


SMALL, LARGE = {"height": 84, "width": 84}, {"height": 480, "width": 640}
CASES: Dict[str, Tuple[int, Dict[str, Any], bool, int]] = {
    "vector_84": (2, SMALL, True, 100),
    "vector_480": (2, LARGE, True, 50),
    "vector_84_8": (8, SMALL, True, 50),
    "vector_480_8": (8, LARGE, True, 15),
    "vector_84_view": (2, SMALL, False, 100),
    "vector_480_view": (2, LARGE, False, 50),
    "vector_busy": (4, {**SMALL, "busy_s": 0.002}, True, 10),
}


AIMED = ("vector_84", "vector_480")
MAKES, MAKES_AIMED, ROUNDS = 3, 5, 3  # how often all are made anew, and measured each time


def made_anew(
    makes: int, count: int, options: Dict[str, Any], copy: bool, each: int
) -> List[Dict[str, float]]:
    """Microseconds per step, by who does it, each time that all are made."""
    found = []
    for _ in range(makes):
        with ExitStack() as stack:
            found.append(measure(ways(stack, count, options, copy), ROUNDS, each))
    return found


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios of steps a second, and steps of environments a second of each."""
    ratios, details = {}, {}
    for name, (count, options, copy, each) in CASES.items():
        makes = MAKES_AIMED if name in AIMED else 1 if quick else MAKES
        found = made_anew(makes, count, options, copy, each)
        known = {"ours": f"{name}_vs_gymnasium", "parallel": "parallel_84_vs_gymnasium"}
        for who, ratio in known.items():
            if who in found[0]:
                ratios[ratio] = statistics.median(spent["async"] / spent[who] for spent in found)
        details[name] = {
            f"{who}_steps_per_s": 1e6 * count / statistics.median(spent[who] for spent in found)
            for who in found[0]
        }
    return {
        "name": "vector",
        "baselines": {"gymnasium": gymnasium.__version__},
        "ratios": ratios,
        "aims": {f"{name}_vs_gymnasium": (">=", AIM) for name in AIMED},
        "details": details,
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    for name, row in result["details"].items():
        print(f"{name:16} " + "  ".join(f"{who} {rate:9.0f}" for who, rate in row.items()))
    for name, ratio in result["ratios"].items():
        print(f"{name:28} {ratio:.2f}")


if __name__ == "__main__":
    main()
