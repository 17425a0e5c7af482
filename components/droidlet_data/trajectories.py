"""A trajectory buffer: rows in episodes; steps, sequences, futures, and rows by priority."""

from __future__ import annotations

import math
from typing import Any, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_data.batch import Batch, batch_of
from droidlet_data.episodes import Episodes
from droidlet_data.errors import DataError, NotEnough, RowError, whole
from droidlet_data.files import Location
from droidlet_data.layout import Layout, nested
from droidlet_data.priorities import Priorities
from droidlet_data.sampling import ahead_discounted, ahead_uniform, draw_valid, importance, numbers_from
from droidlet_data.store import HERE, Source, Store
from droidlet_schema import Key

Numbers = NDArray[np.int64]


class TrajectoryBuffer(Store):
    """The newest `capacity` rows, each a step of an episode.

    An episode ends with a row in which one of the columns named by `ends` is true, by `end` (rows of this process),
    where rows of a client are lost, and where a client is started again. Episodes of which fewer than `min_length`
    rows are held are not sampled from. `priority` is the exponent of priorities, None for none.

    Raises DataError.
    """

    def __init__(
        self,
        capacity: int,
        *,
        ends: Sequence[str] = (),
        min_length: int = 1,
        priority: Optional[float] = None,
        example: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(capacity, example=example)
        if isinstance(ends, str):
            raise DataError(f"ends is {ends!r}: names of columns are meant, such as ({ends!r},)")
        if not all(isinstance(name, str) for name in ends):
            raise DataError(f"ends is {str(ends)[:80]}: names of columns are meant")
        if priority is not None and not 0 <= priority < math.inf:
            raise DataError(f"priority is {priority}: expected an exponent, 0 or more, or None")
        self.ends = tuple(ends)
        self.min_length = whole("min_length", min_length, "an episode has at least one row, and whole ones")
        self._episodes = Episodes(self.capacity)
        self._priorities = None if priority is None else Priorities(self.capacity, float(priority))

    def begin(self) -> None:
        """The next row inserted in this process is the first of an episode."""
        self.end()

    def end(self) -> None:
        """The row inserted last in this process was the last of its episode."""
        with self._lock:
            self._episodes.end(HERE)

    def episodes(self) -> Tuple[Tuple[int, ...], ...]:
        """The numbers of the rows of each episode, of which some are held, in order of their first."""
        with self._lock:
            found = [tuple(e.at(e.start, e.stop).tolist()) for _, e in self._episodes.held() if len(e)]
            return tuple(sorted(found))

    def sample(self, count: int, key: Key) -> Batch:
        """(count, ...) of each column: steps of episodes, each as likely as any other. Raises NotEnough."""
        with self._lock:
            return self.rows(self._starts(count, 1, numbers_from(key)))

    def sample_sequences(self, count: int, length: int, key: Key, *, padded: bool = False) -> Batch:
        """(count, length, ...) of each column: steps that follow one another, each window as likely as any other.

        `padded`: windows begin at any step and may go past the end of what is there; `mask` tells. Else all are
        whole. Raises NotEnough where there is none.
        """
        with self._lock:
            starts = self._starts(count, 1 if padded else length, numbers_from(key))
            return self.rows(self._windows(starts, length))

    def sample_futures(self, count: int, key: Key, *, discount: Optional[float] = None) -> Batch:
        """(count, ...) of each column, and in `future` the same columns of a later step of the same episode.

        How much later (`ahead`): evenly among those there are, or with `discount` in proportion to
        discount ** (ahead - 1). Raises NotEnough, DataError.
        """
        if discount is not None and not 0 < discount < 1:
            raise DataError(f"discount is {discount}: expected a number between 0 and 1, or None for evenly")
        with self._lock:
            rng = numbers_from(key)
            starts = self._starts(count, 2, rng)
            slots, steps = self._places(starts)
            room = self._episodes.stop[slots] - steps - 1
            ahead = ahead_uniform(rng, room) if discount is None else ahead_discounted(rng, room, discount)
            later = [
                self._episodes.of[s].at(t, t + 1)[0] for s, t in zip(slots.tolist(), (steps + ahead).tolist())
            ]
            future = nested(self._ring.take(np.array(later, np.int64)))
            return batch_of(self._ring.take(starts), starts, future=future, ahead=ahead)

    def sample_prioritized(self, count: int, key: Key, *, length: int = 1, beta: float = 0.4) -> Batch:
        """(count, ...) of each column, or (count, length, ...) padded where length > 1: rows drawn in proportion to
        their priorities to the power of `priority`, with `weights` against that bias to the power of `beta`.

        After Schaul et al. 2015. Rows that have just come have the greatest priority so far. Raises NotEnough.
        """
        with self._lock:
            priorities = self._prioritized()
            if count < 1 or length < 1 or not priorities.tree.total() > 0:
                raise NotEnough(f"{count} rows by priority: no episode has {self.min_length} rows yet")
            places = priorities.tree.draw(numbers_from(key), count)
            starts = self._number_at(places)
            eligible = int(np.count_nonzero(priorities.tree.weights))
            weights = importance(priorities.tree.weights[places] / priorities.tree.total(), eligible, beta)
            numbers = starts if length == 1 else self._windows(starts, length)
            return batch_of(self._ring.take(numbers), numbers, weights=weights)

    def update_priorities(self, numbers: Numbers, priorities: NDArray[np.float64]) -> None:
        """New priorities, finite and above 0, of rows by their numbers; rows that have gone are left out.

        Raises DataError.
        """
        with self._lock:
            held = self._prioritized()
            numbers = np.asarray(numbers, np.int64)
            values = np.asarray(priorities, np.float64)
            if numbers.shape != values.shape or not held.can_be(values).all():
                raise DataError(
                    f"priorities are {str(values)[:80]}: expected one above 0 for each number, also to the power of "
                    f"{held.exponent}"
                )
            there = (numbers >= self._ring.first) & (numbers < self._ring.next)
            places = numbers[there] % self.capacity
            slots = self._episodes.slot[places]
            held.set(places, values[there], self._lengths()[slots] >= self.min_length)

    def save(self, path: Location) -> None:
        """Rows, episodes, priorities, and how far each client's rows have come, in one file, whole or not at all;
        others wait meanwhile. Raises OSError.
        """
        from droidlet_data.trajectory_files import save_trajectories

        with self._lock:
            save_trajectories(self, path)

    @staticmethod
    def load(path: Location) -> TrajectoryBuffer:
        """The store that was saved. Raises StoreFileError, FileNotFoundError."""
        from droidlet_data.trajectory_files import load_trajectories

        return load_trajectories(path)

    def _prioritized(self) -> Priorities:
        if self._priorities is None:
            raise DataError("this buffer has no priorities: make it with priority=0.6")
        return self._priorities

    def _lengths(self) -> Numbers:
        return self._episodes.stop - self._episodes.start

    def _places(self, numbers: Numbers) -> Tuple[Numbers, Numbers]:
        places = numbers % self.capacity
        return self._episodes.slot[places], self._episodes.step[places]

    def _number_at(self, places: Numbers) -> Numbers:
        """The numbers of the rows that lie at places."""
        return self._ring.first + (places - self._ring.first) % self.capacity

    def _starts(self, count: int, length: int, rng: np.random.Generator) -> Numbers:
        """Rows from which on `length` steps of an episode are held that is long enough."""
        if count < 1 or length < 1:
            raise NotEnough(f"{count} windows of {length} steps: expected at least one of each")
        lengths = self._lengths()

        def valid(numbers: Numbers) -> NDArray[np.bool_]:
            slots, steps = self._places(numbers)
            return (steps + length <= self._episodes.stop[slots]) & (lengths[slots] >= self.min_length)

        found = draw_valid(rng, self._ring.first, self._ring.next, count, valid)
        if not len(found):
            raise NotEnough(
                f"no episode has {max(length, self.min_length)} rows: the longest has {int(lengths.max())}"
            )
        return found

    def _windows(self, starts: Numbers, length: int) -> Numbers:
        """(n, length) row numbers, -1 past the end."""
        made = np.full((len(starts), length), -1, np.int64)
        slots, steps = self._places(starts)
        for window, slot, step in zip(made, slots.tolist(), steps.tolist()):
            found = self._episodes.of[slot].at(step, step + length)
            window[: len(found)] = found
        return made

    def _expect(self, layout: Layout) -> Layout:
        missing = [name for name in self.ends if name not in layout.dtypes]
        if missing:
            raise RowError(
                f"ends names {', '.join(missing)}, which is no column: there are {', '.join(layout.dtypes)}"
            )
        return super()._expect(layout)

    def _before(self, count: int) -> None:
        going = np.arange(self._ring.first, self._ring.next + count - self.capacity)
        if not len(going):
            return
        if self._priorities is not None:
            self._priorities.tree.set(going % self.capacity, np.zeros(len(going)))
        for slot, had in self._episodes.drop(going):
            episode = self._episodes.of.get(slot)
            if episode is not None and len(episode) < self.min_length <= had:
                self._allow(episode.at(episode.start, episode.stop), False)

    def _after(self, start: int, source: Source) -> None:
        numbers = np.arange(start, self._ring.next)
        places = numbers % self.capacity
        last = np.zeros(len(numbers), bool)
        for name in self.ends:
            last |= self._ring.arrays[name][places].reshape(len(numbers), -1).any(1)
        if self._priorities is not None:
            self._priorities.fresh(places)
        for part in np.split(numbers, np.flatnonzero(last) + 1):
            if len(part):
                slot = self._episodes.room(source)
                had = len(self._episodes.of[slot])
                self._episodes.append(slot, part)
                self._grown(slot, part, had)
                if last[part[-1] - start]:
                    self._episodes.end(source)

    def _grown(self, slot: int, part: Numbers, had: int) -> None:
        """Rows have come to an episode: they can be drawn by priority, all of it if it has become long enough."""
        episode = self._episodes.of[slot]
        if len(episode) >= self.min_length:
            start = episode.stop - len(part) if had >= self.min_length else episode.start
            self._allow(episode.at(start, episode.stop), True)

    def _allow(self, numbers: Numbers, allowed: bool) -> None:
        if self._priorities is not None:
            self._priorities.allow(numbers % self.capacity, allowed)

    def _broken(self, source: Source) -> None:
        for known in [one for one in self._episodes.open if one[0] == source[0] and one[1] <= source[1]]:
            self._episodes.end(known)
