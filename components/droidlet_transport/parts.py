"""A part that lives elsewhere, used as if it were here."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Protocol, Tuple

from droidlet_transport.errors import CannotTravel
from droidlet_transport.serving import VALUE
from droidlet_transport.values import retold

DEADLINE_S = 60.0  # for one call, where nothing else is said
LATE_S = 1.0  # more, for an environment that has missed a deadline, before it is ended


class Caller(Protocol):
    """What carries calls: a Worker, or a Client."""

    def call(
        self,
        name: str,
        *arguments: Any,
        deadline_s: Optional[float] = None,
        keywords: Optional[Mapping[str, Any]] = None,
    ) -> Any:
        """What the function of that name returns; `keywords` are its arguments by name."""
        ...

    def served(self) -> Mapping[str, str]:
        """The names that are served."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


class Part:
    """Stands for a component, a simulator or a function behind a caller: its call, methods and values are the part's.

    Values of a pure part, such as a simulator's `spec`, are asked for once. `deadline_s` holds for each call; None: no
    matter how long it takes.
    """

    def __init__(self, caller: Caller, deadline_s: Optional[float] = DEADLINE_S) -> None:
        self._caller, self._deadline_s = caller, deadline_s

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """The part's own call. Raises what it raises, and TransportError."""
        if keywords:
            return _by_name(self._caller, "__call__", arguments, keywords, self._deadline_s)
        return self._caller.call("__call__", *arguments, deadline_s=self._deadline_s)

    def __getattr__(self, name: str) -> Any:
        """The part's method or value of that name. Raises AttributeError where it has none."""
        if name.startswith("_"):
            raise AttributeError(name)
        served = self._caller.served()
        found: Any
        if name in served:
            found = _method(self._caller, name, self._deadline_s)
        else:
            found = self._caller.call(VALUE, name, deadline_s=self._deadline_s)
            if served.get(VALUE) != "pure":  # it may be another one by the next time
                return found
        vars(self)[name] = found  # so that it is not looked for again
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        """Raises AttributeError: the part itself would not change, since it is not here."""
        if not name.startswith("_"):
            raise AttributeError(
                f"{name} cannot be set: the part is elsewhere; give it to its factory as an option"
            )
        super().__setattr__(name, value)

    def close(self) -> None:
        """Lets go of the part; a worker of its own ends."""
        self._caller.close()

    def __enter__(self) -> Part:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


def _method(caller: Caller, name: str, deadline_s: Optional[float]) -> Callable[..., Any]:
    def method(*arguments: Any, **keywords: Any) -> Any:
        if keywords:
            return _by_name(caller, name, arguments, keywords, deadline_s)
        return caller.call(
            name, *arguments, deadline_s=deadline_s
        )  # as it is now: Chaos may have come meanwhile

    method.__name__ = name
    return method


def _by_name(
    caller: Caller,
    name: str,
    arguments: Tuple[Any, ...],
    keywords: Mapping[str, Any],
    deadline_s: Optional[float],
) -> Any:
    try:
        return caller.call(name, *arguments, deadline_s=deadline_s, keywords=keywords)
    except CannotTravel as error:
        raise retold(error, name, arguments, keywords) from None
