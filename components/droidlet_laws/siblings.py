"""What lies beside a file can be imported by it, as it can from a script."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Iterator


@contextmanager
def importable(*names: Any) -> Iterator[None]:
    """Lets the files among these names ("file.py:name") import their neighbours; their folders come last on
    the path, so that they hide nothing.
    """
    added = []
    for name in names:
        folder = folder_of(name) if isinstance(name, str) else ""
        if folder and folder not in sys.path:
            sys.path.append(folder)
            added.append(folder)
    try:
        yield
    finally:
        for folder in added:
            with suppress(ValueError):  # the component took it away
                sys.path.remove(folder)


def folder_of(name: str) -> str:
    """The folder of "file.py:name" or "file.py"; "" for other names."""
    where = name.rpartition(":")[0] if ":" in name else name
    file = Path(where).expanduser()
    return str(file.resolve().parent) if where.endswith(".py") and file.is_file() else ""
