"""One environment in a process of its own, maybe of another Python; calls look as if it were here."""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable, Dict, Mapping, Optional

from droidlet_transport.asking import unanswered
from droidlet_transport.bound import Bound
from droidlet_transport.environments import factory_of
from droidlet_transport.errors import CannotTravel, Closed
from droidlet_transport.faces.answers import HOST, Answer, NoSuchHere, told_of
from droidlet_transport.lent import lent_for
from droidlet_transport.parts import DEADLINE_S, LATE_S
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.promises import died
from droidlet_transport.specs import Tree
from droidlet_transport.values import retold, unfit
from droidlet_transport.workers import START_S, Worker


class ProcessEnvironment(Bound):
    """Anything with a state, typically with `reset` and `step`, in a process of its own.

    `factory` is "module:name" or "file.py:name", called there with `options`; `python` may be another interpreter,
    which needs numpy, attrs and msgspec. Values come as they went: dicts, lists, tuples, NumPy's numbers, arrays that
    can be written to. Errors come with class, text and `remote_traceback`. Calls are carried out in the order of
    asking, once; each may take `deadline_s`, counted from the asking (DeadlineExceeded).

    An attribute that is set is set there; private names stay here. When the process dies, the call under way raises
    OutcomeUnknown, and every later one WorkerCrashed; `reset` begins in a new process, with the attributes that were
    set. So it does where a call that missed its deadline still has no answer a second later: that process is ended.
    """

    def __init__(
        self,
        factory: str,
        options: Optional[Mapping[str, Any]] = None,
        *,
        python: str = sys.executable,
        lent: Optional[Mapping[str, str]] = None,
        deadline_s: Optional[float] = DEADLINE_S,
        start_s: float = START_S,
    ) -> None:
        self._factory, given = factory_of((factory, dict(options or {})))
        if lent is None and python != sys.executable:
            lent = lent_for(factory)
        made = {"factory": factory, "options": given}
        self._new = functools.partial(
            Worker, HOST, made, python=python, lent=lent, effects=True, start_s=start_s, again=False
        )
        self._deadline_s, self._closed = deadline_s, False
        self._assigned: Dict[str, Any] = {}
        self._renewed = False  # there is a process that does not have them yet
        self._worker = self._new()

    def start(self, wait: bool = True) -> ProcessEnvironment:
        """Starts the process now rather than at the first call; gives itself. Raises WorkerFailedToStart."""
        with told_of(self._factory, "start", "start"):
            self._worker.begin()
            if wait:
                self._worker.served()
        return self

    @property
    def pid(self) -> Optional[int]:
        """The process id, None before the start."""
        return self._worker.pid

    def call(self, name: str, *arguments: Any, **options: Any) -> Answer:
        """Asks a method and does not wait: the answer is for `result()`, and they may be taken in any order."""
        try:
            sent = to_value(arguments, "arguments"), to_value(options, "options")
            return self._ask("ask", name, *sent, told=name)
        except CannotTravel as error:
            raise retold(error, name, arguments, options, to_value) from None

    def step(self, action: Any, blocking: bool = True) -> Any:
        """The environment's step; not blocking, an Answer."""
        answer = self.call("step", action)
        return answer.result() if blocking else answer

    def reset(self, *arguments: Any, blocking: bool = True, **options: Any) -> Any:
        """The environment's reset; not blocking, an Answer. In a new process where the last one died, or hangs."""
        if not self._closed and (unanswered(self._worker, LATE_S) or died(self._worker)):
            self._worker.close(0.0)
            self._worker, self._renewed = self._new(), True
        if self._renewed:
            for name, value in self._assigned.items():
                self._ask("put", name, to_value(value)).result()
            self._renewed = False
        answer = self.call("reset", *arguments, **options)
        return answer.result() if blocking else answer

    def specs(self) -> Tree:
        """{"observation": ..., "action": ...}, each a tree of ArraySpec. Raises SpecError where it has none."""
        return self._ask("specs").result()

    def _ask(self, name: str, *arguments: Any, told: str = "") -> Answer:
        if self._closed:
            raise Closed("the environment was closed")
        asked = self._worker.start(name, *arguments, deadline_s=self._deadline_s)
        return Answer(asked, self._factory, told or name)

    def __getattr__(self, name: str) -> Any:
        """The environment's method, or its value as it is now. Raises AttributeError, and the process goes on."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            method, value = self._ask("look", name, told=name).result()
        except CannotTravel as error:
            raise NoSuchHere(str(error)) from None
        return self._method(name) if method else value

    def __setattr__(self, name: str, value: Any) -> None:
        """Sets the environment's attribute. Raises AttributeError for what this class has, CannotTravel."""
        if name.startswith("_"):
            return super().__setattr__(name, value)
        if hasattr(type(self), name):
            raise AttributeError(f"{name} is {type(self).__name__}'s own, which cannot be set")
        made = from_value(to_value(value, name))  # as it is now
        try:
            self._ask("put", name, to_value(made)).result()
        except CannotTravel as error:
            path, why = unfit(made, to_value) or ("", str(error))
            raise CannotTravel(f"{name}{path} cannot travel: {why}") from None
        self._assigned.pop(name, None)  # the latest is the last
        self._assigned[name] = made
        return None

    def _method(self, name: str) -> Callable[..., Any]:
        return lambda *arguments, **options: self.call(name, *arguments, **options).result()

    def close(self) -> None:
        """Closes the environment and ends its process, killing it if need be; closing again does nothing."""
        self._closed = True
        self._worker.close()

    def __enter__(self) -> ProcessEnvironment:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()
