"""Whether to wait awake: asking again and again for a moment before sleeping.

Being woken on another core takes as long as a short call, and what was in the cache is gone by then. So where the last
wait was a short one, the next one is begun awake; a long one costs that moment once.
"""

from __future__ import annotations

import functools
import os
import time
from typing import Any, Callable

AWAKE_S = 250e-6
SHORT_S = 2 * AWAKE_S  # a wait after which the next one is expected to be short, too
IN_VAIN = 3  # times that being awake seemed to make a wait longer, after which come
CALM = 100  # waits without it
give_way: Callable[[], Any] = getattr(os, "sched_yield", functools.partial(time.sleep, 0))  # not everywhere


class Vigil:
    """What the waits on one link were like: `pays` says whether to begin the next one awake, `vain` is how often that
    was in vain since it was not.
    """

    def __init__(self) -> None:
        self.pays = False
        self.vain = 0
        self._calm = 0 if cores() > 1 else 1 << 62  # waits until it is tried again

    def waited(self, waited_s: float) -> None:
        """Takes note of a wait that ended asleep, and took so long in all.

        Where the answer comes as soon as sleep has begun, both sides may have got the same core, which the one that
        was awake kept from the other: then there is calm for a while.
        """
        self._calm = max(0, self._calm - 1)
        if self.pays:
            self.vain = self.vain + 1 if waited_s < 2 * SHORT_S else 0
            if self.vain == IN_VAIN:
                self.vain, self._calm = 0, CALM
        self.pays = waited_s < SHORT_S and not self._calm


def cores() -> int:
    """How many this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # a Mac has none
    return len(allowed(0)) if allowed else os.cpu_count() or 1
