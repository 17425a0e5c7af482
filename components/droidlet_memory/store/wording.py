"""SQLite's errors in this package's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import DatabaseError, IntegrityError, OperationalError

from droidlet_memory.errors import Damaged, StoreBusy, StoreUnreadable, StoreUnwritable

BROKEN = (DatabaseError, Damaged, UnicodeDecodeError)
"""What comes of files that are not as they should be."""


@contextmanager
def explained(path: str) -> Iterator[None]:
    """SQLite's errors in this package's words."""
    try:
        yield
    except BROKEN as error:
        raise worded(path, error) from error


def worded(path: str, error: Exception) -> Exception:
    """One of SQLite's errors in this package's words."""
    if isinstance(error, IntegrityError):
        return StoreBusy(f"{path}: somebody else wrote to this file meanwhile ({error}); nothing was written")
    if isinstance(error, OperationalError):
        return _worded(path, error)
    return damaged(path, str(error))


def damaged(path: str, what: str) -> StoreUnreadable:
    """What to raise for a damaged file: one line, whatever SQLite has to say."""
    return StoreUnreadable(f"{path} is damaged ({' '.join(what.split())})")


def _worded(path: str, error: OperationalError) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return StoreUnwritable(f"{path}: no space left on the disk; nothing was written")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreUnwritable(f"{path} cannot be written to ({error}): is the file or its folder read-only?")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(f"{path}: another process writes to this file")
    if name.startswith("SQLITE_IOERR"):
        return StoreUnwritable(f"{path}: reading or writing failed ({error}): is the disk full or gone?")
    return StoreUnreadable(f"{path} cannot be read as a memory ({' '.join(str(error).split())})")
