"""Peers that speak ZMTP by hand, so that they can do what no ZeroMQ socket does: flood, break off, say half a word."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import Iterator

import msgspec

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
pack = msgspec.msgpack.encode


def frame(data: bytes) -> bytes:
    """The only frame of a message."""
    return bytes([0, len(data)]) + data if len(data) < 256 else b"\x02" + struct.pack(">Q", len(data)) + data


def shake(peer: socket.socket, kind: bytes) -> None:
    """The handshake without security, as a socket of this kind."""
    peer.sendall(GREETING)
    read(peer, len(GREETING))
    told = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
    peer.sendall(b"\x04" + bytes([len(told)]) + told)
    read(peer, read(peer, 2)[1])


def read(peer: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += peer.recv(size - len(found)) or _ended()
    return found


def _ended() -> bytes:
    raise ConnectionError("the other side ended the connection in the middle")


def dealer(address: str) -> socket.socket:
    """Connected to a server at tcp://HOST:PORT."""
    host, port = address[len("tcp://") :].rsplit(":", 1)
    made = socket.create_connection((host, int(port)), timeout=10)
    shake(made, b"DEALER")
    return made


def request(number: int, name: str) -> bytes:
    head = {
        "v": 1,
        "kind": "call",
        "client": bytes(16),
        "id": number,
        "name": name,
        "values": [],
        "oldest": 1,
    }
    return frame(pack(head))


@contextmanager
def flood(peer: socket.socket, message: bytes) -> Iterator[None]:
    """Sends a message as fast as it goes, until the end."""
    many = frame(message) * (200_000 // len(frame(message)))
    begun = threading.Event()

    def run() -> None:
        with suppress(OSError):
            while True:
                peer.sendall(many)
                begun.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        begun.wait(10)
        yield
    finally:
        with suppress(OSError):  # the other side was first
            peer.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        peer.close()
