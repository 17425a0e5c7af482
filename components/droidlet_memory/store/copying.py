"""A file's bytes as another file, in the quickest way that the system has."""

from __future__ import annotations

import errno
import os
import sys

AT_ONCE = 8 << 20  # bytes
NOT_HERE = (errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


def file_open(path: str) -> int:
    """A file open to be read. Raises OSError."""
    return os.open(path, os.O_RDONLY)


def file_closed(handle: int) -> None:
    """Closes it."""
    os.close(handle)


def copy_file(source: int, path: str) -> None:
    """Makes a new file of all that an open one holds. Raises OSError."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)  # as SQLite does
    try:
        size = os.fstat(source).st_size
        done = copy_inside(source, target, size)
        copy_through(source, target, done, size)
    finally:
        os.close(target)


def copy_inside(source: int, target: int, size: int) -> int:
    """How many bytes the system itself has copied (or shares, where the file system can): all or none of them,
    as a rule. Raises OSError.
    """
    if sys.platform != "linux":
        return 0
    done = 0
    try:
        os.posix_fallocate(target, 0, size)  # a full disk is told now, and the rest takes half the time
        while done < size:
            count = os.copy_file_range(source, target, size - done, done, done)
            if not count:
                break
            done += count
    except OSError as error:
        if error.errno not in NOT_HERE:
            raise
    return done


def copy_through(source: int, target: int, done: int, size: int, at_once: int = AT_ONCE) -> None:
    """Copies from `done` on, piece by piece. Raises OSError."""
    piece = memoryview(bytearray(min(at_once, size - done)))
    while done < size:
        count = os.preadv(source, [piece[: size - done]], done)
        if not count:
            raise OSError(errno.EIO, "the file became shorter")
        written = 0
        while written < count:
            written += os.pwrite(target, piece[written:count], done + written)
        done += count
