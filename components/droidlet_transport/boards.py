"""The memory in which a batch of environments is stepped: orders and actions go in, observations come out.

One anonymous memory for all workers. In it: what each environment is to do, the actions, what came of it, a space for
what has no fixed form, and several slots for observations. All arrays are leaf by leaf, [rows, ...].
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import weakref
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_schema import record
from droidlet_transport.memories import Ground
from droidlet_transport.specs import ArraySpec

STEP, RESET, TELL, AWAY, RENEW = range(5)  # orders; see stepping.Stepper
DONE, TOLD, LEFT = range(
    3
)  # what a worker says of its turn: nothing more, more in its space, more by its link
NO_SEED = -1
MOST_TOLD = 1 << 20  # bytes of each worker's space; taken only where written
SLOT_BYTES = 1 << 28  # for all slots together; taken only where written
MOST_SLOTS = 32
_ALIGN = 64
Place = Tuple[int, Tuple[int, ...], Any]  # offset, shape, dtype


@record
class BoardPlan:
    """What is on a board; both sides make the same one of it."""

    rows: int
    environments: int  # as many as rows, and the spare ones
    workers: int
    actions: Tuple[ArraySpec, ...]
    observations: Tuple[ArraySpec, ...]

    @property
    def slots(self) -> int:
        """How many batches of observations there is room for; slot 0 is never lent."""
        size = max(1, sum(self.rows * leaf.nbytes for leaf in self.observations))
        return 1 + max(2, min(MOST_SLOTS, SLOT_BYTES // size))


class Layout:
    """Where each array of a plan is: (offset, shape, dtype)."""

    def __init__(self, plan: BoardPlan) -> None:
        self._end = 0
        every, rows = (plan.environments,), (plan.rows,)
        self.orders = self._add(every, np.uint8)
        self.row_of = self._add(every, np.int32)  # the row that each environment fills
        self.seeds = self._add(every, np.int64)  # of its next reset
        self.turn = self._add((1,), np.int64)  # the number of this one
        self.done = self._add((plan.workers,), np.int64)  # the number of the turn that a worker took last
        self.says = self._add((plan.workers,), np.uint8)  # of its turn
        self.asks = self._add((plan.workers,), np.int32)  # how often to ask before it sleeps
        self.slot = self._add((1,), np.int32)  # of this turn
        self.given = self._add((1,), np.bool_)  # whether the spaces hold the actions of no fixed form
        self.rewards = self._add(rows, np.float64)
        self.terminated, self.truncated, self.first = (self._add(rows, np.bool_) for _ in range(3))
        self.actions = [self._add((*rows, *leaf.shape), leaf.dtype) for leaf in plan.actions]
        self.told = [self._add((MOST_TOLD,), np.uint8) for _ in range(plan.workers)]
        self.start, self._end = self._page(), 0  # of the slots
        self.leaves = [self._add((*rows, *leaf.shape), leaf.dtype) for leaf in plan.observations]
        self.slot_bytes = self._page()
        self.nbytes = self.start + plan.slots * self.slot_bytes

    def _add(self, shape: Sequence[int], dtype: Any) -> Place:
        kind = np.dtype(dtype)
        start = -(-self._end // _ALIGN) * _ALIGN
        self._end = start + int(kind.itemsize * np.prod(shape, dtype=np.int64))
        return start, tuple(shape), kind

    def _page(self) -> int:
        return -(-max(1, self._end) // mmap.PAGESIZE) * mmap.PAGESIZE


class _Look(weakref.ref):  # type: ignore[type-arg]
    """Whether anybody looks at a slot."""

    slot = 0


class Board:
    """The arrays on a board's memory, for either side. `descriptor` stays the caller's."""

    def __init__(self, descriptor: int, plan: BoardPlan) -> None:
        self.plan, self._layout = plan, Layout(plan)
        self._map = mmap.mmap(descriptor, self._layout.nbytes)
        self._ground: Optional[Ground] = None
        at = self._layout
        self.orders, self.row_of, self.seeds = map(self._array, (at.orders, at.row_of, at.seeds))
        self.turn, self.done = self._array(at.turn), self._array(at.done)
        self.asks, self.slot, self.given = map(self._array, (at.asks, at.slot, at.given))
        self.says, self.rewards = self._array(at.says), self._array(at.rewards)
        self.terminated, self.truncated = self._array(at.terminated), self._array(at.truncated)
        self.first = self._array(at.first)
        self.actions = [self._array(place) for place in at.actions]
        self.told = [memoryview(self._map)[start : start + MOST_TOLD] for start, _, _ in at.told]
        self._kind = ctypes.c_ubyte * at.slot_bytes
        self._lent: Dict[int, _Look] = {}
        self._given_back: List[_Look] = []
        self.free = list(range(plan.slots - 1, 0, -1))

    def _array(self, place: Place) -> np.ndarray:
        start, shape, dtype = place
        return np.ndarray(shape, dtype, self._map, start)

    def tell(self, worker: int, buffers: Sequence[Any]) -> bool:
        """Writes into a worker's space, where there is room for it; says whether there was."""
        if sum(buffer.nbytes for buffer in buffers) > MOST_TOLD:
            return False
        space, at = self.told[worker], 0
        for buffer in buffers:
            space[at : at + buffer.nbytes] = buffer
            at += buffer.nbytes
        return True

    def observations(self, slot: int) -> List[np.ndarray]:
        """The leaves of one slot, [rows, ...], as they are now and will be."""
        first = self._layout.start + slot * self._layout.slot_bytes
        return [np.ndarray(shape, dtype, self._map, first + at) for at, shape, dtype in self._layout.leaves]

    def take(self) -> int:
        """A slot that nobody looks at, the one used last if there are several; 0 where all are lent."""
        while self._given_back:
            self.free.append(self._given_back.pop().slot)
        slot = self.free.pop() if self.free else 0
        if self._ground is not None and not self._ground.reaches(self._end_of(slot)):
            self.free.append(slot)
            return 0
        return slot

    def begin(self, ground: Ground) -> None:
        """For the side that makes it, before anybody writes to it: there is room for what every turn needs, and from
        now on for each slot that is taken. Raises OSError.
        """
        self._ground = ground
        if not ground.reaches(self._end_of(0)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _end_of(self, slot: int) -> int:
        return self._layout.start + (slot + 1) * self._layout.slot_bytes

    def reclaim(self) -> None:
        """Between two turns: all slots that nobody looks at are free, whatever an interruption has left."""
        self._given_back.clear()
        lent = [slot for slot, look in self._lent.items() if look() is not None]
        self.free[:] = [slot for slot in range(self.plan.slots - 1, 0, -1) if slot not in lent]

    def give(self, slot: int) -> List[np.ndarray]:
        """The leaves of a slot for the caller to own: it is free again when nobody looks at any part of them.

        What is in slot 0 is copied.
        """
        if slot == 0:
            return [leaf.copy() for leaf in self.observations(0)]
        first = self._layout.start + slot * self._layout.slot_bytes
        innermost: Any = self._kind.from_buffer(self._map, first)
        look = _Look(
            innermost, self._given_back.append
        )  # nothing of Python's runs there that could be interrupted
        look.slot, self._lent[slot] = slot, look
        return [np.ndarray(shape, dtype, innermost, at) for at, shape, dtype in self._layout.leaves]
