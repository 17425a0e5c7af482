"""A network of a given speed, between a client and a server on one machine."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import ExitStack

from _placed import forked

GIGABIT = 125_000_000  # bytes per second
_PIECE = 1 << 18
_PACING = 47  # SO_MAX_PACING_RATE of Linux, which the socket module does not name


def over_network(stack: ExitStack, address: str, bytes_per_s: int = GIGABIT) -> str:
    """The address to use instead of a tcp:// one: what comes from there comes at this speed at most (Linux)."""
    host, _, port = address[len("tcp://") :].rpartition(":")
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

    def serve() -> None:
        while True:
            near, _ = listener.accept()
            far = socket.create_connection((host, int(port)))
            near.setsockopt(socket.SOL_SOCKET, _PACING, bytes_per_s)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=ends, daemon=True).start()

    stack.callback(os.kill, forked(serve), 9)
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    while data := source.recv(_PIECE):
        target.sendall(data)
