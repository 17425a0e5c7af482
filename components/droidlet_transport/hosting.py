"""The worker's half of one environment, or of any object with a state: calls of its methods, looks at its values."""

from __future__ import annotations

import atexit
from typing import Any, Tuple

from droidlet_transport.environments import spec_of
from droidlet_transport.loading import load
from droidlet_transport.plain import from_value, to_value


class Host:
    """Holds what the factory makes; `options` are a tree as `plain` has it."""

    def __init__(self, factory: str, options: Any) -> None:
        self._held = load(factory)(**from_value(options))
        atexit.register(self._close)

    def ask(self, name: str, arguments: Any, options: Any) -> Any:
        """What a method returns."""
        return to_value(
            getattr(self._held, name)(*from_value(arguments), **from_value(options)), f"what {name} gave"
        )

    def look(self, name: str) -> Tuple[bool, Any]:
        """Whether an attribute is a method, else its value. Raises AttributeError where there is none."""
        found = getattr(self._held, name)
        return (True, None) if callable(found) else (False, to_value(found, name))

    def put(self, name: str, value: Any) -> None:
        """Sets an attribute."""
        setattr(self._held, name, from_value(value))

    def specs(self) -> Any:
        """What is observed and what is taken."""
        return to_value({what: spec_of(self._held, what) for what in ("observation", "action")})

    def _close(self) -> None:
        close = getattr(self._held, "close", None)
        if close is not None:
            close()
