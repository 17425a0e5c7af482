"""Ways to a file: its name, SQLite's connection to it, and the lock that lets one process write."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from sqlite3 import Connection, OperationalError

from droidlet_memory.errors import StoreBusy, StoreError, StoreUnreadable, StoreUnwritable
from droidlet_memory.mentioning import plain
from droidlet_memory.store.paths import IN_MEMORY, Path

STATEMENTS = 512  # prepared ones kept by a connection
WAIT_S = 5.0  # for another process that is in the middle of something
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
SHUT = ("SQLITE_CANTOPEN", "SQLITE_READONLY")


def resolved(path: Path) -> str:
    """An absolute path without links; ":memory:" as it is. Raises StoreError for what is no path."""
    try:
        name = os.fspath(path)
    except TypeError:
        name = ""
    if not isinstance(name, str) or not name or "\0" in name:
        raise StoreError(f'a memory is opened at ":memory:" or the path of a file, got {path!r:.80}')
    return name if name == IN_MEMORY else os.path.realpath(name)


def connected(path: str, read_only: bool = False) -> Connection:
    """A connection to a file, made where there is none and it may be written. Raises StoreError."""
    if path == IN_MEMORY:
        return _connect(path)
    address = _address(path)
    try:
        if not read_only:
            return _connect(address + "?mode=rwc")
        made = _connect(address + "?mode=ro")
        try:
            made.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except OperationalError as error:
            made.close()
            if _says(error, SHUT) and not os.path.exists(path + "-wal"):
                return _connect(address + "?mode=ro&immutable=1")  # in a folder where nobody can write
            raise
        except sqlite3.DatabaseError:
            pass  # what is wrong with the file is told where it is looked into
        return made
    except OperationalError as error:
        raise _shut(path, read_only) from error


def tidied(path: str) -> None:
    """Has SQLite take away the empty files that a connection for reading had to leave beside a file: it does so
    where somebody who may write is the last to close it.
    """
    with suppress(OSError, sqlite3.Error):
        if not os.path.getsize(path + "-wal") and os.access(path, os.W_OK):
            last = _connect(_address(path) + "?mode=rw")
            try:
                last.execute("SELECT count(*) FROM sqlite_master").fetchone()
            finally:
                last.close()


def _address(path: str) -> str:
    return "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _connect(address: str) -> Connection:
    made = sqlite3.connect(
        address,
        uri=address != IN_MEMORY,
        timeout=WAIT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    made.create_function("plain_words", 1, plain, deterministic=True)
    return made


def _says(error: OperationalError, names: tuple[str, ...]) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(names)


def _shut(path: str, read_only: bool) -> StoreError:
    """Why a file cannot be opened."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return StoreUnwritable(f"{path}: there is no folder {folder}")
    if os.path.isdir(path):
        return StoreUnreadable(f"{path} is a folder, not the file of a memory")
    if read_only:
        return StoreUnreadable(f"{path} cannot be read: have you the right to?")
    advice = "; read_only=True opens it for reading" if os.path.exists(path) else ""
    return StoreUnwritable(f"{path} cannot be written to: its file or folder is read-only{advice}")


class Lock:
    """Keeps other writers off a file until it is released, or its process ends in whatever way: SQLite's own
    lock on an empty file beside it.
    """

    def __init__(self, path: str) -> None:
        """Raises StoreBusy where another process has it, StoreUnwritable where nothing can be written."""
        self._path = path + "-writer"
        if os.path.isdir(path) or (os.path.exists(path) and not os.access(path, os.W_OK)):
            raise _shut(path, False)
        try:
            while not self._taken():
                self._connection.close()
        except OperationalError as error:
            if _says(error, BUSY):
                raise StoreBusy(
                    f"another process writes to {path}: open it with read_only=True to read along"
                ) from error
            raise _shut(path, False) from error
        except OSError as error:
            raise _shut(path, False) from error

    def _taken(self) -> bool:
        """Whether the file that is locked is the one that is there: its owner removes it in the end."""
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o666))
        before = self._inode()
        self._connection = sqlite3.connect(
            self._path, timeout=0.0, isolation_level=None, check_same_thread=False
        )
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except OperationalError:
            self._connection.close()
            raise
        return before is not None and before == self._inode()

    def _inode(self) -> int | None:
        with suppress(FileNotFoundError):
            return os.stat(self._path).st_ino
        return None

    def release(self) -> None:
        """Lets others write; the file goes first, while it is still ours."""
        with suppress(OSError):
            os.remove(self._path)
        self._connection.close()
