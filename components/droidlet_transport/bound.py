"""What belongs to the process that made it."""

from __future__ import annotations

from typing import Any


class Bound:
    """Holds a process or a connection: there is no second one of it, neither copied nor pickled."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Raises TypeError."""
        raise TypeError(
            f"{type(self).__name__} holds a process or a connection, which can be neither copied nor pickled: make "
            "one where it is used"
        )
