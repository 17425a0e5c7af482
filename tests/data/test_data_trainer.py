"""A learner and its actors: every row once or counted as lost, whoever dies, repeats, is slow, or comes late."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest

from data.trainer_parts import SOON_S, TRANSITION, SlowBuffer, Unshared, numbers_in, queue, transition, until
from droidlet_data import QueuedDataStore, ReplayBuffer, RowError, TrajectoryBuffer
from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    ProtocolError,
    pure,
    subscribing,
)
from droidlet_transport.faces.hosting import reached
from droidlet_transport.faces.trainer import Count, TrainerClient, TrainerServer, UnknownStore
from droidlet_transport.service import Keys, NotAllowed, Server, new_keys


@pytest.fixture
def replay():
    return ReplayBuffer(5000, example=TRANSITION)


@pytest.fixture
def server(replay):
    requests = {"greet": lambda payload: {"hello": payload["name"]}, "fail": lambda _: 1 / 0}
    with TrainerServer({"replay": replay}, requests=requests) as made:
        yield made


def test_rows_of_several_stores_come_once_and_are_counted():
    replay, steps = ReplayBuffer(100), TrajectoryBuffer(100, ends=("done",))
    with TrainerServer({"replay": replay, "steps": steps}) as server:
        rows, episodes, empty = queue(20), QueuedDataStore(50), queue()
        stores = {"replay": rows, "steps": episodes}
        for number in range(12):
            episodes.insert({"n": number, "done": number in (4, 11)})
        with (
            TrainerClient(server.address, stores) as client,
            TrainerClient(server.address, {"replay": empty}) as idle,
        ):
            assert client.update().stores == {"replay": Count(20), "steps": Count(12)}
            assert client.update().stored == 0 == idle.update().stored
            rows.insert(transition(20))
            assert (client.update().stored, client.total.stored, client.total.waiting) == (1, 33, 0)
    assert numbers_in(replay) == list(range(21))
    assert steps.episodes() == (tuple(range(5)), tuple(range(5, 12)))


def test_requests_of_types_of_ones_own(server):
    with TrainerClient(server.address, {}) as client:
        assert client.request("greet", {"name": "actor"})["hello"] == "actor"
        with pytest.raises(ZeroDivisionError):
            client.request("fail")
        with pytest.raises(NotServed, match="request/greet"):
            client.request("sing")
        assert client.request("greet", {"name": "again"})["hello"] == "again"


def test_a_store_that_is_not_there_and_rows_that_do_not_fit_are_named(server):
    elsewhere = TrainerClient(server.address, {"else": queue(1)})
    with elsewhere, pytest.raises(UnknownStore, match="no store 'else'.*there are replay"):
        elsewhere.update()
    other = QueuedDataStore(5)
    other.insert({"picture": 1})
    unlike = TrainerClient(server.address, {"replay": other})
    with unlike, pytest.raises(RowError, match="another layout"):
        unlike.update()
    with TrainerClient(server.address, {"replay": queue(3)}) as client:
        assert client.update().stored == 3


def test_rows_in_many_blocks_come_in_order(server, replay):
    big = QueuedDataStore(5000)
    big.insert_many({name: np.repeat(np.asarray(value)[None], 4000, 0) for name, value in TRANSITION.items()})
    for number in range(500):
        big.insert(transition(number))
    with TrainerClient(server.address, {"replay": big}) as client:
        assert client.update().stored == 4500
    assert numbers_in(replay)[4000:] == list(range(500))


# what goes wrong elsewhere


def test_p6_what_both_sides_share_is_not_changed(replay):
    shared = {"replay": replay}
    rows = {"replay": queue(2)}
    for _ in range(2):
        with TrainerServer(shared) as server, TrainerClient(server.address, rows) as client:
            client.update()
            assert client.request.__self__ is client and server.stores == shared
    assert list(shared) == ["replay"] == list(rows) and numbers_in(replay) == [0, 1]


def test_p7_a_reply_that_is_too_late_is_said_and_the_rows_come_once():
    slow = SlowBuffer(100)
    with (
        TrainerServer({"replay": slow}) as server,
        TrainerClient(server.address, {"replay": queue(9)}) as client,
    ):
        for _ in range(2):
            with pytest.raises(DeadlineExceeded):
                client.update(deadline_s=0.05)
        slow.free.set()
        assert client.update().stored == 9
    assert numbers_in(slow) == list(range(9))


def test_an_actor_need_not_wait_for_a_learner_that_is_busy():
    slow, rows = SlowBuffer(100), queue(9)
    with TrainerServer({"replay": slow}) as server, TrainerClient(server.address, {"replay": rows}) as client:
        for _ in range(5):
            assert client.update(wait=False).waiting == 9
        slow.free.set()
        assert until(lambda: client.update(wait=False).waiting == 0) and client.total.stored == 9
        slow.free.clear()
        rows.insert(transition(9))
        with pytest.raises(DeadlineExceeded):  # where this machine is slow, by the first one
            client.update(deadline_s=0.01, wait=False)
            time.sleep(0.02)
            client.update(wait=False)
        slow.free.set()
        assert client.update().waiting == 0 and client.total.stored == 10
    assert numbers_in(slow) == list(range(10))


def test_p8_an_actor_that_starts_again_is_another_run_of_it(server, replay):
    for start, rows in ((0, 20), (20, 5)):
        with TrainerClient(server.address, {"replay": queue(rows, start=start)}, name="actor") as client:
            assert client.update().stored == rows
    assert numbers_in(replay) == list(range(25))
    assert replay.clients()["actor"].stored == 25


@pytest.mark.parametrize("name", ["actor", None])
def test_p9_two_actors_may_have_one_store_and_even_one_name(server, replay, name):
    stores = [{"replay": queue(10, start=10 * n)} for n in range(2)]
    clients = [TrainerClient(server.address, store, name=name) for store in stores]
    for _ in range(2):
        for client in clients:
            client.update()
    assert [client.total.stored for client in clients] == [10, 10]
    assert numbers_in(replay) == list(range(20))
    for client in clients:
        client.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_p9_forked_actors_of_one_name_with_a_queue_that_was_made_before_have_rows_of_their_own(
    server, replay
):
    rows = queue(3)
    for start in (100, 200):
        child = os.fork()
        if child == 0:
            try:
                with TrainerClient(server.address, {"replay": rows}, name="actor") as client:
                    for number in range(5):
                        rows.insert(transition(start + number))
                    client.update()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    with TrainerClient(server.address, {"replay": rows}, name="actor") as client:
        assert client.update().stored == 3
    assert numbers_in(replay) == [*range(100, 105), *range(200, 205), 0, 1, 2]


def test_p10_what_a_queue_lost_is_said(server, replay):
    rows = queue(12, capacity=5)
    with TrainerClient(server.address, {"replay": rows}, name="actor") as client:
        told = client.update()
        assert (told.stored, told.lost, rows.lost) == (5, 7, 7)
        for number in range(12, 20):
            rows.insert(transition(number))
        told = client.update()
        assert (told.stored, told.lost, rows.lost) == (5, 3, 10)
    assert numbers_in(replay) == [*range(7, 12), *range(15, 20)]
    assert (replay.clients()["actor"].stored, replay.clients()["actor"].lost) == (10, 10)


def test_p11_who_comes_late_has_the_newest_weights_and_a_callback_that_raises_hurts_nobody(server):
    came, again = [], threading.Event()

    def callback(weights):
        came.append(weights)
        if weights.version == 2:
            raise ValueError("no")
        again.set()

    with TrainerClient(server.address, {}) as early:
        assert early.latest_weights() is None
        server.publish_weights({"layer": {"w": np.zeros(3)}})
        assert server.publish_weights({"layer": {"w": np.ones(3)}}) == 2
        with TrainerClient(server.address, {}) as late:
            late.on_weights(callback)
            weights = late.latest_weights(deadline_s=30)
            assert weights.version == 2 and weights.value["layer"]["w"].tolist() == [1, 1, 1]
            assert until(lambda: came)
            server.publish_weights({"layer": {"w": np.full(3, 2.0)}})
            assert again.wait(30) and came[-1].version == 3
            assert until(lambda: early.latest_weights().version == 3)
        with pytest.raises(CannotTravel):
            server.publish_weights(object())


TREES = (
    [{"w": np.ones((2, 3), np.float32), "b": np.zeros(3)}, {"w": np.arange(4), "b": None}],
    {"rate": np.float32(0.1), "steps": 3, "layers": (1, [2.5, {"z": 1, "a": True}])},
    {"table": {3: "text keys beside numbers", "x": np.array(["a", "bc"])}, "big": 1 << 70},
    np.arange(6, dtype=np.int16).reshape(2, 3),
    np.float16(2.5),
    None,
)


def same(ours, theirs) -> bool:
    """Equal, of the same types, at any depth."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, dict):
        return list(ours) == list(theirs) and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, (list, tuple)):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, (np.ndarray, np.generic)):
        return ours.dtype == theirs.dtype and np.array_equal(ours, theirs)
    return bool(ours == theirs)


def test_weights_and_requests_are_of_the_types_that_they_had():
    seen = []
    with (
        TrainerServer({}, requests={"echo": lambda payload: seen.append(payload) or payload}) as server,
        TrainerClient(server.address, {}) as client,
    ):
        for version, tree in enumerate(TREES, 1):
            assert same(client.request("echo", tree), tree) and same(seen[-1], tree)
            server.publish_weights(tree)
            assert until(lambda: (client.latest_weights(deadline_s=30) or version).version == version)  # noqa: B023
            assert same(client.latest_weights().value, tree)
        with pytest.raises(CannotTravel, match=r"the payload\['a'\] has keys that are neither"):
            client.request("echo", {"a": {1.5: 2}})
        with pytest.raises(CannotTravel, match=r"the weights\['a'\] has keys"):
            server.publish_weights({"a": {(1, 2): 2}})


def test_weights_are_read_only_unless_one_asks_for_copies(server):
    came = []
    with TrainerClient(server.address, {}) as client:
        client.on_weights(came.append, writable=True)
        server.publish_weights([{"w": np.ones(3)}])
        weights = client.latest_weights(deadline_s=30).value
        with pytest.raises(ValueError, match="read-only"):
            weights[0]["w"][0] = 5
        weights[0]["w"] = None  # the tree is one's own
        copy = client.latest_weights(writable=True).value
        copy[0]["w"][:] = 7
        assert client.latest_weights().value[0]["w"].tolist() == [1, 1, 1]
        assert until(lambda: came) and came[0].value[0]["w"].flags.writeable


def test_p13_an_actor_in_a_hurry_sends_nothing_twice(server, replay):
    rows, told = queue(capacity=5000), []
    with TrainerClient(server.address, {"replay": rows}) as client:
        client.start_async_update(0.0, told.append)
        for number in range(1000):
            rows.insert(transition(number))
        assert until(lambda: len(replay) == 1000)
        with pytest.raises(RuntimeError, match="already"):
            client.start_async_update(0.1)
        client.stop_async_update()
        client.stop_async_update()
    assert numbers_in(replay) == list(range(1000)) and len(told) > 1
    assert sum(one.stored for one in told) == 1000 and client.error is None


def test_actors_in_threads_and_a_learner_that_samples_meanwhile(server, replay):
    def act(start):
        rows = queue()
        with TrainerClient(server.address, {"replay": rows}) as client:
            client.start_async_update(0.001)
            for number in range(start, start + 300):
                rows.insert(transition(number))
                assert len(replay) <= 900
            client.stop_async_update()
            client.update()

    threads = [threading.Thread(target=act, args=(1000 * n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    from droidlet_schema import Key

    while any(thread.is_alive() for thread in threads):
        if len(replay):
            batch = replay.sample(16, Key(len(replay)))
            assert (batch["obs"][:, 0, 0] == batch["number"] % 251).all()
    assert sorted(numbers_in(replay)) == [1000 * n + i for n in range(3) for i in range(300)]


def test_while_the_learner_is_away_rows_are_kept_up_to_the_bound(replay):
    rows = queue(3, capacity=5)
    with (
        TrainerServer({"replay": replay}) as server,
        TrainerClient(server.address, {"replay": rows}, deadline_s=0.3) as client,
    ):
        address = server.address
        assert client.update(deadline_s=SOON_S).stored == 3
        server.close()
        for number in range(3, 11):
            rows.insert(transition(number))
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            client.update()
        assert time.monotonic() - began < 20 and (rows.lost, rows.waiting) == (3, 5)
        failed = []
        client.start_async_update(0.01)
        assert until(lambda: client.error is not None)
        with TrainerServer({"replay": replay}, address):
            assert until(lambda: client.total.stored == 8, 60) and until(lambda: client.error is None)
            client.stop_async_update()
        assert (client.total.lost, client.total.forgotten, failed) == (3, 0, [])
    assert numbers_in(replay) == [0, 1, 2, 6, 7, 8, 9, 10]


def test_the_rows_of_the_last_interval_are_sent_at_the_end(server, replay):
    rows, told = queue(), []
    with TrainerClient(server.address, {"replay": rows}) as client:
        client.start_async_update(1000.0, told.append)
        for number in range(100):
            rows.insert(transition(number))
    assert numbers_in(replay) == list(range(100)) and [one.stored for one in told] == [100]
    assert (client.total.stored, client.total.waiting, client.error) == (100, 0, None)


def test_at_the_end_a_learner_that_is_away_is_not_waited_for_and_what_waits_is_logged(caplog, monkeypatch):
    monkeypatch.setattr("droidlet_transport.connecting.CONNECT_S", 60.0)
    with TrainerServer({"replay": ReplayBuffer(9)}) as server:
        rows = queue(1)
        client = TrainerClient(server.address, {"replay": rows}, name="actor", deadline_s=60.0)
        client.update()
    rows.insert(transition(1))
    client.start_async_update(0.0)
    assert until(lambda: client._sending.locked())
    began = time.monotonic()
    client.stop_async_update(deadline_s=0.2)
    client.close()
    assert time.monotonic() - began < SOON_S and rows.waiting == 1
    assert f"1 rows of actor to {server.address} are not sent" in caplog.text


def test_a_short_deadline_holds_beside_a_thread_that_is_at_it_and_closing_interrupts_that():
    slow, going, free = SlowBuffer(100), threading.Event(), threading.Event()

    def wait(_):
        going.set()
        free.wait(SOON_S)

    with TrainerServer({"replay": slow}, requests={"wait": wait}, threads=3) as server:
        client = TrainerClient(server.address, {"replay": queue(3)}, deadline_s=60.0)
        client.start_async_update(0.0)
        asking = threading.Thread(target=client.request, args=("wait",))
        asking.start()
        assert going.wait(30) and until(lambda: client._sending.locked())
        began = time.monotonic()
        for call in (client.update, lambda deadline_s: client.request("wait", deadline_s=deadline_s)):
            with pytest.raises(DeadlineExceeded, match="another thread was talking to"):
                call(deadline_s=0.05)
        client.stop_async_update(deadline_s=0.05)
        assert time.monotonic() - began < SOON_S and isinstance(client.error, DeadlineExceeded)
        free.set()
        slow.free.set()
        asking.join(30)
        assert client.update().stored == 3 and numbers_in(slow) == [0, 1, 2]
        client.close()


def test_a_store_that_is_refused_starves_no_other_also_not_at_the_end():
    refusing, replay = ReplayBuffer(9, example={"x": 1.0}), ReplayBuffer(9)
    bad, good = QueuedDataStore(9), queue(2)
    bad.insert({"y": 1})
    with TrainerServer({"bad": refusing, "good": replay}) as server:
        with TrainerClient(server.address, {"bad": bad, "good": good}) as client:
            for _ in range(2):
                with pytest.raises(RowError, match="another layout"):
                    client.update()
            assert client.total.stores == {"bad": Count(waiting=1), "good": Count(2)}
            client.start_async_update(0.0)
            assert until(lambda: isinstance(client.error, RowError))
            good.insert(transition(2))
        assert numbers_in(replay) == [0, 1, 2] and len(refusing) == 0


def test_what_fails_again_and_again_is_logged_once(caplog):
    bad, tried = QueuedDataStore(9), []
    bad.insert({"y": 1})
    with (
        TrainerServer({"bad": ReplayBuffer(9, example={"x": 1.0})}) as server,
        TrainerClient(server.address, {"bad": bad}) as client,
    ):

        def update(deadline_s):
            tried.append(deadline_s)
            return client.update(deadline_s)

        client._repeated._update = update
        client.start_async_update(0.0)
        assert until(lambda: len(tried) > 20)
    assert caplog.text.count("an update of") == 1 and "another layout" in caplog.text


def test_a_store_that_takes_all_the_time_lets_the_others_come_first_next_time():
    slow, replay = SlowBuffer(9), ReplayBuffer(9)
    with TrainerServer({"slow": slow, "quick": replay}, threads=2) as server:
        stores = {"slow": queue(1), "quick": queue(3)}
        with TrainerClient(server.address, stores) as client:
            tries = 0
            while not len(replay) and tries < 100:
                tries += 1
                with pytest.raises(DeadlineExceeded):
                    client.update(deadline_s=0.1)
            assert tries > 1 and numbers_in(replay) == [0, 1, 2]
            slow.free.set()
            assert client.update().stores == {"slow": Count(1), "quick": Count(3)}


def test_intervals_that_cannot_be_are_refused(server):
    with TrainerClient(server.address, {}) as client, pytest.raises(ValueError, match="interval_s is -1"):
        client.start_async_update(-1)


def test_slow_requests_delay_no_updates_where_there_are_threads(replay):
    going, free = threading.Event(), threading.Event()

    def slow(_):
        going.set()
        return free.wait(30)

    with TrainerServer({"replay": replay}, requests={"slow": slow}, threads=3) as server:
        rows = QueuedDataStore(5000)
        with TrainerClient(server.address, {"replay": rows}) as client:
            thread = threading.Thread(target=client.request, args=("slow",))
            thread.start()
            assert going.wait(30)
            for number in range(4100):
                rows.insert(transition(number))
            assert client.update().stored == 4100
            free.set()
            thread.join()
    assert numbers_in(replay) == list(range(4100))


def test_after_close_nothing_is_done(server):
    client = TrainerClient(server.address, {"replay": queue(1)})
    client.close()
    client.close()
    for call in (client.update, lambda: client.request("greet")):
        with pytest.raises(Closed):
            call()


@pytest.mark.parametrize("way", ["ipc", "keys"])
def test_a_trainer_is_reached_in_every_way_that_a_service_is(way, tmp_path, replay):
    ours, theirs = (new_keys(), new_keys()) if way == "keys" else (None, None)
    address = "tcp://127.0.0.1:0" if way == "keys" else f"ipc://{tmp_path}/trainer"
    serving = ours and Keys(ours.public, ours.secret, (theirs.public,))
    calling = ours and Keys(theirs.public, theirs.secret, (ours.public,))
    with TrainerServer({"replay": replay}, address, keys=serving) as server:
        server.publish_weights(7)
        with TrainerClient(server.address, {"replay": queue(5)}, keys=calling) as client:
            assert client.update().stored == 5 and client.latest_weights(deadline_s=30).value == 7


def test_weights_are_looked_for_where_the_learner_was_reached():
    assert reached("tcp://0.0.0.0:7001", "tcp://10.0.0.3:5555") == "tcp://10.0.0.3:7001"
    assert reached("tcp://[::]:7001", "tcp://[::1]:5555") == "tcp://[::1]:7001"
    assert reached("ipc:///run/a.weights", "ipc:///run/a") == "ipc:///run/a.weights"
    for told in (7001, None, "7001", "file:///run/a"):
        with pytest.raises(ProtocolError, match="tcp://10.0.0.3:5555 says that it streams at"):
            reached(told, "tcp://10.0.0.3:5555")
    with pytest.raises(NotAllowed, match="keys"):
        TrainerServer({}, "tcp://0.0.0.0:0")


@pytest.mark.parametrize("rows", [0, 1])
def test_a_learner_that_is_started_again_broadcasts_elsewhere_and_is_heard(replay, rows, monkeypatch):
    monkeypatch.setattr(subscribing, "AGAIN_S", 0.05)
    with (
        TrainerServer({"replay": replay}) as server,
        TrainerClient(server.address, {"replay": queue(rows)}) as client,
    ):
        came = []
        client.on_weights(came.append)
        server.publish_weights("old")
        assert until(lambda: came) and client.latest_weights(deadline_s=30).value == "old"
        address, before = server.address, server.weights_address
        server.close()
        with TrainerServer({"replay": replay}, address) as again:
            assert again.weights_address != before
            again.publish_weights("new")
            assert until(lambda: client.latest_weights(deadline_s=30).value == "new")
            assert until(lambda: came[-1].value == "new") and came[-1].version == 1
            assert client.update().stored == rows


@pytest.mark.parametrize("kind", [QueuedDataStore, Unshared])
def test_what_a_queue_says_is_lost_is_what_the_learner_counts_also_of_rows_under_way(kind):
    slow, rows = SlowBuffer(100), kind(5)
    rows.insert(transition(0))
    with (
        TrainerServer({"replay": slow}) as server,
        TrainerClient(server.address, {"replay": rows}, name="actor") as client,
    ):
        while not slow.asked.is_set():  # it has them in hand when they go out of the queue
            client.update(wait=False)
        for number in range(1, 9):
            rows.insert(transition(number))
        assert rows.lost == 4
        slow.free.set()
        client.update()
        assert rows.lost == slow.clients()["actor"].lost == client.total.lost == 3
    assert numbers_in(slow) == [0, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        (5, None),
        (("life", 0), None),
        (("life", "x", 0, False, True), None),
        (("life", 0, 0, False, True, ("lane", "x")), None),
        (("life", 9, 0, False, True), None),  # rows that were never made, which would be let go of here
        (("life", 0, 0, False, True), 7),
        (("life", 0, 0, False, True), {"told": ("life", 1)}),
        (("life", 0, 0, False, True), {"told": ("life", 9, 0)}),
        (("life", 0, 0, False, True), {"told": ("life", 1, 2)}),
    ],
    ids=str,
)
def test_a_learner_that_says_what_cannot_be_is_told_so_and_no_row_is_let_go_of(opened, told):
    actor = queue(2)
    with Server({"open": pure(lambda *asked: opened), "store": pure(lambda sent: told)}) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with TrainerClient(server.address, {"replay": actor}) as client:
            with pytest.raises(ProtocolError, match="learner says"):
                client.update(SOON_S)
            assert client.total.waiting == 2
        server.stop()
        thread.join()
