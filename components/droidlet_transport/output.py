"""What a worker writes: its standard output and error together, in a file without a name, of which the end is kept."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import suppress
from typing import IO

from droidlet_transport.memories import make_memory

TAIL = 2000  # bytes of it that a message shows
MOST = 1 << 20  # bytes that it may have when it is looked at
KEPT = 1 << 16  # bytes that are left of more
LOOK_S = 1.0


def make_output() -> IO[bytes]:
    """The file; whatever is written to it goes to its end, also when that has moved. Raises OSError.

    It is on no disk, which may fill up: then whatever a part prints would raise an error there.
    """
    made: IO[bytes] = os.fdopen(make_memory(0), "w+b", buffering=0)
    flags = fcntl.fcntl(made.fileno(), fcntl.F_GETFL)
    fcntl.fcntl(made.fileno(), fcntl.F_SETFL, flags | os.O_APPEND)
    return made


def tail(descriptor: int, most: int = TAIL) -> bytes:
    """The end of it. Raises OSError."""
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, most, max(0, size - most))


def shorten(descriptor: int) -> None:
    """Leaves the end of what is too long; what is written in the very moment may be lost. Raises OSError."""
    if os.fstat(descriptor).st_size > MOST:
        kept = tail(descriptor, KEPT)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, kept)


def keep_short(descriptor: int) -> None:
    """Looks after it every second, in a thread of its own, since a call may take for ever."""

    def look() -> None:
        while True:
            time.sleep(LOOK_S)
            try:
                shorten(descriptor)
            except OSError:  # the disk is full, or somebody closed it
                return

    with suppress(RuntimeError):  # no thread more may be started: then nobody looks
        threading.Thread(target=look, name="droidlet-output", daemon=True).start()


__all__ = ["keep_short", "make_output", "shorten", "tail"]
