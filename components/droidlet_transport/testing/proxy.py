"""A proxy before a service: the client connects to it instead, and it makes trouble with what passes."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Callable, Iterator, List, Tuple

import attrs

from droidlet_schema import Key
from droidlet_transport.testing.cues import Cue, of_number
from droidlet_transport.testing.garbling import Garble, made
from droidlet_transport.testing.messages import Messages
from droidlet_transport.testing.wires import Cut, Wire

TO_SERVER, TO_CLIENT = "server", "client"
Act = Callable[[bytes, int], bytes]


@attrs.frozen
class _Trouble:
    cue: Cue
    towards: str
    act: Act


class Proxy:
    """Stands before a service at a tcp:// or ipc:// address; clients use `proxy.address`.

    Messages are counted from 1 in each direction, over all connections, since the proxy was made; heartbeats are none,
    and over CURVE every frame is one.
    `towards` is "server" or "client": which way a message goes. Beside the cues there is `cut_now`. Close it when done.
    """

    def __init__(self, address: str) -> None:
        self._far = _place(address)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._seen = {TO_SERVER: 0, TO_CLIENT: 0}
        self._lock = threading.Lock()
        self._troubles: List[_Trouble] = []
        self._wires: List[Wire] = []
        self._closed = False
        self.connections = 0
        self.done = 0  # how often trouble was made
        self.refuse = False  # whether whoever connects is turned away
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def cut(self, cue: Cue, *, towards: str = TO_SERVER) -> None:
        """Ends the connection in the middle of these messages: half of the bytes pass."""

        def act(data: bytes, number: int) -> bytes:
            raise Cut(data[: len(data) // 2])

        self._add(cue, towards, act)

    def slow(self, cue: Cue, seconds: float, *, towards: str = TO_SERVER) -> None:
        """Holds these messages, and what comes behind them, back for so long."""

        def act(data: bytes, number: int) -> bytes:
            time.sleep(seconds)
            return data

        self._add(cue, towards, act)

    def garble(self, cue: Cue, how: Garble, key: Key, *, towards: str = TO_SERVER) -> None:
        """Passes these messages on changed, their framing included."""
        way = made(how)
        self._add(cue, towards, lambda data, number: way(data, of_number(key, number)))

    def seen(self, towards: str = TO_SERVER) -> int:
        """How many messages have come so far; a client that meets a server asks two things before the first call."""
        if towards not in self._seen:
            raise ValueError(f"towards is {towards!r}: write {TO_SERVER!r} or {TO_CLIENT!r}")
        return self._seen[towards]

    def cut_now(self) -> None:
        """Ends all connections that there are; new ones are welcome."""
        for wire in tuple(self._wires):
            wire.cut()

    def close(self) -> None:
        """Ends everything; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept, on Linux
        self._listener.close()
        self._thread.join()
        for wire in self._wires:
            wire.close()

    def __enter__(self) -> Proxy:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()

    def _add(self, cue: Cue, towards: str, act: Act) -> None:
        self.seen(towards)
        self._troubles.append(_Trouble(cue, towards, act))

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.refuse:
                near.close()
                continue
            try:
                far = _connect(self._far)
            except OSError:  # nobody is there: the client sees the same
                near.close()
                continue
            for end in (near, far):
                if end.family != socket.AF_UNIX:
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            wire = Wire(near, far)
            self._wires = [one for one in self._wires if not one.ended] + [wire]
            wire.start(self._passing(TO_SERVER), self._passing(TO_CLIENT))

    def _passing(self, towards: str) -> Callable[[bytes], Iterator[bytes]]:
        messages = Messages()

        def pass_on(data: bytes) -> Iterator[bytes]:
            for piece, is_message in messages.feed(data):
                yield self._disturbed(piece, towards) if is_message else piece

        return pass_on

    def _disturbed(self, piece: bytes, towards: str) -> bytes:
        with self._lock:
            self._seen[towards] += 1
            number = self._seen[towards]
        for trouble in self._troubles:
            if trouble.towards == towards and trouble.cue(number):
                self.done += 1
                piece = trouble.act(piece, number)
        return piece


def _place(address: str) -> Tuple[str, str, int]:
    """Kind, host or path, port. Raises ValueError for an address that is neither tcp nor ipc."""
    kind, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    if kind == "tcp" and host and port.isdecimal():
        return kind, host.strip("[]"), int(port)
    if kind == "ipc" and rest:
        return kind, rest, 0
    raise ValueError(f"address is {address!r}: a proxy stands before tcp://HOST:PORT or ipc://PATH")


def _connect(place: Tuple[str, str, int]) -> socket.socket:
    kind, host, port = place
    if kind == "tcp":
        return socket.create_connection((host, port), timeout=None)
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(host)
    except OSError:
        made.close()
        raise
    return made
