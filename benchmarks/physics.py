"""What a step of MujocoSimulator costs beside MuJoCo's own: the same model, the same state, the same timesteps.

A wheeled robot with an arm drives in a circle in a furnished flat, its world handed back as it was given; the
library's `mj_step` takes the same timesteps from the same state with the same controls, and ends in the same bits.
The two take turns step by step, timed by the processor time of this thread.

    mujoco_vs_bare        an action of a tenth of a second, which is what a step is unless told
    mujoco_500ms_vs_bare  an action of half a second: what Python does around it takes the same time

    python benchmarks/physics.py [--quick]
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any, Dict, List

import numpy as np

from droidlet_schema import Drive, Key
from droidlet_simulators import AgentSpec, make_scene
from droidlet_simulators.mujoco import MujocoSimulator, MujocoWorld

AHEAD = (Drive(0.1, 0.8),)
SEED = 3
PERIODS_MS = (100, 500)


class Bare:
    """MuJoCo's own loop over a world's model."""

    def __init__(self, simulator: MujocoSimulator, world: MujocoWorld) -> None:
        import mujoco

        self.mujoco = mujoco
        self.model = simulator.model_of(world)
        self.data = mujoco.MjData(self.model)
        self.signature = mujoco.mjtState.mjSTATE_INTEGRATION
        self.ticks = simulator.period_ns // simulator.timestep_ns

    def prepare(self, before: MujocoWorld, after: MujocoWorld) -> None:
        """The state before a step, with the controls of that step."""
        self.mujoco.mj_setState(self.model, self.data, after.state, self.signature)
        controls = self.data.ctrl.copy()
        self.mujoco.mj_setState(self.model, self.data, before.state, self.signature)
        self.data.ctrl[:] = controls

    def step(self) -> None:
        """The step."""
        self.mujoco.mj_step(self.model, self.data, self.ticks)

    def state(self) -> bytes:
        """Where it ends."""
        state = np.empty(self.mujoco.mj_stateSize(self.model, self.signature))
        self.mujoco.mj_getState(self.model, self.data, state, self.signature)
        return state.tobytes()


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratio of median times of a step, spreads in ms, and how many steps ended in the same bits."""
    import mujoco

    details = {f"{period_ms} ms": _measure(period_ms, 30 if quick else 300) for period_ms in PERIODS_MS}
    return {
        "name": "physics",
        "baselines": {"mujoco": mujoco.__version__},
        "ratios": {
            "mujoco_vs_bare": details["100 ms"]["ratio"],
            "mujoco_500ms_vs_bare": details["500 ms"]["ratio"],
        },
        "aims": {"mujoco_vs_bare": ("<=", 1.05), "mujoco_500ms_vs_bare": ("<=", 1.05)},
        "details": details,
    }


def _measure(period_ms: int, steps: int) -> Dict[str, Any]:
    simulator = MujocoSimulator((AgentSpec("robot", ()),), arms=("robot",), period_ns=period_ms * 10**6)
    _, world = simulator.reset(make_scene(SEED, people=0), Key(0))
    bare = Bare(simulator, world)
    ours: List[float] = []
    theirs: List[float] = []
    same = 0
    for _ in range(steps):
        begin = time.thread_time()
        _, after = simulator.step({"robot": AHEAD}, world)
        middle = time.thread_time()
        bare.prepare(world, after)
        start = time.thread_time()
        bare.step()
        end = time.thread_time()
        ours.append((middle - begin) * 1e3)
        theirs.append((end - start) * 1e3)
        same += bare.state() == after.state.tobytes()
        world = after
    ratio = statistics.median(ours) / statistics.median(theirs)
    return {"ratio": ratio, "simulator": _spread(ours), "mj_step": _spread(theirs), "same_bits": same / steps}


def _spread(times_ms: List[float]) -> Dict[str, float]:
    return {"median_ms": statistics.median(times_ms), "p95_ms": float(np.quantile(times_ms, 0.95))}


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    print(f"{'an action of':12} {'simulator ms':>13} {'mj_step ms':>11} {'ratio':>6} {'same bits':>10}")
    for name, row in result["details"].items():
        times = row["simulator"]["median_ms"], row["mj_step"]["median_ms"]
        print(f"{name:12} {times[0]:13.3f} {times[1]:11.3f} {row['ratio']:6.3f} {row['same_bits']:10.1%}")
    print(
        f"mujoco_vs_bare {result['ratios']['mujoco_vs_bare']:.3f}  (mujoco {result['baselines']['mujoco']})"
    )


if __name__ == "__main__":
    main()
