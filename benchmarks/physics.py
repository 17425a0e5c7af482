"""What a step of MujocoSimulator costs beside MuJoCo's own: the same model, the same state, the same timesteps.

A wheeled robot with an arm moves in a furnished flat, its world handed back as it was given; the library's `mj_step`
takes the same timesteps from the same states with the same controls, and ends in the same bits. The two take turns, a
rollout of some steps each, as they would run alone; each step is timed by the processor time of this thread.

    mujoco_vs_bare        driving, an action of a tenth of a second, which is what a step is unless told
    mujoco_1ms_vs_bare    driving, the shortest action that keeps `mj_step` busy for a millisecond: what Python does
                          around it takes the same time however long it is, so this is the hardest case of the aim
    mujoco_500ms_vs_bare  driving, half a second
    mujoco_arm_vs_bare    the arm on its way to new joint angles, a tenth of a second

    python benchmarks/physics.py [--quick]
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from droidlet_schema import Action, Drive, FrozenMap, JointTargets, Key
from droidlet_simulators import AgentSpec, make_scene
from droidlet_simulators.mujoco import JOINTS, READY, STOWED, MujocoSimulator, MujocoWorld

SEED = 3
TIMESTEP_MS = 2
BUSY_MS = 1.03  # a millisecond of `mj_step`, and what its time varies
ROLLOUT = 25  # steps


def drive(step: int) -> Tuple[Action, ...]:
    """In a circle."""
    return (Drive(0.1, 0.8),)


def bend(step: int) -> Tuple[Action, ...]:
    """The arm to and fro, told anew in each step; it turns back before it is there."""
    return (JointTargets(FrozenMap(dict(zip(JOINTS, STOWED if step % 5 > 2 else READY)))),)


class Bare:
    """MuJoCo's own loop over a world's model."""

    def __init__(self, simulator: MujocoSimulator, world: MujocoWorld) -> None:
        import mujoco

        self.mujoco = mujoco
        self.model = simulator.model_of(world)
        self.data = mujoco.MjData(self.model)
        self.signature = mujoco.mjtState.mjSTATE_INTEGRATION
        self.ticks = simulator.period_ns // simulator.timestep_ns

    def prepare(self, before: np.ndarray, controls: np.ndarray) -> None:
        """The state before a step, with the controls of that step."""
        self.mujoco.mj_setState(self.model, self.data, before, self.signature)
        self.data.ctrl[:] = controls

    def step(self) -> None:
        """The step."""
        self.mujoco.mj_step(self.model, self.data, self.ticks)

    def controls(self, state: np.ndarray) -> np.ndarray:
        """Those that a state has."""
        self.mujoco.mj_setState(self.model, self.data, state, self.signature)
        return np.array(self.data.ctrl)

    def state(self) -> bytes:
        """Where it ends."""
        state = np.empty(self.mujoco.mj_stateSize(self.model, self.signature))
        self.mujoco.mj_getState(self.model, self.data, state, self.signature)
        return state.tobytes()


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratio of median times of a step, spreads in ms, and how many steps ended in the same bits."""
    import mujoco

    rollouts = 2 if quick else 12
    rows = {
        "mujoco_vs_bare": _measure(drive, 100, rollouts),
        "mujoco_1ms_vs_bare": _measure(drive, _busy_ms(), rollouts),
        "mujoco_500ms_vs_bare": _measure(drive, 500, rollouts),
        "mujoco_arm_vs_bare": _measure(bend, 100, rollouts),
    }
    return {
        "name": "physics",
        "baselines": {"mujoco": mujoco.__version__},
        "ratios": {name: row["ratio"] for name, row in rows.items()},
        "aims": dict.fromkeys(rows, ("<=", 1.05)),
        "details": rows,
    }


def _busy_ms() -> int:
    """The shortest action, in ms of simulated time, that keeps `mj_step` busy for long enough."""
    period_ms = 40
    took_ms = _measure(drive, period_ms, 2)["mj_step"]["median_ms"]
    return math.ceil(BUSY_MS * period_ms / took_ms / TIMESTEP_MS) * TIMESTEP_MS


def _measure(act: Callable[[int], Tuple[Action, ...]], period_ms: int, rollouts: int) -> Dict[str, Any]:
    simulator = MujocoSimulator((AgentSpec("robot", ()),), arms=("robot",), period_ns=period_ms * 10**6)
    _, first = simulator.reset(make_scene(SEED, people=0), Key(0))
    bare = Bare(simulator, first)
    ours: List[float] = []
    theirs: List[float] = []
    same = 0
    for _ in range(rollouts):
        _, world = simulator.step({"robot": act(0)}, first)
        worlds = [world]
        for number in range(1, ROLLOUT):
            actions = {"robot": act(number)}
            begin = time.thread_time()
            _, world = simulator.step(actions, world)
            ours.append((time.thread_time() - begin) * 1e3)
            worlds.append(world)
        told = [bare.controls(after.state) for after in worlds[1:]]
        for before, controls, after in zip(worlds, told, worlds[1:]):
            bare.prepare(before.state, controls)
            begin = time.thread_time()
            bare.step()
            theirs.append((time.thread_time() - begin) * 1e3)
            same += bare.state() == after.state.tobytes()
    return {
        "action_ms": period_ms,
        "ratio": statistics.median(ours) / statistics.median(theirs),
        "simulator": _spread(ours),
        "mj_step": _spread(theirs),
        "same_bits": same / len(ours),
    }


def _spread(times_ms: List[float]) -> Dict[str, float]:
    return {"median_ms": statistics.median(times_ms), "p95_ms": float(np.quantile(times_ms, 0.95))}


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    print(f"{'':20} {'action ms':>9} {'simulator ms':>13} {'mj_step ms':>11} {'ratio':>6} {'same bits':>10}")
    for name, row in result["details"].items():
        times = row["simulator"]["median_ms"], row["mj_step"]["median_ms"]
        print(
            f"{name:20} {row['action_ms']:9} {times[0]:13.3f} {times[1]:11.3f} {row['ratio']:6.3f} "
            f"{row['same_bits']:10.1%}"
        )
    print(f"mujoco {result['baselines']['mujoco']}")


if __name__ == "__main__":
    main()
