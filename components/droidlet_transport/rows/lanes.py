"""A short way for a client whose rows the learner looks at: places go over a local socket, whose end is its thread's.

It carries no rows and means nothing of its own: what it does not answer at once is asked in the usual way, which is
harmless, since rows have numbers. A message is a number, the learner's name for a queue (64 bits each), and places as
`pack` makes them; the answer is that number, and how many rows have come, and how many of them are lost, or -1: ask in
the usual way. Linux; elsewhere there is none.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from typing import Any, Callable, Dict, Mapping, Optional, Protocol, Set, Tuple

from droidlet_transport.client import Pending
from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.streams import SLICE_S

MOST = 1 << 16  # bytes of a message
PATIENCE_S = 1.0  # for an answer, until it is asked for in the usual way
_ASK, _TOLD = struct.Struct("<QQ"), struct.Struct("<Qqq")
_PEER = struct.Struct("3i")  # process, user, group
_WHO: Optional[int] = getattr(socket, "SO_PEERCRED", None)  # Linux
_monotonic = time.monotonic
Answer = Callable[[int, bytes], Tuple[int, int]]


class Watching(Protocol):
    """What waits for descriptors, such as a Server."""

    def watch(self, descriptor: int, ready: Optional[Callable[[], object]]) -> None:
        """Calls back when there is something to read; None: no more."""
        ...


class Lanes:
    """The learner's end. `answer` says what becomes of places in a queue; what it raises is "ask in the usual way"."""

    def __init__(self, watching: Watching, answer: Answer) -> None:
        self._watching, self._answer = watching, answer
        self._open: Set[socket.socket] = set()
        self.address = ""
        kind = getattr(socket, "SOCK_SEQPACKET", None)
        if kind is None or _WHO is None:
            return
        self._listening = socket.socket(socket.AF_UNIX, kind)
        try:
            name = f"droidlet-rows-{secrets.token_hex(16)}"
            self._listening.bind(f"\0{name}")  # no file: it is gone with its process
            self._listening.listen(64)
        except OSError:
            self._listening.close()
            return
        self._add(self._listening, self._accept)
        self.address = name

    def _add(self, one: socket.socket, ready: Callable[[], object]) -> None:
        one.setblocking(False)
        self._open.add(one)
        self._watching.watch(one.fileno(), ready)

    def _end(self, one: socket.socket) -> None:
        self._open.discard(one)
        self._watching.watch(one.fileno(), None)
        one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            made, _ = self._listening.accept()
            _, user, _ = _PEER.unpack(made.getsockopt(socket.SOL_SOCKET, _WHO or 0, _PEER.size))
            if user == os.geteuid():
                self._add(made, partial(self._read, made))
            else:
                made.close()

    def _read(self, one: socket.socket) -> None:
        try:
            asked = one.recv(MOST)
            number, queue = _ASK.unpack_from(asked)  # of nothing, where it has gone
            one.send(_TOLD.pack(number, *self._told(queue, asked[_ASK.size :])))
        except BlockingIOError:  # it does not read; it will ask in the usual way
            pass
        except (OSError, struct.error):
            self._end(one)

    def _told(self, queue: int, places: bytes) -> Tuple[int, int]:
        try:
            return self._answer(queue, places)
        except Exception:  # it is raised again where it is asked in the usual way
            return -1, -1

    def close(self) -> None:
        """Ends all; closing again does nothing."""
        for one in tuple(self._open):
            self._end(one)


class Lane:
    """A client's end. For one thread at a time.

    Raises OSError where nobody listens.
    """

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.setblocking(False)
            self._socket.connect(f"\0{address}")
        except BaseException:
            self._socket.close()
            raise
        self._poll = select.poll()
        self._poll.register(self._socket.fileno(), select.POLLIN)
        self._pid, self._number = os.getpid(), 0
        self.address, self.broken = address, False
        self.waiting: Dict[int, Asked] = {}

    def ask(
        self, queue: int, places: bytes, life: str, until: float, usual: Callable[[], Pending]
    ) -> Optional[Asked]:
        """Sends places to the learner in this life of it. None where that cannot be: they go in the `usual` way then,
        as later if there is no answer.
        """
        if self.broken or os.getpid() != self._pid:
            return None
        self._number += 1
        try:
            self._socket.send(_ASK.pack(self._number, queue) + places)
        except BlockingIOError:
            return None
        except OSError:
            self.broken = True
            return None
        made = self.waiting[self._number] = Asked(self, self._number, life, until, usual)
        return made

    def look(self, wait_s: float) -> None:
        """Waits so long for something, and takes what has come."""
        if not self._poll.poll(wait_s * 1e3):
            return
        with suppress(BlockingIOError):
            try:
                while True:
                    number, seen, lost = _TOLD.unpack(self._socket.recv(_TOLD.size))
                    asked = self.waiting.pop(number, None)
                    if asked is not None:
                        asked.told = (seen, lost)
                    if not self.waiting:
                        return
            except BlockingIOError:
                raise
            except (OSError, struct.error):  # it has gone
                self.broken = True

    def close(self) -> None:
        """Ends it; closing again does nothing."""
        self.broken = True
        self._socket.close()


class Asked:
    """The answer to one message, whenever it comes: by the lane, or by a call of the usual kind instead."""

    def __init__(
        self, lane: Lane, number: int, life: str, until: float, usual: Callable[[], Pending]
    ) -> None:
        self._lane, self._number, self._life, self._usual, self.until = lane, number, life, usual, until
        self._patient_until = _monotonic() + PATIENCE_S
        self._instead: Optional[Pending] = None
        self.told: Optional[Tuple[int, int]] = None

    def done(self) -> bool:
        """Whether it is there; never waits for it."""
        if self._instead is None:
            if self.told is None and not self._lane.broken:
                self._lane.look(0.0)
            if not self._turns():
                return self.told is not None
            self._turn()
        return self._instead is None or self._instead.done()

    def result(self) -> Mapping[str, Any]:
        """The learner's life, and how many rows have come and are lost. Raises as a call does."""
        while self.told is None and not self._turns() and self._instead is None:
            now = _monotonic()
            if now >= self.until:
                self._lane.waiting.pop(self._number, None)
                raise DeadlineExceeded("the learner did not answer in time; what is not sent is kept")
            self._lane.look(min(self.until - now, max(0.0, self._patient_until - now), SLICE_S))
        if self._instead is None and self._turns():
            self._turn()
        if self._instead is not None:
            self._instead.until = min(self._instead.until, self.until)
            return self._instead.result()  # type: ignore[no-any-return]
        return {"told": (self._life, *(self.told or ()))}

    def _turns(self) -> bool:
        """Whether it is to be asked in the usual way."""
        if self.told is not None:
            return self.told[0] < 0
        now = _monotonic()
        return now < self.until and (self._lane.broken or self._patient_until <= now)

    def _turn(self) -> None:
        self._lane.waiting.pop(self._number, None)
        self._instead = self._usual()
