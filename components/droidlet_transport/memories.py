"""Memory without a name that processes share: a memfd, elsewhere a file that is unlinked as soon as it is there."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import mmap
import os
import sys
import tempfile
import weakref
from typing import Callable, Optional

SIZE = 1 << 28  # bytes per direction; memory is taken only where it is written
_CLOEXEC, _ALLOW_SEALING = 1, 2  # of linux/memfd.h
_ADD_SEALS, _GET_SEALS, _SHRINK, _GROW = 1033, 1034, 2, 4  # of linux/fcntl.h; not every build names them
_LESS = 4  # bits less where so much is not allowed (ulimit -f, -v),
_TIMES = 3  # at most so often
_REFUSED = (errno.ENOSYS, errno.EPERM, errno.EACCES)  # by an old kernel, or by what guards it
_PIECE = 1 << 20
_SHARED = "/dev/shm"  # in memory, where there is one


def _memfd() -> Optional[Callable[[str, int], int]]:
    """The system's call; a Python that was built for older systems does not hand it on."""
    found: Optional[Callable[[str, int], int]] = getattr(os, "memfd_create", None)
    if found is not None or sys.platform != "linux":
        return found
    try:
        call = ctypes.CDLL(None, use_errno=True).memfd_create
    except (OSError, AttributeError):
        return None

    def create(name: str, flags: int) -> int:
        made: int = call(name.encode(), ctypes.c_uint(flags))
        if made < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return made

    return create


memfd = _memfd()


def make_memory(size: int = SIZE) -> int:
    """The file descriptor of anonymous shared memory; neither side can make it smaller. Raises OSError.

    It is smaller than asked for where so much is not allowed. With size 0, it gets its size later, by `give_size`.
    """
    made = _nameless()
    try:
        if size:
            give_size(made, _allowed(made, size))
    except OSError:
        os.close(made)
        raise
    return made


def _nameless() -> int:
    if memfd is not None:
        try:
            return memfd("droidlet", _CLOEXEC | _ALLOW_SEALING)
        except OSError as error:
            if error.errno not in _REFUSED:
                raise
    folder = _SHARED if os.access(_SHARED, os.W_OK | os.X_OK) else None
    with tempfile.TemporaryFile(dir=folder) as file:
        return os.dup(file.fileno())


def _allowed(descriptor: int, size: int) -> int:
    """As much of a size as this process may have in a file, and look at."""
    for _ in range(_TIMES - 1):
        try:
            os.ftruncate(descriptor, size)
            mmap.mmap(descriptor, size).close()
            return size
        except OSError as error:
            if error.errno not in (errno.EFBIG, errno.ENOMEM):
                raise
            size = max(size >> _LESS, mmap.PAGESIZE)
    return size


def give_size(descriptor: int, size: int) -> None:
    """Gives a memory its size, once and for all. Raises OSError."""
    os.ftruncate(descriptor, size)
    try:  # forbid to shrink it: reading what is not there any more would end the process
        fcntl.fcntl(descriptor, _ADD_SEALS, _SHRINK | _GROW)
    except OSError:  # a file, or a kernel without seals
        return


class Ground:
    """How much of a memory is there to be written to, from its beginning.

    All of a memfd. Of a file it is what the disk has room for: a write through a map to where it has none would end
    the process, so room is taken before, by an ordinary write.
    """

    def __init__(self, descriptor: int) -> None:
        self._end, self._file = 0, -1
        try:
            if fcntl.fcntl(descriptor, _GET_SEALS) & _GROW:
                self._end = sys.maxsize
                return
        except OSError:
            pass
        self._file = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
        weakref.finalize(self, os.close, self._file).atexit = False

    def reaches(self, end: int) -> bool:
        """Whether all before `end` is there, room being taken for it if need be; asked before it is written to."""
        try:
            while self._end < end:
                self._end += os.pwrite(self._file, bytes(min(_PIECE, end - self._end)), self._end)
        except OSError:  # the disk is full
            return False
        return True


__all__ = ["SIZE", "Ground", "give_size", "make_memory"]
