"""Bytes over a connected socket, each way with a time until which it may take."""

from __future__ import annotations

import select
import socket
import struct
import time
from contextlib import suppress
from typing import Callable, List, Optional, Sequence

import numpy as np

from droidlet_transport.values import Frame
from droidlet_transport.vigils import AWAKE_S, Vigil, give_way

MOST_BYTES = 1 << 46  # of one frame; beyond it a length is garbage
AHEAD = 1 << 16  # bytes that one call of the system reads at most, unless more are asked for
SLICE_S = 0.25
_PIECE = 1 << 20  # bytes of a large frame that one call of the system reads at most
_TOGETHER = 512  # buffers in one call of the system
_PAUSE_S = 0.0005
_AT_ONCE = (socket.MSG_DONTWAIT,)
_monotonic = time.monotonic


class Hung(Exception):
    """Nothing came in time."""


class Ended(Exception):
    """The other side has closed the socket, or died."""


def wait_in_slices(stream: socket.socket) -> None:
    """Lets no read wait longer than a moment in the system; it is tried again then.

    A signal that comes between Python's last look for one and the wait interrupts nothing, so it is found soon.
    """
    moment = struct.pack("@ll", 0, int(SLICE_S * 1e6))
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, moment)


def send(stream: socket.socket, data: bytes, until: Optional[float] = None) -> None:
    """Sends bytes, at once if there is room. Raises Ended, or Hung where the other side does not read."""
    try:
        gone = stream.send(data, socket.MSG_DONTWAIT)
    except BlockingIOError:
        gone = 0
    except (BrokenPipeError, ConnectionResetError):
        raise Ended() from None
    except OSError as error:
        raise _over(stream, error) from None
    if gone < len(data):
        send_all(stream, [memoryview(data)[gone:]], until)


def send_all(stream: socket.socket, views: Sequence[memoryview], until: Optional[float] = None) -> None:
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
        except OSError as error:
            raise _over(stream, error) from None
        while waiting and gone >= waiting[0].nbytes:
            gone -= waiting.pop(0).nbytes
        if gone:
            waiting[0] = waiting[0][gone:]


def _over(stream: socket.socket, error: OSError) -> Exception:
    """Whatever else the system says of a socket (no memory for it; a Mac has more that means its end), it is used no
    more, which the other side notices, too. What a signal's handler raises is none of that.
    """
    if error.errno is None:
        return error
    with suppress(OSError):
        stream.shutdown(socket.SHUT_RDWR)
    return Ended()


def _nothing(rests: bool) -> None:
    pass


class Incoming:
    """What comes over a socket, read ahead; for one thread."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._vigil = Vigil()
        self._ahead, self._at = b"", 0  # what was read, and how much of it was taken
        self.waits = False  # who ends this now, by a signal, loses nothing:
        self._came: List[bytes] = []  # what has been read is here before Python looks for signals
        self.rests: Callable[[bool], None] = _nothing  # told when it goes to sleep, and when it woke
        self.alive: Callable[[], bool] = lambda: True  # asked now and then whether anything can still come
        self._half: Optional[memoryview] = None  # a large piece, of which so much has come:
        self._done = 0

    def take(self, size: int, until: Optional[float] = None) -> Frame:
        """So many bytes, read-only. Raises Ended, and Hung: then it may be asked for again."""
        at, ahead = self._at, self._ahead
        end = at + size
        if end > len(ahead):
            if size > AHEAD:
                return self._large(size, until)
            self._ahead, self._at, at, end = ahead[at:], 0, 0, size
            while len(self._ahead) < size:
                self._ahead += self._read(AHEAD, until)
            ahead = self._ahead
        self._at = end
        return ahead[at:end]

    def _large(self, size: int, until: Optional[float]) -> Frame:
        if self._half is None:
            self._half, self._done = np.empty(size, np.uint8).data, len(self._ahead) - self._at
            self._half[: self._done] = self._ahead[self._at :]
            self._ahead, self._at = b"", 0
        while self._done < size:
            got = self._read(min(size - self._done, _PIECE), until)
            self._half[self._done : self._done + len(got)] = got
            self._done += len(got)
        found, self._half = self._half.toreadonly(), None
        return found

    def _read(self, most: int, until: Optional[float]) -> bytes:
        begin = _monotonic()
        self.waits = True
        if not self._came:
            if self._vigil.pays and self._asked(most, begin + AWAKE_S):
                self._vigil.vain = 0
            else:
                self.rests(True)
                self._wait_for(most, until)
                self.rests(False)
                self._vigil.waited(_monotonic() - begin)
        self.waits = False
        got = self._came.pop()
        if not got:
            raise Ended()
        return got

    def _asked(self, most: int, end: float) -> bool:
        """Whether something comes within a moment."""
        receive, came = self._stream.recv, self._came
        while True:
            try:
                came.extend(map(receive, (most,), _AT_ONCE))
                return True
            except BlockingIOError:
                if _monotonic() > end:
                    return False
                give_way()  # the other side may be waiting for this core
            except ConnectionResetError:
                raise Ended() from None
            except OSError as error:
                raise _over(self._stream, error) from None

    def _wait_for(self, most: int, until: Optional[float]) -> None:
        while True:
            if until is not None:
                _wait(self._stream, until, select.POLLIN, self._ended)
            try:
                self._came.extend(map(self._stream.recv, (most,)))
                return
            except BlockingIOError:  # a slice of the wait is over
                if self._ended():
                    raise Ended() from None
            except ConnectionResetError:
                raise Ended() from None
            except OSError as error:
                raise _over(self._stream, error) from None

    def _ended(self) -> bool:
        """Whether the other side has died, though what it started may keep the socket open, and all is read."""
        return not self.alive() and not _here(self._stream)

    def readable(self) -> bool:
        """Whether something has come, be it the end."""
        return self._at < len(self._ahead) or _here(self._stream)


def _here(stream: socket.socket) -> bool:
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    return bool(poll.poll(0))


def _wait(
    stream: socket.socket, until: Optional[float], what: int, ended: Callable[[], bool] = lambda: False
) -> None:
    """Waits in slices, so that a signal that interrupts nothing is found soon. Raises Hung, and Ended."""
    poll = select.poll()
    poll.register(stream, what)
    while True:
        left_s = SLICE_S if until is None else until - _monotonic()
        if poll.poll(max(0.0, min(left_s, SLICE_S)) * 1e3):
            return
        if ended():
            raise Ended()
        if until is not None and left_s <= SLICE_S:
            raise Hung()
