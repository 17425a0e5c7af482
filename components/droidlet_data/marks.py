"""How far each client's rows have come: what makes a row that is sent twice be stored once, and a lost one be counted.

A client numbers its rows from 0 within an epoch (one run of it). What came is named by (client, epoch, number).
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

import attrs

from droidlet_data.errors import RowError, StaleEpoch

MOST_EPOCHS = 8  # of one client; rows of older ones are refused
MOST_CLIENTS = 1 << 16  # the one that was heard of least recently is forgotten first


@attrs.frozen
class Mark:
    """Of one client's epoch: rows below `seen` have come or are lost for ever; `lost` of them are the latter."""

    seen: int = 0
    lost: int = 0

    @property
    def stored(self) -> int:
        """Rows that have come."""
        return self.seen - self.lost


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
    """The marks of all clients of a store."""

    def __init__(self, rows: Iterable[Tuple[str, int, int, int]] = ()) -> None:
        self._by_client: Dict[str, Dict[int, Mark]] = {}
        for client, epoch, seen, lost in rows:
            self._by_client.setdefault(str(client), {})[int(epoch)] = Mark(int(seen), int(lost))

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
        """Keeps a mark; the oldest epochs, and then the clients not heard of for longest, are forgotten."""
        epochs = self._by_client.pop(client, {})
        epochs[epoch] = mark
        if len(epochs) > MOST_EPOCHS:
            del epochs[min(epochs)]
        self._by_client[client] = epochs
        if len(self._by_client) > MOST_CLIENTS:
            del self._by_client[next(iter(self._by_client))]

    def totals(self) -> Mapping[str, Mark]:
        """By client, over its epochs: rows that have come or are lost."""
        return {
            client: Mark(sum(m.seen for m in marks.values()), sum(m.lost for m in marks.values()))
            for client, marks in self._by_client.items()
        }

    def rows(self) -> List[Tuple[str, int, int, int]]:
        """Client, epoch, seen, lost; what `Marks(rows)` is made of."""
        return [(c, e, m.seen, m.lost) for c, marks in self._by_client.items() for e, m in marks.items()]

    def __eq__(self, other: object) -> bool:
        """Equal marks for equal clients."""
        if not isinstance(other, Marks):
            return NotImplemented
        return self._by_client == other._by_client

    __hash__: Optional[Any] = None  # type: ignore[assignment]
