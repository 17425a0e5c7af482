"""Callers of parts that are in a thread, or made by a far end as they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any

from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    WorkerFailedToStart,
    table_of,
)
from droidlet_transport.loading import load_factory
from droidlet_transport.parts import DEADLINE_S
from droidlet_transport.service import Client
from droidlet_transport.serving import Served
from droidlet_transport.spawning import GRACE_S
from droidlet_transport.values import retold
from droidlet_transport.workers import START_S
from droidlet_transport.working import describe


class Made:
    """A part that a far end makes of a factory's name and options."""

    def __init__(self, client: Client, factory: str, options: Mapping[str, Any]) -> None:
        from droidlet_style.runtime_config import canonical

        self._client, self._tree = client, canonical({"_target_": factory, **options})
        self._served: Mapping[str, str] | None = None

    def call(
        self,
        name: str,
        *arguments: Any,
        deadline_s: float | None = None,
        keywords: Mapping[str, Any] | None = None,
    ) -> Any:
        """What the function of that name returns."""
        asked = (self._tree, name, *arguments)
        try:
            return self._client.call("ask", *asked, deadline_s=deadline_s, keywords=keywords)
        except CannotTravel as error:
            raise retold(error, name, arguments, keywords) from None

    def served(self) -> Mapping[str, str]:
        """The names that the part has; asked once."""
        if self._served is None:
            self._served = self._client.call("names", self._tree)
        return self._served

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()


class _Task:
    """One thing to do in the thread, and how it ended."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self.do = do
        self.given_up = False
        self.ended = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """For the thread."""
        try:
            self.result = self.do()
        except BaseException as error:  # it is the caller's
            self.error = error
        self.ended.set()

    def outcome(self) -> Any:
        """What came of it, or raises that."""
        if self.error is None:
            return self.result
        try:
            raise self.error
        finally:
            self.error = None  # a traceback that holds what it is held by lives long


class InThread:
    """Makes a part in a thread of its own, and calls it there only: some libraries ask for that.

    Raises what the factory raises, WorkerFailedToStart where it takes too long.
    """

    def __init__(self, factory: str, options: dict[str, Any], *, effects: bool = False) -> None:
        self._factory, self._closed = factory, False
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        # a daemon: a part that hangs does not keep the program from ending
        self._thread = threading.Thread(target=self._work, name=factory, daemon=True)
        self._thread.start()
        try:
            part = self._do(lambda: load_factory(factory)(**options), START_S)
        except _Late:
            self.close(0.0)
            raise WorkerFailedToStart(f"{factory} was not ready after {START_S:g} s") from None
        except BaseException:
            self.close()
            raise
        self._table: dict[str, Served] = table_of(part, effects=effects)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            if not task.given_up:
                task.run()

    def call(
        self,
        name: str,
        *arguments: Any,
        deadline_s: float | None = DEADLINE_S,
        keywords: Mapping[str, Any] | None = None,
    ) -> Any:
        """What the function of that name returns. Raises NotServed, DeadlineExceeded, Closed, and what it raises.

        A call that takes too long goes on, and the next one waits for its end: no thread can be ended.
        """
        served = self._table.get(name)
        if served is None:
            raise NotServed(
                f"{self._factory} does not serve {name!r}; it serves {', '.join(sorted(self._table))}"
            )
        function = served.function
        try:
            return self._do(lambda: function(*arguments, **(keywords or {})), deadline_s)
        except _Late:
            raise DeadlineExceeded(
                f"{name} of {self._factory} did not answer within {deadline_s} s, in its thread"
            ) from None

    def _do(self, do: Callable[[], Any], deadline_s: float | None) -> Any:
        if self._closed:
            raise Closed(f"the thread of {self._factory} was closed")
        task = _Task(do)
        self._tasks.put(task)
        if not task.ended.wait(deadline_s):
            task.given_up = True
            raise _Late()
        return task.outcome()

    def served(self) -> Mapping[str, str]:
        """The names that the part has."""
        return describe(self._table)

    def close(self, grace_s: float = GRACE_S) -> None:
        """Waits for the call in progress, but no longer than `grace_s`; the thread ends when that call does."""
        self._closed = True
        self._tasks.put(None)
        self._thread.join(grace_s)


class _Late(Exception):
    """A task that took longer than it may."""
