"""A connection with somebody in the middle, who may delay, change or end what passes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Callable, Iterable

CHUNK = 1 << 16
Passing = Callable[[bytes], Iterable[bytes]]
"""What becomes of bytes that come: the pieces to pass on. It may sleep, and may raise Cut."""


class Cut(Exception):
    """Ends the wire when the rest has passed."""

    def __init__(self, rest: bytes) -> None:
        super().__init__()
        self.rest = rest


class Wire:
    """Passes bytes on between two connected sockets, which it owns, until either ends."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self._ends = (near, far)
        self._threads: list[threading.Thread] = []
        self._lock, self._running = threading.Lock(), 2

    def start(self, outward: Passing, inward: Passing) -> Wire:
        """Begins: `outward` sees what goes from near to far, `inward` what comes back."""
        near, far = self._ends
        for source, sink, passing in ((near, far, outward), (far, near, inward)):
            thread = threading.Thread(target=self._pump, args=(source, sink, passing), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def _pump(self, source: socket.socket, sink: socket.socket, passing: Passing) -> None:
        with suppress(OSError):  # either side has gone
            try:
                while True:
                    data = source.recv(CHUNK)
                    if not data:
                        break
                    for piece in passing(data):
                        sink.sendall(piece)
            except Cut as cut:
                sink.sendall(cut.rest)
        self.cut()
        with self._lock:
            self._running -= 1
            if not self._running:
                for end in self._ends:
                    end.close()

    @property
    def ended(self) -> bool:
        """Whether nothing passes any more, in either direction."""
        return not self._running

    def cut(self) -> None:
        """Ends it for both sides at once; what is on its way is lost."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cuts, and waits until both directions have ended; for any other thread than the wire's own."""
        self.cut()
        for thread in self._threads:
            thread.join()
