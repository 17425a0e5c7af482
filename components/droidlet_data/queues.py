"""A bounded queue of rows on their way to a learner: what it loses when it overflows is counted, never hidden."""

from __future__ import annotations

import operator
import os
import threading
import time
import weakref
from collections import deque
from contextlib import suppress
from typing import Any, Deque, Mapping, Optional, Tuple

import attrs
from numpy.typing import NDArray

from droidlet_data.arena import Arena, private, room_bytes
from droidlet_data.errors import DataError, RowError, whole
from droidlet_data.layout import Arrays, Layout, Plain, first_of

BLOCK_BYTES = 8 << 20  # rows lie together in blocks of about this size, and travel so
SPARE_BLOCKS = 8  # for those that are read while they go
_MOST_ROWS = 4096  # in a block
_monotonic = time.monotonic
_lock = threading.Lock()
_last_epoch = [0]
_queues: weakref.WeakSet[QueuedDataStore] = weakref.WeakSet()


@attrs.define(eq=False)
class _Block:
    """Rows `first` .. `first + used - 1`, and how many borrowers read them."""

    arrays: Arrays
    shown: Arrays
    offsets: Optional[Tuple[int, ...]]  # of its columns in the arena, if it is there
    first: int = 0
    used: int = 0
    lent: int = 0
    gone: bool = False


@attrs.frozen(eq=False)
class Lent:
    """Rows first .. first + count - 1 of a queue, where they lie; they stay as they are until given back.

    `oldest` is the number of the oldest row that the queue still held. columns: by name ascending, (count, ...) each.
    where: where they begin in memory that is shared, in bytes; None of those that are not there.
    """

    oldest: int
    first: int
    count: int
    columns: Tuple[NDArray[Any], ...]
    where: Optional[Tuple[int, ...]]
    _block: Any = attrs.field(repr=False)


class QueuedDataStore:
    """Rows numbered from 0, of which the newest `capacity` are held: also those that the learner has, in case that
    it forgets them. One that goes out before the learner has it is lost.

    `epoch` tells this queue from those of earlier runs; by default the time in ns when it was made. May be used from
    several threads. In a forked process it is another queue, which is empty; the rows are those of the parent's.

    Raises DataError for a capacity below 1.
    """

    def __init__(
        self, capacity: int, *, example: Optional[Mapping[str, Any]] = None, epoch: Optional[int] = None
    ) -> None:
        self.capacity = whole("capacity", capacity, "a queue holds at least one row, and whole ones")
        self._layout = None if example is None else Layout.of(example)
        self._arena: Optional[Arena] = None
        self._begin(_new_epoch() if epoch is None else operator.index(epoch))
        _queues.add(self)

    def _begin(self, epoch: int) -> None:
        self.epoch = epoch
        self._changed = threading.Condition()
        self._block_rows = 0
        self._blocks: Deque[_Block] = deque()
        self._free: Deque[_Block] = deque()
        self._oldest = self._next = self._known = 0  # _known: rows below it are with the learner
        self._lost = 0  # of those, as the learner says

    def _check_process(self) -> None:
        if self._arena is not None and self._arena.pid != os.getpid():
            raise DataError(
                f"this queue's memory is shared with process {self._arena.pid}, which made it: make one in this process"
            )

    def insert(self, row: Mapping[str, Any]) -> int:
        """Copies a row, whose arrays may be nested in tables; its number. The oldest row goes if the queue is full.

        Raises RowError for a row unlike the first.
        """
        with self._changed:
            if self._layout is None:
                self._layout = Layout.of(row)
            checked = self._layout.check(row)
            block = self._tail()
            for name, array in block.arrays.items():
                array[block.used] = checked[name]
            block.used += 1
            return self._added(1)

    def insert_many(self, rows: Mapping[str, Any]) -> int:
        """Copies stacked rows, each column (rows, ...); the number of the last one. Raises RowError."""
        with self._changed:
            layout = self._layout or Layout.of(first_of(rows))
            columns, count = layout.columns(rows)
            self._layout = layout
            done = 0
            while done < count:
                block = self._tail()
                some = min(count - done, self._block_rows - block.used)
                for name, value in columns.items():
                    block.arrays[name][block.used : block.used + some] = value[done : done + some]
                block.used += some
                done += some
                self._added(some)
            return self._next - 1

    def _tail(self) -> _Block:
        """A block with room for a row."""
        self._check_process()
        if self._blocks and self._blocks[-1].used < self._block_rows:
            return self._blocks[-1]
        layout = self._layout
        if layout is None:
            raise RowError("no row has come yet")
        self._block_rows = _block_rows(layout, self.capacity)
        block = self._free.popleft() if self._free else self._fresh(layout)
        block.first, block.used, block.gone = self._next, 0, False
        self._blocks.append(block)
        return block

    def _fresh(self, layout: Layout) -> _Block:
        shared = None if self._arena is None else self._arena.allocate(layout, self._block_rows)
        room = shared or private(layout, self._block_rows)
        return _Block(room.arrays, room.shown, None if shared is None else room.offsets)

    def share(self) -> Optional[Tuple[int, int, bytes]]:
        """From now on rows lie where another process of this user can read them: this process, a descriptor of it, and
        the 32 bytes with which the memory begins. None where there is no such memory, or no row has come yet.
        """
        with self._changed:
            if self._arena is None and self._layout is not None:
                rows = _block_rows(self._layout, self.capacity)
                blocks = -(-self.capacity // rows) + SPARE_BLOCKS
                with suppress(OSError, AttributeError):
                    self._arena = Arena(blocks * (room_bytes(self._layout, rows) + 4096))
                    self._free.clear()
            return None if self._arena is None else self._arena.told

    def _added(self, count: int) -> int:
        self._next += count
        self._oldest = max(self._oldest, self._next - self.capacity)
        while self._blocks[0].first + self._blocks[0].used <= self._oldest:
            self._let_go(self._blocks.popleft())
        return self._next - 1

    def _let_go(self, block: _Block) -> None:
        """A block whose rows have gone is used again: when it is read no more, and if it lies where others do."""
        block.gone = True
        if not block.lent and (block.offsets or not self._arena):
            self._free.append(block)

    def layout(self) -> Optional[Plain]:
        """Name, dtype and shape of one row, by column; None before the first row."""
        return None if self._layout is None else self._layout.plain()

    def lend(self, first: int, most: int = 1 << 62) -> Optional[Lent]:
        """Rows from number `first` on, or from the oldest held, as many as lie together, at most `most`; None where
        none is newer. Nothing is copied: give them back when they have been read.
        """
        with self._changed:
            start = max(first, self._oldest)
            for block in self._blocks:
                end = block.first + block.used
                if start < end:
                    end = min(end, start + most)
                    here = slice(start - block.first, end - block.first)
                    block.lent += 1
                    columns = tuple(array[here] for array in block.shown.values())
                    where = block.offsets and tuple(
                        offset + here.start * array.strides[0]
                        for offset, array in zip(block.offsets, block.arrays.values())
                    )
                    return Lent(self._oldest, start, end - start, columns, where, block)
            return None

    def give_back(self, lent: Lent) -> None:
        """What was lent has been read."""
        with self._changed:
            lent._block.lent -= 1
            if lent._block.gone:
                self._let_go(lent._block)

    def acknowledge(self, seen: int, lost: int) -> None:
        """The learner has all rows below this number, but so many that it knows to be lost; less than before if it
        forgot.
        """
        with self._changed:
            self._known, self._lost = min(seen, self._next), lost
            self._changed.notify_all()

    def wait_for_room(self, rows: int = 1, timeout_s: Optional[float] = None) -> bool:
        """Waits until so many rows can be inserted with none lost; False where that took too long."""
        until = None if timeout_s is None else _monotonic() + timeout_s
        with self._changed:
            while self.waiting + rows > self.capacity:
                if not self._changed.wait(None if until is None else max(0.0, until - _monotonic())):
                    return False
            return True

    @property
    def lost(self) -> int:
        """Rows that the learner knows to be lost, as it said last, and those above them that have gone since: after an
        update, what the learner counts. Fewer than before where some of them had come, and its answer had not.
        """
        with self._changed:
            return self._lost + max(0, self._oldest - self._known)

    @property
    def waiting(self) -> int:
        """Rows held that the learner does not have."""
        return self._next - max(self._oldest, self._known)

    @property
    def oldest(self) -> int:
        """The number of the oldest row held."""
        return self._oldest

    @property
    def next_number(self) -> int:
        """The number that the next row gets: so many have been inserted."""
        return self._next

    def __len__(self) -> int:
        """Rows held."""
        return self._next - self._oldest


def _block_rows(layout: Layout, capacity: int) -> int:
    return max(1, min(capacity, _MOST_ROWS, BLOCK_BYTES // max(1, layout.row_bytes)))


def _forked() -> None:
    """Rows of two processes are never those of one epoch. A queue whose memory is shared is refused in the child."""
    global _lock
    _lock = threading.Lock()  # the parent may have had it
    for queue in tuple(_queues):
        if queue._arena is None:
            queue._begin(_new_epoch())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _new_epoch() -> int:
    """The time in ns, later than any that was given before in this process."""
    with _lock:
        _last_epoch[0] = max(time.time_ns(), _last_epoch[0] + 1)
        return _last_epoch[0]
