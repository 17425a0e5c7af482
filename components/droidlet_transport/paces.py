"""How a batch's processes wait for each other: by trying which way is the quicker here and now.

Waking a sleeping process takes some 5 us on the waker's own core and some 20 us on another; one that asks again and
again sees the byte at once, but takes a core from whoever else could use it. Which is better depends on the number of
cores and on what else runs.
"""

from __future__ import annotations

import statistics
from typing import List

import attrs

from droidlet_transport.wakes import ASKS

TRIES, SETTLING = 10, 4  # turns to try a way, the first of which do not count
EPOCH = 500  # turns until all are tried again
WAKE_S = 1e-4  # what waking another process, and being woken by it, may take
SLOW_S = 1e-3  # turns that take longer are never tried in other ways: waiting is little of them


@attrs.frozen
class Way:
    """One way: how often the parent asks before it sleeps, and how many of the workers ask at all."""

    asks_of_parent: int
    asking: int


def ways_for(workers: int, cores: int) -> List[Way]:
    """Those worth trying, the plain one first. Whoever asks keeps a core; one must be left for who does not."""
    found = [Way(0, 0)]
    if cores > 1:
        found.append(Way(ASKS if workers < cores else 0, min(workers, cores - 1)))
    return found


def workers_for(environments: int, step_s: float, computing_s: float, cores: int) -> int:
    """How many processes are worth having: one where steps are so short that waking a second takes longer, one per
    environment where steps mostly wait, which takes no core, else one per core.
    """
    if step_s > 10 * WAKE_S and computing_s < step_s / 3:
        return environments
    alone = environments - -(-environments // cores)  # steps that need not be waited for one after the other
    return cores if alone * step_s > WAKE_S else 1


class Pace:
    """Which way the next turn goes, from how long the turns before took."""

    def __init__(self, ways: List[Way]) -> None:
        self._ways = ways
        self._begin()

    def _begin(self) -> None:
        self._turn = 0
        self._spent: List[List[float]] = [[] for _ in self._ways]
        self.way = self._ways[0]

    def took(self, seconds: float) -> Way:
        """Notes what the turn in this way took; the way of the next."""
        trying = self._turn // TRIES
        if trying < len(self._ways):
            self._note(trying, seconds)
        self._turn += 1
        if self._turn >= EPOCH:
            self._begin()
        return self.way

    def _note(self, trying: int, seconds: float) -> None:
        place = self._turn % TRIES
        if place >= SETTLING:
            self._spent[trying].append(seconds)
        if place < TRIES - 1:
            return
        typical = [statistics.median(spent) for spent in self._spent if spent]
        if typical[0] > SLOW_S:
            self._turn = TRIES * len(self._ways)  # the plain one it is
        elif trying + 1 < len(self._ways):
            self.way = self._ways[trying + 1]
        else:
            self.way = self._ways[typical.index(min(typical))]
