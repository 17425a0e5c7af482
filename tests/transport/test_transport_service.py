"""Services at an address: many clients, errors that travel, garbage that hurts nobody, servers that die."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time

import msgspec
import numpy as np
import pytest
import zmq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_schema import Key, encode, record
from droidlet_transport.client import Client
from droidlet_transport.curve import Keys, NotAllowed, new_keys
from droidlet_transport.envelope import Reply, Request, pack_request, read_reply
from droidlet_transport.errors import (
    Closed,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    ProtocolError,
    RemoteError,
    TransportError,
)
from droidlet_transport.server import AddressInUse, Server
from droidlet_transport.serving import effect, pure, table_of
from droidlet_transport.values import frames_of, value_of
from transport.transport_parts import Counter


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def append(self, line: str) -> int:
        self.lines.append(line)
        return len(self.lines)

    def slowly(self, line: str) -> int:
        time.sleep(0.3)
        return self.append(line)


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def server(log):
    functions = {
        **table_of(Counter(5)),
        "append": effect(log.append),
        "slowly": effect(log.slowly),
        "lines": pure(lambda: tuple(log.lines)),
    }
    with Server(functions) as made:
        thread = threading.Thread(target=made.serve)
        thread.start()
        yield made
        made.stop()
        thread.join(10)


@pytest.fixture
def client(server):
    with Client(server.address) as made:
        yield made


def raw(address: str) -> tuple[zmq.Context, zmq.Socket]:
    context = zmq.Context()
    made = context.socket(zmq.DEALER)
    made.linger = 0
    made.connect(address)
    return context, made


def test_a_part_far_away_is_called_as_if_it_were_here(client):
    here, state, there = Counter(5), Counter(5).initial(Key(0)), client.call("initial", Key(0))
    for amount in (1, 2):
        expected, state = here(amount, state)
        got, there = client.call("__call__", amount, there)
        assert (got, there) == (expected, state)
    picture = np.arange(3_000_000, dtype=np.uint8)
    back = client.call("echo", picture)
    assert np.array_equal(back, picture) and not back.flags.writeable


def test_errors_travel_and_calls_stay_paired(client):
    for number in range(100):
        with pytest.raises(ValueError, match=f"^{number}$"):
            client.call("fail", str(number))
        assert client.call("echo", number) == number
    with pytest.raises(NotServed, match="does not serve 'fly'; it serves .*append"):
        client.call("fly")


def test_several_requests_on_their_way_get_their_own_answers(client):
    pending = [client.start("echo", number) for number in range(50)]
    assert [one.result() for one in reversed(pending)] == list(reversed(range(50)))
    assert all(one.done() for one in pending)


def test_many_clients_at_once(server):
    found: dict[int, list[int]] = {}

    def run(name: int) -> None:
        with Client(server.address) as client:
            found[name] = [client.call("echo", name * 1000 + n) for n in range(100)]

    threads = [threading.Thread(target=run, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: [name * 1000 + n for n in range(100)] for name in range(6)}


def test_a_repeated_effect_is_carried_out_once_and_answered_again(server, log):
    context, peer = raw(server.address)
    request = Request(b"me", 1, "append", (frames_of("line", "it"),), oldest=1)
    replies = []
    for _ in range(3):
        peer.send_multipart(pack_request(request))
        replies.append(peer.recv_multipart())
    assert log.lines == ["line"] and replies[0] == replies[1] == replies[2]

    peer.send_multipart(pack_request(Request(b"me", 2, "append", (frames_of("b", "it"),), oldest=2)))
    assert read_reply(peer.recv_multipart()).kind == "value"
    peer.send_multipart(pack_request(Request(b"me", 1, "append", (frames_of("line", "it"),), oldest=2)))
    assert read_reply(peer.recv_multipart()).kind == "error" and log.lines == ["line", "b"]
    peer.close()
    context.term()


def test_a_call_that_is_too_slow_is_told_and_not_repeated(client, log):
    with pytest.raises(DeadlineExceeded, match="slowly at .* did not answer in time: an effect, so whether"):
        client.call("slowly", "a", deadline_s=0.1)
    assert client.call("append", "b") == 2
    assert log.lines == ["a", "b"]


garbage = st.lists(st.binary(max_size=60), min_size=1, max_size=4) | st.builds(
    lambda head, rest: [msgspec.msgpack.encode(head), *rest],
    st.dictionaries(
        st.sampled_from(("v", "kind", "client", "id", "name", "values", "ms", "oldest")),
        st.none()
        | st.integers(-3, 3)
        | st.sampled_from(("call", "echo", "value", b"x"))
        | st.lists(st.integers(-1, 2)),
    ),
    st.lists(st.binary(max_size=20), max_size=3),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(messages=st.lists(garbage, min_size=1, max_size=5))
def test_garbage_hurts_nobody(server, client, messages):
    context, peer = raw(server.address)
    for frames in messages:
        peer.send_multipart(frames)
    good = pack_request(Request(b"x", 7, "echo", (encode(1),)))
    peer.send_multipart(good)
    while True:
        assert peer.poll(5000)
        if read_reply(peer.recv_multipart()) == Reply(7, "value", ((b"\x01",),)):
            break
    assert client.call("echo", "still here") == "still here"
    peer.close()
    context.term()


def test_truncated_messages_and_port_scanners_hurt_nobody(server, client):
    port = int(server.address.rpartition(":")[2])
    whole = pack_request(Request(b"x", 1, "echo", (encode("a" * 50),)))
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(os.urandom(5000))
    context, cut = raw(server.address)
    cut.send_multipart([whole[0][: len(whole[0]) // 2], *whole[1:]])
    cut.send_multipart([whole[0]])
    assert client.call("echo", 1) == 1
    cut.close()
    context.term()


def frame(flags: int, body: bytes) -> bytes:
    """One frame, or command, of ZeroMQ's protocol."""
    return struct.pack(">BB", flags, len(body)) + body


def test_a_slow_drip_delays_nobody_and_is_answered_in_the_end(server, client):
    """A whole connection, byte after byte, with the service answering others between them."""
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
    ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER"
    *first, last = pack_request(Request(b"x", 1, "echo", (frames_of("drop by drop", "it"),)))
    message = b"".join(frame(1, bytes(one)) for one in first) + frame(0, bytes(last))
    with socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2]))) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, byte in enumerate(greeting + frame(4, ready) + message):
            peer.sendall(bytes((byte,)))
            assert client.call("echo", number) == number
        peer.settimeout(10.0)
        heard = b""
        while b"drop by drop" not in heard:
            heard += peer.recv(4096)


@pytest.mark.parametrize("threads", [0, 2])
def test_what_a_function_raises_ends_nothing_for_others(threads):
    def leave(kind):
        raise {"exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "stop": GeneratorExit()}[kind]

    functions = {"pure": pure(leave), "effect": effect(leave), "echo": pure(lambda value: value)}
    with Server(functions, threads=threads) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            for name in ("pure", "effect"):
                for kind, told in (
                    ("exit", "SystemExit: 3"),
                    ("interrupt", "KeyboardInt"),
                    ("stop", "GeneratorExit"),
                ):
                    with pytest.raises(RemoteError, match=f"^builtins:{told}"):
                        client.call(name, kind)
            assert client.call("echo", 1) == 1
        assert thread.is_alive()
    thread.join(10)


def test_pickles_are_never_loaded(server, client, tmp_path):
    import pickle

    class Bad:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "done"),))

    context, peer = raw(server.address)
    peer.send(pickle.dumps(Bad()))
    peer.send_multipart([*pack_request(Request(b"x", 1, "echo", ((pickle.dumps(Bad()),),)))])
    assert read_reply(peer.recv_multipart()).kind == "error"
    assert client.call("echo", 1) == 1 and not (tmp_path / "done").exists()
    peer.close()
    context.term()


def test_nobody_at_the_address_is_one_sentence():
    with (
        Client("tcp://127.0.0.1:1", deadline_s=0.3) as client,
        pytest.raises(DeadlineExceeded, match="nobody answers at tcp://127.0.0.1:1: is the server running"),
    ):
        client.call("echo", 1)


def test_an_address_in_use_and_one_that_is_none(server):
    with pytest.raises(AddressInUse, match="is in use; take another port"):
        Server({}, server.address)
    with pytest.raises(TransportError, match="cannot be bound"):
        Server({}, "ipc:///no/such/folder/here")
    with pytest.raises(NotAllowed, match="write tcp://HOST:PORT"):
        Server({}, "localhost")
    with pytest.raises(NotAllowed, match="write tcp://HOST:PORT"):  # it was told to be within others' reach
        Client("tcp://127.0.0.1")


def test_beyond_loopback_keys_are_needed():
    for address in ("tcp://0.0.0.0:0", "tcp://*:0", "tcp://192.168.1.5:5000"):
        with pytest.raises(NotAllowed, match="keys are needed"):
            Server({}, address)
        with pytest.raises(NotAllowed, match="keys are needed"):
            Client(address)


def test_with_keys_only_the_trusted_are_heard():
    ours, theirs, stranger = new_keys(), new_keys(), new_keys()
    functions = {"echo": pure(lambda value: value)}
    with Server(
        functions, "tcp://0.0.0.0:0", keys=Keys(ours.public, ours.secret, (theirs.public,))
    ) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        address = server.address.replace("0.0.0.0", "127.0.0.1")
        with Client(address, keys=Keys(theirs.public, theirs.secret, (ours.public,))) as client:
            assert client.call("echo", "secret") == "secret"
        for keys in (Keys(stranger.public, stranger.secret, (ours.public,)), None):
            with Client(address, keys=keys, deadline_s=0.5) as client, pytest.raises(TransportError):
                client.call("echo", 1)
        server.stop()
        thread.join(10)
    with pytest.raises(NotAllowed, match="nobody would be let in"):
        Server(functions, "tcp://0.0.0.0:0", keys=ours)
    with pytest.raises(ValueError, match="not the public half"):
        Keys(ours.public, theirs.secret)
    with pytest.raises(ValueError, match="40 characters") as caught:
        Keys(ours.public, ours.secret, (f"{{secret: {theirs.secret}}}",))
    assert theirs.secret not in str(caught.value)
    with pytest.raises(ValueError, match="40 characters") as caught:
        Keys("short", "secret-that-must-not-be-shown")
    assert "must-not" not in str(caught.value)
    assert ours.secret not in repr(ours)


PROGRAM = """
    import sys
    from transport.transport_parts import Counter
    from droidlet_transport.server import Server
    from droidlet_transport.serving import table_of
    with Server(table_of(Counter(), effects=sys.argv[2] == "effects"), sys.argv[1]) as server:
        print(server.address, flush=True)
        server.serve()
"""


def far(address: str, effects: str = "pure") -> tuple[subprocess.Popen[str], str]:
    path = os.pathsep.join([entry for entry in sys.path if entry])
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), address, effects],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_pure_call_is_asked_again_of_a_server_that_comes_back(tmp_path):
    process, address = far("tcp://127.0.0.1:0")
    with Client(address) as client:
        pending = client.start("die_once", str(tmp_path / "mark"))
        process.wait(20)
        end(process)
        process, _ = far(address)
        assert pending.result() == "done"
    end(process)


def test_of_an_effect_whose_server_dies_the_outcome_is_unknown_within_a_second():
    """In one of three tries, since others use the machine, too."""
    took_s: list[float] = []
    while len(took_s) < 3 and min(took_s, default=1.0) >= 1.0:
        process, address = far("tcp://127.0.0.1:0", "effects")
        with Client(address) as client:
            assert client.call("echo", 1) == 1
            pending = client.start("sleep", 30.0)
            time.sleep(0.2)
            os.kill(process.pid, signal.SIGKILL)
            start = time.monotonic()
            with pytest.raises(OutcomeUnknown, match="was cut during sleep, an effect"):
                pending.result()
            took_s.append(time.monotonic() - start)
        end(process)
    assert min(took_s) < 1.0, took_s


def test_a_stopped_server_is_judged_by_deadlines_and_comes_back(tmp_path):
    process, address = far("tcp://127.0.0.1:0")
    with Client(address) as client:
        assert client.call("echo", 1) == 1
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(DeadlineExceeded):
            client.call("echo", 2, deadline_s=0.5)
        os.kill(process.pid, signal.SIGCONT)
        assert client.call("echo", 3) == 3
    end(process)


@pytest.mark.slow
def test_an_effect_whose_server_is_stopped_beyond_its_heartbeats_and_goes_on_is_done_once(tmp_path):
    process, address = far("tcp://127.0.0.1:0", "effects")
    with Client(address) as client:
        assert client.call("echo", 1) == 1
        pending = client.start("sleep", 0.3), client.start("append", str(tmp_path / "lines"))
        os.kill(process.pid, signal.SIGSTOP)
        go_on = threading.Timer(4.0, os.kill, (process.pid, signal.SIGCONT))
        go_on.start()
        assert [one.result() for one in pending] == [None, 2]
        go_on.join()
        assert (tmp_path / "lines").read_text() == "x\n"
    end(process)


def test_a_long_native_call_that_holds_the_interpreter_is_no_death():
    process, address = far("tcp://127.0.0.1:0", "effects")
    with Client(address) as client:
        assert client.call("hold", 4) is None  # longer than the heartbeats' patience
    end(process)


def test_after_close_nothing_is_called_and_nothing_is_left(server):
    client = Client(server.address)
    client.call("echo", 1)
    client.close()
    client.close()
    with pytest.raises(Closed):
        client.call("echo", 1)
    other = Server({})
    other.close()
    other.close()
    with pytest.raises(Closed):
        other.serve()


def test_a_record_of_which_there_are_two_is_refused_by_name():
    with pytest.raises(ProtocolError, match="several records of this name"):
        value_of(encode(Twin()))


def _twin() -> type:
    @record(name="tests.Twin")
    class Twin:
        """One of two records of one name."""

    return Twin


class _Other:
    @record(name="tests.Twin")
    class Twin:
        """The other one."""


Twin = _twin()
