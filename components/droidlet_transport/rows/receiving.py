"""A learner's end of rows: how far each client's have come, and what it sends, stored once."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from typing import Any, Dict, Mapping, Optional, Tuple

from droidlet_transport.errors import TransportError
from droidlet_transport.rows.lanes import Lanes, Watching
from droidlet_transport.rows.pieces import unpack
from droidlet_transport.rows.sharing import Mapped
from droidlet_transport.rows.stores import Incoming
from droidlet_transport.serving import Served, pure

Queue = Tuple[str, str, int]  # a store, a client, and its epoch
MOST_QUEUES = 1024  # with a number


class UnknownStore(TransportError):
    """A store that the learner does not have; names those that it has."""


class Receiver:
    """Fills stores with what clients send. `in_order`: whether its calls are answered one after the other."""

    def __init__(self, stores: Mapping[str, Incoming], in_order: bool) -> None:
        self.stores = dict(stores)
        self._life, self._in_order = uuid.uuid4().hex, in_order
        self._mapped = Mapped()
        self._lanes: Optional[Lanes] = None
        self._queues: OrderedDict[int, Queue] = OrderedDict()  # by the number that a lane's messages give
        self._numbers: Dict[Queue, int] = {}
        self._last = 0

    def lane(self, watching: Watching) -> None:
        """Lets near clients take the short way."""
        self._lanes = Lanes(watching, self._place)

    def functions(self) -> Dict[str, Served]:
        """What clients call. To repeat either changes nothing, for rows have numbers."""
        return {"open": pure(self._open), "store": pure(self._store)}

    def close(self) -> None:
        """Lets go of its clients' memory."""
        if self._lanes is not None:
            self._lanes.close()
        self._mapped.clear()

    def _open(self, store: str, client: str, epoch: int, layout: Any, shared: Any) -> Tuple[Any, ...]:
        """Who this is, how far the client's rows have come, whether the memory that it shares is in reach, whether
        answers come in order, and for who is in reach the short way, if there is one: its address, and the number of
        this queue there.
        """
        found = self._found(store)
        found.expect(layout)
        near = shared is not None and self._mapped.open((store, client, epoch), shared, layout)
        lane = self._lane_of((store, client, epoch)) if near else None
        return (self._life, *found.mark(client, epoch), near, self._in_order, lane)

    def _lane_of(self, queue: Queue) -> Optional[Tuple[str, int]]:
        if self._lanes is None or not self._lanes.address:
            return None
        if queue not in self._numbers:
            self._last += 1
            self._numbers[queue] = self._last
        number = self._numbers[queue]
        self._queues[number] = queue
        self._queues.move_to_end(number)
        while len(self._queues) > MOST_QUEUES:
            del self._numbers[self._queues.popitem(last=False)[1]]
        return self._lanes.address, number

    def _place(self, number: int, places: bytes) -> Tuple[int, int]:
        """What `_store` does, for a queue whose number is known. Raises whatever stands against it."""
        queue = store, client, epoch = self._queues[number]
        told = (-1, -1)
        for first, oldest, count, *where in unpack(places):
            columns = self._mapped.columns(queue, count, where)
            if columns is None:
                raise KeyError(number)
            told = self.stores[store].receive(client, epoch, first, oldest, columns)
        return told

    def _store(self, sent: Any) -> Mapping[str, Any]:
        """How far the client's rows have come. What is sent: the life of this server that the client knows, store,
        client, epoch; first, oldest and count of each piece of rows, and where its columns are, 64 bits each; and the
        columns of the one piece where they are not to be looked at.

        A client that knew another life, or memory that was let go of, must open first.
        """
        life, store, client, epoch, numbers, columns = sent
        found, told = self._found(store), (-1, -1)
        for first, oldest, count, *where in unpack(numbers) if life == self._life else ():
            near = self._mapped.columns((store, client, epoch), count, where) if where else columns
            if near is None:
                return {"told": ("", -1, -1)}
            told = found.receive(client, epoch, first, oldest, near)
        return {"told": (self._life, *told)}

    def _found(self, store: str) -> Incoming:
        if store not in self.stores:
            raise UnknownStore(
                f"there is no store {store!r} here: there are {', '.join(sorted(self.stores))}"
            )
        return self.stores[store]
