"""Waking up by bytes in pipes: a short while of asking again and again, then sleep.

A process that sleeps is woken in some 5 us on its own core and some 40 us on another, one that asks sees the byte at
once; so asking pays for as long as a wake-up takes, and no longer.
"""

from __future__ import annotations

import os
import select
import time
from typing import Any, Callable, Optional

from droidlet_transport.streams import Ended, Hung

LEAVE = 255  # a byte, or the end of the pipe
GO, STOP = b"\0", bytes((LEAVE,))
ASKS = 100  # times before it sleeps, about 1 us each
LOOK_S = 0.25  # how often a sleeper looks whether the other process still lives
_monotonic = time.monotonic


def listen(descriptor: int, asks: int) -> int:
    """The next byte from the parent, LEAVE when it has gone; the pipe is non-blocking."""
    while True:
        if asks <= 0:
            select.select([descriptor], (), ())
        try:
            got = os.read(descriptor, 1)
            return got[0] if got else LEAVE
        except BlockingIOError:
            asks -= 1


def answered(
    descriptor: int, poll: Any, until: Optional[float], alive: Callable[[], bool], asks: int
) -> None:
    """Waits for a byte from a worker; the pipe is non-blocking. Raises Ended where it died, Hung where it is late.

    `poll` has the pipe, and `alive` is asked now and then.
    """
    while True:
        if asks <= 0:
            _sleep(poll, until, alive)
        try:
            if os.read(descriptor, 1):
                return
            raise Ended()
        except BlockingIOError:
            asks -= 1


def _sleep(poll: Any, until: Optional[float], alive: Callable[[], bool]) -> None:
    while True:
        left = LOOK_S if until is None else min(LOOK_S, until - _monotonic())
        if poll.poll(max(0.0, left) * 1e3):
            return
        if not alive():
            raise Ended()
        if left <= 0:
            raise Hung()
