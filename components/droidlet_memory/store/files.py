"""New files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from droidlet_memory.errors import StoreUnreadable, StoreUnwritable

LEFT = ("-journal", "-wal", "-shm")
BESIDE = ("", *LEFT, "-writer")


@contextmanager
def arriving(path: str) -> Iterator[str]:
    """The name of a file to write; it gets its own name when all of it is on the disk, and is gone where that
    is not reached. Raises StoreUnwritable where there is a file of that name.
    """
    if os.path.exists(path):
        raise StoreUnwritable(f"{path} is there already: remove it first, or choose another name")
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise StoreUnwritable(f"{path}: there is no folder {folder}")
    part = f"{path}-part-{os.getpid()}"
    remove(part)
    try:
        yield part
        synced(part)
        remove_beside(path)
        os.replace(part, path)
        synced(folder)
    except OSError as error:
        raise StoreUnwritable(f"{path} cannot be written ({error.strerror or error})") from error
    finally:
        remove(part)


def put_in_place(part: str, path: str, like: str) -> None:
    """Gives a file that is all there its name, in place of what had it, and the rights that another has; on
    the disk when this returns. Raises OSError.
    """
    os.chmod(part, stat.S_IMODE(os.stat(like).st_mode))
    synced(part)
    os.replace(part, path)
    synced(os.path.dirname(path))


def names_for(path: str) -> Iterator[tuple[str, bool]]:
    """A name, and the same with numbers behind, each with whether there is such a file."""
    number = 1
    while True:
        name = path if number == 1 else f"{path}.{number}"
        yield name, os.path.exists(name)
        number += 1


def synced(path: str) -> None:
    """Waits until a file, or a folder's list of files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_beside(path: str) -> None:
    """Removes what a file that is no more left behind: SQLite would take it for the next file's."""
    for suffix in LEFT:
        with suppress(FileNotFoundError):
            os.remove(path + suffix)


def remove(path: str) -> None:
    """Removes a store's file with what lies beside it, as far as it is there."""
    for suffix in BESIDE:
        with suppress(FileNotFoundError):
            os.remove(path + suffix)


def identity(path: str) -> tuple[int, int] | None:
    """Which file has this name now; None where there is none."""
    with suppress(OSError):
        found = os.stat(path)
        return found.st_dev, found.st_ino
    return None


def beginning(path: str, count: int) -> bytes:
    """The first bytes of a file. Raises StoreUnreadable."""
    try:
        with open(path, "rb") as file:
            return file.read(count)
    except OSError as error:
        raise StoreUnreadable(f"{path} cannot be read ({error.strerror or error})") from error


def write_lines(path: str, lines: Iterator[str]) -> None:
    """Writes a new text file."""
    with arriving(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


def read_lines(path: str) -> Iterator[str]:
    """The lines of a text file. Raises OSError."""
    with open(path, encoding="utf-8", newline="\n") as file:
        yield from (line.rstrip("\n") for line in file)
