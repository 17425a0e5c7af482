"""How far each client's rows have come: what makes a row that is sent twice be stored once, and a lost one be counted.

A client numbers its rows from 0 within an epoch (one run of it). What came is named by (client, epoch, number).
"""

from __future__ import annotations

from functools import reduce
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

import attrs

from droidlet_data.errors import RowError, StaleEpoch

MOST_EPOCHS = 8  # of one client; rows of older ones are refused
MOST_CLIENTS = 1 << 16  # the one that was heard of least recently is forgotten first
Row = Tuple[str, Optional[int], int, int]


@attrs.frozen
class Mark:
    """Of one client's epoch: rows below `seen` have come or are lost for ever; `lost` of them are the latter."""

    seen: int = 0
    lost: int = 0

    @property
    def stored(self) -> int:
        """Rows that have come."""
        return self.seen - self.lost

    def plus(self, other: Mark) -> Mark:
        """Both together."""
        return Mark(self.seen + other.seen, self.lost + other.lost)


@attrs.frozen
class Arrival:
    """What to do with rows that came: leave out the first `skip`, take `take`; `mark` is how it stands then."""

    skip: int
    take: int
    mark: Mark
    broken: bool = False  # rows before these are lost


def arrive(mark: Mark, first: int, count: int, oldest: int) -> Arrival:
    """Rows first .. first + count - 1 came; their client still holds those from `oldest` on.

    Rows that came before are left out. Rows between what came and `oldest` are lost, and counted. Where rows are
    missing that the client still holds, nothing is taken: the mark tells it where to go on. Raises RowError.
    """
    whole = all(type(number) is int for number in (first, count, oldest))
    if not whole or min(count, oldest) < 0 or oldest > first:
        raise RowError(f"rows {first} + {count}, held from {oldest}: expected 0 <= oldest <= first")
    seen, lost = mark.seen, mark.lost
    if oldest > seen:
        lost += oldest - seen
        seen = oldest
    broken = seen > mark.seen
    if first > seen:
        return Arrival(0, 0, Mark(seen, lost), broken)
    skip = min(count, seen - first)
    return Arrival(skip, count - skip, Mark(seen + count - skip, lost), broken)


class Marks:
    """The marks of all clients of a store; of epochs that are forgotten, what they amounted to."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._by_client: Dict[str, Dict[int, Mark]] = {}
        self._past: Dict[str, Mark] = {}
        for client, epoch, seen, lost in rows:
            mark, epochs = Mark(int(seen), int(lost)), self._by_client.setdefault(str(client), {})
            if epoch is None:
                self._past[str(client)] = mark
            else:
                epochs[int(epoch)] = mark

    def get(self, client: str, epoch: int) -> Mark:
        """How far a client's epoch has come. Raises StaleEpoch for one that is older than all that are known."""
        epochs = self._by_client.get(client, {})
        if epoch in epochs:
            return epochs[epoch]
        if len(epochs) >= MOST_EPOCHS and epoch < min(epochs):
            raise StaleEpoch(
                f"client {client!r} has been started {MOST_EPOCHS} times since its epoch {epoch}: is this another "
                "client of the same name? Give each its own"
            )
        return Mark()

    def knows(self, client: str, epoch: int) -> bool:
        """Whether rows of this epoch have come."""
        return epoch in self._by_client.get(client, {})

    def put(self, client: str, epoch: int, mark: Mark) -> None:
        """Keeps a mark; of the oldest epochs only the sum, of the clients not heard of for longest nothing is kept."""
        epochs = self._by_client.pop(client, {})
        epochs[epoch] = mark
        if len(epochs) > MOST_EPOCHS:
            self._past[client] = self._past.get(client, Mark()).plus(epochs.pop(min(epochs)))
        self._by_client[client] = epochs
        if len(self._by_client) > MOST_CLIENTS:
            forgotten = next(iter(self._by_client))
            del self._by_client[forgotten]
            self._past.pop(forgotten, None)

    def totals(self) -> Mapping[str, Mark]:
        """By client, over all its epochs: rows that have come or are lost."""
        return {
            client: reduce(Mark.plus, marks.values(), self._past.get(client, Mark()))
            for client, marks in self._by_client.items()
        }

    def rows(self) -> List[Row]:
        """Client, epoch (None: those that are forgotten), seen, lost; what `Marks(rows)` is made of."""
        made: List[Row] = []
        for client, marks in self._by_client.items():
            made += [(client, epoch, mark.seen, mark.lost) for epoch, mark in marks.items()]
            if client in self._past:
                made.append((client, None, self._past[client].seen, self._past[client].lost))
        return made

    def __eq__(self, other: object) -> bool:
        """Equal marks for equal clients."""
        if not isinstance(other, Marks):
            return NotImplemented
        return self._by_client == other._by_client and self._past == other._past

    __hash__: Optional[Any] = None  # type: ignore[assignment]
