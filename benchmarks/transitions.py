"""How many transitions a second reach a learner, each stored once, against the least that moving their bytes can cost.

A transition is two pictures of 84 x 84 bytes, an action, a reward, and whether it was the last: 14,129 bytes. The bare
way has a memory that two processes share: one copies 100 of them in and wakes the other by a byte in a pipe, which
copies them out into a ring of its own and answers by a byte; and so on. Ours is a TrainerClient that brings what an
actor puts into its queue to a learner's ReplayBuffer in another process, on the same machine by tcp. All rows are
numbered, and the learner is asked afterwards whether it has each of them once.

    transitions_vs_bare  1,000 rows put into the queue, 100 at a time as vector environments give them, and an update:
                         rows a second from the first put until all are stored
    singly_vs_bare       the same, put into the queue one by one
    updates_vs_bare      an update for each 100 rows
    frames_vs_bare       the first again, by a queue that shares no memory: all rows go through the socket

The ratios are rates: 0.5 means that ours brings half as many.

    python benchmarks/transitions.py [--quick]
"""

from __future__ import annotations

import mmap
import os
import statistics
import sys
import time
from contextlib import ExitStack
from typing import Any, Callable, Dict, List

import numpy as np
import zmq
from _placed import forked

from droidlet_data import QueuedDataStore, ReplayBuffer
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer

SIDE, BATCH, BURST, CAPACITY = 84, 100, 1000, 4000
Send = Callable[[], Any]


def rows(count: int) -> Dict[str, np.ndarray]:
    """Stacked transitions of noise, which nothing compresses."""
    rng = np.random.default_rng(1)
    return {
        "obs": rng.integers(0, 256, (count, SIDE, SIDE), np.uint8),
        "next_obs": rng.integers(0, 256, (count, SIDE, SIDE), np.uint8),
        "action": np.arange(count),
        "reward": rng.random(count),
        "done": rng.random(count) < 0.1,
    }


def bare(stack: ExitStack) -> Send:
    """Shared memory, a byte each way, and a ring on the other side."""
    batch = rows(BATCH)
    shared = np.frombuffer(mmap.mmap(-1, sum(array.nbytes for array in batch.values())), np.uint8)
    ends = np.cumsum([0, *(array.nbytes for array in batch.values())])
    slots = {
        name: shared[start:end].view(array.dtype).reshape(array.shape)
        for (name, array), start, end in zip(batch.items(), ends, ends[1:])
    }
    (read, ask), (answered, answer) = os.pipe(), os.pipe()

    def serve() -> None:
        ring = {name: np.zeros((CAPACITY, *array.shape[1:]), array.dtype) for name, array in batch.items()}
        at = 0
        while os.read(read, 1):
            for name, slot in slots.items():
                ring[name][at : at + BATCH] = slot
            at = (at + BATCH) % CAPACITY
            os.write(answer, b"x")

    stack.callback(os.kill, forked(serve), 9)

    def send() -> None:
        for _ in range(BURST // BATCH):
            for name, array in batch.items():
                slots[name][...] = array
            os.write(ask, b"x")
            os.read(answered, 1)

    return send


def learner(stack: ExitStack, address: str) -> str:
    """A learner in another process; its address."""
    read, write = os.pipe()

    def serve() -> None:
        store = ReplayBuffer(CAPACITY)

        def held(_: Any) -> Any:
            newest = store.sample_latest(len(store))
            return store.inserted, newest["action"], newest["obs"]

        with TrainerServer({"replay": store}, address, requests={"held": held}) as server:
            os.write(write, server.address.encode())
            while True:
                time.sleep(60)

    stack.callback(os.kill, forked(serve), 9)
    return os.read(read, 200).decode()


class Unshared(QueuedDataStore):
    """A queue that lets nobody look."""

    def share(self) -> None:
        """Nothing to look at."""


class Ours:
    """An actor; numbers its rows in their actions, so that one that comes twice or not at all is seen."""

    def __init__(self, stack: ExitStack, queue: QueuedDataStore, together: bool = True) -> None:
        self.queue, self.together, self.sent = queue, together, 0
        address = learner(stack, "tcp://127.0.0.1:0")
        self.client = stack.enter_context(TrainerClient(address, {"replay": self.queue}))
        self.batch = rows(BATCH)
        self.single = [{name: array[n] for name, array in self.batch.items()} for n in range(BATCH)]
        self.put()
        self.client.update()

    def put(self) -> None:
        """The next batch into the queue."""
        numbers = self.batch["action"]
        numbers[:] = np.arange(self.sent, self.sent + BATCH)
        if self.together:
            self.queue.insert_many(self.batch)
        else:
            for number, row in zip(numbers.tolist(), self.single):
                row["action"] = number
                self.queue.insert(row)
        self.sent += BATCH

    def burst(self) -> None:
        """Many batches into the queue, and an update."""
        for _ in range(BURST // BATCH):
            self.put()
        self.client.update()

    def update(self) -> None:
        """An update for each batch."""
        for _ in range(BURST // BATCH):
            self.put()
            self.client.update()

    def check(self) -> None:
        """Raises RuntimeError unless the learner holds all that was sent, once."""
        inserted, actions, pictures = self.client.request("held")
        expected = np.arange(self.sent - len(actions), self.sent)
        right = np.array_equal(actions, expected) and np.array_equal(pictures[-BATCH:], self.batch["obs"])
        if inserted != self.sent or not right or self.queue.lost:
            raise RuntimeError(f"{self.sent} rows were sent, {inserted} were stored")


def measure(ways: Dict[str, Send], rounds: int) -> Dict[str, List[float]]:
    """Seconds per burst of each, in turns, so that all see the same machine."""
    spent: Dict[str, List[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, send in ways.items():
            start = time.perf_counter()
            send()
            spent[name].append(time.perf_counter() - start)
    return {name: times[len(times) // 10 :] for name, times in spent.items()}  # the first tenth warms up


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios of median rates, and the rates themselves."""
    with ExitStack() as stack:
        ways: Dict[str, Send] = {"bare": bare(stack)}
        ours = {
            "burst": Ours(stack, QueuedDataStore(BURST)),
            "single": Ours(stack, QueuedDataStore(BURST), together=False),
            "frames": Ours(stack, Unshared(BURST)),
            "update": Ours(stack, QueuedDataStore(BURST)),
        }
        for name, one in ours.items():
            ways[name] = one.update if name == "update" else one.burst
        spent = measure(ways, 10 if quick else 60)
        for one in ours.values():
            one.check()
    rate = {name: BURST / statistics.median(times) for name, times in spent.items()}
    return {
        "name": "transitions",
        "baselines": {"numpy": np.__version__, "pyzmq": zmq.__version__},
        "ratios": {
            "transitions_vs_bare": rate["burst"] / rate["bare"],
            "singly_vs_bare": rate["single"] / rate["bare"],
            "updates_vs_bare": rate["update"] / rate["bare"],
            "frames_vs_bare": rate["frames"] / rate["bare"],
        },
        "aims": {"transitions_vs_bare": (">=", 0.5)},
        "details": {"rows a second": rate},
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    for name, rate in result["details"]["rows a second"].items():
        print(f"{name:16} {rate:10.0f} rows/s")
    for name, ratio in result["ratios"].items():
        print(f"{name:24} {ratio:.2f}")


if __name__ == "__main__":
    main()
