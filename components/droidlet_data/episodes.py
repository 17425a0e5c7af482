"""Which rows make an episode, in which order, and where it has a beginning and an end."""

from __future__ import annotations

from typing import Dict, Iterable, List, Tuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Source = Tuple[str, int]  # a client and its epoch


class Episode:
    """The numbers of an episode's rows by step; steps start .. stop - 1 are still held."""

    def __init__(self, start: int = 0) -> None:
        self._numbers = np.empty(16, np.int64)
        self._base = start  # the step of _numbers[0]
        self.start = self.stop = start
        self.ended = False

    def __len__(self) -> int:
        """Rows held."""
        return self.stop - self.start

    def append(self, numbers: Numbers) -> None:
        """The next rows."""
        used = self.stop - self._base
        if used + len(numbers) > len(self._numbers):  # also lets go of what is no longer held
            kept = self.at(self.start, self.stop)
            self._numbers = np.empty(2 * (len(kept) + len(numbers)), np.int64)
            self._numbers[: len(kept)] = kept
            self._base, used = self.start, len(kept)
        self._numbers[used : used + len(numbers)] = numbers
        self.stop += len(numbers)

    def at(self, start: int, stop: int) -> Numbers:
        """The numbers of the rows of steps start .. stop - 1, of those that are held."""
        return self._numbers[max(start, self.start) - self._base : max(0, min(stop, self.stop) - self._base)]


class Episodes:
    """The episodes of a ring of rows, of which the oldest rows go first.

    For each place of the ring: which episode its row is of (`slot`), and which step of it (`step`). For each slot:
    the steps still held (`start` .. `stop` - 1).
    """

    def __init__(self, capacity: int) -> None:
        self.slot, self.step = np.zeros(capacity, np.int64), np.zeros(capacity, np.int64)
        self.start, self.stop = np.zeros(16, np.int64), np.zeros(16, np.int64)
        self.of: Dict[int, Episode] = {}
        self.open: Dict[Source, int] = {}  # the slot of the episode that a source is in
        self._free: List[int] = []

    def room(self, source: Source) -> int:
        """The slot of a source's open episode, a new one where there is none."""
        slot = self.open.get(source)
        if slot is None:
            slot = self.open[source] = self.add(Episode())
        return slot

    def add(self, episode: Episode) -> int:
        """A slot for an episode."""
        slot = self._free.pop() if self._free else len(self.of)
        if slot == len(self.start):
            self.start, self.stop = (np.concatenate([a, np.zeros_like(a)]) for a in (self.start, self.stop))
        self.of[slot] = episode
        self.start[slot], self.stop[slot] = episode.start, episode.stop
        return slot

    def append(self, slot: int, numbers: Numbers) -> None:
        """Rows that have been written are the next of an episode."""
        episode = self.of[slot]
        places = numbers % len(self.slot)
        self.slot[places] = slot
        self.step[places] = np.arange(episode.stop, episode.stop + len(numbers))
        episode.append(numbers)
        self.stop[slot] = episode.stop

    def end(self, source: Source) -> None:
        """The open episode of a source, if there is one, is over."""
        slot = self.open.pop(source, None)
        if slot is not None:
            self.of[slot].ended = True
            self._let_go(slot)

    def drop(self, numbers: Numbers) -> List[Tuple[int, int]]:
        """The oldest rows go; the slots of their episodes, with how many rows each had."""
        slots, counts = np.unique(self.slot[numbers % len(self.slot)], return_counts=True)
        had = [(int(slot), len(self.of[int(slot)])) for slot in slots]
        for (slot, _), count in zip(had, counts):
            self.of[slot].start += int(count)
            self.start[slot] += count
            self._let_go(slot)
        return had

    def _let_go(self, slot: int) -> None:
        if self.of[slot].ended and not len(self.of[slot]):
            del self.of[slot]
            self.start[slot] = self.stop[slot] = 0
            self._free.append(slot)

    def held(self) -> Iterable[Tuple[int, Episode]]:
        """Every episode with its slot."""
        return sorted(self.of.items())
