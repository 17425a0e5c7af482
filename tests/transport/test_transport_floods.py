"""Peers that send more than anybody reads, and break off: they end no process, and nobody waits for them."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import ExitStack, suppress
from typing import Iterator

import anyio
import pytest

from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.service import AsyncClient, Client, Publisher, Subscriber
from transport.raw_peers import dealer, flood, frame, pack, request, shake

PATIENCE_S = 20.0
UNREAD = """
    import sys, time
    from droidlet_transport import effect, pure
    from droidlet_transport.service import Client, Server

    def other_things():
        time.sleep(2.0)  # several heartbeats

    if sys.argv[1] == "server":
        with Server({"f": pure(lambda: 1), "rest": effect(other_things)}) as server:
            print(server.address, flush=True)
            server.serve()
    client = Client(sys.argv[1])
    try:
        client.call("f", deadline_s=0.2)
    except Exception as error:
        print(type(error).__name__, flush=True)
    other_things()
    print("lives", flush=True)
"""


@pytest.fixture
def listener() -> Iterator[tuple[str, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(PATIENCE_S)
        yield f"tcp://127.0.0.1:{made.getsockname()[1]}", made


def child(argument: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(UNREAD), argument], stdout=subprocess.PIPE, text=True
    )


def break_off(peer: socket.socket, messages: bytes) -> None:
    """Sends as much as is taken, and goes without a word."""
    peer.settimeout(0.2)
    with suppress(socket.timeout):
        peer.sendall(messages)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def test_who_sends_more_than_is_read_and_breaks_off_ends_no_process(
    listener: tuple[str, socket.socket],
) -> None:
    address, accepts = listener
    server, client = child("server"), child(address)
    try:
        there, _ = accepts.accept()
        shake(there, b"ROUTER")
        assert client.stdout is not None and server.stdout is not None
        assert client.stdout.readline() == "DeadlineExceeded\n"
        break_off(there, frame(b"x") * 100_000)
        at = server.stdout.readline().strip()
        peer = dealer(at)
        peer.sendall(request(1, "rest"))
        break_off(peer, b"".join(request(number, "f") for number in range(2, 6000)))
        assert client.stdout.readline() == "lives\n" and client.wait(PATIENCE_S) == 0
        with Client(at) as healthy:
            assert healthy.call("f") == 1
    finally:
        for process in (server, client):
            process.kill()
            process.communicate()


@pytest.mark.parametrize("want", [True, False])
def test_a_flood_at_a_publisher_delays_no_other_subscriber_and_not_its_end(want: bool) -> None:
    head = {"v": 1, "kind": "want", "id": 1, "epoch": b"x", "have": {}, "topics": ["no"], "most": 1}
    with Publisher() as publisher, Subscriber(publisher.address, "a") as subscriber:
        assert subscriber.joined(PATIENCE_S)
        with ExitStack() as floods:
            for _ in range(2):
                floods.enter_context(flood(dealer(publisher.address), pack(head) if want else b"garbage"))
            for number in range(3):
                publisher.publish("a", number)
                assert subscriber.next(PATIENCE_S).value == number
            closes = threading.Thread(target=publisher.close)
            closes.start()
            closes.join(PATIENCE_S)
            assert not closes.is_alive()


def test_a_server_that_floods_delays_no_deadline(listener: tuple[str, socket.socket]) -> None:
    """Nor the end of a subscriber."""
    address, accepts = listener
    for call in (_call, _call_async):
        threads = [threading.Thread(target=call, args=(address, times := []))]
        threads[0].start()
        there, _ = accepts.accept()
        shake(there, b"ROUTER")
        with flood(there, pack({"v": 1, "kind": "value", "id": 99, "values": []})):
            threads[0].join(PATIENCE_S)
            assert times and times[0] < PATIENCE_S / 2
    subscriber = Subscriber(address)
    there, _ = accepts.accept()
    shake(there, b"ROUTER")
    with flood(there, b"garbage"):
        closes = threading.Thread(target=subscriber.close)
        closes.start()
        closes.join(PATIENCE_S)
        assert not closes.is_alive()


def _call(address: str, times: list[float]) -> None:
    begin = time.monotonic()
    with Client(address) as client, pytest.raises(DeadlineExceeded):
        client.call("f", deadline_s=0.5)
    times.append(time.monotonic() - begin)


def _call_async(address: str, times: list[float]) -> None:
    async def call() -> None:
        async with AsyncClient(address) as client:
            with pytest.raises(DeadlineExceeded):
                await client.call("f", deadline_s=0.5)

    begin = time.monotonic()
    anyio.run(call)
    times.append(time.monotonic() - begin)
