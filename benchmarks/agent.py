"""What a tick of robot_assistant costs, part by part, against one frame of the room benchmark's scene.

The agent explores a flat and is sent to things; after every tick one frame is drawn by `mj_multiRay`, the room
benchmark's baseline, and one by the room's own renderer, so that all three see the same machine. Rendering for
the agent itself is not counted, nor is time in which this thread waits for a core: all run in one thread each.

    python benchmarks/agent.py [--quick]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import attrs
import numpy as np
from room import FOV_RAD, LIGHT, SHELL, SIZE, MujocoRays, cameras, make_rows

from droidlet_schema import Chat, Key
from droidlet_simulators import room_body
from droidlet_simulators.room.camera import lens_of_fov
from droidlet_simulators.room.primitives import make_primitives
from droidlet_simulators.room.render import render
from droidlet_transport import load

HERE = Path(__file__).resolve().parent
AGENTS = HERE.parent / ("_agents" if HERE.name == "_benchmarks" else "agents")
PARTS = ("detector", "tracker", "mapper", "dialog", "interpreter", "stack")
SENTENCES = ("explore", "go to the nearest chair", "what do you see?", "find a lamp, then come to me")


@attrs.frozen
class Timed:
    """A part that notes how long each of its calls took; pure parts do not mind being wrapped."""

    part: Any
    spent: List[float]

    def initial(self, key: Key) -> Any:
        """The part's own."""
        return self.part.initial(key)

    def __call__(self, *inputs: Any) -> Any:
        """Calls the part, and adds the time it took to the tick's."""
        begin = time.thread_time()
        outputs = self.part(*inputs)
        self.spent[-1] += time.thread_time() - begin
        return outputs


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: median and p95 of a tick over the median frame, and milliseconds by part."""
    import mujoco

    spent: Dict[str, List[float]] = {name: [] for name in (*PARTS, "tick", "frame", "own frame")}
    rows, lens = make_rows(), lens_of_fov(SIZE, SIZE, FOV_RAD)
    prims, rays, path = make_primitives(rows), MujocoRays(rows, lens), cameras(200)
    for seed in range(1 if quick else 6):
        for number, tick_s in enumerate(_ticks(seed, 60 if quick else 300, spent)):
            spent["tick"].append(tick_s)
            camera = path[number % len(path)]
            spent["frame"].append(_seconds(lambda c=camera: rays(c)))  # type: ignore[misc]
            spent["own frame"].append(_seconds(lambda c=camera: render(prims, lens, c, SHELL, LIGHT)))  # type: ignore[misc]
    frame, own = np.median(spent["frame"]), np.median(spent["own frame"])
    p95 = float(np.quantile(spent["tick"], 0.95))
    median = float(np.median(spent["tick"]))
    looking = [tick for tick, seeing in zip(spent["tick"], spent["detector"]) if seeing > 0.0]
    ratios = {
        "tick_vs_frame": median / frame,
        "looking_tick_vs_frame": np.median(looking) / frame,
        "tick_p95_vs_frame": p95 / frame,
        "tick_vs_own_frame": median / own,
        "looking_tick_vs_own_frame": np.median(looking) / own,
        "tick_p95_vs_own_frame": p95 / own,
    }
    return {
        "name": "agent",
        "baselines": {"mujoco": mujoco.__version__, "the room's own renderer, numpy": np.__version__},
        "ratios": {key: float(value) for key, value in ratios.items()},
        "aims": {key: ("<=", 4.0 if "p95" in key else 1.0) for key in ratios if "looking" not in key},
        "ticks": len(spent["tick"]),
        "details": {name: _spread(seconds) for name, seconds in spent.items()},
    }


def _ticks(seed: int, count: int, spent: Dict[str, List[float]]) -> Any:
    module = load(f"{AGENTS / 'robot_assistant.py'}")
    agent, state = module.make(module.Config(), Key(seed))
    agent = attrs.evolve(agent, **{name: Timed(getattr(agent, name), spent[name]) for name in PARTS})
    body = room_body(Key(seed))
    for tick in range(count):
        for name in PARTS:
            spent[name].append(0.0)
        heard: Tuple[Chat, ...] = ()
        if tick % (count // len(SENTENCES)) == 0:
            text = SENTENCES[tick // (count // len(SENTENCES)) % len(SENTENCES)]
            heard = (Chat("person", text, tick * 100_000_000),)
        inputs = module.Inputs(tick * 100_000_000, body.observe(), heard)
        begin = time.thread_time()
        outputs, state = agent(inputs, state)
        yield time.thread_time() - begin
        body.act(outputs.actions)


def _seconds(draw: Any) -> float:
    begin = time.thread_time()
    draw()
    return time.thread_time() - begin


def _spread(seconds: List[float]) -> Dict[str, float]:
    return {
        "median_ms": float(np.median(seconds)) * 1e3,
        "p95_ms": float(np.quantile(seconds, 0.95)) * 1e3,
        "mean_ms": float(np.mean(seconds)) * 1e3,
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    print(f"{result['ticks']} ticks of robot_assistant at {SIZE}x{SIZE}, rendering apart")
    print(f"{'':14} {'median ms':>10} {'p95 ms':>8} {'mean ms':>8}")
    for name, row in result["details"].items():
        print(f"{name:14} {row['median_ms']:10.2f} {row['p95_ms']:8.2f} {row['mean_ms']:8.2f}")
    for key, value in result["ratios"].items():
        print(f"{key} {value:.2f}")


if __name__ == "__main__":
    main()
