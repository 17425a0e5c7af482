"""The parent's half of a batch: worker processes that each step some environments on one board, turn by turn."""

from __future__ import annotations

import time
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Type

import numpy as np

from droidlet_transport.boards import AWAY, NO_SEED, RENEW, RESET, STEP
from droidlet_transport.environments import Factory
from droidlet_transport.errors import DeadlineExceeded, TransportError
from droidlet_transport.members import named
from droidlet_transport.paces import Pace, ways_for
from droidlet_transport.parts import LATE_S
from droidlet_transport.plain import to_bytes, to_value
from droidlet_transport.specs import SpecError, Tree
from droidlet_transport.staff import Staff
from droidlet_transport.stepping import Told
from droidlet_transport.streams import Hung
from droidlet_transport.vigils import cores
from droidlet_transport.wakes import ASKS

_monotonic = time.monotonic


class Team(Staff):
    """Environments in worker processes, stepped together. What the faces on it add is how a turn is told."""

    late: Type[DeadlineExceeded] = DeadlineExceeded

    def __init__(self, factories: Sequence[Factory], **options: Any) -> None:
        self._turn: Dict[int, Optional[List[Told]]] = {}  # by worker, of the turn that is under way
        self._known: Dict[bytes, Tuple[List[int], bool]] = {}  # what the latest orders mean
        self._resets = self._late = False
        self._woken = True  # all whom this turn asks
        self.slot = self.number = 0  # of the turn
        super().__init__(factories, **options)
        self._pace, self._began = Pace(ways_for(len(self.members), cores())), 0.0

    def check(self) -> None:
        """Raises Closed as Staff's, and TransportError while a turn is under way."""
        self.check_own()
        if self._turn:
            raise self.pending("a step is under way: wait for it first, or reset()")

    def pending(self, text: str) -> TransportError:
        """What is raised while a turn is under way."""
        return TransportError(text)

    def nothing_pending(self, text: str, what: str) -> TransportError:
        """What is raised where there is none to wait for."""
        return TransportError(text)

    def act(self, actions: Tree) -> bool:
        """Writes what the environments are to do, one row each; whether there is more than arrays, for `send`.

        The orders are on the board already. Raises SpecError for actions of another form.
        """
        others = self.taken.put(self.board.actions, actions, "actions", strict=self._strict)
        if not others:
            return False
        for path, column in zip(self.taken.others, others):
            if not hasattr(column, "__len__") or len(column) != self.rows:
                raise SpecError(f"actions{path} is {type(column).__name__}: a tuple or list of {self.rows}")
        rows = list(zip(*others))
        for member in self.members:
            acting = [index for index in member.indexes if self.board.orders[index] == STEP]
            mine = {index: rows[self.board.row_of[index]] for index in acting}
            if not self.board.tell(member.number, to_bytes(mine, "actions")):
                member.leave()
                member.told(member.worker.start("give", to_value(mine), deadline_s=self._start_s))
                self.board.tell(member.number, to_bytes(None, "nothing"))
        return True

    def send(self, *, lent: bool = True, given: bool = False) -> None:
        """Begins a turn, as the board's orders say; `lent` lets the observations go to a slot of their own. `check` has
        been called.
        """
        self.number += 1
        self.slot = self.board.take() if lent else 0
        self._began = _monotonic()
        way = self._pace.way
        asked, self._resets = self._orders()
        self.board.asks[:] = 0
        self.board.asks[: way.asking] = ASKS
        self.board.slot[0], self.board.given[0], self.board.turn[0] = self.slot, given, self.number
        self._woken, self._turn = False, dict.fromkeys(asked)
        self._wake(asked)

    def _wake(self, asked: Iterable[int]) -> None:
        """Whoever is woken twice takes the turn once."""
        for number in asked:
            self.members[number].wake()
        self._woken = True

    def _orders(self) -> Tuple[List[int], bool]:
        """Whom the board's orders ask for anything, and whether there is a reset among them."""
        orders = self.board.orders
        known = orders.tobytes()
        if known not in self._known:
            asked = [member.number for member in self.members if (orders[member.environments] != AWAY).any()]
            self._known = {known: (asked, bool(np.isin(orders, (RESET, RENEW)).any()))}
        return self._known[known]

    def wait(self, until: Optional[float], what: str = "step") -> List[Told]:
        """What came of the turn; the board has the rest. Raises what an environment raised, OutcomeUnknown where a
        worker died, DeadlineExceeded: then the turn is still under way.
        """
        self.check_own()
        if not self._turn:
            raise self.nothing_pending(f"no {what} is under way", what)
        error: Optional[BaseException] = None
        late: List[int] = []
        if not self._woken:  # for it was interrupted
            self._wake(self._turn)
        for number in [number for number, told in reversed(self._turn.items()) if told is None]:
            member, asks = self.members[number], self._pace.way.asks_of_parent
            try:
                self._turn[number] = member.answer(self.board, until, what, asks)
            except Hung:
                late += member.indexes
            except Exception as raised:
                if member.pending:  # by a signal's handler, not by an environment
                    raise
                self._turn[number] = []
                error = error or raised
        self._late = bool(late)
        if late:
            raise self.late(f"{named(late)} did not answer {what} in time; what came of it is not known")
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

    def seen(self, told: Sequence[Told], *, lent: bool = True) -> Tree:
        """The batch of observations of the turn that was waited for: the caller's own if `lent`, as for `send`."""
        arrays = self.board.give(self.slot) if lent else self.board.observations(0)
        if not self.observed.others:
            return self.observed.tree(arrays)
        rows: List[Tuple[Any, ...]] = [()] * self.rows
        for index, _, _, others in told:
            rows[self.board.row_of[index]] = others
        return self.observed.tree(arrays, list(zip(*rows)))

    def drop(self, until: Optional[float]) -> None:
        """Waits for a turn that is under way, if there is one, and forgets what came of it.

        Workers that do not answer, now or before, are ended.
        """
        self.check_own()
        if self._turn:
            self._give_up(until)
        self.board.reclaim()

    def _give_up(self, until: Optional[float]) -> None:
        try:
            self.wait(_monotonic() + LATE_S if self._late else until)
        except DeadlineExceeded:
            for number in [number for number, told in self._turn.items() if told is None]:
                self.members[number].close(0.0)
            self._turn = {}
        except Exception:  # it has been told, or nobody asked
            if self._turn:
                raise  # a signal's handler


__all__ = ["Factory", "Team", "named"]
