"""Something to poll for beside sockets: woken from any thread, and by every signal.

A signal that comes between Python's last look at its flag and the wait in the operating system interrupts nothing;
its handler would run when the wait ends for another reason, perhaps never. A byte written by the signal itself ends it.
"""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import contextmanager, suppress
from typing import Iterator


class Waker:
    """A descriptor that becomes readable when `wake` is called, from a thread or a signal handler."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)

    def fileno(self) -> int:
        """What to poll for reading."""
        return self._read.fileno()

    def wake(self) -> None:
        """Ends the wait; does nothing once closed."""
        with suppress(OSError):  # full: awake already
            self._write.send(b"\0")

    def drain(self) -> None:
        """Lets the next wait wait again."""
        with suppress(BlockingIOError):
            while self._read.recv(4096):
                pass

    @contextmanager
    def by_signals(self) -> Iterator[None]:
        """Every signal that Python handles wakes, too, in the main thread; where somebody else listens, nothing."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        if before != -1:  # an event loop's: it is woken by itself
            signal.set_wakeup_fd(before)
            yield
            return
        try:
            yield
        finally:
            signal.set_wakeup_fd(-1)

    def close(self) -> None:
        """Gives the descriptors back."""
        self._read.close()
        self._write.close()
