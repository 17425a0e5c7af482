"""A robot behind an address: seen, told, heard; whatever is sent to it, it goes on."""

from __future__ import annotations

import gc
import pickle
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import zmq

from droidlet_schema import Key
from droidlet_transport import DeadlineExceeded, OutcomeUnknown, TransportError, subscribing
from droidlet_transport.curve import Keys
from droidlet_transport.faces.action import ActionClient, ActionServer, UnknownKey
from droidlet_transport.plain import from_value
from droidlet_transport.service import NotAllowed, Subscriber, new_keys
from droidlet_transport.testing import Proxy, at, noise
from faces import face_parts, robot_shims
from transport.transport_parts import living

SOON_S = 20.0
IMAGE = np.arange(256 * 256 * 3, dtype=np.uint8).reshape(256, 256, 3)


class Robot:
    def __init__(self) -> None:
        self.done: list[tuple[str, object]] = []
        self.go, self.entered = threading.Event(), threading.Event()
        self.go.set()

    def observe(self, keys):
        return {key: IMAGE if key == "image" else np.float32(len(self.done)) for key in keys}

    def act(self, key, payload):
        self.entered.set()
        assert self.go.wait(SOON_S)
        self.done.append((key, payload))
        if key == "break":
            raise RuntimeError("the gripper is stuck")
        return {"did": key, "count": len(self.done)}


@pytest.fixture
def robot():
    return Robot()


@pytest.fixture
def server(robot):
    keys = {"observations": ["image", "pose"], "actions": ["move", "break"]}
    with ActionServer(robot.observe, robot.act, **keys, threads=2) as made:
        yield made
        robot.go.set()


@pytest.fixture
def client(server):
    with ActionClient(server.address, deadline_s=SOON_S) as made:
        yield made


def test_what_is_asked_for_is_observed(client):
    everything = client.obs()
    assert sorted(everything) == ["image", "pose"]
    assert everything["image"].dtype == np.uint8 and (everything["image"] == IMAGE).all()
    everything["image"][0] = 0  # it is the caller's own
    assert client.obs(["pose"]) == {"pose": 0.0} and isinstance(client.obs()["pose"], np.float32)
    assert client.known() == (("image", "pose"), ("move", "break"))


def test_an_act_is_carried_out_and_answered(client, robot):
    sent = {"to": np.arange(7, dtype=np.float32), "ways": ["left", {"n": 1}], "by": np.float64(0.5)}
    assert client.act("move", sent) == {"did": "move", "count": 1}
    ((key, payload),) = robot.done
    assert {k: v for k, v in payload.items() if k != "to"} == {k: v for k, v in sent.items() if k != "to"}
    assert key == "move" and (payload["to"] == np.arange(7)).all()


def test_keys_that_are_not_there_are_the_servers_typed_error(client, robot):
    with pytest.raises(UnknownKey, match="'fly' is not an action here; there are move, break"):
        client.act("fly", 1)
    with pytest.raises(UnknownKey, match="'smell' is not an observation here; there are image, pose"):
        client.obs(["pose", "smell"])
    assert robot.done == []


def test_a_client_has_the_keys_that_it_asked_for_and_no_others():
    """What else `observe` knows stays there, and what it leaves out is told."""
    told = {"pose": 1, "secret": 2}
    with (
        ActionServer(lambda _: told, lambda *_: 0, observations=["pose", "image"], actions=[]) as server,
        ActionClient(server.address, deadline_s=SOON_S) as client,
    ):
        assert client.obs(["pose"]) == {"pose": 1}
        for keys in (["pose", "image"], None):
            with pytest.raises(UnknownKey, match="observe gave no image"):
                client.obs(keys)
        told["image"] = 3
        assert client.obs() == {"pose": 1, "image": 3}


def test_one_text_is_not_read_as_letters(client, server):
    for refused in (lambda: client.obs("image"), lambda: client._client.call("obs", "image")):
        with pytest.raises(TypeError, match="keys is 'image': several keys are meant"):
            refused()
    with pytest.raises(TypeError, match="observations is 'pose'"):
        ActionServer(lambda _: {}, lambda *_: 0, observations="pose", actions=[])
    with pytest.raises(TypeError, match=r"keys is \[1\]"):
        client.obs([1])
    assert list(client.obs(key for key in ["pose"])) == ["pose"]  # read once


def test_what_the_robots_code_raises_reaches_its_caller_and_nobody_else(client, server):
    """A callback that raises ends neither the server nor another client's calls."""
    with ActionClient(server.address, deadline_s=SOON_S) as other:
        for count in range(1, 20, 2):
            with pytest.raises(RuntimeError, match="the gripper is stuck"):
                client.act("break")
            assert other.act("move")["count"] == count + 1


def test_garbage_hurts_neither_server_nor_clients(client, server, tmp_path):
    """A pickle that would run code is not loaded; other bytes end nothing."""
    mark = tmp_path / "ran"
    context = zmq.Context()
    for message in (
        [pickle.dumps(_Evil(str(mark)))],
        [b"", pickle.dumps(_Evil(str(mark)))],
        [b"\x00" * 100] * 3,
        [],
    ):
        socket = context.socket(zmq.DEALER)
        socket.linger = 1000
        socket.connect(server.address)
        socket.send_multipart([b"x", *message])
        socket.close()
        assert client.obs(["pose"])["pose"] == 0.0
    context.term()
    assert not mark.exists()


class _Evil:
    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self):
        return open, (self.mark, "w")


def test_a_call_slower_than_its_deadline_is_carried_out_once(client, robot):
    """The caller is told that it may have happened; it did, and only once."""
    robot.go.clear()
    client.known()  # they have met, so that the deadline is for the act alone
    slow = client._client.start("act", "move", 1, deadline_s=0.5)
    assert robot.entered.wait(SOON_S)
    with pytest.raises(DeadlineExceeded, match="whether it happened is not known"):
        slow.result()
    robot.go.set()
    until = time.monotonic() + SOON_S
    while client.obs(["pose"])["pose"] == 0.0 and time.monotonic() < until:
        pass  # another thread may be sooner than the one that waited
    assert client.act("move", 2)["count"] == 2
    assert robot.done == [("move", 1), ("move", 2)]


def test_deadlines_are_for_each_call_and_slow_calls_delay_no_other_client(client, server, robot):
    robot.go.clear()
    with ActionClient(server.address, deadline_s=SOON_S) as other:
        slow = client._client.start("act", "move", 1)
        assert other.obs(["pose"])["pose"] == 0.0  # while the act goes on
        assert not slow.done()
        robot.go.set()
        assert from_value(slow.result())["did"] == "move"


def test_an_act_whose_connection_brings_noise_is_done_once(server, robot):
    with Proxy(server.address) as proxy, ActionClient(proxy.address, deadline_s=2.0) as client:
        assert client.act("move", 0)["count"] == 1
        seen = proxy.seen("client")
        proxy.cut(at(seen + 1), towards="client")
        assert client.act("move", 1)["count"] == 2
        proxy.garble(at(proxy.seen("client") + 1), noise(), Key(3), towards="client")
        with suppress(TransportError):  # its answer could not be read
            client.act("move", 2)
    assert [payload for _, payload in robot.done] == [0, 1, 2]


def start_robot(address: str, log: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, face_parts.__file__, address, str(log)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.address = process.stdout.readline().strip()  # type: ignore[attr-defined]
    return process


@pytest.mark.slow
def test_a_robot_that_was_killed_and_comes_back_at_its_address_is_used_on(tmp_path):
    log = tmp_path / "log"
    first = start_robot("tcp://127.0.0.1:0", log)
    address = first.address
    try:
        with ActionClient(address, deadline_s=60.0) as client:
            assert client.act("move", 0.0) == 0.0
            first.kill()
            first.wait()
            with pytest.raises(TransportError):
                client.act("move", 0.0, deadline_s=0.5)
            second = start_robot(address, log)
            try:
                assert client.obs() == {"pose": 1.0} and client.act("move", 0.0) == 0.0
                slow = client._client.start("act", "move", 30.0)
                second.kill()
                with pytest.raises(OutcomeUnknown):
                    slow.result()
            finally:
                second.kill()
                second.communicate()
        assert log.read_text() == "move\n" * 2
    finally:
        first.kill()
        first.communicate()


# -- what is published


def test_whoever_comes_late_has_the_newest_and_is_told_what_was_dropped(client, server):
    for number in range(5):
        server.publish({"number": number})
    with client.subscribe() as stream:
        message = stream.next(SOON_S)
        assert (message.value, message.dropped) == ({"number": 4}, 0)
        for number in range(5, 25):
            server.publish({"number": number})
        total = 0
        while message.value["number"] < 24:
            message = stream.next(SOON_S)
            total += message.dropped + 1
        assert total == 20


def test_streams_that_were_closed_are_not_kept_with_their_last_observation(client, server):
    before = living(Subscriber)
    server.publish(1)
    for _ in range(30):
        with client.subscribe() as stream:
            assert stream.next(SOON_S).value == 1
    assert living(Subscriber) < before + 15


def test_a_stream_that_only_its_listener_knows_ends_with_its_client(server):
    heard, before = queue.Queue(), set(threading.enumerate())
    with ActionClient(server.address) as client:
        client.listen(heard.put)
        server.publish(1)
        gc.collect()
        assert heard.get(timeout=SOON_S).value == 1
        made = [one for one in threading.enumerate() if one not in before and one.name == "subscriber"]
        assert made
    assert not any(one.is_alive() for one in made)


def test_a_callback_that_raises_hears_the_next_one(client, server):
    heard, both = [], threading.Event()

    def callback(message):
        heard.append(message.value)
        if len(heard) > 1:
            both.set()
        raise ValueError("not a good listener")

    stream = client.subscribe(most=10)
    stream.listen(callback)
    assert stream.joined(SOON_S)
    server.publish(1)
    server.publish(2)
    assert both.wait(SOON_S) and heard == [1, 2]


def test_who_listens_hears_a_robot_that_is_started_again_and_publishes_elsewhere(robot, monkeypatch):
    monkeypatch.setattr(subscribing, "AGAIN_S", 0.05)
    heard: queue.Queue = queue.Queue()
    served = {"observations": ["pose"], "actions": []}
    with ActionServer(robot.observe, robot.act, **served) as server:
        address, before = server.address, server.publish_address
        client = ActionClient(address, deadline_s=SOON_S)
        stream = client.subscribe()
        client.listen(lambda message: heard.put(message.value))
        server.publish("old")
        assert stream.next(SOON_S).value == heard.get(timeout=SOON_S) == "old"
    with ActionServer(robot.observe, robot.act, address=address, **served) as again:
        assert again.publish_address != before
        again.publish("new")
        assert stream.next(SOON_S).value == heard.get(timeout=SOON_S) == "new"
    began = time.monotonic()
    client.close()  # also while it looks for the robot
    assert time.monotonic() - began < SOON_S


def test_a_robot_that_says_nonsense_of_itself_is_asked_again(robot, monkeypatch):
    monkeypatch.setattr(subscribing, "AGAIN_S", 0.05)
    told = iter(["tcp://127.0.0.1:nowhere", None, "nonsense"])
    with ActionServer(robot.observe, robot.act, observations=["pose"], actions=[]) as server:
        server.publish("here")
        with Subscriber("ipc:///nobody/is/here", where=lambda: next(told, server.publish_address)) as stream:
            assert stream.next(SOON_S).value == "here" and stream.address == server.publish_address


def test_beyond_this_machine_keys_are_needed(robot):
    with pytest.raises(NotAllowed, match="keys"):
        ActionServer(robot.observe, robot.act, observations=[], actions=[], address="tcp://0.0.0.0:0")
    ours, theirs = new_keys(), new_keys()
    server_keys = Keys(ours.public, ours.secret, (theirs.public,))
    client_keys = Keys(theirs.public, theirs.secret, (ours.public,))
    served = {"observations": ["pose"], "actions": [], "keys": server_keys}
    with ActionServer(robot.observe, robot.act, address="tcp://0.0.0.0:0", **served) as server:
        server.publish("hello")
        address = server.address.replace("0.0.0.0", "127.0.0.1")
        with ActionClient(address, deadline_s=SOON_S, keys=client_keys) as client:
            assert client.obs() == {"pose": 0.0}
            assert client.subscribe().next(SOON_S).value == "hello"


# -- behaviours that users of a well-known library expect, through a thin shim


def test_images_are_observed_acts_answered_and_broadcasts_heard():
    config = robot_shims.ActionConfig(0, ["init", "send_gripper"], ["image", "proprio"])
    heard, came = [], threading.Event()

    def callback(observation):
        heard.append(observation)
        came.set()

    def act(key, payload):
        return {"ok": key in config.action_keys, "payload": payload}

    server = robot_shims.ActionServer(config, lambda keys: dict.fromkeys(keys, IMAGE), act)
    server.start(threaded=True)
    client = robot_shims.ActionClient("127.0.0.1", config)
    try:
        assert client.obs({"image"})["image"].shape == (256, 256, 3)
        assert sorted(client.obs()) == ["image", "proprio"]
        assert client.act("send_gripper", {"width": 0.5}) == {"ok": True, "payload": {"width": 0.5}}
        with pytest.raises(robot_shims.UnknownKey):
            client.act("no_such_action", {})
        client.register_obs_callback(callback)
        server.publish_obs({"image": IMAGE})
        assert came.wait(SOON_S) and heard[0]["image"].shape == (256, 256, 3)
        assert config.action_keys == ["init", "send_gripper"]  # nobody's config is touched
    finally:
        client.close()
        server.stop()
