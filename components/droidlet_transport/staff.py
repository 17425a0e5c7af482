"""The workers of a batch: started with their environments, asked between two turns, started anew when they died."""

from __future__ import annotations

import functools
import os
import time
import weakref
from typing import Any, Dict, List, Optional, Sequence, Tuple, Type

import numpy as np

from droidlet_transport.boards import Board, BoardPlan, Layout
from droidlet_transport.environments import Factory, factories_of
from droidlet_transport.errors import CannotTravel, Closed
from droidlet_transport.forms import Form
from droidlet_transport.members import Member, results_of
from droidlet_transport.memories import Ground, give_size, make_memory
from droidlet_transport.paces import workers_for
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.spawning import above_standard, not_started
from droidlet_transport.specs import SpecError, Tree
from droidlet_transport.values import unfit
from droidlet_transport.vigils import cores
from droidlet_transport.workers import START_S

STEPPER = "droidlet_transport.stepping:Stepper"
CLOSE_S = 2.0
_monotonic, _getpid = time.monotonic, os.getpid


class Staff:
    """Worker processes that have some environments each, and the board for all of them.

    `factories` are "module:name" or "file.py:name", or such a name with options; the first `rows` of them fill the
    batch, the others are spare. `workers` is how many processes share them. None: the first one tries a twin of its
    first environment, and closes it again; where steps take so little that waking a second process takes longer, one
    process has them all, else there is one per core.

    Raises SpecError where they differ, ValueError for another number of workers, WorkerFailedToStart.
    """

    ended: Type[Closed] = Closed  # what is raised, of which a face may have a class of its own
    unlike: Type[SpecError] = SpecError

    def __init__(
        self,
        factories: Sequence[Factory],
        *,
        mode: str,
        strict: bool,
        rows: Optional[int] = None,
        workers: Optional[int],
        stepper: str = STEPPER,
        start_s: float = START_S,
    ) -> None:
        if workers is not None and workers < 1:
            raise ValueError(f"workers is {workers}: how many processes share the environments, at least 1")
        self.factories = factories_of(factories)
        self.rows, self._mode, self._strict = rows or len(self.factories), mode, strict
        self._stepper, self._start_s = stepper, start_s
        self._memory = _memory()
        self._freeing = weakref.finalize(self, os.close, self._memory)
        self._pid = os.getpid()
        self._assigned: Dict[str, List[Any]] = {}  # of each environment, by name
        self.closed = False
        self._parts: List[Any] = [()]
        self.members: List[Member] = [] if workers else [self._hire(0)]
        try:
            count = min(workers or self._tried(), len(self.factories))
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
                raise self.unlike(
                    f"environment {index} has other specs than environment 0, so they cannot be one batch:\n"
                    f"{spec}\n{specs[0]}"
                )
        self.observation_spec: Tree = specs[0][0]
        self.action_spec: Tree = specs[0][1]
        self.observed, self.taken = Form(self.observation_spec), Form(self.action_spec)
        every = len(self.factories)
        plan = BoardPlan(self.rows, every, len(self.members), self.taken.arrays, self.observed.arrays)
        try:
            give_size(self._memory, Layout(plan).nbytes)
            self.board = Board(self._memory, plan)
            self.board.begin(Ground(self._memory))
        except OSError as error:
            raise not_started(f"a batch of {Layout(plan).nbytes} bytes", error) from None
        self.board.row_of[:] = np.arange(every)
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

    def assign(self, name: str, values: Sequence[Any]) -> None:
        """Sets an attribute of each environment, and of those that take their place when a worker has died."""
        each: List[Any] = from_value(to_value(list(values), name))  # as they are now
        try:
            self.ask_each("assign", [(name, self._of(member, each)) for member in self.members])
        except CannotTravel as error:
            raise told_of_values(error, name, each) from None
        self._assigned.pop(name, None)  # the latest is the last
        self._assigned[name] = each

    def _of(self, member: Member, each: List[Any]) -> Any:
        return to_value([each[index] for index in member.indexes])

    def check(self) -> None:
        """Raises Closed where nothing can be asked."""
        self.check_own()

    def check_own(self) -> None:
        """Raises Closed after close(), and in another process than the one that made it."""
        if self.closed:
            raise self.ended("the environments were closed")
        if _getpid() != self._pid:
            raise self.ended(f"the environments belong to process {self._pid}; make them in this process")

    def revive(self) -> List[int]:
        """Starts the workers that died anew; the environments that are new ones, with the attributes that were set."""
        self.check()
        dead = [member.number for member in self.members if not member.can_be_asked()]
        for number in dead:
            self.members[number].close(0.0)
            self.members[number] = self._hire(number)
        for number in dead:
            member = self.members[number]
            try:
                member.worker.call("attach", *self._attached(), deadline_s=self._start_s)
                for name, each in self._assigned.items():
                    member.worker.call("assign", name, self._of(member, each), deadline_s=self._start_s)
            except BaseException:
                for later in dead[dead.index(number) :]:
                    self.members[later].close(0.0)  # so that they are started anew next time
                raise
        return [index for number in dead for index in self.members[number].indexes]

    def close(self, grace_s: float = CLOSE_S) -> None:
        """Ends all workers: asked together, killed after twice `grace_s`. Closing again does nothing."""
        if self.closed:
            return
        self.closed = True
        until = _monotonic() + grace_s
        if os.getpid() == self._pid:
            for member in self.members:
                member.ask_to_end()
            for member in self.members:
                member.close(max(0.05, until - _monotonic()))
        self._freeing()


def _memory() -> int:
    """What the board will be in. Raises WorkerFailedToStart."""
    try:
        with above_standard():
            return make_memory(0)
    except OSError as error:
        raise not_started("a batch", error) from None


def told_of_values(error: CannotTravel, name: str, each: Sequence[Any]) -> CannotTravel:
    """The error in the words of whoever set an attribute of each environment."""
    found = [(index, unfit(value, to_value)) for index, value in enumerate(each)]
    texts = (f"{name}{why[0]} of environment {index} cannot travel: {why[1]}" for index, why in found if why)
    return CannotTravel(next(texts, str(error)))


def _all(result: Any) -> Tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)
