"""Weights as they come from a learner, also from one that is started again elsewhere."""

from __future__ import annotations

import threading
from typing import Any, Callable, List, Optional, Tuple

import attrs

from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.plain import from_value
from droidlet_transport.sockets import Keys
from droidlet_transport.subscribing import Message, Subscriber

WEIGHTS = "weights"  # the topic


@attrs.frozen
class Weights:
    """What a learner published: `version` counts from 1 in each of its lives; `dropped` versions were never seen."""

    version: int
    value: Any = attrs.field(repr=False)
    dropped: int = 0


Callback = Callable[[Weights], object]


class WeightsReader:
    """Reads at one address at a time; each callback has a reader and a thread of its own."""

    def __init__(self, keys: Optional[Keys]) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self.address = ""
        self._latest: Optional[Subscriber] = None
        self._callbacks: List[Tuple[Callback, bool]] = []
        self._listening: List[Subscriber] = []

    def follow(self, address: str) -> None:
        """Reads there from now on. Raises NotAllowed."""
        with self._lock:
            if address == self.address:
                return
            self._let_go()
            self.address = address
            self._latest = Subscriber(address, WEIGHTS, keys=self._keys)
            for callback, writable in self._callbacks:
                self._listen(callback, writable)

    def on_weights(self, callback: Callback, writable: bool) -> None:
        """Calls back with the newest weights from now on; what it raises is logged."""
        with self._lock:
            self._callbacks.append((callback, writable))
            self._listen(callback, writable)

    def _listen(self, callback: Callback, writable: bool) -> None:
        subscriber = Subscriber(self.address, WEIGHTS, keys=self._keys)
        subscriber.listen(lambda message: callback(_weights(message, writable)))
        self._listening.append(subscriber)

    def latest(self, deadline_s: float, writable: bool) -> Optional[Weights]:
        """The newest that have come; waits for the first ones."""
        subscriber = self._latest
        if subscriber is None:
            return None
        message: Optional[Message] = subscriber.latest(WEIGHTS)
        if message is None and deadline_s > 0:
            try:
                message = subscriber.next(deadline_s)
            except DeadlineExceeded:
                return None
        return None if message is None else _weights(message, writable)

    def _let_go(self) -> None:
        for subscriber in (*self._listening, *([self._latest] if self._latest else ())):
            subscriber.close()
        self._listening, self._latest = [], None

    def close(self) -> None:
        """Ends all of it."""
        with self._lock:
            self._let_go()


def _weights(message: Message, writable: bool) -> Weights:
    """Another tree for each who asks, so that nobody changes another's; arrays are copied only to be written to."""
    return Weights(message.sequence, from_value(message.value, writable), message.dropped)
