"""Weights as they come from a learner, also from one that is started again."""

from __future__ import annotations

import threading
from typing import Any, Callable, List, Optional

import attrs

from droidlet_transport.curve import Keys
from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.faces.hosting import FIND_S
from droidlet_transport.plain import from_value
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
    """Reads where the learner says that its weights are, also after it was started again; each callback has a reader
    and a thread of its own.

    `where(deadline_s)` asks the learner.
    """

    def __init__(self, where: Callable[[Optional[float]], str], keys: Optional[Keys]) -> None:
        self._where, self._keys = where, keys
        self._lock = threading.Lock()
        self._latest: Optional[Subscriber] = None
        self._reading: List[Subscriber] = []

    def on_weights(self, callback: Callback, writable: bool) -> None:
        """Calls back with the newest weights from now on; what it raises is logged."""
        self._subscriber().listen(lambda message: callback(_weights(message, writable)))

    def latest(self, deadline_s: float, writable: bool) -> Optional[Weights]:
        """The newest that have come; waits for the first ones."""
        subscriber = self._latest
        if subscriber is None:
            subscriber = self._latest = self._subscriber()
        message: Optional[Message] = subscriber.latest(WEIGHTS)
        if message is None and deadline_s > 0:
            try:
                message = subscriber.next(deadline_s)
            except DeadlineExceeded:
                return None
        return None if message is None else _weights(message, writable)

    def _subscriber(self) -> Subscriber:
        here = self._where(None)
        made = Subscriber(here, WEIGHTS, keys=self._keys, where=lambda: self._where(FIND_S))
        with self._lock:
            self._reading.append(made)
        return made

    def close(self) -> None:
        """Ends all of it."""
        with self._lock:
            for subscriber in self._reading:
                subscriber.close()


def _weights(message: Message, writable: bool) -> Weights:
    """Another tree for each who asks, so that nobody changes another's; arrays are copied only to be written to."""
    return Weights(message.sequence, from_value(message.value, writable), message.dropped)
