"""What a run leaves of its agent's memory: a file beside the pictures, for `droidlet memory DIR`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from droidlet_style.finding import first

NAME = "memory.db"


@runtime_checkable
class Saved(Protocol):
    """What can write itself to a new file; a memory does. One that is in a file already says in which: `path`."""

    def save(self, path: Path) -> None:
        """Writes the file, whole or not at all; raises where one is there."""


def left(folder: Path) -> tuple[str, ...]:
    """The files that an earlier run left in a folder, as its summary names them."""
    try:
        files = json.loads((folder / "summary.json").read_bytes())["files"]
        return tuple(name for name in files if isinstance(name, str))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ()


def keep_memory(state: Any, folder: Path, earlier: tuple[str, ...], note: Callable[[str], None]) -> bool:
    """Saves the first value of a state that can be, unless it is in a file of its own. Whether the folder now
    holds the memory of this run; that of an earlier run is removed, for it would be taken for this one's.
    """
    path = folder / NAME
    try:
        memory = first(state, Saved)  # type: ignore[type-abstract]
        own = getattr(memory, "path", None)
        if own is not None and path.exists() and os.path.samefile(own, path):
            return True
        if NAME in earlier:
            path.unlink(missing_ok=True)
        if memory is None or own is not None:
            return False
        memory.save(path)
    except Exception as error:  # a memory to look at is never worth a run
        note(f"{NAME} could not be written: {type(error).__name__}: {error}")
        return False
    return True
