"""What a service at an address must hold, each with its meaning in words."""

from __future__ import annotations

import os
import socket as tcp
import threading
import time
import warnings
from contextlib import contextmanager

import anyio
import msgspec
import numpy as np
import pytest
import zmq

from droidlet_schema import FrozenMap
from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    OutcomeUnknown,
    ProtocolError,
    RemoteError,
    TransportError,
    effect,
    pure,
)
from droidlet_transport.connecting import CUT_S
from droidlet_transport.envelope import Request, pack_request, read_reply
from droidlet_transport.errors import NotServed, VersionMismatch
from droidlet_transport.faults import fault_of
from droidlet_transport.parts import Part
from droidlet_transport.service import AsyncClient, Client, NotAllowed, Server
from droidlet_transport.values import frames_of, value_of
from transport.transport_parts import Strange

PATIENCE_S = 20.0


class Shop:
    """What is served here; effects leave a line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.picture = np.zeros((400, 400), np.uint8)

    def append(self, line: str) -> int:
        self.lines.append(line)
        return len(self.lines)

    def paint(self, number: int) -> np.ndarray:
        """The same picture each time, painted over."""
        self.picture[:] = number
        return self.picture

    def fail(self) -> None:
        raise Strange(Shop, 7)

    def fail_here_only(self) -> None:
        class OfThisSideError(Exception):
            pass

        error = OfThisSideError("out of milk")
        error.shelf = 4
        raise error

    def table(self):
        return {
            "echo": pure(lambda value: value),
            "where": pure(threading.get_ident),
            "many": pure(lambda count: tuple([np.ones(1)] * count)),
            "zeros": pure(lambda size: np.zeros(size, np.uint8)),
            "fail": pure(self.fail),
            "fail_here_only": pure(self.fail_here_only),
            "append": effect(self.append),
            "paint": effect(self.paint),
        }


@pytest.fixture(scope="module")
def shop():
    return Shop()


@pytest.fixture(scope="module")
def server(shop):
    with Server(shop.table(), name="shop", most_bytes=300_000_000) as made:
        thread = threading.Thread(target=made.serve)
        thread.start()
        made.thread = thread
        yield made
        made.stop()
        thread.join(PATIENCE_S)


@pytest.fixture
def client(server):
    with Client(server.address, deadline_s=PATIENCE_S) as made:
        yield made


@pytest.fixture
def peer(server):
    context = zmq.Context()
    made = context.socket(zmq.DEALER)
    made.linger = 0
    made.connect(server.address)
    yield made
    made.close()
    context.term()


@contextmanager
def router():
    """A server's socket in our hands, and its address."""
    context = zmq.Context()
    made = context.socket(zmq.ROUTER)
    made.linger = 0
    port = made.bind_to_random_port("tcp://127.0.0.1")
    yield made, f"tcp://127.0.0.1:{port}"
    made.close()
    context.term()


def replying(socket: zmq.Socket, values: dict[str, object], requests: int, version: int = 1) -> None:
    """Answers so many requests, those that have a value, or an error, here."""
    for _ in range(requests):
        peer, head, *_ = socket.recv_multipart()
        asked = msgspec.msgpack.decode(head)
        if asked["name"] in values:
            value = values[asked["name"]]
            kind = "error" if isinstance(value, Exception) else "value"
            told = {"v": version, "kind": kind, "id": asked["id"], "values": [1]}
            frames = frames_of(fault_of(value) if isinstance(value, Exception) else value, "it")
            socket.send_multipart([peer, msgspec.msgpack.encode(told), *frames])


def answer(peer: zmq.Socket):
    assert peer.poll(PATIENCE_S * 1000)
    return read_reply(peer.recv_multipart())


def test_a_service_says_its_name_its_versions_and_which_one_it_is(client, server):
    about = client.about()
    assert (about["name"], about["versions"], about["epoch"]) == ("shop", (1,), server.epoch)


def test_another_version_is_told_at_once_to_the_client_naming_both():
    with router() as (socket, address), Client(address, deadline_s=PATIENCE_S) as client:
        thread = threading.Thread(target=replying, args=(socket, {".service": 1}, 2, 2))
        thread.start()
        begin = time.monotonic()
        with pytest.raises(VersionMismatch, match="speaks version 2 of the protocol, this one 1"):
            client.call("echo", 1)
        assert time.monotonic() - begin < PATIENCE_S / 4
        thread.join()


def test_another_version_is_told_at_once_to_the_other_side_naming_both(peer):
    head, *rest = pack_request(Request(b"x" * 16, 3, "echo", (frames_of(1, "it"),)))
    peer.send_multipart([msgspec.msgpack.encode({**msgspec.msgpack.decode(head), "v": 7}), *rest])
    told = answer(peer)
    assert (told.number, told.kind) == (3, "error")
    assert "speaks version 7 of the protocol, this one 1" in value_of(told.values[0]).text


@pytest.mark.parametrize("declined", [NotServed("x"), KeyError(".service"), RuntimeError("what?")], ids=repr)
def test_a_service_may_decline_in_its_own_words_to_say_what_it_is(declined):
    async def ask(address):
        async with AsyncClient(address, deadline_s=PATIENCE_S) as client:
            return await client.call("echo")

    with router() as (socket, address):
        values = {".service": declined, ".describe": FrozenMap({"echo": "pure"}), "echo": 7}
        thread = threading.Thread(target=replying, args=(socket, values, 6))
        thread.start()
        with Client(address, deadline_s=PATIENCE_S) as client:
            assert client.call("echo") == 7
        assert anyio.run(ask, address) == 7
        thread.join(PATIENCE_S)


@pytest.mark.parametrize("served", [7, "echo", None, ("echo",), {1: "pure"}, {"echo": "Effect"}, {"echo": 5}])
def test_what_a_service_serves_is_a_table_or_told_to_be_none(served):
    """What is neither pure nor an effect would be sent again."""
    with router() as (socket, address), Client(address, deadline_s=PATIENCE_S) as client:
        values = {".describe": FrozenMap(served) if isinstance(served, dict) else served, ".service": None}
        thread = threading.Thread(target=replying, args=(socket, values, 2))
        thread.start()
        with pytest.raises(ProtocolError, match="expected a table from each name to pure or effect"):
            client.call("echo", 1)
        thread.join(PATIENCE_S)


def test_a_service_that_says_nothing_of_itself_is_called_all_the_same():
    with router() as (socket, address), Client(address, deadline_s=PATIENCE_S) as client:
        values = {".describe": {"echo": "pure"}, ".service": 7, "echo": 5}
        thread = threading.Thread(target=replying, args=(socket, values, 3))
        thread.start()
        assert client.call("echo", 1) == 5 and client.about() == {}
        thread.join()


@pytest.mark.parametrize("array", [
    np.array(2.5), np.zeros((0, 3), np.uint8), np.arange(24).reshape(4, 6)[::2, ::3],
    np.arange(6, dtype=">i4"), np.array([True, False]), np.array([np.nan, -0.0]), np.asfortranarray(np.eye(3)),
], ids=["no axis", "empty", "strided", "big-endian", "bool", "nan", "fortran"])  # fmt: skip
def test_any_array_arrives_as_it_was(client, array):
    back = client.call("echo", array)
    assert back.shape == array.shape and back.dtype == array.dtype.newbyteorder("<")
    assert np.array_equal(back, array, equal_nan=array.dtype.kind == "f")


def test_nothing_zero_and_minus_one_stay_what_they_are(client):
    value = (None, 0, -1, False, "", b"", (), 0.0)
    back = client.call("echo", value)
    assert back == value and [type(one) for one in back] == [type(one) for one in value]


def test_numbers_of_numpy_arrive_as_numbers(client):
    back = client.call("echo", {"a": [np.float64(2.5), np.int8(-3), np.bool_(True)], "b": np.float32(0.5)})
    assert (back["a"], back["b"]) == ((2.5, -3, True), 0.5) and type(back["a"][1]) is int


def test_what_cannot_travel_is_refused_here_with_its_place(client):
    with pytest.raises(
        CannotTravel, match=r"^argument 0\['a'\]\[1\] of echo cannot travel: <object object at "
    ):
        client.call("echo", {"a": (1, object())})
    with pytest.raises(CannotTravel, match=r"^argument 'value'\[0\] of echo cannot travel: "):
        Part(client).echo(value=[object()])
    assert client.call("echo", 1) == 1


def test_an_error_has_its_class_text_attributes_and_traceback(client):
    with pytest.raises(Strange, match="Shop failed with 7") as caught:
        client.call("fail")
    assert caught.value.code == 7 and "in fail" in caught.value.remote_traceback
    with pytest.raises(RemoteError, match="OfThisSideError: out of milk") as caught:
        client.call("fail_here_only")
    assert caught.value.attributes["shelf"] == 4


def test_every_call_is_carried_out_in_the_thread_that_serves(client, server):
    assert {client.call("where") for _ in range(5)} == {server.thread.ident}


@pytest.mark.parametrize("kind", ["tcp", "ipc"])
def test_either_kind_of_address_serves_alike(kind, tmp_path, shop):
    where = "tcp://127.0.0.1:0" if kind == "tcp" else f"ipc://{tmp_path}/shop"
    with Server(shop.table(), where) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            picture = np.arange(500_000, dtype=np.float32)
            assert np.array_equal(client.call("echo", picture), picture)
            with pytest.raises(Strange):
                client.call("fail")
        server.stop()
        thread.join(PATIENCE_S)
    with pytest.raises(NotAllowed, match="write tcp://HOST:PORT, or ipc://PATH"):
        Client("inproc://shop")


def test_large_values_have_no_limit_of_their_own(client):
    large = np.zeros(80_000_000, np.uint8)
    large[-1] = 7
    assert client.call("echo", large)[-1] == 7


def test_what_is_too_large_is_an_error_never_silence(shop):
    with Server(shop.table(), most_bytes=2_000_000) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            with pytest.raises(CannotTravel, match="call of echo .* 2000001 bytes, the server takes 2000000"):
                client.call("echo", np.zeros(2_000_001, np.uint8))
            with pytest.raises(
                CannotTravel, match="result of zeros .* 2000001 bytes, the server takes 2000000"
            ):
                client.call("zeros", 2_000_001)
            with pytest.raises(CannotTravel, match="call of echo cannot travel: 70001 frames, at most 65536"):
                client.call("echo", tuple([np.ones(1)] * 70_000))
            with pytest.raises(
                CannotTravel, match="result of many cannot travel: 70001 frames, at most 65536"
            ):
                client.call("many", 70_000)
            assert len(client.call("zeros", 2_000_000)) == 2_000_000
        server.stop()
        thread.join(PATIENCE_S)


def test_a_message_that_is_too_large_hurts_nobody_else(shop):
    with Server(shop.table(), most_bytes=2_000_000) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        context = zmq.Context()
        peer = context.socket(zmq.DEALER)
        peer.linger = 0
        peer.connect(server.address)
        with Client(server.address) as client:
            peer.send_multipart([b"x" * 5_000_000])
            peer.send_multipart([b"x"] * 70_000)
            assert client.call("echo", 1) == 1
        peer.close()
        context.term()
        server.stop()
        thread.join(PATIENCE_S)


def test_a_flood_of_calls_slows_its_sender_down_and_loses_nothing(client, server):
    pending = [client.start("echo", number) for number in range(5000)]
    assert [one.result() for one in pending] == list(range(5000))
    assert server.dropped == 0


def test_whoever_floods_and_does_not_read_hurts_nobody_else(client, peer, server):
    dropped = server.dropped
    for number in range(3000):
        peer.send_multipart(pack_request(Request(b"y" * 16, number, "zeros", (frames_of(10_000, "it"),))))
    until = time.monotonic() + PATIENCE_S
    while server.dropped == dropped and time.monotonic() < until:
        assert client.call("echo", 1) == 1
    assert server.dropped > dropped and client.call("echo", 2) == 2
    server.dropped = dropped


def test_what_is_written_into_an_array_after_a_call_began_does_not_travel(client):
    pending = []
    for number in range(20):
        picture = np.full((500, 500), number, np.uint8)
        pending.append(client.start("echo", picture))
        picture[:] = 99
    assert [int(one.result().max()) for one in pending] == list(range(20))


def test_an_answer_that_is_kept_does_not_change_when_the_part_paints_on(client, peer):
    first = pack_request(Request(b"z" * 16, 1, "paint", (frames_of(1, "it"),), oldest=1))
    peer.send_multipart(first)
    assert value_of(answer(peer).values[0]).max() == 1
    assert client.call("paint", 2).max() == 2
    peer.send_multipart(first)
    assert value_of(answer(peer).values[0]).max() == 1


def test_an_effect_for_a_server_that_has_gone_is_not_carried_out_by_its_successor(peer, server, shop):
    before = len(shop.lines)
    for number, epoch, kind in ((1, b"another", "error"), (2, server.epoch, "value")):
        values = (frames_of("line", "it"),)
        peer.send_multipart(pack_request(Request(b"w" * 16, number, "append", values, oldest=1, epoch=epoch)))
        assert answer(peer).kind == kind
    assert len(shop.lines) == before + 1


def test_a_server_that_comes_back_as_another_one_leaves_an_effect_unknown(shop):
    """Its successor is there at once, and is not asked to do it again."""
    before = len(shop.lines)
    with router() as (socket, address), Client(address, deadline_s=PATIENCE_S) as client:
        thread = threading.Thread(
            target=replying,
            args=(socket, {".service": {"epoch": b"first"}, ".describe": {"append": "effect"}}, 3),
        )
        thread.start()
        pending = client.start("append", "line")
        thread.join(PATIENCE_S)
        socket.close(0)
        socket.context.term()  # waits until the address is free
        with Server(shop.table(), address) as second:
            thread = threading.Thread(target=second.serve)
            thread.start()
            with pytest.raises(OutcomeUnknown, match="an effect.*whether it happened is not known"):
                pending.result()
            assert client.call("echo", 1) == 1 and len(shop.lines) == before
            assert client.call("append", "line") == before + 1
            second.stop()
            thread.join(PATIENCE_S)


def test_a_server_that_is_there_and_silent_is_judged_by_the_deadline_alone():
    """Whoever stopped it may let it go on; only an address where nobody is means that it has gone."""
    with router() as (socket, address), Client(address, deadline_s=PATIENCE_S) as client:
        about = {".service": {"epoch": b"first"}, ".describe": {"append": "effect"}}
        thread = threading.Thread(target=replying, args=(socket, about, 3))
        thread.start()
        pending = client.start("append", "line")
        thread.join(PATIENCE_S)
        socket.close(0)
        socket.context.term()
        place = ("127.0.0.1", int(address.rpartition(":")[2]))
        with tcp.create_server(place):  # the system answers for whoever is stopped
            until = time.monotonic() + 2 * CUT_S
            while time.monotonic() < until:
                assert not pending.done()
                time.sleep(0.02)
        with pytest.raises(OutcomeUnknown, match="was cut during append"):
            pending.result()


def test_a_deadline_is_the_callers_own_also_when_nobody_is_there():
    with Client("tcp://127.0.0.1:1", deadline_s=PATIENCE_S) as client:
        begin = time.monotonic()
        with pytest.raises(DeadlineExceeded, match="is the server running"):
            client.call("echo", 1, deadline_s=0.1)
        assert time.monotonic() - begin < PATIENCE_S / 4


def test_a_forked_daemon_leaves_its_parents_client_alone_and_makes_its_own(client, server):
    assert client.call("echo", 1) == 1
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads in the parent
        child = os.fork()
    if child == 0:
        said = "nothing"
        try:
            client.call("echo", 2)
        except Closed as error:
            client.close()
            with Client(server.address) as own:
                said = f"{own.call('echo', 3)}, {error}"
        finally:
            os.write(write, said.encode())
            os._exit(0)
    said = os.read(read, 1000).decode()
    os.waitpid(child, 0)
    os.close(read)
    os.close(write)
    assert said.startswith("3, the client of tcp://") and "make one in this process" in said
    assert client.call("echo", 4) == 4


def test_an_answer_that_cannot_be_read_is_told_at_once():
    with router() as (socket, address), Client(address, deadline_s=PATIENCE_S) as client:
        values = {".describe": {"echo": "pure"}, ".service": 7, "echo": 5}
        thread = threading.Thread(target=replying, args=(socket, values, 2))
        thread.start()
        pending = client.start("echo", 1)
        thread.join()
        peer, head, *_ = socket.recv_multipart()
        wrong = {"v": 1, "kind": "strange", "id": msgspec.msgpack.decode(head)["id"], "values": []}
        socket.send_multipart([peer, b"\xc1"])
        socket.send_multipart([peer, msgspec.msgpack.encode({**wrong, "id": 99})])
        socket.send_multipart([peer, msgspec.msgpack.encode(wrong)])
        with pytest.raises(ProtocolError, match="strange|envelope"):
            pending.result()


def test_all_errors_of_calls_have_one_base():
    for kind in (CannotTravel, Closed, DeadlineExceeded, OutcomeUnknown, ProtocolError, VersionMismatch):
        assert issubclass(kind, TransportError)
