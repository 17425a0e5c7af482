"""The one Habitat engine of a process, and the one thread that may use it.

Two engines alive in one process share a GL context: closing the first aborts. Drawing from another thread
aborts, and from a forked child hangs. So there is one place for an engine, it is emptied before another one is
put there, and whoever comes from elsewhere is refused before anything native is touched.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from typing import Any, Callable, Iterator, Optional

import attr
import attrs

from droidlet_simulators.errors import SimulatorError


@attrs.define
class Slot:
    """Holds an engine, which has a `close()`; or none."""

    engine: Optional[Any] = None
    _thread: int = 0
    _process: int = 0
    _lock: Any = attrs.field(factory=threading.Lock, repr=False, eq=False)
    _keeper: Optional[_Keeper] = None

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """For as long as the engine is used. Raises SimulatorError in another thread or process."""
        if not self._lock.acquire(blocking=False):
            raise SimulatorError(
                "Habitat is at work already: call it from one thread, and not from within itself"
            )
        try:
            self._check_here()
            with validating():
                yield
        finally:
            self._lock.release()

    def _check_here(self) -> None:
        if self.engine is None:
            return
        if os.getpid() != self._process:
            raise SimulatorError(
                f"Habitat was started in process {self._process}, and this is a fork of it, in which drawing "
                "hangs: fork before the first reset, or start workers by spawning"
            )
        if threading.get_ident() != self._thread:
            raise SimulatorError(
                f"Habitat was started in thread {self._thread} and this is {threading.get_ident()}: drawing from "
                "here would end the process; call it from the thread that called it first, or close it there"
            )

    def put(self, make: Callable[[], Any]) -> Any:
        """A new engine, made when the one before is closed."""
        self._empty()
        engine = make()
        self.engine, self._thread, self._process = engine, threading.get_ident(), os.getpid()
        if threading.current_thread() is threading.main_thread():
            atexit.register(self.leave)
        else:
            self._keeper = _Keeper(engine)
        return engine

    def drop(self) -> None:
        """Closes the engine; for whoever has the turn."""
        self._empty()

    def close(self) -> None:
        """Closes the engine; a second time does nothing. Raises SimulatorError in another thread."""
        with self.turn():
            self._empty()

    def leave(self) -> None:
        """Closes the engine at the end of the process, if it is this process's own and this thread's."""
        mine = os.getpid() == self._process and threading.get_ident() == self._thread
        if self.engine is not None and mine:
            self._empty()

    def _empty(self) -> None:
        engine, self.engine = self.engine, None
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.let_go()
        if engine is not None:
            atexit.unregister(self.leave)
            engine.close()


class _Keeper:
    """Keeps an engine alive to the end of a process whose main thread may not take it apart."""

    def __init__(self, engine: Any) -> None:
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(engine,), daemon=True)
        self._thread.start()

    def _hold(self, engine: Any) -> None:
        self._done.wait()
        del engine

    def let_go(self) -> None:
        """The caller's reference is the last one again."""
        self._done.set()
        self._thread.join()


@contextlib.contextmanager
def validating() -> Iterator[None]:
    """Habitat switches the checks of all attrs classes off and on again; here they are as they were."""
    before = attr.get_run_validators()
    try:
        yield
    finally:
        attr.set_run_validators(before)


SLOT = Slot()
