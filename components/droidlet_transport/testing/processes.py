"""Trouble for a worker: its process is killed or stopped, its link delayed, garbled or cut, at the calls you say."""

from __future__ import annotations

import functools
import os
import signal
import socket
import threading
import time
from typing import Any, Callable, List, Optional, Tuple

from droidlet_schema import Key
from droidlet_transport.spawning import Process
from droidlet_transport.testing.cues import Cue, of_number
from droidlet_transport.testing.finding import worker_in
from droidlet_transport.testing.garbling import Garble, made
from droidlet_transport.testing.wires import Cut, Wire
from droidlet_transport.workers import Worker

HELD_S = 0.02  # for which a worker that is to die is held, so that it dies with the request unanswered
TO_WORKER, TO_CALLER = "worker", "caller"
Act = Callable[[int, Process], None]
Change = Callable[[bytes], bytes]


class Chaos:
    """Makes trouble at calls of a worker: one by itself, or that of a part, a simulator, an environment or a runtime.
    Calls are counted from 1 since it was made; a call that is sent again to another worker counts once, and is left
    alone then. In a batch of environments it is the worker of that `number`, and its turns are counted (the link has
    only what is asked between them). Where an environment's worker is replaced, so is it here.

    Several things may happen at one call. On close, the worker is left alone again.

    Raises TypeError for what has no worker, ValueError for a number that is none of the batch's.
    """

    def __init__(self, worker: Any, number: Optional[int] = None) -> None:
        found, owner, maker = worker_in(worker, number)
        self.calls = 0
        self.done = 0  # how often trouble was made
        self._troubles: List[Tuple[Cue, Act]] = []
        self._wire: Optional[_Tapped] = None
        self._timers: List[threading.Timer] = []
        self._changed: List[Tuple[Any, str, Any]] = []  # of whom, which attribute, what it was
        self._follow(found)
        if owner is not None:
            make, index = getattr(owner, maker), getattr(found, "number", None)
            self._change(owner, maker, lambda *which: self._again(make(*which), index))

    def _follow(self, found: Any) -> None:
        self.worker: Worker = found if isinstance(found, Worker) else found.worker
        for name in ("call", "start") if found is self.worker else ("wake",):
            self._change(found, name, self._disturbed(getattr(found, name)))

    def _again(self, made: Any, index: Optional[int]) -> Any:
        """What takes the place of another, watched like it if that was ours."""
        if getattr(made, "number", None) == index:
            self._follow(made)
        return made

    def _change(self, owner: Any, name: str, by: Any) -> None:
        self._changed.append((owner, name, vars(owner).get(name)))
        vars(owner)[name] = by

    def kill(self, cue: Cue, number: int = signal.SIGKILL) -> None:
        """The worker dies by this signal, with the request of the call unanswered."""

        def act(call: int, process: Process) -> None:
            process.process.send_signal(signal.SIGSTOP)
            self._later(HELD_S, lambda: _die(process, number))

        self._troubles.append((cue, act))

    def pause(self, cue: Cue, seconds: float) -> None:
        """The worker is stopped before it sees the request, and goes on after so many seconds, if it still lives."""

        def act(call: int, process: Process) -> None:
            process.process.send_signal(signal.SIGSTOP)
            self._later(seconds, lambda: process.process.send_signal(signal.SIGCONT))

        self._troubles.append((cue, act))

    def slow(self, cue: Cue, seconds: float, *, towards: str = TO_WORKER) -> None:
        """What next goes this way over the link ("worker" or "caller") takes so many seconds longer."""

        def delay(data: bytes) -> bytes:
            time.sleep(seconds)
            return data

        self._on_link(cue, towards, lambda call: delay)

    def garble(self, cue: Cue, how: Garble, key: Key, *, towards: str = TO_WORKER) -> None:
        """What next goes this way over the link arrives changed."""
        way = made(how)
        self._on_link(cue, towards, lambda call: lambda data: way(data, of_number(key, call)))

    def cut(self, cue: Cue, *, towards: str = TO_WORKER) -> None:
        """The link ends in the middle of what next goes this way."""

        def end(data: bytes) -> bytes:
            raise Cut(data[: len(data) // 2])

        self._on_link(cue, towards, lambda call: end)

    def close(self) -> None:
        """Makes no more trouble; what was stopped goes on. Closing again does nothing."""
        self._troubles.clear()
        for owner, name, before in reversed(self._changed):
            vars(owner).pop(name)
            vars(owner).update({} if before is None else {name: before})
        self._changed.clear()
        for timer in self._timers:
            timer.cancel()
            timer.join()
            timer.function()  # doing it twice does no more
        if self._wire is not None:
            self._wire.leave_alone()

    def __enter__(self) -> Chaos:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()

    def _disturbed(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(ask)
        def asked(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            due = [act for cue, act in self._troubles if cue(self.calls)]
            if due:
                process = self.worker._process()
                for act in due:
                    self.done += 1
                    act(self.calls, process)
            return ask(*arguments, **options)

        return asked

    def _on_link(self, cue: Cue, towards: str, make: Callable[[int], Change]) -> None:
        if towards not in (TO_WORKER, TO_CALLER):
            raise ValueError(f"towards is {towards!r}: write {TO_WORKER!r} or {TO_CALLER!r}")

        def act(call: int, process: Process) -> None:
            if self._wire is None or self._wire.process is not process:
                self._wire = _Tapped(process)
            self._wire.next[towards].append(make(call))

        self._troubles.append((cue, act))

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        self._timers = [timer for timer in self._timers if timer.is_alive()]
        timer = threading.Timer(seconds, do)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()


class _Tapped:
    """The link of one worker with a wire in its middle; the link itself does not notice."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.next: dict[str, List[Change]] = {TO_WORKER: [], TO_CALLER: []}
        stream = process.link.stream
        to_worker = stream.dup()
        ours, near = socket.socketpair()
        os.dup2(ours.fileno(), stream.fileno(), inheritable=False)
        ours.close()
        self._wire = Wire(near, to_worker)
        self._wire.start(lambda data: self._pass(TO_WORKER, data), lambda data: self._pass(TO_CALLER, data))

    def _pass(self, towards: str, data: bytes) -> List[bytes]:
        """What becomes of a chunk of bytes: each trouble is for one chunk."""
        waiting = self.next[towards]
        while waiting:
            data = waiting.pop(0)(data)
        return [data]

    def leave_alone(self) -> None:
        """Passes everything on from now on; the wire ends with its worker."""
        for waiting in self.next.values():
            waiting.clear()


def _die(process: Process, number: int) -> None:
    process.process.send_signal(number)
    process.process.send_signal(signal.SIGCONT)  # only SIGKILL needs none
