"""An actor's end of a learner: rows go there, weights come back."""

from __future__ import annotations

import os
import threading
import time
import uuid
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Mapping, Optional

from droidlet_transport.client import DEADLINE_S, Client
from droidlet_transport.curve import Keys
from droidlet_transport.errors import DeadlineExceeded
from droidlet_transport.faces.hosting import reached
from droidlet_transport.faces.trainer_server import REQUEST
from droidlet_transport.faces.trainer_weights import WEIGHTS, Weights, WeightsReader
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.rows.repeating import LAST_S, Repeated, Told
from droidlet_transport.rows.sending import Updates
from droidlet_transport.rows.stores import Outgoing, Updated

_PROCESS = uuid.uuid4().hex  # a queue that gets another client is still the same
_monotonic = time.monotonic


class TrainerClient:
    """Sends the rows of its `stores` to the stores of the same names of a TrainerServer, each once.

    `name` tells clients apart; by default it is this process's own. While the learner is away, rows stay
    in their queues, up to their bounds; what they lose is in the next `Updated`. May be used from several threads.

    Raises NotAllowed.
    """

    def __init__(
        self,
        address: str,
        stores: Mapping[str, Outgoing],
        *,
        name: Optional[str] = None,
        deadline_s: float = DEADLINE_S,
        keys: Optional[Keys] = None,
    ) -> None:
        self.address, self.deadline_s, self._keys = address, deadline_s, keys
        self.name = f"{_PROCESS}-{os.getpid()}" if name is None else name
        self._sending, self._asking = threading.Lock(), threading.Lock()
        self._sender = Client(address, deadline_s=deadline_s, keys=keys)
        self._asker = Client(address, deadline_s=deadline_s, keys=keys)
        self._updates = Updates(self._sender, self.name, stores)
        self._weights = WeightsReader(self._where, keys)
        self._repeated = Repeated(self.update, self._updates, f"of {self.name} to {address}")

    def update(self, deadline_s: Optional[float] = None, *, wait: bool = True) -> Updated:
        """Sends all rows that the learner lacks. Each row that was inserted is stored once, or counted as lost.

        Without `wait` it sends what a few messages hold, nothing where the learner is away, and returns; what has been
        answered by then is counted.

        Where the learner refuses a store, the others are sent all the same. Raises DeadlineExceeded (what is not sent
        is kept, and goes with the next update), Closed, and what the learner's stores raise for rows that do not fit.
        """
        until = _monotonic() + (self.deadline_s if deadline_s is None else deadline_s)
        with self._turn(self._sending, until) as left_s:
            return self._updates.update(left_s, wait)

    @property
    def total(self) -> Updated:
        """Of all updates, also of those that failed in the end."""
        return self._updates.total()

    def request(self, kind: str, payload: Any = None, deadline_s: Optional[float] = None) -> Any:
        """What the learner's function for requests of this type returns. Raises as `Client.call` does."""
        sent = to_value(payload, "the payload")
        return from_value(self._ask(REQUEST + kind, sent, deadline_s=deadline_s))

    def _ask(self, *call: Any, deadline_s: Optional[float] = None) -> Any:
        until = _monotonic() + (self.deadline_s if deadline_s is None else deadline_s)
        with self._turn(self._asking, until) as left_s:
            return self._asker.call(*call, deadline_s=left_s)

    @contextmanager
    def _turn(self, lock: threading.Lock, until: float) -> Iterator[float]:
        """Has a connection for itself, and says how many seconds are left. Raises DeadlineExceeded."""
        left_s = max(0.0, min(until - _monotonic(), threading.TIMEOUT_MAX))
        if not lock.acquire(timeout=left_s):
            raise DeadlineExceeded(f"another thread was talking to {self.address} all the time")
        try:
            yield until - _monotonic()
        finally:
            lock.release()

    def start_async_update(self, interval_s: float, told: Optional[Told] = None) -> None:
        """Updates in a thread of its own, until `stop_async_update`, and tells `told` of each.

        An update that fails is tried again after the interval; `error` says why. Raises ValueError, RuntimeError.
        """
        self._repeated.start(interval_s, told)

    def stop_async_update(self, deadline_s: float = LAST_S) -> None:
        """Ends that thread after a last update, of what has been inserted since the one before; does nothing where
        there is none. An update that is going on and the last one together have `deadline_s`; a learner that did not
        answer in time when last tried is not waited for. What is not sent then is logged, and still in the queues.
        """
        self._repeated.stop(deadline_s)

    @property
    def error(self) -> Optional[BaseException]:
        """Of the last asynchronous update, None if it went well."""
        return self._repeated.error

    def on_weights(self, callback: Callable[[Weights], object], *, writable: bool = False) -> None:
        """Calls back with the newest weights, in a thread of its own; what it raises is logged.

        Arrays are read-only, or `writable` copies. Raises as `request` does.
        """
        self._weights.on_weights(callback, writable)

    def latest_weights(self, deadline_s: float = 0.0, *, writable: bool = False) -> Optional[Weights]:
        """The newest weights that have come, None where there are none; `deadline_s`: how long to wait for the first.

        Arrays are read-only, or `writable` copies. Raises as `request` does.
        """
        return self._weights.latest(deadline_s, writable)

    def _where(self, deadline_s: Optional[float] = None) -> str:
        return reached(self._ask(WEIGHTS, deadline_s=deadline_s), self.address)

    def close(self) -> None:
        """Ends the connections, after `stop_async_update`; closing again does nothing. What was not sent is still in
        the queues.
        """
        self.stop_async_update()
        self._updates.close()
        self._sender.close()
        self._asker.close()
        self._weights.close()

    def __enter__(self) -> TrainerClient:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()
