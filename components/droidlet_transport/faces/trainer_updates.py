"""Sending what a learner lacks, and counting what became of it."""

from __future__ import annotations

import math
import time
from collections import deque
from contextlib import suppress
from typing import Any, Deque, Dict, List, Mapping, Set, Tuple

import numpy as np

from droidlet_transport.client import Client, Pending
from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.faces.trainer_stores import Count, Outgoing, Updated

WINDOW = 3  # messages on their way at once, where the learner answers in order
FRAMES_BYTES = 1 << 21  # of rows in one message, where they have to be sent
PIECES = 4  # of rows in shared memory, in one message
_monotonic = time.monotonic


class Updates:
    """The queues of a client, and how much of them one learner is known to have. For one thread at a time."""

    def __init__(self, client: Client, name: str, stores: Mapping[str, Outgoing]) -> None:
        self._client, self._name, self.stores = client, name, dict(stores)
        self._opened: Dict[str, str] = {}  # by store, the learner's life that knows it
        self._known = dict.fromkeys(self.stores, (0, 0))  # rows seen, and those of them that are lost
        self._counted = dict.fromkeys(self.stores, Count())  # since the update before
        self._near: Set[str] = set()  # stores whose rows the learner looks at where they lie
        self._most: Dict[str, int] = {}  # rows in one message, where they have to be sent
        self._in_order = False
        self.weights_address = ""

    def update(self, deadline_s: float) -> Updated:
        """Sends all rows that were there when it was called. Raises as `Client.call` does."""
        until = _monotonic() + deadline_s
        for name, queue in self.stores.items():
            if queue.layout() is not None:
                self._send(name, queue, queue.next_number, until)
        told = {name: self._counted[name].plus(Count(waiting=q.waiting)) for name, q in self.stores.items()}
        self._counted = dict.fromkeys(self.stores, Count())
        return Updated(told)

    def _send(self, name: str, queue: Outgoing, end: int, until: float) -> None:
        """Rows up to number `end` that the learner lacks, in messages of which a few are on their way at once."""
        under_way: Deque[Tuple[Any, Pending]] = deque()
        asked = name not in self._opened
        following = self._open(name, queue, until) if asked else self._known[name][0]
        try:
            while True:
                following = self._fill(under_way, name, queue, following, end, until)
                if not under_way and asked:
                    return
                if not under_way:  # nothing new; but a learner that was started again may lack what is old
                    asked, following = True, self._open(name, queue, until)
                    continue
                asked = True
                end_of_lent, (life, seen, lost) = _answered(under_way, queue)
                if life != self._opened[name]:  # a learner that was started again: it says anew what it lacks
                    while under_way:
                        _answered(under_way, queue)
                    self._opened.clear()
                    following = self._open(name, queue, until)
                    continue
                self._account(name, queue, seen, lost)
                if seen < end_of_lent:  # it lacks rows before these
                    following = seen
        finally:
            for _, pending in under_way:  # nobody waits for them any more
                with suppress(Exception):
                    pending.result()

    def _fill(
        self, under_way: Any, name: str, queue: Outgoing, following: int, end: int, until: float
    ) -> int:
        """Sends as much as may be on its way; the number of the row to go on with."""
        while following < end and len(under_way) < (WINDOW if self._in_order else 1):
            pieces = self._pieces(name, queue, following, end)
            if not pieces:
                break
            try:
                under_way.append((pieces, self._start(name, queue, pieces, until)))
            except BaseException:  # not sent
                for lent in pieces:
                    queue.give_back(lent)
                raise
            following = _end(pieces)
        return following

    def _pieces(self, name: str, queue: Outgoing, following: int, end: int) -> List[Any]:
        """What goes in one message: rows that lie together, or several such pieces that the learner looks at itself."""
        pieces: List[Any] = []
        while following < end and len(pieces) < PIECES:
            lent = queue.lend(
                following, min(end - following, 1 << 62 if name in self._near else self._most[name])
            )
            if lent is None:
                break
            near = name in self._near and lent.where is not None
            if pieces and not near:
                queue.give_back(lent)
                break
            pieces.append(lent)
            following = lent.first + lent.count
            if not near:
                break
        return pieces

    def _start(self, name: str, queue: Outgoing, pieces: List[Any], until: float) -> Pending:
        near = name in self._near and pieces[0].where is not None
        numbers = [(one.first, one.oldest, one.count, *(one.where if near else ())) for one in pieces]
        packed = np.array([len(numbers[0]), *(n for row in numbers for n in row)], "<i8").tobytes()
        columns = () if near else pieces[0].columns
        sent = (self._opened[name], name, self._name, queue.epoch, packed, columns)  # one value: few frames
        return self._client.start("store", sent, deadline_s=_left(until))

    def _open(self, name: str, queue: Outgoing, until: float) -> int:
        """Tells a learner the layout; the number of the first row that it lacks."""
        shared = queue.share() if hasattr(queue, "share") else None
        life, seen, lost, near, self._in_order, self.weights_address = self._client.call(
            "open", name, self._name, queue.epoch, queue.layout(), shared, deadline_s=_left(until)
        )
        self._opened[name] = life
        self._most[name] = _rows_in(FRAMES_BYTES, queue.layout() or ())
        (self._near.add if near else self._near.discard)(name)
        self._account(name, queue, seen, lost)
        return int(seen)

    def _account(self, name: str, queue: Outgoing, seen: int, lost: int) -> None:
        known_seen, known_lost = self._known[name]
        stored = (seen - lost) - (known_seen - known_lost)
        count = Count(max(0, stored), lost - known_lost, max(0, -stored))
        self._counted[name] = self._counted[name].plus(count)
        self._known[name] = (seen, lost)
        queue.acknowledge(seen)


def _answered(under_way: Any, queue: Outgoing) -> Tuple[int, Any]:
    """The end of the oldest message on its way, and its answer; only now is what was lent given back."""
    pieces, pending = under_way.popleft()
    answer = pending.result()["told"]
    for lent in pieces:
        queue.give_back(lent)
    return _end(pieces), answer


def _rows_in(size: int, layout: Any) -> int:
    """How many rows of a layout are about so many bytes; at least one."""
    row: int = sum(np.dtype(dtype).itemsize * math.prod(shape) for _, dtype, shape in layout)
    return max(1, size // max(1, row))


def _end(pieces: List[Any]) -> int:
    return int(pieces[-1].first + pieces[-1].count)


def _left(until: float) -> float:
    left = until - _monotonic()
    if left <= 0:
        raise DeadlineExceeded("the update took longer than its deadline; what is not sent is kept")
    return left
