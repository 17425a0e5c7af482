"""A learner that dies: what it saved is there, what its clients hold comes again, nothing comes twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from data.trainer_parts import TRANSITION, Unshared, numbers_in, transition
from droidlet_data import Mark, QueuedDataStore, ReplayBuffer
from droidlet_transport import TransportError
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer

OTHER = 1_000_000  # what the other actor's rows are numbered from
TESTS = Path(__file__).resolve().parents[1]


class Learner:
    """A learner in a process of its own, at one address through all its lives."""

    def __init__(self, path: Path, eager: bool = False) -> None:
        self.path, self.eager, self.address, self.process = path, eager, "tcp://127.0.0.1:0", None

    def start(self) -> None:
        command = [sys.executable, str(TESTS / "data" / "trainer_parts.py"), str(self.path), self.address]
        command.append("eager" if self.eager else "patient")
        environment = {"PYTHONPATH": str(TESTS), **os.environ}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.address = self.process.stdout.readline().strip()
        assert self.address

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=60)


@pytest.fixture
def learner(tmp_path):
    made = Learner(tmp_path / "store")
    made.start()
    yield made
    made.kill()


def insert(queue: QueuedDataStore, count: int, start: int = 0) -> None:
    for _ in range(count):
        queue.insert(transition(start + queue.next_number))


def test_a_learner_that_is_killed_after_a_save_has_each_row_once(learner):
    queue = QueuedDataStore(40)
    with TrainerClient(learner.address, {"replay": queue}, name="actor") as client:
        insert(queue, 30)
        client.update()
        assert client.request("save") == 30
        insert(queue, 25)  # of 55 rows the newest 40 are held: those from 15 on
        client.update()
        learner.kill()
        learner.start()
        insert(queue, 20)  # of 75 those from 35 on
        told = client.update()
        assert (told.stored, told.lost, told.forgotten) == (40, 5, 25)
        assert queue.lost == 5  # rows of which it knew that they had come, and that the learner forgot
        assert client.request("save") == 70
    store = ReplayBuffer.load(learner.path)
    assert numbers_in(store) == [*range(30), *range(35, 75)]
    assert (store.clients()["actor"].stored, store.clients()["actor"].lost) == (70, 5)


def test_an_actor_that_is_killed_hurts_nobody():
    store = ReplayBuffer(1_000_000, example=TRANSITION)
    with TrainerServer({"replay": store}) as server:
        command = [sys.executable, str(TESTS / "data" / "trainer_parts.py"), "act", server.address]
        actor = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(TESTS)})
        end = time.monotonic() + 60
        while len(store) < 1000 and time.monotonic() < end:
            time.sleep(0.005)
        actor.kill()
        actor.wait(60)
        queue = QueuedDataStore(50)
        insert(queue, 30, OTHER)
        with TrainerClient(server.address, {"replay": queue}) as client:
            assert client.update().stored == 30
        rows = numbers_in(store)
        assert rows == [*range(len(rows) - 30), *range(OTHER, OTHER + 30)] and len(rows) >= 1030
        assert (
            store.clients()["killed"].stored == len(rows) - 30 and len(server._receiver._mapped._found) <= 1
        )


@pytest.mark.slow
def test_a_learner_that_is_killed_again_and_again_while_it_saves_and_stores(tmp_path):
    rng, learner = random.Random(4), Learner(tmp_path / "store", eager=True)
    learner.start()
    queues = [QueuedDataStore(3000), Unshared(300)]
    clients = [
        TrainerClient(learner.address, {"replay": queue}, name=f"actor {n}") for n, queue in enumerate(queues)
    ]
    for _ in range(25):
        for client in clients:
            client.start_async_update(0.0)
        for _ in range(rng.randrange(40)):
            for n, queue in enumerate(queues):
                insert(queue, rng.randrange(4), n * OTHER)
            queues[0].wait_for_room(100, rng.random() / 50)
        learner.kill()
        learner.start()
        for client in clients:
            client.stop_async_update()
    learner.eager = False
    for client in clients:
        client.update()
        assert client.total.waiting == 0
    clients[0].request("save")
    learner.kill()
    assert len(os.listdir(tmp_path)) <= 2  # the store, and what the last kill interrupted
    store = ReplayBuffer.load(learner.path)
    for n, (queue, client) in enumerate(zip(queues, clients)):
        mark = store.clients()[f"actor {n}"]
        assert mark.seen == queue.next_number and mark.lost == client.total.lost == queue.lost
        assert client.total.stored - client.total.forgotten == mark.stored
        client.close()
    rows = numbers_in(store)
    assert len(set(rows)) == len(rows) == sum(mark.stored for mark in store.clients().values())
    assert queues[0].lost == 0 and {n for n in rows if n < OTHER} == set(range(queues[0].next_number))


class LearnerMachine(RuleBasedStateMachine):
    """Two actors and a learner that is started again from its newest file, or from none."""

    @initialize(capacity=st.integers(2, 20))
    def start(self, capacity):
        self.folder = tempfile.mkdtemp()
        self.path = Path(self.folder) / "store"
        self.server = TrainerServer({"replay": ReplayBuffer(1000, example=TRANSITION)}).start()
        self.address = self.server.address
        self.queues = [QueuedDataStore(capacity), Unshared(capacity)]
        self.clients = [
            TrainerClient(self.address, {"replay": queue}, name=name)
            for name, queue in zip("ab", self.queues)
        ]
        self.inserted = 0
        self.owner: dict[int, str] = {}

    def teardown(self):
        if not hasattr(self, "server"):
            return
        try:
            for name in "ab":
                self.update(name)
            self.check(final=True)
        finally:
            for client in self.clients:
                client.close()
            self.server.close()
            shutil.rmtree(self.folder)

    def store(self):
        return self.server.stores["replay"]

    @rule(name=st.sampled_from("ab"), count=st.integers(1, 12))
    def insert(self, name, count):
        for _ in range(count):
            self.queues["ab".index(name)].insert(transition(self.inserted))
            self.owner[self.inserted] = name
            self.inserted += 1

    @rule(name=st.sampled_from("ab"))
    def update(self, name):
        self.clients["ab".index(name)].update()

    @rule(name=st.sampled_from("ab"))
    def send(self, name):
        self.clients["ab".index(name)].update(wait=False)

    @rule()
    def save(self):
        self.store().save(self.path)

    @rule(busy=st.booleans())
    def crash(self, busy):
        self.server.close()
        if busy:
            self.queues[0].insert(transition(self.inserted))
            self.owner[self.inserted] = "a"
            self.inserted += 1
            with pytest.raises(TransportError):
                self.clients[0].update(deadline_s=0.01)
        store = ReplayBuffer.load(self.path) if self.path.exists() else ReplayBuffer(1000, example=TRANSITION)
        self.server = TrainerServer({"replay": store}, self.address).start()

    @invariant()
    def check(self, final=False):
        if not hasattr(self, "server"):
            return
        with self.store()._lock:  # what was sent without waiting may come at any time
            rows, marks = numbers_in(self.store()), self.store().clients()
        assert len(rows) == len(set(rows))
        for name, client, queue in zip("ab", self.clients, self.queues):
            ours = [row for row in rows if self.owner[row] == name]
            mark = marks.get(name, Mark())
            stored = mark.stored
            assert ours == sorted(ours) and len(ours) == stored
            if final:
                assert client.total.waiting == 0
                assert stored == client.total.stored - client.total.forgotten
                assert mark.seen == queue.next_number and mark.lost == client.total.lost == queue.lost


LearnerMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=15)
TestLearner = LearnerMachine.TestCase
