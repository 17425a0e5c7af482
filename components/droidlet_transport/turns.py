"""A lock that is handed on: who has just had it does not get it again before those who wait."""

from __future__ import annotations

import threading
import time
from threading import get_ident
from typing import Optional

LOOK_S = 0.25  # how often one who waits looks whether somebody has it
LOOKS = 3  # in a row that found nobody: it was left locked
_monotonic = time.monotonic


class Turn:
    """One thread at a time has it, that one as often as it likes; whoever waits, waits until a time."""

    def __init__(self) -> None:
        self._next, self._lock = threading.Lock(), threading.Lock()
        self._owner: Optional[int] = None
        self._depth = 0

    def take(self, until: float) -> bool:
        """Whether it was this thread's turn by then; then `give` must follow."""
        me = get_ident()
        if self._owner != me:
            free = not self._next.locked() and self._lock.acquire(False)  # nobody waits, and nobody has it
            if not free and not self._wait(until):
                return False
            self._owner = me
        self._depth += 1
        return True

    def _wait(self, until: float) -> bool:
        if not _taken(self._next, until):
            return False
        try:
            return _taken(self._lock, until)
        finally:
            self._next.release()

    def give(self) -> None:
        """It is another thread's turn."""
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._lock.release()


def _taken(lock: threading.Lock, until: float) -> bool:
    if lock.acquire(False):
        return True
    left = until - _monotonic()
    return left > 0 and lock.acquire(timeout=min(left, threading.TIMEOUT_MAX))


class Quick:
    """Turns that cost next to nothing where nobody waits: whoever gets `lock` at once, with nobody `queued`, says in
    `owner` who that is, and `wait` is for the others; `owner` is none again before the lock is released. No thread has
    it twice.
    """

    __slots__ = ("_count", "_next", "lock", "owner", "queued")

    def __init__(self) -> None:
        self._count, self._next, self.lock = threading.Lock(), threading.Lock(), threading.Lock()
        self.owner: Optional[int] = None
        self.queued = 0

    @property
    def is_mine(self) -> bool:
        """Whether this thread has it."""
        return self.owner == threading.get_ident()

    def wait(self, until: float) -> bool:
        """Whether it was this thread's turn by then, after those who waited before."""
        self._queue(1)
        try:
            if not _taken(self._next, until):
                return False
            try:
                return self._wait(until)
            finally:
                self._next.release()
        finally:
            self._queue(-1)

    def _wait(self, until: float) -> bool:
        nobody = 0
        while not _taken(self.lock, min(until, _monotonic() + LOOK_S)):
            nobody = nobody + 1 if self.owner is None else 0
            if nobody == LOOKS:  # a signal interrupted who took it, or gave it, in between
                break
            if _monotonic() >= until:
                return False
        return True

    def _queue(self, more: int) -> None:
        with self._count:
            self.queued += more

    def give(self) -> None:
        """It is another thread's turn."""
        self.owner = None
        self.lock.release()
