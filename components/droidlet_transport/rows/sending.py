"""Sending what a learner lacks, and counting what became of it."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any, Deque, Dict, List, Mapping, Optional, Set, Tuple, Union

from droidlet_transport.client import Client, Pending
from droidlet_transport.errors import Closed, DeadlineExceeded, ProtocolError
from droidlet_transport.rows.lanes import Asked, Lane
from droidlet_transport.rows.pieces import borrow, end_of, pack
from droidlet_transport.rows.stores import Count, Lent, Outgoing, Updated

FIRST_S = 0.05  # for a learner that was never there, where nobody wants to wait
WINDOW = 3  # messages on their way at once, where the learner answers in order
_MOST_NUMBER = 1 << 62  # of a queue
_monotonic = time.monotonic


class Updates:
    """The queues of a client, and how much of them one learner is known to have. For one thread at a time."""

    def __init__(self, client: Client, name: str, stores: Mapping[str, Outgoing]) -> None:
        self._client, self._name, self.stores = client, name, dict(stores)
        self._order = list(self.stores)  # in which they are sent
        self._opened: Dict[str, str] = {}  # by store, the learner's life that knows it
        self._known = dict.fromkeys(self.stores, (0, 0))  # rows seen, and those of them that are lost
        self._counted = self._nothing()  # since the last update that went well
        self._total = self._nothing()
        self._near: Set[str] = set()  # stores whose rows the learner looks at where they lie
        self._under_way: Dict[str, Deque[Tuple[List[Lent], Union[Pending, Asked]]]] = {
            name: deque() for name in self.stores
        }
        self._following = dict.fromkeys(self.stores, 0)  # the number of the row to go on with
        self._in_order = False
        self._lane: Optional[Lane] = None
        self._numbers: Dict[str, int] = {}  # by store, what the lane calls its queue
        self._opening: Dict[str, Pending] = {}  # by store, what was asked without waiting
        self._until = 0.0  # the end of the update that is going on
        self._there = True  # whether anything can be sent

    def update(self, deadline_s: float, wait: bool = True) -> Updated:
        """Sends all rows that were there when it was called; without `wait` as much as may be on its way, and counts
        what has been answered by now. Where the learner refuses a store, the others go on.

        Raises as `Client.call` does, the first error; what was counted is told by the next update.
        """
        self._until = _monotonic() + deadline_s
        self._there = wait or self._client.there(FIRST_S)
        errors: List[Exception] = []
        for name in tuple(self._order):
            try:
                self._send(name, self.stores[name], wait)
            except BaseException as error:
                self._give_up(name)
                if not isinstance(error, Exception):
                    raise
                errors.append(error)
                if isinstance(error, (DeadlineExceeded, Closed)):
                    self._order.sort(
                        key=name.__eq__
                    )  # who took all the time comes last when there is time again
                    break
        if errors:
            raise errors[0]
        told, self._counted = self._told(self._counted), self._nothing()
        return told

    def total(self) -> Updated:
        """Of all updates, also of those that failed."""
        return self._told(self._total)

    def _nothing(self) -> Dict[str, List[int]]:
        """Rows that were stored, lost and forgotten, by store: none."""
        return {name: [0, 0, 0] for name in self.stores}

    def _told(self, counted: Mapping[str, List[int]]) -> Updated:
        told = {}
        for name, queue in self.stores.items():
            stored, lost, forgotten = counted[name]
            told[name] = Count(stored, lost, forgotten, queue.waiting)
        return Updated(told)

    def hurry(self, deadline_s: float) -> None:
        """The update that is going on, if one is, has this much time left, if not less. From any thread."""
        self._until = min(self._until, _monotonic() + deadline_s)
        self._client.hurry(deadline_s)
        for asked in () if self._lane is None else tuple(self._lane.waiting.values()):
            asked.until = min(asked.until, self._until)

    def _send(self, name: str, queue: Outgoing, wait: bool) -> None:
        """Rows that the learner lacks, in messages of which a few are on their way at once."""
        if queue.layout() is None:
            return
        end, under_way, asked = queue.next_number, self._under_way[name], False
        while True:
            if name not in self._opened and self._there:
                if not self._open(name, queue, wait):
                    return
                asked = True
            if self._there:
                self._fill(name, queue, end)
            if under_way:
                pending = under_way[0][1]
                if not wait and not (self._there and pending.done()) and pending.until > _monotonic():
                    return
                self._take(name, queue, wait)
            elif asked or not wait:
                return
            else:  # nothing new; but a learner that was started again may lack what is old
                self._open(name, queue)
            asked = True

    def _fill(self, name: str, queue: Outgoing, end: int) -> None:
        """Sends as much as may be on its way."""
        under_way = self._under_way[name]
        while self._following[name] < end and len(under_way) < (WINDOW if self._in_order else 1):
            pieces = borrow(queue, self._following[name], end, name in self._near)
            near = name in self._near and bool(pieces) and pieces[0].where is not None
            lane = self._lane if near and name in self._numbers else None
            if not pieces or (under_way and isinstance(under_way[-1][1], Asked) != (lane is not None)):
                for lent in pieces:  # by one way after the other, so that they come in order
                    queue.give_back(lent)
                break
            try:
                under_way.append((pieces, self._start(name, queue.epoch, pieces, near, lane)))
            except BaseException:  # not sent
                for lent in pieces:
                    queue.give_back(lent)
                raise
            self._following[name] = end_of(pieces)

    def _start(
        self, name: str, epoch: int, pieces: List[Lent], near: bool, lane: Optional[Lane]
    ) -> Union[Pending, Asked]:
        life, places = self._opened[name], pack(pieces, near)
        sent = (life, name, self._name, epoch, places, () if near else pieces[0].columns)
        usual = partial(self._usual, sent)
        asked = None if lane is None else lane.ask(self._numbers[name], places, life, self._until, usual)
        return usual() if asked is None else asked

    def _usual(self, sent: Any) -> Pending:
        return self._client.start("store", sent, deadline_s=self._left())

    def _take(self, name: str, queue: Outgoing, wait: bool) -> None:
        """Waits for the answer to the oldest message on its way; only then is given back what was lent."""
        pieces, pending = self._under_way[name].popleft()
        pending.until = min(pending.until, self._until)
        try:
            life, seen, lost = _read_told(pending.result())
        except DeadlineExceeded:
            if not wait or self._until <= _monotonic():
                raise
            self._give_up(name)  # its own time is over, which an update before gave it; this one has more
            return
        for lent in pieces:
            queue.give_back(lent)
        if life != self._opened.get(name):  # a learner that was started again: it says anew what it lacks
            while self._under_way[name]:
                pieces, pending = self._under_way[name].popleft()
                pending.result()
                for lent in pieces:
                    queue.give_back(lent)
            self._opened.clear()
            return
        if seen >= self._known[name][0]:  # else what was told since is newer
            self._account(name, queue, seen, lost)
        seen = self._known[name][0]
        if seen < end_of(pieces):  # it lacks rows before these
            self._following[name] = seen

    def _give_up(self, name: str) -> None:
        """Nobody waits any more for what is on its way; what was lent stays so, for it may still be read."""
        self._opened.pop(name, None)
        self._opening.pop(name, None)
        for _, pending in self._under_way[name]:
            pending.until = 0.0
            with suppress(Exception):
                pending.result()
        self._under_way[name].clear()

    def _open(self, name: str, queue: Outgoing, wait: bool = True) -> bool:
        """Tells a learner the layout, and hears which row it lacks first; False where it has not answered yet."""
        pending = self._opening.pop(name, None)
        if pending is None or wait:
            shared = queue.share() if hasattr(queue, "share") else None
            asked = (name, self._name, queue.epoch, queue.layout(), shared)
            pending = self._client.start("open", *asked, deadline_s=self._left())
        if not wait and not pending.done() and pending.until > _monotonic():
            self._opening[name] = pending
            return False
        life, seen, lost, near, self._in_order, lane = _read_opened(pending.result())
        self._opened[name] = life
        self._find_lane(name, lane)
        (self._near.add if near else self._near.discard)(name)
        self._account(name, queue, seen, lost)
        self._following[name] = seen
        return True

    def _find_lane(self, name: str, told: Optional[Tuple[str, int]]) -> None:
        """Takes the short way that a learner tells of."""
        self._numbers.pop(name, None)
        if told is None:
            return
        address, number = told
        if self._lane is None or self._lane.broken or self._lane.address != address:
            self.close()
            with suppress(OSError, AttributeError):
                self._lane = Lane(address)
        if self._lane is not None:
            self._numbers[name] = number

    def close(self) -> None:
        """Lets go of the short way; closing again does nothing."""
        if self._lane is not None:
            self._lane.close()
            self._lane = None

    def _account(self, name: str, queue: Outgoing, seen: int, lost: int) -> None:
        if not 0 <= lost <= seen <= queue.next_number:  # rows that it has not would be let go of
            raise ProtocolError(
                f"the learner says that of {queue.next_number} rows for {name} {seen} have come or are lost, {lost} of "
                "them the latter"
            )
        known_seen, known_lost = self._known[name]
        stored = (seen - lost) - (known_seen - known_lost)
        for n, more in enumerate((max(0, stored), lost - known_lost, max(0, -stored))):
            self._counted[name][n] += more
            self._total[name][n] += more
        self._known[name] = (seen, lost)
        queue.acknowledge(seen, lost)

    def _left(self) -> float:
        left = self._until - _monotonic()
        if left <= 0:
            raise DeadlineExceeded("the update took longer than its deadline; what is not sent is kept")
        return left


def _read_told(told: Any) -> Tuple[str, int, int]:
    """The learner's life, and how far rows have come. Raises ProtocolError."""
    try:
        life, seen, lost = told["told"]
        if type(life) is str and type(seen) is type(lost) is int:
            return life, seen, lost
    except (TypeError, ValueError, LookupError):
        pass
    raise ProtocolError(f"a learner says {str(told)[:80]}: expected its life, rows seen, and lost")


def _read_opened(told: Any) -> Tuple[str, int, int, bool, bool, Optional[Tuple[str, int]]]:
    """What a learner says of a queue when it is told of it. Raises ProtocolError."""
    try:
        life, seen, lost, near, in_order, *rest = told
        lane = rest[0] if rest else None
        if lane is not None:
            address, number = lane
            if type(number) is not int or not 0 <= number < _MOST_NUMBER:
                raise ValueError(number)
            lane = str(address), number
        return (*_read_told({"told": (life, seen, lost)}), bool(near), bool(in_order), lane)
    except (TypeError, ValueError):
        pass
    raise ProtocolError(
        f"a learner says {str(told)[:80]}: expected its life, rows seen, and lost, and its lane"
    )
