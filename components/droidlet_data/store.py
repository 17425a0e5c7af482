"""What replay and trajectory buffers share: a ring of rows, and how far each client's rows have come."""

from __future__ import annotations

import threading
from typing import Any, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_data.batch import Batch, batch_of
from droidlet_data.errors import DataError, NotEnough
from droidlet_data.layout import Layout, Plain
from droidlet_data.marks import Mark, Marks, arrive
from droidlet_data.ring import Ring

Source = Tuple[str, int]  # a client and its epoch
HERE: Source = ("", 0)  # rows inserted in this process


class Store:
    """The newest `capacity` rows, numbered as they come. May be used from several threads."""

    def __init__(self, capacity: int, *, example: Optional[Mapping[str, Any]] = None) -> None:
        self._lock = threading.RLock()
        self._ring = Ring(capacity, None if example is None else Layout.of(example))
        self._marks = Marks()

    @property
    def capacity(self) -> int:
        """How many rows are held at most."""
        return self._ring.capacity

    @property
    def inserted(self) -> int:
        """How many rows have ever come: the number that the next one gets."""
        return self._ring.next

    def __len__(self) -> int:
        """Rows held."""
        return self._ring.next - self._ring.first

    def insert(self, row: Mapping[str, Any]) -> int:
        """Copies a row, whose arrays may be nested in tables; its number. Raises RowError for one unlike the first."""
        with self._lock:
            checked = self._expect(self._ring.layout or Layout.of(row)).check(row)
            self._before(1)
            self._ring.write(checked)
            self._after(self._ring.next - 1, HERE)
            return self._ring.next - 1

    def insert_many(self, rows: Mapping[str, Any]) -> int:
        """Copies stacked rows, each column (rows, ...); the number of the last one. Raises RowError."""
        with self._lock:
            layout = self._ring.layout
            if layout is None:
                raise DataError("the layout is not known: insert one row, or give an `example`")
            columns, count = layout.columns(rows)
            self._write(columns, 0, count, HERE)
            return self._ring.next - 1

    def rows(self, numbers: NDArray[np.int64]) -> Batch:
        """Copies of rows by their numbers, in any shape, -1 for padding. Raises NotEnough for one not held."""
        with self._lock:
            numbers = np.asarray(numbers, np.int64)
            low, high = self._ring.first, self._ring.next
            if ((numbers >= 0) & ((numbers < low) | (numbers >= high))).any() or not high:
                raise NotEnough(f"rows {low} .. {high - 1} are held, not all of {str(numbers)[:80]}")
            return batch_of(self._ring.take(numbers), numbers)

    def sample_latest(self, count: int) -> Batch:
        """The newest rows in the order in which they came. Raises NotEnough."""
        with self._lock:
            self._check_holds(count)
            return self.rows(np.arange(self._ring.next - count, self._ring.next))

    def layout(self) -> Optional[Plain]:
        """Name, dtype and shape of one row, by column; None before it is known."""
        return None if self._ring.layout is None else self._ring.layout.plain()

    def expect(self, layout: Plain) -> None:
        """Rows of this layout are going to come. Raises RowError where this store has another."""
        with self._lock:
            self._expect(Layout.from_plain(layout))

    def _expect(self, layout: Layout) -> Layout:
        return self._ring.expect(layout)

    def mark(self, client: str, epoch: int) -> Tuple[int, int]:
        """How many rows of a client's epoch have come or are lost for ever, and how many of them are lost."""
        with self._lock:
            mark = self._marks.get(client, epoch)
            return mark.seen, mark.lost

    def receive(
        self, client: str, epoch: int, first: int, oldest: int, columns: Sequence[Any]
    ) -> Tuple[int, int]:
        """Rows of a client, numbered from `first` in its epoch, in the order of the layout; `oldest` is the number of
        the oldest row that it still holds. Each is stored once, whatever is sent again. What `mark` says then.

        Raises RowError, StaleEpoch, and then holds what it held.
        """
        with self._lock:
            layout = self._ring.layout
            if layout is None:
                raise DataError("the layout is not known: `expect` it first")
            arrays, count = layout.named(columns)
            arrival = arrive(self._marks.get(client, epoch), first, count, oldest)
            if arrival.broken or not self._marks.knows(client, epoch):
                self._broken((client, epoch))
            self._write(arrays, arrival.skip, arrival.take, (client, epoch))
            self._marks.put(client, epoch, arrival.mark)
            return arrival.mark.seen, arrival.mark.lost

    def clients(self) -> Mapping[str, Mark]:
        """By client: how many of its rows have come or are lost, and how many are lost."""
        with self._lock:
            return self._marks.totals()

    def _write(self, columns: Mapping[str, NDArray[Any]], start: int, count: int, source: Source) -> None:
        while count:
            some = min(count, self.capacity)
            self._before(some)
            self._ring.write_many(columns, start, some)
            self._after(self._ring.next - some, source)
            start, count = start + some, count - some

    def _before(self, count: int) -> None:
        """So many rows are going to be written, over the oldest ones."""

    def _after(self, start: int, source: Source) -> None:
        """Rows from number `start` on have been written."""

    def _broken(self, source: Source) -> None:
        """What a source sends next does not follow what it sent before: rows are lost, or its client is new."""

    def _check_holds(self, count: int, needed: Optional[int] = None) -> None:
        """Whether there are so many, or at least those that are needed for so many."""
        if not 1 <= (count if needed is None else needed) <= len(self):
            raise NotEnough(f"{count} rows are asked for: the store holds {len(self)}")
