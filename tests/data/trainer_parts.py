"""Rows that tell which they are, and a learner that can be killed."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import numpy as np

from droidlet_data import QueuedDataStore, ReplayBuffer
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer


def transition(number: int) -> dict:
    return {"obs": np.full((8, 8), number % 251, np.uint8), "number": number}


TRANSITION = transition(0)


class Unshared(QueuedDataStore):
    """A queue that lets nobody look, as on a Mac or another machine."""

    def share(self) -> None:
        return None


def numbers_in(store) -> list[int]:
    """The numbers of all rows that a store holds, in the order in which they came."""
    batch = (
        store.sample_latest(len(store)) if len(store) else {"number": np.empty(0), "obs": np.empty((0, 1, 1))}
    )
    assert (batch["obs"][:, 0, 0] == batch["number"] % 251).all()
    return batch["number"].tolist()


SOON_S = 15.0  # for what takes no time; the deadlines that must not be waited for are 60 s and more


def queue(rows: int = 0, capacity: int = 1000, start: int = 0) -> QueuedDataStore:
    made = QueuedDataStore(capacity)
    for number in range(start, start + rows):
        made.insert(transition(number))
    return made


def until(condition, seconds: float = 30.0) -> bool:
    """Waits for a condition that another thread makes true."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


class SlowBuffer(ReplayBuffer):
    """A learner that is busy until it is let go on."""

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self.asked, self.free = threading.Event(), threading.Event()

    def receive(self, *arguments):
        self.asked.set()
        self.free.wait(30)
        return super().receive(*arguments)


def learn(path: Path, address: str, eager: bool) -> None:
    """A learner that goes on from its file, and saves when it is asked to, or all the time."""
    store = ReplayBuffer.load(path) if path.exists() else ReplayBuffer(100_000, example=TRANSITION)

    def save(_):
        store.save(path)
        return len(store)

    with TrainerServer({"replay": store}, address, requests={"save": save}) as server:
        sys.stdout.write(server.address + "\n")
        sys.stdout.flush()
        while eager:
            store.save(path)
        sys.stdin.read()


def act(address: str) -> None:
    """An actor that inserts and updates until it is killed."""
    queue = QueuedDataStore(500)
    with TrainerClient(address, {"replay": queue}, name="killed") as client:
        while True:
            for _ in range(100):
                queue.insert(transition(queue.next_number))
            client.update()


if __name__ == "__main__" and sys.argv[1] == "act":
    act(sys.argv[2])
elif __name__ == "__main__":
    learn(Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "eager")
