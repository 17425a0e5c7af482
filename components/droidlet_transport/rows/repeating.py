"""Updates in a thread of their own, again and again, and a last one at the end."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Optional

from droidlet_transport.errors import Closed, DeadlineExceeded
from droidlet_transport.rows.sending import Updates
from droidlet_transport.rows.stores import Updated

LAST_S = 2.0  # for the last update
HURRY_S = 0.05  # until an update that began meanwhile is hurried, too
_monotonic = time.monotonic
_log = logging.getLogger("droidlet_transport")
Told = Callable[[Updated], object]
Update = Callable[[Optional[float]], Updated]  # of a deadline in seconds, None: as usual


class Repeated:
    """Calls `update`, which works on `updates`, from a thread; `what` is its name in what is logged."""

    def __init__(self, update: Update, updates: Updates, what: str) -> None:
        self._update, self._updates, self._what = update, updates, what
        self._thread: Optional[threading.Thread] = None
        self._ending, self._last_until = threading.Event(), 0.0
        self.error: Optional[BaseException] = None  # of the last one, None if it went well

    def start(self, interval_s: float, told: Optional[Told]) -> None:
        """Begins, and tells `told` what came of each. Raises ValueError, RuntimeError."""
        if not interval_s >= 0:
            raise ValueError(f"interval_s is {interval_s}: expected seconds, 0 or more")
        if self._thread is not None:
            raise RuntimeError("the asynchronous update has been started already")
        self._ending.clear()
        self._thread = threading.Thread(
            target=self._run, args=(interval_s, told), name="updates", daemon=True
        )
        self._thread.start()

    def stop(self, deadline_s: float) -> None:
        """Ends, after a last update. That, and the one that is going on, have this long together."""
        thread, self._last_until = self._thread, _monotonic() + deadline_s
        if thread is None:
            return
        self._ending.set()
        while thread.is_alive():
            self._updates.hurry(0.0 if self._away else self._last_until - _monotonic())
            thread.join(HURRY_S)
        self._thread = None
        waiting = self._updates.total().waiting
        if waiting:
            _log.warning("%d rows %s are not sent: %s", waiting, self._what, self.error or "no time")

    def _run(self, interval_s: float, told: Optional[Told]) -> None:
        while not self._ending.wait(interval_s):
            if not self._once(None, told):
                return
        if not self._away and self._updates.total().waiting:
            self._once(self._last_until - _monotonic(), told)

    @property
    def _away(self) -> bool:
        return isinstance(self.error, DeadlineExceeded)

    def _once(self, deadline_s: Optional[float], told: Optional[Told]) -> bool:
        """One update; False where there can be no other."""
        try:
            updated = self._update(deadline_s)
            self.error = None
            if told is not None:
                told(updated)
        except Closed:
            return False
        except Exception as error:
            if str(error) != str(self.error):  # said once, not once in each interval
                _log.warning("an update %s failed: %s", self._what, error)
            self.error = error
        return True
