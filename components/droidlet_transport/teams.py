"""The parent's half of a batch: worker processes that each step some environments on one board."""

from __future__ import annotations

import functools
import os
import time
import weakref
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_transport.boards import AWAY, NO_SEED, RENEW, RESET, Board, BoardPlan, Layout
from droidlet_transport.environments import Factory, factories_of
from droidlet_transport.errors import Closed, DeadlineExceeded, TransportError
from droidlet_transport.lending import give_size, make_memory
from droidlet_transport.members import Member, named, results_of
from droidlet_transport.paces import Pace, ways_for, workers_for
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.specs import SpecError, Tree, leaves
from droidlet_transport.stepping import Told
from droidlet_transport.streams import Hung
from droidlet_transport.vigils import cores
from droidlet_transport.wakes import ASKS

STEPPER = "droidlet_transport.stepping:Stepper"
START_S, CLOSE_S = 60.0, 2.0
LATE_S = 1.0  # for those that missed a deadline already
_monotonic = time.monotonic


class Team:
    """Environments in worker processes, stepped together. What the faces on it add is how a turn is told.

    `factories` are "module:name" or "file.py:name", or such a name with options; the first `rows` of them fill the
    batch, the others are spare. `workers` is how many processes share them. With 0 the first one tries a twin of its
    first environment, and closes it again: where steps take so little that waking a second process takes longer, one
    process has them all, else there is one per core.
    """

    def __init__(
        self,
        factories: Sequence[Factory],
        *,
        mode: str,
        strict: bool,
        rows: Optional[int] = None,
        workers: int,
        stepper: str = STEPPER,
        start_s: float = START_S,
    ) -> None:
        self.factories = factories_of(factories)
        self.rows, self._mode, self._strict = rows or len(self.factories), mode, strict
        self._stepper, self._start_s = stepper, start_s
        self._memory = make_memory(0)
        self._freeing = weakref.finalize(self, os.close, self._memory)
        self._turn: Dict[int, Optional[List[Told]]] = {}  # by worker, of the turn that is under way
        self._known: Dict[bytes, Tuple[List[Member], bool]] = {}  # what the latest orders mean
        self._resets = self._late = False
        self.slot = 0
        self.closed = False
        self._parts: List[Any] = [()]
        self.members: List[Member] = [] if workers else [self._hire(0)]
        try:
            count = min(workers or self._tried(), len(self.factories))
            self._pace, self._began = Pace(ways_for(count, cores())), 0.0
            self._parts = np.array_split(np.arange(len(self.factories)), count)
            self._make(count)
            self._agree()
        except BaseException:
            self.close(0.1)
            raise

    def _tried(self) -> int:
        call = self.members[0].worker.call
        step_s, computing_s = call("rehearse", *self.factories[0], deadline_s=self._start_s)
        return workers_for(len(self.factories), step_s, computing_s, cores())

    def _make(self, count: int) -> None:
        """Starts the workers that are not there yet, all at a time; what is there gets its environments."""
        there = len(self.members)
        self.members += [self._hire(number) for number in range(there, count)]
        for member in self.members[:there]:
            mine, made = self._share(0)
            member.own(mine)
            member.told(member.worker.start("make", made, mine[0], deadline_s=self._start_s))

    def _share(self, number: int) -> Tuple[List[int], Tuple[Any, ...]]:
        """A worker's environments, and what they are made by."""
        mine = [int(index) for index in self._parts[number]]
        return mine, tuple(self.factories[index] for index in mine)

    def _hire(self, number: int) -> Member:
        mine, made = self._share(number)
        return Member(self._stepper, made, mine, number, self._memory, self._start_s)

    def _agree(self) -> None:
        """What all environments observe and take, and the board for it. Raises SpecError where they differ."""
        promises = [member.worker.start("specs", deadline_s=self._start_s) for member in self.members]
        specs = [from_value(spec) for told in results_of(promises) for spec in _all(told)]
        for index, spec in enumerate(specs):
            if spec != specs[0]:
                raise SpecError(
                    f"environment {index} has other specs than environment 0, so they cannot be one batch:\n"
                    f"{spec}\n{specs[0]}"
                )
        self.observation_spec: Tree = specs[0][0]
        self.action_spec: Tree = specs[0][1]
        plan = BoardPlan(
            self.rows,
            len(self.factories),
            len(self.members),
            tuple(leaf for _, leaf in leaves(self.action_spec)),
            tuple(leaf for _, leaf in leaves(self.observation_spec)),
        )
        give_size(self._memory, Layout(plan).nbytes)
        self.board = Board(self._memory, plan)
        self.board.row_of[:] = np.arange(len(self.factories))
        self.ask_all("attach", *self._attached())

    def _attached(self) -> Tuple[Any, ...]:
        specs = (to_value(self.observation_spec), to_value(self.action_spec))
        return (self.board.plan, self._mode, *specs, self._strict)

    def ask_all(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> List[Any]:
        """The answers of all workers to one call of their steppers, between two turns."""
        return self.ask_each(name, [arguments] * len(self.members), deadline_s)

    def ask_each(
        self, name: str, arguments: Sequence[Sequence[Any]], deadline_s: Optional[float] = None
    ) -> List[Any]:
        """The same, with arguments for each worker."""
        self.check()
        for member in self.members:
            member.leave()
        wait_s = self._start_s if deadline_s is None else deadline_s
        promises = [
            member.worker.start(name, *given, deadline_s=wait_s)
            for member, given in zip(self.members, arguments)
        ]
        return results_of([functools.partial(m.told, promise) for m, promise in zip(self.members, promises)])

    def check(self) -> None:
        """Raises Closed after close(), and TransportError while a turn is under way."""
        if self.closed:
            raise Closed("the environments were closed")
        if self._turn:
            raise TransportError("a step is under way: wait for it first")

    def send(self, *, lent: bool = True) -> None:
        """Begins a turn, as the board's orders say; `lent` lets the observations go to a slot of their own."""
        self.check()
        self.slot = self.board.take() if lent else 0
        self._began = _monotonic()
        way = self._pace.way
        asked, self._resets = self._orders()
        self.board.asks[:] = 0
        self.board.asks[: way.asking] = ASKS
        self.board.slot[0] = self.slot
        self._turn = {member.number: None for member in asked}
        for member in asked:
            member.wake()

    def _orders(self) -> Tuple[List[Member], bool]:
        """Whom the board's orders ask for anything, and whether there is a reset among them."""
        orders = self.board.orders
        known = orders.tobytes()
        if known not in self._known:
            asked = [member for member in self.members if (orders[member.environments] != AWAY).any()]
            self._known = {known: (asked, bool(np.isin(orders, (RESET, RENEW)).any()))}
        return self._known[known]

    def wait(self, until: Optional[float], what: str = "step") -> List[Told]:
        """What came of the turn; the board has the rest. Raises what an environment raised, OutcomeUnknown where a
        worker died, DeadlineExceeded: then the turn is still under way.
        """
        if not self._turn:
            raise TransportError(f"no {what} is under way")
        error: Optional[BaseException] = None
        late: List[int] = []
        for number in [number for number, told in reversed(self._turn.items()) if told is None]:
            member, asks = self.members[number], self._pace.way.asks_of_parent
            try:
                self._turn[number] = member.answer(self.board, until, what, asks)
            except Hung:
                late += member.indexes
            except Exception as raised:
                self._turn[number] = []
                error = error or raised
        self._late = bool(late)
        if late:
            raise DeadlineExceeded(
                f"{named(late)} did not answer {what} in time; what came of it is not known"
            )
        turn, self._turn = self._turn, {}
        self._pace.took(_monotonic() - self._began)
        if self._resets:
            self.board.seeds[:] = NO_SEED
            self.board.orders[self.board.orders == RENEW] = AWAY
        if error is not None:
            if self.slot:
                self.board.free.append(self.slot)
            raise error
        return [told for number in sorted(turn) for told in turn[number] or ()]

    def drop(self, until: Optional[float]) -> None:
        """Waits for a turn that is under way, if there is one, and forgets what came of it.

        Workers that do not answer, now or before, are ended.
        """
        if not self._turn:
            return
        try:
            self.wait(_monotonic() + LATE_S if self._late else until)
        except DeadlineExceeded:
            for number in [number for number, told in self._turn.items() if told is None]:
                self.members[number].close(0.0)
            self._turn = {}
        except Exception:  # it has been told, or nobody asked; the slot is free again
            return
        if self.slot:
            self.board.free.append(self.slot)

    def revive(self) -> bool:
        """Starts the workers that died anew, and says whether there were any; their environments are new ones."""
        dead = [member.number for member in self.members if not member.alive()]
        for number in dead:
            self.members[number].close(0.0)
            self.members[number] = self._hire(number)
            self._known = {}
        for number in dead:
            self.members[number].worker.call("attach", *self._attached(), deadline_s=self._start_s)
        return bool(dead)

    def close(self, grace_s: float = CLOSE_S) -> None:
        """Ends all workers: asked together, killed after twice `grace_s`. Closing again does nothing."""
        if self.closed:
            return
        self.closed = True
        until = _monotonic() + grace_s
        for member in self.members:
            member.ask_to_end()
        for member in self.members:
            member.close(max(0.05, until - _monotonic()))
        self._freeing()


def _all(result: Any) -> Tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


__all__ = ["Factory", "Team", "named"]
