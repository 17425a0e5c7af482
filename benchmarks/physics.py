"""What a step of MujocoSimulator costs beside MuJoCo's own: the same model, the same state, the same timesteps.

A wheeled robot with an arm moves in a furnished flat, its world handed back as it was given; the library's `mj_step`
takes the same timesteps from the same state with the same controls, and ends in the same bits. The two take turns, a
rollout of some steps each, timed by the processor time of this thread. The ratio is that of the quickest rollouts: what
else runs on a machine only adds, since it empties the caches, and adds more to Python than to C. Beside it stands that
of the medians, which is the same on a machine that does nothing else.

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
ROLLOUT = 20  # steps


def drive(step: int) -> Tuple[Action, ...]:
    """In a circle."""
    return (Drive(0.1, 0.8),)


def bend(step: int) -> Tuple[Action, ...]:
    """The arm to and fro, told anew in each step; it turns back before it is there."""
    return (JointTargets(FrozenMap(dict(zip(JOINTS, STOWED if step % 5 > 2 else READY)))),)


class Bare:
    """MuJoCo's own loop over a world's model."""

    def __init__(self, simulator: MujocoSimulator, first: MujocoWorld) -> None:
        import mujoco

        self.mujoco, self.first = mujoco, first.state
        self.model = simulator.model_of(first)
        self.data = mujoco.MjData(self.model)
        self.signature = int(mujoco.mjtState.mjSTATE_INTEGRATION)
        self.ticks = simulator.period_ns // simulator.timestep_ns

    def controls(self, state: np.ndarray) -> np.ndarray:
        """Those that a state has."""
        self.mujoco.mj_setState(self.model, self.data, state, self.signature)
        return np.array(self.data.ctrl)

    def rollout(self, controls: List[np.ndarray]) -> float:
        """Milliseconds per step; controls that stay as they are are not set again."""
        model, data, ticks, step = self.model, self.data, self.ticks, self.mujoco.mj_step
        same = [True, *(np.array_equal(one, other) for one, other in zip(controls, controls[1:]))]
        self.mujoco.mj_setState(model, data, self.first, self.signature)
        data.ctrl[:] = controls[0]
        begin = time.thread_time()
        for control, stays in zip(controls, same):
            if not stays:
                data.ctrl[:] = control
            step(model, data, ticks)
        return (time.thread_time() - begin) * 1e3 / len(controls)

    def state(self) -> bytes:
        """Where it ends."""
        state = np.empty(self.mujoco.mj_stateSize(self.model, self.signature))
        self.mujoco.mj_getState(self.model, self.data, state, self.signature)
        return state.tobytes()


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios, ms of a step, and how many rollouts ended in the same bits."""
    import mujoco

    turns = 10 if quick else 40
    rows = {
        "mujoco_vs_bare": _measure(drive, 100, turns),
        "mujoco_1ms_vs_bare": _measure(drive, _busy_ms(), 2 * turns),
        "mujoco_500ms_vs_bare": _measure(drive, 500, turns // 4),
        "mujoco_arm_vs_bare": _measure(bend, 100, turns),
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
    took_ms = _measure(drive, period_ms, 10)["mj_step"]["least_ms"]
    return math.ceil(BUSY_MS * period_ms / took_ms / TIMESTEP_MS) * TIMESTEP_MS


def _measure(act: Callable[[int], Tuple[Action, ...]], period_ms: int, turns: int) -> Dict[str, Any]:
    simulator = MujocoSimulator((AgentSpec("robot", ()),), arms=("robot",), period_ns=period_ms * 10**6)
    _, start = simulator.reset(make_scene(SEED, people=0), Key(0))
    _, first = simulator.step({"robot": act(0)}, start)
    told = [{"robot": act(number)} for number in range(ROLLOUT)]
    bare, controls, world = Bare(simulator, first), [], first
    for actions in told:
        _, world = simulator.step(actions, world)
        controls.append(bare.controls(world.state))
    ours: List[float] = []
    theirs: List[float] = []
    same = 0
    for _ in range(turns):
        _, again = simulator.step({"robot": act(0)}, start)  # where it is when it begins
        took_ms, world = _rollout(simulator, again, told)
        ours.append(took_ms)
        theirs.append(bare.rollout(controls))
        same += bare.state() == world.state.tobytes()
    return {
        "action_ms": period_ms,
        "ratio": min(ours) / min(theirs),
        "median_ratio": statistics.median(ours) / statistics.median(theirs),
        "simulator": _spread(ours),
        "mj_step": _spread(theirs),
        "same_bits": same / turns,
    }


def _rollout(
    simulator: MujocoSimulator, world: MujocoWorld, told: List[Dict[str, Tuple[Action, ...]]]
) -> Tuple[float, MujocoWorld]:
    """Milliseconds per step, and where it ends."""
    begin = time.thread_time()
    for actions in told:
        _, world = simulator.step(actions, world)
    return (time.thread_time() - begin) * 1e3 / len(told), world


def _spread(times_ms: List[float]) -> Dict[str, float]:
    return {
        "least_ms": min(times_ms),
        "median_ms": statistics.median(times_ms),
        "p95_ms": float(np.quantile(times_ms, 0.95)),
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    print(
        f"{'least ms per step':20} {'action ms':>9} {'simulator':>10} {'mj_step':>8} {'ratio':>6} {'of medians':>10} "
        f"{'same bits':>10}"
    )
    for name, row in result["details"].items():
        times = f"{row['simulator']['least_ms']:10.3f} {row['mj_step']['least_ms']:8.3f}"
        ratios = f"{row['ratio']:6.3f} {row['median_ratio']:10.3f}"
        print(f"{name:20} {row['action_ms']:9} {times} {ratios} {row['same_bits']:10.1%}")
    print(f"mujoco {result['baselines']['mujoco']}")


if __name__ == "__main__":
    main()
