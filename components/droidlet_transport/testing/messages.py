"""Where the messages are in the bytes of a ZeroMQ connection (ZMTP 3: a greeting of 64 bytes, then frames)."""

from __future__ import annotations

from typing import List, Tuple

GREETING = 64
MORE, LONG, COMMAND = 1, 2, 4  # bits of a frame's first byte


class Messages:
    """Cuts one direction of a connection into pieces: whole messages, and what comes between them."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._greeting = GREETING  # bytes of it that are still to come
        self._scanned = 0  # bytes of the message at the front that are whole frames

    def feed(self, data: bytes) -> List[Tuple[bytes, bool]]:
        """The pieces that are complete now, each with whether it is a message (else greeting or command)."""
        found: List[Tuple[bytes, bool]] = []
        greeting, data = data[: self._greeting], data[self._greeting :]
        if greeting:  # passed on as it comes: each side waits for the other's first bytes
            self._greeting -= len(greeting)
            found.append((greeting, False))
        self._buffer += data
        while True:
            size, flags = self._frame()
            if size == 0:
                return found
            self._scanned += size
            if flags & COMMAND:
                found.append((self._take(self._scanned), False))  # never within a message
            elif not flags & MORE:
                found.append((self._take(self._scanned), True))

    def _frame(self) -> Tuple[int, int]:
        """Size and flags of the next whole frame; size 0 where there is none yet."""
        front, width = self._scanned, 8 if len(self._buffer) > self._scanned and self._long() else 1
        if len(self._buffer) < front + 1 + width:
            return 0, 0
        length = int.from_bytes(self._buffer[front + 1 : front + 1 + width], "big")
        size = 1 + width + length
        return (size, self._buffer[front]) if len(self._buffer) >= front + size else (0, 0)

    def _long(self) -> bool:
        return bool(self._buffer[self._scanned] & LONG)

    def _take(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._scanned = 0
        return piece


__all__ = ["Messages"]
