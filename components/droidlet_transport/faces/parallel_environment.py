"""Many environments in processes of their own, stepped together as one batch."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable, Dict, Optional, Sequence, Tuple, Union

import numpy as np

from droidlet_transport.boards import AWAY, RENEW, RESET, STEP
from droidlet_transport.bound import Bound
from droidlet_transport.environments import Factory, factories_of
from droidlet_transport.errors import TransportError
from droidlet_transport.faces.time_steps import TimeStep
from droidlet_transport.parts import DEADLINE_S
from droidlet_transport.seeds import seeds_of
from droidlet_transport.spares import Spares
from droidlet_transport.specs import SpecError, Tree
from droidlet_transport.stepping import EAGER
from droidlet_transport.teams import Team
from droidlet_transport.workers import START_S

Seed = Union[int, Sequence[Optional[int]], None]
_monotonic = time.monotonic


class ParallelEnvironment(Bound):
    """`num_envs` environments, stepped together; see `stepping.Stepper` for what an environment is.

    `factories` are names ("module:name", "file.py:name"), or pairs of a name and options. An episode that ends is
    followed by the next: its reset begins at once, while the caller thinks, and the next step tells its first
    observation. With `spares` as many more environments wait, reset already, and take over where an episode ends.

    Each has a process of its own, unless `workers` says how many share them all. Of leaves of no fixed shape, such as
    texts (AnySpec), a batch is a tuple.
    Observations are the caller's own; with `copy=False` they are looks at memory that the next step overwrites.
    `seed` is that of environment 0, the next one has the next; or there is a list of them, of the spare ones too. Each
    call waits `deadline_s` at most.
    """

    def __init__(
        self,
        factories: Sequence[Factory],
        *,
        spares: int = 0,
        seed: Seed = None,
        workers: Optional[int] = None,
        copy: bool = True,
        deadline_s: Optional[float] = DEADLINE_S,
        start_s: float = START_S,
    ) -> None:
        factories_of(factories)  # refuses what is no list of names
        if spares < 0:
            raise ValueError(f"spares is {spares}: how many more environments wait, 0 or more")
        rows = list(factories)
        if spares and any(one != rows[0] for one in rows):
            raise ValueError(
                "factories differ: a spare environment takes over for any other, so all are alike"
            )
        every = rows + rows[:1] * spares
        if workers is None or (spares and workers > 0):  # a reset holds up what is in the same process
            workers = len(every)
        seeds_of(seed, len(every))  # refuses what is none
        self._team = Team(every, mode=EAGER, strict=True, rows=len(rows), workers=workers, start_s=start_s)
        self.num_envs, self.copy, self.deadline_s = len(rows), copy, deadline_s
        self.observation_spec, self.action_spec = self._team.observation_spec, self._team.action_spec
        self._spares = Spares(self._team.board, len(rows))
        self._team.board.orders[:] = AWAY
        self._begun = False
        self._seed = seed

    def reset(self, seed: Seed = None, blocking: bool = True) -> Union[TimeStep, Callable[[], TimeStep]]:
        """A new episode in each environment. With a seed, the same ones as at any time with it."""
        seed = self._seed if seed is None else seed
        seeds = seeds_of(seed, len(self._team.factories))
        self._team.drop(self._until())
        revived, self._seed = self._team.revive(), None
        board, begun, self._begun = self._team.board, self._begun, False  # until it is
        if seed is not None or revived or not begun:
            self._spares.settle()
            board.seeds[:] = seeds
            board.orders[:] = RENEW
            board.orders[self._spares.of_row] = RESET
        else:
            for row in range(self.num_envs):
                board.orders[self._spares.of_row[row]] = RESET
                self._spares.swap(row, RENEW)
        return self._turn("reset", blocking)

    def step(self, actions: Tree, blocking: bool = True) -> Union[TimeStep, Callable[[], TimeStep]]:
        """One step of each. Not blocking: gives what waits for it, to be called once.

        Raises SpecError for actions of another shape or type, what an environment raised, OutcomeUnknown (a worker
        died: environments are never asked twice), DeadlineExceeded.
        """
        self._team.check()
        if not self._begun:
            raise SpecError("there is no episode yet: call reset() first")
        self._team.board.orders[self._spares.of_row] = STEP
        return self._turn("step", blocking, given=self._team.act(actions))

    def _turn(
        self, what: str, blocking: bool, given: bool = False
    ) -> Union[TimeStep, Callable[[], TimeStep]]:
        self._team.send(lent=self.copy, given=given)
        finish = partial(self._finish, what, self._until(), self._team.number)
        return finish() if blocking else finish

    def _finish(self, what: str, until: Optional[float], number: int) -> TimeStep:
        if number != self._team.number:
            raise TransportError(f"this {what} was given up, or told already: another turn has begun since")
        told = self._team.wait(until, what)
        self._begun = False  # while rows change
        board = self._team.board
        infos: Tuple[Dict[str, Any], ...] = tuple({} for _ in range(self.num_envs))
        for index, _, info, _ in told:
            infos[self._spares.of_row.index(index)].update(info)
        terminated, truncated = board.terminated.copy(), board.truncated.copy()
        made = TimeStep(
            self._team.seen(told, lent=self.copy),
            board.rewards.copy(),
            terminated,
            truncated,
            board.first.copy(),
            infos,
        )
        for row in np.flatnonzero(terminated | truncated):
            self._spares.swap(int(row), AWAY)  # it begins anew by itself
        self._begun = True
        return made

    def _until(self) -> Optional[float]:
        return None if self.deadline_s is None else _monotonic() + self.deadline_s

    def close(self) -> None:
        """Ends all processes, within seconds whatever they do; closing again does nothing."""
        self._team.close()

    def __enter__(self) -> ParallelEnvironment:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()
