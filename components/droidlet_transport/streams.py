"""Bytes over a connected socket, each way with a time until which it may take."""

from __future__ import annotations

import select
import socket
import time
from typing import List, Optional, Sequence

import numpy as np

from droidlet_transport.values import Frame

MOST_BYTES = 1 << 46  # of one frame; beyond it a length is garbage
_TOGETHER = 512  # buffers in one call of the system
_PAUSE_S = 0.0005
_monotonic = time.monotonic


class Hung(Exception):
    """Nothing came in time."""


class Ended(Exception):
    """The other side has closed the socket, or died."""


def send(stream: socket.socket, views: Sequence[memoryview], until: Optional[float] = None) -> None:
    """Sends bytes without copying them together. Raises Ended, or Hung where the other side does not read."""
    waiting: List[memoryview] = [view for view in views if view.nbytes]
    while waiting:
        _wait(stream, until, select.POLLOUT)
        try:
            gone = stream.sendmsg(waiting[:_TOGETHER], (), socket.MSG_DONTWAIT)
        except BlockingIOError:  # less room than poll promised
            gone = 0
            time.sleep(_PAUSE_S)
        except (BrokenPipeError, ConnectionResetError):
            raise Ended() from None
        while waiting and gone >= waiting[0].nbytes:
            gone -= waiting.pop(0).nbytes
        if gone:
            waiting[0] = waiting[0][gone:]


def exactly(stream: socket.socket, size: int, until: Optional[float]) -> Frame:
    """So many bytes, read-only. Raises Ended, Hung."""
    if size == 0:
        return b""
    made = np.empty(size, np.uint8)
    view, done = made.data, 0
    while done < size:
        _wait(stream, until, select.POLLIN)
        try:
            got = stream.recv_into(view[done:], size - done)
        except ConnectionResetError:
            got = 0
        if got == 0:
            raise Ended()
        done += got
    made.flags.writeable = False
    return made.data


def readable(stream: socket.socket) -> bool:
    """Whether something has come, be it the end."""
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    return bool(poll.poll(0))


def _wait(stream: socket.socket, until: Optional[float], what: int) -> None:
    poll = select.poll()
    poll.register(stream, what)
    left = None if until is None else max(0.0, (until - _monotonic()) * 1e3)
    if not poll.poll(left):
        raise Hung()
