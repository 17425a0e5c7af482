"""An actor that may not be late: what was sent without waiting neither delays it nor ends what comes after."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from data.trainer_parts import SOON_S, SlowBuffer, Unshared, numbers_in, queue, transition, until
from droidlet_data import QueuedDataStore, ReplayBuffer
from droidlet_transport import DeadlineExceeded
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer

KINDS = pytest.mark.parametrize("kind", [QueuedDataStore, Unshared])


def hurried(client: TrainerClient, times: int = 20) -> int:
    """What waits after so many updates that wait for nothing. Raises AssertionError where they do."""
    began = time.monotonic()
    for _ in range(times):
        waiting = client.update(wait=False).waiting
    assert time.monotonic() - began < SOON_S
    return waiting


@KINDS
def test_an_actor_need_not_wait_for_a_learner_that_is_gone(kind):
    rows, replay = kind(100), ReplayBuffer(100)
    with TrainerServer({"replay": replay}) as server:
        address = server.address
        client = TrainerClient(address, {"replay": rows}, deadline_s=60.0)
        rows.insert(transition(0))
        assert until(lambda: client.update(wait=False).waiting == 0)
    rows.insert(transition(1))
    assert hurried(client) == 1
    rows.insert(transition(2))
    assert hurried(client) == 2
    with TrainerServer({"replay": replay}, address):
        assert until(lambda: client.update(wait=False).waiting == 0)
        client.close()
    assert numbers_in(replay) == [0, 1, 2]


def test_an_actor_need_not_wait_for_a_learner_that_was_never_there():
    with TrainerClient("tcp://127.0.0.1:1", {"replay": queue(3)}, deadline_s=60.0) as client:
        assert hurried(client, 4) == 3


@contextmanager
def slow_learner(kind: Any) -> Iterator[tuple[SlowBuffer, Any, TrainerClient]]:
    """A learner's buffer that takes its time, an actor's queue, and the client between them."""
    slow, rows = SlowBuffer(100), kind(100)
    with (
        TrainerServer({"replay": slow}) as server,
        TrainerClient(server.address, {"replay": rows}, deadline_s=60.0) as client,
    ):
        yield slow, rows, client


@KINDS
def test_the_deadline_of_an_update_holds_whatever_was_sent_before_it(kind):
    with slow_learner(kind) as (slow, rows, client):
        rows.insert(transition(0))
        while not slow.asked.is_set():
            client.update(wait=False)
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            client.update(deadline_s=0.05)
        assert time.monotonic() - began < SOON_S
        slow.free.set()
        assert client.update().waiting == 0
    assert numbers_in(slow) == [0]


@KINDS
def test_a_message_whose_time_is_over_ends_no_update_that_has_more(kind):
    with slow_learner(kind) as (slow, rows, client):
        rows.insert(transition(0))
        while not slow.asked.is_set():
            client.update(deadline_s=1.0, wait=False)
        rows.insert(transition(1))
        client.update(deadline_s=0.01, wait=False)
        time.sleep(1.1)  # until what was sent is too late
        freed = threading.Timer(0.1, slow.free.set)
        freed.start()
        assert client.update().waiting == 0
        freed.join()
    assert numbers_in(slow) == [0, 1]
