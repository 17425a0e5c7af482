"""What being in another process costs a run of robot_assistant, and what names save when a world goes there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Tuple

from droidlet_schema import Chat, Key, evolve
from droidlet_simulators import RoomSimulator, VoxelSimulator, make_scene, room_body, two_cubes
from droidlet_transport import Worker, load
from droidlet_transport.parts import Part

HERE = Path(__file__).resolve().parent
AGENT = HERE.parent / ("_agents" if HERE.name == "_benchmarks" else "agents") / "robot_assistant.py"
STEP_S, PICTURE, SEED = 0.010, 128, 3
SENTENCE = "explore"


class SlowRoom:
    """A RoomSimulator whose steps take 10 ms: what the step leaves of them is spent in a loop, as a slower
    simulator would spend it, so that neither the clock's grain nor waking up counts.
    """

    def __init__(self, **options: Any) -> None:
        self._room = RoomSimulator(**options)
        self.spec, self.reset, self.observe = self._room.spec, self._room.reset, self._room.observe
        self.invariant, self.objects = self._room.invariant, self._room.objects

    def step(self, actions: Any, world: Any) -> Any:
        """As the room's."""
        end = time.perf_counter() + STEP_S
        stepped = self._room.step(actions, world)
        while time.perf_counter() < end:
            pass
        return stepped


def ticks(elsewhere: bool) -> Iterator[Tuple[float, str]]:
    """The seconds that each tick of a run takes, and what the agent did."""
    workers: List[Worker] = []

    def put(_: str, options: Mapping[str, Any]) -> Any:
        if not elsewhere:
            return SlowRoom(**options)
        workers.append(Worker(f"{__file__}:SlowRoom", options))
        return Part(workers[-1])

    module = load(str(AGENT))
    try:
        agent, state = module.make(module.Config(picture_px=PICTURE), Key(SEED))
        body = room_body(Key(SEED), picture_px=PICTURE, place=put)
        period_ns = round(agent.config.period_s * 1e9)
        tick = 0
        while True:
            begun = time.perf_counter()
            now_ns = tick * period_ns
            heard = (Chat("person", SENTENCE, now_ns),) if tick == agent.config.look_every else ()
            outputs, state = agent(module.Inputs(now_ns, body.observe(), heard), state)
            body.act(outputs.actions)
            yield time.perf_counter() - begun, repr(outputs.actions)
            tick += 1
    finally:
        for worker in workers:
            worker.close()


class Clock:
    """Does almost nothing with a world."""

    def later(self, world: Any) -> Any:
        """The world, one step later."""
        return evolve(world, step=world.step + 1)


def worlds(count: int) -> Dict[str, List[float]]:
    """Microseconds of a call that takes a world and gives the next one: sent whole (as `start` does), and by name."""
    spent: Dict[str, List[float]] = {}
    with Worker(f"{__file__}:Clock") as worker:
        for kind, simulator, scene in (
            ("room", RoomSimulator(), make_scene(SEED)),
            ("voxel", VoxelSimulator(), two_cubes()),
        ):
            _, first = simulator.reset(scene, Key(SEED))
            ways = {
                "sent": lambda one: worker.start("later", one).result(),
                "named": lambda one: worker.call("later", one),
            }
            last = dict.fromkeys(ways, first)
            for _ in range(count):
                for name, ask in ways.items():
                    begun = time.perf_counter()
                    last[name] = ask(last[name])
                    spent.setdefault(f"{kind}_{name}", []).append((time.perf_counter() - begun) * 1e6)
            if last["sent"] != last["named"]:
                raise RuntimeError("the worlds differ")
    return spent


def runs(count: int) -> Dict[str, List[float]]:
    """Microseconds of every three ticks (one of three looks) of the run here and of the run elsewhere."""
    here, there = ticks(False), ticks(True)
    spent: Dict[str, List[float]] = {"run_here": [], "run_elsewhere": []}
    try:
        for _ in range(count):
            threes = [[next(run) for _ in range(3)] for run in (here, there)]
            if [did for _, did in threes[0]] != [did for _, did in threes[1]]:
                raise RuntimeError("the runs differ")
            for name, three in zip(spent, threes):
                spent[name].append(sum(seconds for seconds, _ in three) * 1e6)
    finally:
        here.close()  # type: ignore[attr-defined]
        there.close()  # type: ignore[attr-defined]
    return spent
