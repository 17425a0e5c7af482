"""The behaviours that the tests of another actor-learner framework ask for, met by thin shims over these stores.

Its queue numbers rows and hands out those after a number; its trainer has one update for several stores, requests by
type of which an unknown one gives nothing, an update in the background, and a broadcast; its trajectory buffer wraps
around, masks what is padding, leaves out episodes that are too short, samples from one that is still going on, and
saves and loads.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from droidlet_data import NotEnough, QueuedDataStore, ReplayBuffer, TrajectoryBuffer
from droidlet_schema import Key
from droidlet_transport import NotServed, TransportError
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer


class Queue:
    """insert, latest_data_id, get_latest_data(from_id), len."""

    def __init__(self, capacity: int) -> None:
        self.store = QueuedDataStore(capacity)

    def insert(self, data: Any) -> None:
        self.store.insert(data)

    def latest_data_id(self) -> int:
        return self.store.next_number - 1

    def get_latest_data(self, from_id: int) -> list[dict]:
        found: list[dict] = []
        following = from_id + 1
        while (lent := self.store.lend(following)) is not None:
            names = [name for name, _, _ in self.store.layout() or ()]
            found += [{n: c[i].item() for n, c in zip(names, lent.columns)} for i in range(lent.count)]
            following = lent.first + lent.count
            self.store.give_back(lent)
        return found

    def __len__(self) -> int:
        return len(self.store)


class Server:
    """register_data_store, start, publish_network, request callback, stop."""

    def __init__(self, callback: Any) -> None:
        self.stores: dict[str, Any] = {}
        self.callback = callback

    def register_data_store(self, name: str, store: Any) -> None:
        self.stores[name] = store

    def start(self, threaded: bool = True) -> None:
        requests = {"get-stats": lambda payload: self.callback("get-stats", payload)}
        self.server = TrainerServer(self.stores, requests=requests).start()

    def publish_network(self, weights: Any) -> None:
        self.server.publish_weights(weights)

    def stop(self) -> None:
        self.server.close()


class Client:
    """update -> bool, request -> what or None, recv_network_callback, start_async_update, stop."""

    def __init__(self, name: str, address: str, stores: dict[str, Queue]) -> None:
        self.client = TrainerClient(address, {n: queue.store for n, queue in stores.items()}, name=name)

    def update(self) -> bool:
        try:
            return self.client.update().waiting == 0
        except TransportError:
            return False

    def request(self, kind: str, payload: Any) -> Any:
        try:
            return self.client.request(kind, payload)
        except NotServed:
            return None

    def recv_network_callback(self, callback: Any) -> None:
        self.client.on_weights(lambda weights: callback(weights.value))

    def start_async_update(self, interval: float) -> None:
        self.client.start_async_update(interval)

    def stop(self) -> None:
        self.client.close()


def until(condition: Any) -> bool:
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def test_a_queue_numbers_overwrites_and_hands_out_what_is_newer():
    queue = Queue(3)
    assert queue.latest_data_id() == -1 and queue.get_latest_data(-1) == []
    for number in range(5):
        queue.insert({"x": number})
    assert (len(queue), queue.latest_data_id()) == (3, 4)
    assert queue.get_latest_data(2) == [{"x": 3}, {"x": 4}]
    assert queue.get_latest_data(-1) == [{"x": 2}, {"x": 3}, {"x": 4}] and queue.get_latest_data(4) == []


@pytest.fixture
def trainer():
    server = Server(lambda kind, payload: {"type": kind, "double": 2 * payload})
    for name in ("table1", "table2"):
        server.register_data_store(name, ReplayBuffer(2000))
    server.start(threaded=True)
    yield server
    server.stop()


def test_a_trainer_updates_answers_and_broadcasts(trainer):
    queues = {"table1": Queue(100), "table2": Queue(100)}
    client = Client("client", trainer.server.address, queues)
    lengths = lambda: [len(trainer.stores[name]) for name in queues]  # noqa: E731
    queues["table1"].insert({"x": 1})
    assert lengths() == [0, 0] and client.update() and lengths() == [1, 0]
    queues["table2"].insert({"y": 2.0})
    queues["table1"].insert({"x": 3})
    assert client.update() and lengths() == [2, 1] and client.update() and lengths() == [2, 1]
    assert dict(client.request("get-stats", 4)) == {"type": "get-stats", "double": 8}
    assert client.request("invalid-type", 4) is None
    client.start_async_update(0.01)
    queues["table2"].insert({"y": 5.0})
    assert until(lambda: lengths() == [2, 2])
    came, weights = [], {"layer1": np.arange(6.0).reshape(2, 3), "layer2": np.ones(2)}
    client.recv_network_callback(came.append)
    trainer.publish_network(weights)
    assert until(lambda: came)
    assert all(np.array_equal(came[0][name], weights[name]) for name in weights)
    client.stop()


def test_under_stress_a_learner_never_has_more_than_its_actor_and_in_the_end_the_same(trainer):
    queue, store = Queue(2000), trainer.stores["table1"]
    client = Client("client", trainer.server.address, {"table1": queue})
    client.start_async_update(0.001)
    for number in range(1500):
        queue.insert({"x": number})
        if number % 100 == 0:
            assert len(store) <= queue.latest_data_id() + 1
    assert until(lambda: len(store) == len(queue) == 1500)
    assert store.sample_latest(1500)["x"].tolist() == list(range(1500))
    client.stop()


def test_ends_within_a_moment(trainer):
    client = Client("client", trainer.server.address, {"table1": Queue(5)})
    client.recv_network_callback(lambda _: None)
    client.start_async_update(1000.0)
    began, before = time.monotonic(), threading.active_count()
    client.stop()
    assert time.monotonic() - began < 10 and threading.active_count() < before


def walk(store: TrajectoryBuffer, *lengths: int, going_on: int = 0) -> None:
    """Episodes of these lengths, and the beginning of one more; a row holds its place in its episode."""
    for length in lengths:
        for place in range(length):
            store.insert({"place": place, "end": place == length - 1})
    for place in range(going_on):
        store.insert({"place": place, "end": False})


def test_trajectories_wrap_around():
    store = TrajectoryBuffer(10, ends=("end",))
    walk(store, 6, 6, 6)
    assert len(store) == 10 and [len(rows) for rows in store.episodes()] == [4, 6]


def test_a_sequence_is_masked_where_its_episode_ends():
    store = TrajectoryBuffer(20, ends=("end",))
    walk(store, 4, 9)
    batch = store.sample_sequences(50, 6, Key(0), padded=True)
    for places, mask in zip(batch["place"], batch.mask):
        held = int(mask.sum())
        assert mask[:held].all() and (np.diff(places[:held]) == 1).all() and not places[held:].any()
        assert held == 6 or places[held - 1] in (3, 8)


def test_episodes_that_are_too_short_are_left_out():
    store = TrajectoryBuffer(30, ends=("end",), min_length=4)
    walk(store, 3, 2)
    with pytest.raises(NotEnough):
        store.sample(1, Key(0))
    walk(store, 3, 5)
    assert set(store.sample(200, Key(0)).numbers.tolist()) == set(range(8, 13))


def test_an_episode_that_is_going_on_is_sampled_from_and_goes_on():
    store = TrajectoryBuffer(30, ends=("end",), min_length=3)
    walk(store, going_on=4)
    assert set(store.sample_sequences(100, 3, Key(0))["place"][:, 0].tolist()) == {0, 1}
    store.insert({"place": 4, "end": True})
    store.insert({"place": 0, "end": False})
    assert set(store.sample_sequences(100, 3, Key(0))["place"][:, 0].tolist()) == {0, 1, 2}


def test_what_is_saved_is_loaded(tmp_path):
    store = TrajectoryBuffer(15, ends=("end",), min_length=2)
    walk(store, 7, 7, going_on=3)
    store.save(tmp_path / "store")
    again = TrajectoryBuffer.load(tmp_path / "store")
    walk(store, 4)
    walk(again, 4)
    ours, theirs = (one.sample_sequences(40, 3, Key(5), padded=True) for one in (store, again))
    assert np.array_equal(ours["place"], theirs["place"]) and np.array_equal(ours.mask, theirs.mask)
