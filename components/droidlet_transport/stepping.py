"""The worker's half of a batch: it steps some environments whenever a byte tells it to, on the board's memory."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import Any, Dict, List, Optional, Tuple

import attrs
import numpy as np

from droidlet_transport.boards import (
    AWAY,
    DONE,
    LEFT,
    NO_SEED,
    RENEW,
    RESET,
    TELL,
    TOLD,
    Board,
    BoardPlan,
)
from droidlet_transport.environments import five_of, spec_of, two_of
from droidlet_transport.errors import CannotTravel
from droidlet_transport.forms import Form
from droidlet_transport.loading import load
from droidlet_transport.plain import from_bytes, from_value, to_bytes, to_value
from droidlet_transport.specs import SpecError
from droidlet_transport.values import unfit
from droidlet_transport.wakes import LEAVE, listen

NEXT_STEP, SAME_STEP, DISABLED, EAGER = "NextStep", "SameStep", "Disabled", "Eager"
# environment, (observation, info) at an episode's end or None, info, what of the observation has no fixed form
Told = Tuple[int, Any, Any, Tuple[Any, ...]]


@attrs.define
class _One:
    """One environment and where it is."""

    index: int  # among all of the batch
    env: Any
    last: Any = None  # its latest observation
    over: bool = False  # its next turn begins an episode
    begun: Optional[Tuple[Any, Any]] = None  # the first observation and info of an episode that is to be told
    seed: int = NO_SEED  # of the reset that was ordered last
    trouble: Optional[Exception] = None  # of a reset that nobody waited for


class Stepper:
    """Some environments of a batch. Each has `reset(*, seed, options) -> (observation, info)` and `step(action) ->
    (observation, reward, terminated, truncated, info)`, and either Gymnasium's spaces or `observation_spec` and
    `action_spec`: trees of ArraySpec.
    """

    def __init__(
        self,
        factories: Tuple[Any, ...],
        first: int,
        number: int,
        board: int,
        commands: int,
        says: int,
    ) -> None:
        for descriptor in (board, commands, says):
            os.set_inheritable(descriptor, False)  # what an environment starts must not keep them open
        self._number, self._memory, self._commands, self._says = number, board, commands, says
        self._ones: List[_One] = []
        atexit.register(self.close)
        self.make(factories, first)

    def make(self, factories: Tuple[Any, ...], first: int) -> None:
        """Makes environments, the first of that number. Raises what a factory raises."""
        for index, (name, options) in enumerate(factories, first):
            try:
                self._ones.append(_One(index, load(name)(**from_value(options))))
            except BaseException:
                sys.stderr.write(f"environment {index} could not be made by {name}\n")
                raise

    def specs(self) -> Tuple[Any, ...]:
        """What each environment observes and takes."""
        return tuple(
            (to_value(spec_of(one.env, "observation")), to_value(spec_of(one.env, "action")))
            for one in self._ones
        )

    def attach(self, plan: BoardPlan, mode: str, observation: Any, action: Any, strict: bool) -> None:
        """Where to read and write from now on, and when an episode that ended is followed by the next."""
        os.set_blocking(self._commands, False)
        self._board, self._mode, self._strict = Board(self._memory, plan), mode, strict
        self._observed, self._taken = Form(from_value(observation)), Form(from_value(action))
        self._board.done[self._number] = self._board.turn[0]
        self._given: Dict[int, Tuple[Any, ...]] = {}  # what of the actions has no fixed form
        self._options: Any = None
        self._targets: Dict[Tuple[int, int], List[np.ndarray]] = {}
        first = self._ones[0].index if self._ones else 0
        self._orders = self._board.orders[first : first + len(self._ones)]  # of these environments

    def options(self, options: Any) -> None:
        """What resets are given that are ordered from now on."""
        self._options = from_value(options)

    def give(self, given: Any) -> None:
        """What of the next actions has no fixed form, where the board's space is too small for it."""
        self._given = from_value(given)

    def play(self) -> Any:
        """Turns until told to leave. Returns what did not fit into the board's space, None where all did."""
        self._begin_next()
        while True:
            if listen(self._commands, int(self._board.asks[self._number])) == LEAVE:
                return None
            if self._board.turn[0] == self._board.done[self._number]:
                continue  # whoever waits was not sure of having said so
            try:
                renew = self._ordered()
                told = self._turn(int(self._board.slot[0]))
                buffers = _buffers(told) if told else []
            except BaseException:
                self._say(LEFT)
                raise
            if told and not self._board.tell(self._number, buffers):
                self._say(LEFT)
                return to_value(told)
            self._say(TOLD if told else DONE)
            for one in renew:
                one.over, one.begun = True, None
            self._begin_next(renew)

    def _ordered(self) -> List[_One]:
        """Notes what is only valid now; which environments are to begin anew when the turn is over."""
        if self._taken.others and self._board.given[0]:
            given = from_bytes(self._board.told[self._number])
            self._given = self._given if given is None else given
        renew = []
        for one, order in zip(self._ones, self._orders.tolist()):
            if order in (RESET, RENEW):
                one.seed = int(self._board.seeds[one.index])
                if order == RENEW:
                    renew.append(one)
                elif self._mode != EAGER:
                    one.over = False  # also where its reset fails, or is not reached
        return renew

    def _say(self, what: int) -> None:
        self._board.says[self._number] = what
        self._board.done[self._number] = self._board.turn[0]
        with suppress(BrokenPipeError):  # nobody listens any more; the link's end says so too
            os.write(self._says, b".")

    def _turn(self, slot: int) -> List[Told]:
        told: List[Told] = []
        for one, order in zip(self._ones, self._orders.tolist()):
            if order in (AWAY, RENEW):
                continue
            try:
                self._one(one, order, slot, told)
            except Exception as error:
                with suppress(AttributeError):  # a class without room for it
                    error.environment = one.index  # type: ignore[attr-defined]
                raise
        return told

    def _one(self, one: _One, order: int, slot: int, told: List[Told]) -> None:
        board, row = self._board, int(self._board.row_of[one.index])
        if one.trouble is not None:
            trouble, one.trouble = one.trouble, None
            raise trouble
        final, info = None, None
        if order == TELL:
            if one.last is None:
                raise SpecError(f"environment {one.index} has no observation yet: reset all of them first")
            observation = one.last
        elif order == RESET or (one.over and self._mode in (NEXT_STEP, EAGER)):
            ready = one.begun if order != RESET or one.seed == NO_SEED else None
            observation, info = ready or self._reset(one, plain=order != RESET)
            one.begun, one.over = None, False
            board.rewards[row], board.first[row] = 0.0, True
            board.terminated[row] = board.truncated[row] = False
        else:
            observation, reward, terminated, truncated, info = five_of(one.env.step(self._act(one, row)))
            board.rewards[row], board.first[row] = reward, False
            board.terminated[row], board.truncated[row] = terminated, truncated
            one.over = bool(terminated or truncated)
            if one.over and self._mode == SAME_STEP:
                final = (observation, info)
                observation, info = self._reset(one, True)
        one.last = observation
        others = self._show(one, observation, slot, row)
        if final or info or others:
            told.append((one.index, final, info or {}, others))

    def _act(self, one: _One, row: int) -> Any:
        """A row's action, no part of it shared."""
        found = (leaf[row].copy() if leaf.ndim > 1 else leaf[row] for leaf in self._board.actions)
        return self._taken.tree(found, self._given.get(one.index, ()))

    def _show(self, one: _One, observation: Any, slot: int, row: int) -> Tuple[Any, ...]:
        targets = self._targets.get((slot, row))
        if targets is None:
            targets = [leaf[row, ...] for leaf in self._board.observations(slot)]
            self._targets[slot, row] = targets
        where = f"environment {one.index}: the observation"
        return self._observed.put(targets, observation, where, strict=self._strict)

    def _reset(self, one: _One, plain: bool = False) -> Tuple[Any, Any]:
        """Begins an episode; plain: without a seed and options, as one follows another."""
        if plain:
            return two_of(one.env.reset())
        given: Dict[str, Any] = {"seed": None if one.seed == NO_SEED else one.seed}
        if self._options is not None or hasattr(one.env, "observation_space"):
            given["options"] = self._options
        return two_of(one.env.reset(**given))

    def _begin_next(self, renew: Optional[List[_One]] = None) -> None:
        """Begins episodes ahead of time: nobody waits for it."""
        for one in self._ones:
            if one.over and one.begun is None and (self._mode == EAGER):
                try:
                    one.begun = self._reset(one, plain=one not in (renew or ()))
                except Exception as error:
                    one.trouble = error

    def close(self) -> None:
        """Closes the environments that can be closed."""
        for one in self._ones:
            close = getattr(one.env, "close", None)
            if close is not None:
                close()
        self._ones = []


def _buffers(told: List[Told]) -> List[Any]:
    """What is told, for the board's space. Raises CannotTravel, naming the environment and where it is."""
    try:
        return to_bytes(told, "the infos")
    except CannotTravel:
        parts = ("the last observation and info", "the info", "the observation")
        for index, *values in told:
            for what, value in zip(parts, values):
                found = unfit(value, to_value)
                if found is not None:
                    made = CannotTravel(f"{what}{found[0]} of environment {index} cannot travel: {found[1]}")
                    made.environment = index  # type: ignore[attr-defined]
                    raise made from None
        raise


__all__ = ["DISABLED", "EAGER", "NEXT_STEP", "SAME_STEP", "Stepper", "Told"]
