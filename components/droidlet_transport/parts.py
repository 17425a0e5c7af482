"""A part that lives elsewhere, used as if it were here."""

from __future__ import annotations

import functools
from typing import Any, Mapping, Optional, Protocol

from droidlet_transport.serving import VALUE


class Caller(Protocol):
    """What carries calls: a Worker, or a Client."""

    def call(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> Any:
        """What the function of that name returns."""
        ...

    def served(self) -> Mapping[str, str]:
        """The names that are served."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


class Part:
    """Stands for a component, a simulator or a function behind a caller: its call, methods and values are the part's.

    Values, such as a simulator's `spec`, are asked for once. `deadline_s` holds for each call.
    """

    def __init__(self, caller: Caller, deadline_s: Optional[float] = None) -> None:
        self._caller, self._deadline_s = caller, deadline_s

    def __call__(self, *arguments: Any) -> Any:
        """The part's own call. Raises what it raises, and TransportError."""
        return self._caller.call("__call__", *arguments, deadline_s=self._deadline_s)

    def __getattr__(self, name: str) -> Any:
        """The part's method or value of that name. Raises AttributeError where it has none."""
        if name.startswith("_"):
            raise AttributeError(name)
        found: Any
        if name in self._caller.served():
            found = functools.partial(self._caller.call, name, deadline_s=self._deadline_s)
        else:
            found = self._caller.call(VALUE, name, deadline_s=self._deadline_s)
        vars(self)[name] = found  # so that it is not looked for again
        return found

    def close(self) -> None:
        """Lets go of the part; a worker of its own ends."""
        self._caller.close()

    def __enter__(self) -> Part:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()
