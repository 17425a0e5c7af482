"""Where one can listen and connect: what is no address, or leads beyond this machine without keys, is told at once."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from droidlet_transport import TransportError, pure
from droidlet_transport.service import Client, NotAllowed, Publisher, Server, Subscriber

KINDS = [lambda address: Server({}, address), Client, Publisher, Subscriber]
ELSEWHERE = [
    "tcp://127.0.0.1:0;0.0.0.0:0",  # ZeroMQ takes the second one
    "tcp://127.0.0.1:0;127.0.0.2:0",
    "tcp://localhost.example.com:0",
    "tcp://127.0.0.2:0",
    "tcp://[::]:0",
    "tcp://[::1].example.com:0",
]
NONE = [
    "tcp://127.0.0.1",
    "tcp://127.0.0.1:",
    "tcp://127.0.0.1:http",
    "tcp://127.0.0.1:65536",  # which ZeroMQ takes for 0
    "tcp://127.0.0.1:-1",
    "tcp://127.0.0.1:5555 ",
    "tcp://:5555",
    "inproc://a",
    "",
    None,
]


@pytest.mark.parametrize("make", KINDS)
def test_nobody_leads_beyond_loopback_without_keys_and_what_is_no_address_is_told(make) -> None:
    for address in ELSEWHERE + NONE:
        with pytest.raises(NotAllowed):
            make(address)
    for path in ("", "/tmp/" + "x" * 200):
        with pytest.raises(TransportError, match="cannot be"):
            make(f"ipc://{path}")


def test_no_client_connects_to_every_port() -> None:
    for make in (Client, Subscriber):
        with pytest.raises(TransportError, match="cannot be connected to"):
            make("tcp://127.0.0.1:*")


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("tcp://[::1]:0", marks=pytest.mark.skipif(not _has_ipv6(), reason="no IPv6 here")),
        "tcp://localhost:0",
        "tcp://127.0.0.1:*",
        "ipc://here",
    ],
)
def test_every_kind_of_loopback_serves(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Server({"f": pure(lambda: 1)}, address) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            assert client.call("f") == 1
        server.stop()
        thread.join(20)
    with Publisher(address) as publisher, Subscriber(publisher.address) as subscriber:
        publisher.publish("a", 1)
        assert subscriber.next(20).value == 1
