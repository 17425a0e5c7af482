"""One worker of a batch as its parent sees it: the process, the pipe that wakes it, the pipe that says it is done."""

from __future__ import annotations

import os
import select
import weakref
from contextlib import suppress
from typing import Any, Callable, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_transport.boards import LEFT, TOLD, Board
from droidlet_transport.errors import OutcomeUnknown, RemoteError, WorkerCrashed
from droidlet_transport.plain import from_bytes, from_value
from droidlet_transport.promises import Promise
from droidlet_transport.spawning import above_standard, not_started, runs
from droidlet_transport.streams import Ended
from droidlet_transport.wakes import GO, STOP, answered
from droidlet_transport.workers import Worker


class Member:
    """A worker with its pipes; started when made, ready when first asked."""

    def __init__(
        self,
        stepper: str,
        factories: Tuple[Tuple[str, Any], ...],
        environments: Sequence[int],
        number: int,
        memory: int,
        start_s: float,
    ) -> None:
        self.number = number
        self.own(environments)
        theirs, self._commands, self._says, ours = _pipes(named(environments))
        self._closing = weakref.finalize(self, _close, self._commands, self._says)
        os.set_blocking(self._says, False)
        self._poll = select.poll()
        self._poll.register(self._says, select.POLLIN)
        options = {
            "factories": factories,
            "first": environments[0] if environments else 0,
            "number": number,
            "board": memory,
            "commands": theirs,
            "says": ours,
        }
        self._playing: Optional[Promise] = None
        self.pending = False  # an answer is to come, or has come and was not taken
        try:
            self.worker = Worker(
                stepper,
                options,
                effects=True,
                start_s=start_s,
                inherit=(memory, theirs, ours),
                again=False,
            )
            self.worker.begin()
        finally:
            _close(theirs, ours)  # so that the worker's are the last

    def own(self, environments: Sequence[int]) -> None:
        """Which environments it has."""
        self.indexes, self.environments = list(environments), np.array(environments, np.int64)

    def wake(self) -> None:
        """Tells it to take its turn."""
        if self._playing is None:
            begun = (
                one for one in self.worker.waiting if one.request.name == "play"
            )  # by one who was interrupted
            self._playing = next(begun, None) or self.worker.start("play")
        with suppress(BrokenPipeError):  # it died: its answer tells
            os.write(self._commands, GO)

    def answer(self, board: Board, until: Optional[float], what: str, asks: int) -> List[Any]:
        """What it has to tell of its turn. Raises what an environment raised, OutcomeUnknown, Hung.

        Whoever was interrupted, which `pending` tells, may ask again.
        """
        taken, self.pending = self.pending and self._is_done(board), True
        try:
            while not taken:
                answered(self._says, self._poll, until, self.alive, asks)
                taken = self._is_done(board)  # else it was a byte that somebody who was interrupted has left
        except Ended:
            self.pending = False
            raise self._lost(what) from None
        says, told = board.says[self.number], []
        if says == TOLD:
            told = list(from_bytes(board.told[self.number]))
        elif says == LEFT and self._playing is not None:
            told = list(from_value(self._left(self._playing, what)))
        self.pending = False
        return told

    def _is_done(self, board: Board) -> bool:
        return bool(board.done[self.number] == board.turn[0])

    def _left(self, playing: Promise, what: str) -> Any:
        try:
            return self.told(playing, what)
        finally:
            if playing.done():
                self._playing, self.pending = None, False

    def told(self, promise: Promise, what: str = "") -> Any:
        """A promise's result; an error of an environment says which, one of a turn `what` it was for. Raises
        OutcomeUnknown.
        """
        try:
            return promise.result()
        except (OutcomeUnknown, WorkerCrashed) as error:
            raise self._about(error, what) from None
        except Exception as error:
            index = getattr(error, "environment", None)
            if isinstance(error, RemoteError):  # of a class that is not here
                index = error.environment = error.attributes.get("environment")  # type: ignore[attr-defined]
            if index is not None and hasattr(error, "add_note"):  # from Python 3.11 on
                error.add_note(f"raised by environment {index}")
            raise

    def leave(self) -> None:
        """Lets it listen to calls again."""
        if self._playing is not None:
            playing, self._playing = self._playing, None
            with suppress(BrokenPipeError):
                os.write(self._commands, STOP)
            self.told(playing)

    def _lost(self, what: str) -> BaseException:
        playing, self._playing = self._playing, None
        try:
            if playing is not None:
                playing.result()
        except (OutcomeUnknown, WorkerCrashed) as error:
            return self._about(error, what)
        except Exception as error:
            return error
        return OutcomeUnknown(f"{named(self.indexes)}: the worker closed its pipe during {what}")

    def _about(self, error: BaseException, what: str) -> BaseException:
        text = str(error).replace("during play, an effect", f"during {what}")
        return type(error)(f"{named(self.indexes)}: {text}")

    def alive(self) -> bool:
        """Whether its process runs."""
        running = self.worker._running
        return running is not None and runs(running.process)

    def can_be_asked(self) -> bool:
        """Whether it runs, and nobody was interrupted in the middle of what was said to it or by it."""
        running = self.worker._running
        return self.alive() and running is not None and not running.link.broken

    def ask_to_end(self) -> None:
        """Closes what it listens to."""
        self._closing()
        if self.worker._running is not None:
            self.worker._running.link.close()

    def close(self, grace_s: float) -> None:
        """Ends it."""
        self.ask_to_end()
        self.worker.close(grace_s)


def named(indexes: Sequence[int]) -> str:
    """Environments by their numbers, in words."""
    listed = ", ".join(map(str, indexes))
    return f"environment {listed}" if len(indexes) == 1 else f"environments {listed}"


def results_of(promises: Sequence[Callable[[], Any]]) -> List[Any]:
    """What each gives; an error is raised when all are through, so that no answer is left unread."""
    found, error = [], None
    for promise in promises:
        try:
            found.append(promise())
        except Exception as raised:
            error = error or raised
    if error is not None:
        raise error
    return found


def _pipes(what: str) -> Tuple[int, ...]:
    """The ends of two. Raises WorkerFailedToStart."""
    made: List[int] = []
    try:
        with above_standard():
            for _ in range(2):
                made.extend(os.pipe())
    except OSError as error:
        _close(*made)
        raise not_started(what, error) from None
    return tuple(made)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
