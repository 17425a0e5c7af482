"""What being in another process costs a run of robot_assistant, and what names save when a world goes there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple

from droidlet_schema import Chat, Key, evolve
from droidlet_simulators import RoomSimulator, VoxelSimulator, make_scene, room_body, two_cubes
from droidlet_transport import Worker, load, table_of
from droidlet_transport.parts import Part
from droidlet_transport.service import Client, Server

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
        self._spend(end)
        return stepped

    def _spend(self, end: float) -> None:
        spend(end)


def spend(end: float) -> None:
    """Until then, by the clock that all processes have."""
    while time.perf_counter() < end:
        pass


class Woken(SlowRoom):
    """Spends the rest of its steps in another process, which it wakes by a byte and is woken by: nothing else travels,
    so no run with its simulator elsewhere can cost less.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        (asked, self._ask), (self._answered, answer) = os.pipe(), os.pipe()
        self.child = os.fork()
        if self.child == 0:
            while given := os.read(asked, 8):
                super()._spend(struct.unpack("d", given)[0])
                os.write(answer, b"x")
            os._exit(0)

    def _spend(self, end: float) -> None:
        os.write(self._ask, struct.pack("d", end))
        os.read(self._answered, 1)

    def close(self) -> None:
        """Ends the other process."""
        end(self.child)
        for descriptor in (self._ask, self._answered):
            os.close(descriptor)


class Waiting:
    """Spends time, of which it is told when it is over."""

    def wait(self, end: float) -> float:
        """Spends it."""
        spend(end)
        return end


class Called(SlowRoom):
    """Spends the rest of its steps in a worker, which is called with a number and gives one: that much of the cost of
    being elsewhere has nothing to do with what a step takes and gives.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._worker = Worker(f"{__file__}:Waiting")
        self.close = self._worker.close

    def _spend(self, end: float) -> None:
        self._worker.call("wait", end)


class Piped(SlowRoom):
    """Its steps run in another process, behind a multiprocessing.Pipe that pickles what goes either way."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pipe, other = multiprocessing.Pipe()
        step = super().step
        self.child = os.fork()
        if self.child == 0:
            while True:
                other.send(step(*other.recv()))

    def step(self, actions: Any, world: Any) -> Any:
        """As the room's."""
        self._pipe.send((actions, world))
        return self._pipe.recv()

    def close(self) -> None:
        """Ends the other process."""
        end(self.child)
        self._pipe.close()


def end(child: int) -> None:
    """Kills a child, and waits for it."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


PLACES = {"woken": Woken, "called": Called, "piped": Piped}


def ticks(where: str) -> Iterator[Tuple[float, str]]:
    """The seconds that each tick of a run takes, and what the agent did; the simulator is here, elsewhere, or in one of
    the ways of `PLACES`.
    """
    close: List[Callable[[], None]] = []

    def put(_: str, options: Mapping[str, Any]) -> Any:
        if where == "here":
            return SlowRoom(**options)
        if where in PLACES:
            room = PLACES[where](**options)
            close.append(room.close)
            return room
        worker = Worker(f"{__file__}:SlowRoom", options)
        close.append(worker.close)
        return Part(worker)

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
        for one in close:
            one()


class Clock:
    """Does almost nothing with a world."""

    def later(self, world: Any) -> Any:
        """The world, one step later."""
        return evolve(world, step=world.step + 1)

    def all_later(self, worlds: Any) -> Any:
        """The same of worlds in a tuple, in which nothing has a name."""
        return (tuple(map(self.later, worlds)),)


def worlds(count: int) -> Dict[str, List[float]]:
    """Microseconds of a call that takes a world and gives the next one: whole (in a tuple), and by name."""
    spent: Dict[str, List[float]] = {}
    with ExitStack() as stack:
        there = {"": stack.enter_context(Worker(f"{__file__}:Clock")), "tcp_": at_address(stack, Clock)}
        for kind, simulator, scene in (
            ("room", RoomSimulator(), make_scene(SEED)),
            ("voxel", VoxelSimulator(), two_cubes()),
        ):
            _, first = simulator.reset(scene, Key(SEED))
            last = {f"{how}{kind}_{way}": first for how in there for way in ("sent", "named")}
            for _ in range(count):
                for name, world in last.items():
                    caller = there["tcp_" if name.startswith("tcp_") else ""]
                    begun = time.perf_counter()
                    if name.endswith("_sent"):
                        ((last[name],),) = caller.call("all_later", (world,))
                    else:
                        last[name] = caller.call("later", world)
                    spent.setdefault(name, []).append((time.perf_counter() - begun) * 1e6)
            if len({world.step for world in last.values()}) != 1 or any(
                world != last[f"{kind}_sent"] for world in last.values()
            ):
                raise RuntimeError("the worlds differ")
    return spent


def at_address(
    stack: ExitStack, make: Callable[[], Any], through: Callable[[str], str] = lambda address: address
) -> Client:
    """A server of what is made, in another process, and a client of it, which connects to what `through` gives."""
    read, write = os.pipe()

    def serve() -> None:
        with Server(table_of(make())) as server:
            os.write(write, server.address.encode())
            server.serve()

    stack.callback(os.kill, forked(serve), 9)
    return stack.enter_context(Client(through(os.read(read, 200).decode())))


def forked(serve: Callable[[], None]) -> int:
    """A child that serves until it is killed."""
    child = os.fork()
    if child == 0:
        try:
            serve()
        finally:
            os._exit(0)
    return child


def runs(count: int) -> Dict[str, List[float]]:
    """Microseconds of every three ticks (one of three looks) of the runs: here, elsewhere, and in other ways there."""
    going = {where: ticks(where) for where in ("here", "elsewhere", *PLACES)}
    spent: Dict[str, List[float]] = {f"run_{where}": [] for where in going}
    try:
        for _ in range(count):
            threes = {where: [next(run) for _ in range(3)] for where, run in going.items()}
            if len({str([did for _, did in three]) for three in threes.values()}) > 1:
                raise RuntimeError("the runs differ")
            for where, three in threes.items():
                spent[f"run_{where}"].append(sum(seconds for seconds, _ in three) * 1e6)
    finally:
        for run in going.values():
            run.close()  # type: ignore[attr-defined]
    return spent
