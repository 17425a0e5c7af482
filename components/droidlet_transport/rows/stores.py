"""What both ends of rows ask of a store; droidlet_data has such stores, any object with these methods will do.

Rows are columns: numpy arrays (rows, *shape of one) in the order of a layout, (name, dtype, shape of one row) each.
A client numbers its rows from 0 within an epoch, which is another one in each of its runs.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Protocol, Sequence, Tuple

import attrs

Layout = Tuple[Tuple[str, str, Tuple[int, ...]], ...]


class Lent(Protocol):
    """Rows first .. first + count - 1, which stay as they are until given back; `oldest` is the oldest row held."""

    @property
    def oldest(self) -> int:
        """The number of the oldest row that the queue held."""
        ...

    @property
    def first(self) -> int:
        """The number of the first of these rows."""
        ...

    @property
    def count(self) -> int:
        """How many these are."""
        ...

    @property
    def columns(self) -> Tuple[Any, ...]:
        """Arrays in the order of the layout."""
        ...

    @property
    def where(self) -> Optional[Tuple[int, ...]]:
        """Where they begin in the memory that the queue shares; None of those that are not there."""
        ...


class Outgoing(Protocol):
    """A client's queue, such as droidlet_data.QueuedDataStore; used from two threads.

    One that has `share()` may let a learner on the same machine look at its rows: see `sharing`.
    """

    epoch: int

    def layout(self) -> Optional[Layout]:
        """None before the first row."""
        ...

    def lend(self, first: int, most: int) -> Optional[Lent]:
        """Rows from this number on, or from the oldest held, at most `most`; None where none is newer."""
        ...

    def give_back(self, lent: Any) -> None:
        """What `lend` gave has been read."""
        ...

    def acknowledge(self, seen: int, lost: int) -> None:
        """The learner has, or knows to be lost, all rows below this number; so many are lost."""
        ...

    @property
    def next_number(self) -> int:
        """The number of the row to come."""
        ...

    @property
    def waiting(self) -> int:
        """Rows held that the learner does not have."""
        ...


class Incoming(Protocol):
    """A learner's store, such as droidlet_data.ReplayBuffer; used from two threads."""

    def expect(self, layout: Layout) -> None:
        """Rows of this layout are going to come. Raises where they do not fit."""
        ...

    def mark(self, client: str, epoch: int) -> Tuple[int, int]:
        """How many rows of a client's epoch have come or are lost for ever, and how many of them are lost."""
        ...

    def receive(
        self, client: str, epoch: int, first: int, oldest: int, columns: Sequence[Any]
    ) -> Tuple[int, int]:
        """Stores each row once, whatever is repeated; what `mark` says then."""
        ...


@attrs.frozen
class Count:
    """Of one store, since the update before: `stored` rows have come to the learner, `lost` ones never will.

    `forgotten` rows had come and were not in what a learner that was started again had saved; those that the client
    still holds are among the stored ones again, the others among the lost. `waiting` rows are still here.
    """

    stored: int = 0
    lost: int = 0
    forgotten: int = 0
    waiting: int = 0


@attrs.frozen
class Updated:
    """What came of an update, over all stores and by store."""

    stores: Mapping[str, Count]

    @property
    def stored(self) -> int:
        """Rows that have come to the learner."""
        return sum(count.stored for count in self.stores.values())

    @property
    def lost(self) -> int:
        """Rows that never will."""
        return sum(count.lost for count in self.stores.values())

    @property
    def forgotten(self) -> int:
        """Rows that a learner that was started again had not saved."""
        return sum(count.forgotten for count in self.stores.values())

    @property
    def waiting(self) -> int:
        """Rows that are still here."""
        return sum(count.waiting for count in self.stores.values())
