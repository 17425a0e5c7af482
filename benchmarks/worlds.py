"""Many worlds of the room stepped together, against the same worlds stepped one by one: time for one step of all.

64 forks of one furnished flat of four rooms with a person, in each of which the robot drives its own way; one camera
of 128 x 128 with rgb and depth, drawn by numba and by numpy, and no camera at all. The two take turns.

    python benchmarks/worlds.py [--quick]
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

from droidlet_schema import Action, Drive, Key, Look
from droidlet_simulators import AgentSpec, RoomSimulator, RoomWorld, make_scene, robot, step_many

COUNT = 64
SIZE = 128
APART = 10  # steps before the worlds are far enough from each other

Actions = List[Dict[str, Tuple[Action, ...]]]


def make_actions() -> Actions:
    """Each robot drives an arc of its own."""
    return [{"robot": (Drive(0.1 + 0.006 * i, 1.5 - 0.04 * i), Look(0.0, -0.3))} for i in range(COUNT)]


def _times_ms(simulator: RoomSimulator, rounds: int) -> Dict[str, List[float]]:
    """How long one step of all worlds took, together and one by one, in turn."""
    _, world = simulator.reset(make_scene(3, rooms=4, people=1), Key(0))
    worlds: List[RoomWorld] = [world] * COUNT
    actions = make_actions()
    for _ in range(APART):
        worlds = [after for _, after in step_many(simulator, actions, worlds)]
    ways: Dict[str, Callable[[], Any]] = {
        "together": lambda: step_many(simulator, actions, worlds),
        "one by one": lambda: [simulator.step(a, w) for a, w in zip(actions, worlds)],
    }
    times: Dict[str, List[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - begin) * 1e3)
    return times


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios of median times of one step of all worlds, and the medians themselves in ms."""
    import numba

    rounds = 5 if quick else 40
    blind = AgentSpec("robot", ())
    simulators = {
        "numba": RoomSimulator((robot(SIZE, SIZE),), renderer="numba"),
        "numpy": RoomSimulator((robot(SIZE, SIZE),)),
        "no camera": RoomSimulator((blind,)),
    }
    median = {
        name: {way: statistics.median(taken) for way, taken in _times_ms(simulator, rounds).items()}
        for name, simulator in simulators.items()
    }
    ratio = {name: each["one by one"] / each["together"] for name, each in median.items()}
    return {
        "name": "worlds",
        "baselines": {"one by one": "RoomSimulator.step", "numba": numba.__version__},
        "ratios": {
            "step_many_64_vs_single": ratio["numba"],
            "step_many_64_vs_single_numpy": ratio["numpy"],
            "step_many_64_vs_single_blind": ratio["no camera"],
        },
        "aims": {
            "step_many_64_vs_single": (">=", 3.0),
            "step_many_64_vs_single_numpy": (">=", 3.0),
        },
        "details": {"worlds": COUNT, "rounds": rounds, "median_ms": median},
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    for name, each in result["details"]["median_ms"].items():
        print(f"{name:<10}  one by one {each['one by one']:7.1f} ms   together {each['together']:7.1f} ms")
    for name, value in result["ratios"].items():
        print(f"{name} {value:.2f}")


if __name__ == "__main__":
    main()
