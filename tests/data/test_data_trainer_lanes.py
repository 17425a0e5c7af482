"""The short way of clients whose rows the learner looks at: the same rows, and all goes on where it is of no use."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time

import numpy as np
import pytest

from data.trainer_parts import TRANSITION, numbers_in, transition
from droidlet_data import QueuedDataStore, ReplayBuffer
from droidlet_data import queues as queues_module
from droidlet_schema import Key
from droidlet_transport import Closed, DeadlineExceeded
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer
from droidlet_transport.rows import lanes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory without a name is Linux's")


BLOCK = 8  # rows that lie together


class Counting(ReplayBuffer):
    """Counts what comes, may be slow, and may raise."""

    def __init__(self) -> None:
        super().__init__(1000, example=TRANSITION)
        self.came, self.wrong = 0, 0
        self.free = threading.Event()
        self.free.set()

    def receive(self, *arguments):
        self.came += 1
        assert self.free.wait(60)
        if self.wrong:
            self.wrong -= 1
            raise ValueError("the disk is full")
        return super().receive(*arguments)


class Pair:
    """A learner and an actor, which counts the messages that it sends in the usual way."""

    def __init__(self) -> None:
        self.store, self.queue, self.usual = Counting(), QueuedDataStore(500), 0
        self.server = TrainerServer({"replay": self.store}).start()
        self.client = TrainerClient(self.server.address, {"replay": self.queue}, deadline_s=60.0)
        start = self.client._sender.start

        def counted(name, *arguments, **options):
            self.usual += name == "store"
            return start(name, *arguments, **options)

        self.client._sender.start = counted
        self.put(BLOCK)  # the first rows lie where nobody can look
        self.client.update()
        self.usual = 0

    def put(self, count: int) -> None:
        for number in range(self.queue.next_number, self.queue.next_number + count):
            self.queue.insert(transition(number))

    def check(self) -> None:
        assert numbers_in(self.store) == list(range(self.queue.next_number))
        assert (self.client.total.stored, self.client.total.lost) == (self.queue.next_number, 0)

    def close(self) -> None:
        self.store.free.set()
        self.client.close()
        self.server.close()


@pytest.fixture(autouse=True)
def small_blocks_and_long_patience(monkeypatch):
    monkeypatch.setattr(queues_module, "_MOST_ROWS", BLOCK)
    monkeypatch.setattr(lanes, "PATIENCE_S", 50.0)


@pytest.fixture
def pair():
    made = Pair()
    yield made
    made.close()


def test_rows_that_are_looked_at_are_told_of_by_the_short_way(pair):
    for _ in range(20):
        pair.put(5)
        assert pair.client.update().stored == 5
    assert pair.usual == 0 and not pair.client._updates._lane.waiting
    pair.check()


def test_an_error_is_raised_as_in_the_usual_way_and_nothing_is_lost(pair):
    pair.put(5)
    pair.store.wrong = 2  # by the one way and the other
    with pytest.raises(ValueError, match="the disk is full"):
        pair.client.update()
    assert pair.usual == 1 and pair.client.update().stored == 5
    pair.check()


def test_without_an_answer_it_is_asked_in_the_usual_way_and_the_rows_come_once(pair, monkeypatch):
    monkeypatch.setattr(lanes, "PATIENCE_S", 0.05)
    pair.put(5)
    pair.store.free.clear()
    threading.Timer(0.3, pair.store.free.set).start()
    assert pair.client.update().stored == 5 and pair.usual == 1 and pair.store.came >= 3
    pair.check()


def test_who_does_not_wait_never_does_also_where_nobody_answers(pair, monkeypatch):
    monkeypatch.setattr(lanes, "PATIENCE_S", 0.05)
    pair.put(5)
    pair.store.free.clear()
    began = time.monotonic()
    while pair.usual == 0 and time.monotonic() < began + 30:
        assert pair.client.update(wait=False).waiting == 5
    assert pair.client.update(wait=False).waiting == 5 and pair.usual == 1
    pair.store.free.set()
    while pair.queue.waiting and time.monotonic() < began + 30:
        pair.client.update(wait=False)
    pair.check()


def test_a_deadline_holds_and_the_next_update_goes_on(pair):
    pair.put(5)
    pair.store.free.clear()
    with pytest.raises(DeadlineExceeded):
        pair.client.update(deadline_s=0.05)
    pair.store.free.set()
    pair.put(5)
    assert pair.client.update().waiting == 0
    pair.check()


def test_a_learner_that_has_gone_and_comes_back_is_found_again(pair):
    address = pair.server.address
    pair.server.close()
    pair.put(5)
    with pytest.raises(DeadlineExceeded):
        pair.client.update(deadline_s=0.05)
    assert pair.client._updates._lane.broken
    pair.server = TrainerServer({"replay": pair.store}, address).start()
    assert pair.client.update().waiting == 0
    pair.usual = 0
    pair.put(5)
    assert pair.client.update().stored == 5 and pair.usual == 0
    pair.check()


def test_strangers_hurt_nobody(pair):
    address, rng = pair.server._receiver._lanes.address, Key(1).generator()
    strangers = []
    for size in (0, 1, 15, 16, 24, 64, 4096, *rng.integers(0, 300, 20).tolist()):
        stranger = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stranger.connect(f"\0{address}")
        number = np.array([7, 1], "<u8").tobytes()  # of a queue that there is
        stranger.send((number + rng.bytes(size))[: max(size, 1)])
        strangers.append(stranger)
        pair.put(1)
        pair.client.update()
    for stranger in strangers:
        stranger.close()
    pair.put(5)
    assert pair.client.update().stored == 5
    pair.check()


@pytest.mark.skipif(not hasattr(os, "setuid") or os.getuid() != 0, reason="who is not root is one user")
def test_another_user_is_not_listened_to(pair):
    address = pair.server._receiver._lanes.address
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as stranger:
            stranger.settimeout(30)
            stranger.connect(f"\0{address}")
            try:
                stranger.send(bytes(16))
                os._exit(1 if stranger.recv(64) else 0)
            except (BrokenPipeError, ConnectionResetError):
                os._exit(0)
            finally:
                os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    pair.put(5)
    assert pair.client.update().stored == 5 and pair.usual == 0
    pair.check()


def test_a_forked_child_is_refused_and_takes_no_answer(pair):
    pair.put(5)
    child = os.fork()
    if child == 0:
        try:
            pair.client.update()
        except Closed:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert pair.client.update().stored == 5 and pair.usual == 0
    pair.check()


def test_where_answers_come_in_no_order_there_is_none():
    store, queue = ReplayBuffer(100, example=TRANSITION), QueuedDataStore(50)
    with (
        TrainerServer({"replay": store}, threads=2) as server,
        TrainerClient(server.address, {"replay": queue}) as client,
    ):
        for number in range(10):
            queue.insert(transition(number))
            client.update()
        assert client._updates._lane is None
    assert numbers_in(store) == list(range(10))


def test_nothing_stays_open():
    Pair().close()
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        Pair().close()
    end = time.monotonic() + 20
    while len(os.listdir("/dev/fd")) > before and time.monotonic() < end:
        gc.collect()  # ZeroMQ closes in threads of its own
        time.sleep(0.01)
    assert len(os.listdir("/dev/fd")) <= before
