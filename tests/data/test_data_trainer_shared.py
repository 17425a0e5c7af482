"""Rows that a learner on the same machine looks at where they lie: the same rows, and nobody hurt by what is told."""

from __future__ import annotations

import fcntl
import gc
import os
import sys

import numpy as np
import pytest

from data.trainer_parts import TRANSITION, Unshared, numbers_in, transition
from droidlet_data import DataError, QueuedDataStore, ReplayBuffer
from droidlet_data import queues as queues_module
from droidlet_data.arena import Arena
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer
from droidlet_transport.rows.sharing import Mapped
from droidlet_transport.service import Client

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory without a name is Linux's")
LAYOUT = (("n", "<i8", ()), ("v", "<f4", (2,)))
HERE = ("store", "client", 1)


@pytest.mark.parametrize("kind", [QueuedDataStore, Unshared])
def test_rows_come_once_whether_they_are_looked_at_or_sent(kind, monkeypatch):
    monkeypatch.setattr(queues_module, "_MOST_ROWS", 7)
    store, queue = ReplayBuffer(10_000, example=TRANSITION), kind(50)
    with (
        TrainerServer({"replay": store}) as server,
        TrainerClient(server.address, {"replay": queue}) as client,
    ):
        expected, rng = [], np.random.default_rng(0)
        for _ in range(60):
            start, count = queue.next_number, int(rng.integers(0, 70))
            for number in range(start, start + count):
                queue.insert(transition(number))
            expected += range(max(start, start + count - 50), start + count)
            assert client.update().waiting == 0
        near = client._updates._near
        assert near == ({"replay"} if kind is QueuedDataStore and sys.platform == "linux" else set())
    assert numbers_in(store) == expected
    assert client.total.stored == len(
        expected
    ) and client.total.lost == queue.lost == queue.next_number - len(expected)


@LINUX
def test_a_queue_whose_memory_is_shared_belongs_to_its_process():
    queue = QueuedDataStore(5)
    assert queue.share() is None
    queue.insert(transition(0))
    pid, descriptor, secret = queue.share()
    assert pid == os.getpid() and os.pread(descriptor, len(secret), 0) == secret
    child = os.fork()
    if child == 0:
        try:
            queue.insert(transition(1))
        except DataError as error:
            os._exit(0 if "make one in this process" in str(error) else 2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    queue.insert(transition(1))
    del queue
    with pytest.raises(OSError):
        os.pread(descriptor, 1, 0)


@LINUX
def test_memory_that_cannot_be_had_is_let_go_of_once():
    closed, close = [], os.close
    gc.collect()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "close", lambda descriptor: (closed.append(descriptor), close(descriptor)))
        with pytest.raises(OSError):
            Arena(1 << 60)
        gc.collect()
    assert closed and len(set(closed)) == len(closed)


def made(
    seals: int = fcntl.F_SEAL_SHRINK if sys.platform == "linux" else 0, name: str = "droidlet-rows"
) -> tuple:
    """Memory as a client makes it: its descriptor, and its secret."""
    descriptor = os.memfd_create(name, os.MFD_ALLOW_SEALING)
    os.write(descriptor, bytes(range(32)) + np.arange(100).tobytes() + np.arange(200, dtype="<f4").tobytes())
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor, bytes(range(32))


@LINUX
def test_a_python_that_was_built_for_older_systems_shares_too(monkeypatch):
    """It names neither the system's call nor its numbers."""
    monkeypatch.delattr(os, "memfd_create")
    for name in [name for name in vars(fcntl) if "SEAL" in name]:
        monkeypatch.delattr(fcntl, name)
    arena = Arena(1000)
    assert Mapped().open(HERE, arena.told, LAYOUT)
    with pytest.raises(OSError):
        Arena(1 << 62)


@LINUX
def test_what_is_told_is_looked_at():
    descriptor, secret = made()
    mapped = Mapped()
    assert mapped.open(HERE, (os.getpid(), descriptor, secret), LAYOUT)
    os.close(descriptor)  # the memory stays as long as somebody looks
    assert mapped.open(HERE, (os.getpid(), descriptor, secret), LAYOUT)  # and is not looked for again
    n, v = mapped.columns(HERE, 3, [32, 32 + 800])
    assert n.tolist() == [0, 1, 2] and v.tolist() == [[0, 1], [2, 3], [4, 5]] and not n.flags.writeable
    for count, where in (
        (3, [32]),
        (-1, [32, 832]),
        (10**9, [32, 832]),
        (1, [-8, 832]),
        (1, [10**9, 832]),
        (True, [32, 832]),
    ):
        with pytest.raises(ValueError, match="places|memory"):
            mapped.columns(HERE, count, where)
    assert mapped.columns(("store", "other", 1), 1, [0, 0]) is None
    mapped.clear()
    assert mapped.columns(HERE, 1, [32, 832]) is None


@LINUX
def test_what_is_no_such_memory_is_not_looked_at(tmp_path):
    descriptor, secret = made()
    unsealed, _ = made(seals=0)
    other, _ = made(name="other")
    file = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    os.write(file, secret)
    pipe, end = os.pipe()
    pid = os.getpid()
    for told in (
        (pid, descriptor, secret[::-1]), (pid, descriptor, b""), (pid, descriptor, None), (pid, unsealed, secret),
        (pid, other, secret), (pid, file, secret), (pid, pipe, secret), (pid, 10**6, secret), (0, descriptor, secret),
        ("../1", descriptor, secret), (pid, str(descriptor), secret), (pid, descriptor), 7, None, "abc",
    ):  # fmt: skip
        assert not Mapped().open(HERE, told, LAYOUT), told
    for one in (descriptor, unsealed, other, file, pipe, end):
        os.close(one)


@LINUX
def test_memory_of_processes_that_have_gone_is_let_go_of(monkeypatch):
    descriptor, secret = made()
    mapped = Mapped()
    assert mapped.open(HERE, (os.getpid(), descriptor, secret), LAYOUT)
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "exists", lambda path: path != f"/proc/{os.getpid()}")
        assert mapped.open(("store", "other", 1), (os.getpid(), descriptor, secret), LAYOUT)
    assert mapped.columns(HERE, 1, [32, 832]) is None
    assert mapped.columns(("store", "other", 1), 1, [32, 832]) is not None
    os.close(descriptor)


def test_a_learner_that_let_go_of_the_memory_is_told_of_it_again():
    store, queue = ReplayBuffer(100, example=TRANSITION), QueuedDataStore(50)
    with (
        TrainerServer({"replay": store}) as server,
        TrainerClient(server.address, {"replay": queue}) as client,
    ):
        for number in range(40):
            queue.insert(transition(number))
            if number % 8 == 7:
                assert client.update().stored == 8
                server._receiver._mapped.clear()
    assert numbers_in(store) == list(range(40))


def test_garbage_instead_of_pieces_is_an_error_of_its_own():
    store = ReplayBuffer(100, example=TRANSITION)
    with TrainerServer({"replay": store}) as server, TrainerClient(server.address, {}) as client:
        life = server._receiver._life
        for numbers in (
            b"",
            b"\1",
            np.array([2, 1, 1], "<i8").tobytes(),
            np.array([5, 0, 0, 1, 2], "<i8").tobytes(),
        ):
            sent = (life, "replay", "a", 1, numbers, ())
            with pytest.raises(ValueError):
                client._sender.call("store", sent)
        assert len(store) == 0 and client._sender.call("weights") == server.weights_address


def test_an_actor_may_be_written_from_the_page_alone():
    store = ReplayBuffer(100)
    with TrainerServer({"replay": store}) as server, Client(server.address) as client:
        layout = (("n", "<i8", ()), ("v", "<f4", (2,)))
        life, seen, lost, *_ = client.call("open", "replay", "stranger", 7, layout, None)
        assert (seen, lost) == (0, 0)
        columns = (np.arange(5), np.ones((5, 2), np.float32))
        numbers = np.array([3, 2, 2, 5], "<i8").tobytes()
        for _ in range(2):
            told = client.call("store", (life, "replay", "stranger", 7, numbers, columns))["told"]
            assert told == (life, 7, 2)
        assert client.call("store", ("another", "replay", "stranger", 7, numbers, columns))["told"] == (
            life,
            -1,
            -1,
        )
    assert store.sample_latest(5)["n"].tolist() == list(range(5)) and store.clients()["stranger"].lost == 2
