"""Memory without a name that another process of the same user can look into, where the system has such (Linux)."""

from __future__ import annotations

import ctypes
import mmap
import os
import secrets
import sys
from typing import Optional, Tuple

import attrs
import numpy as np

from droidlet_data.layout import Arrays, Layout

NAME = "droidlet-rows"
SECRET = 32  # bytes at the beginning: who knows them may look
_PAGE, _ALIGNED = 4096, 64
_CLOEXEC, _ALLOW_SEALING = 1, 2  # of linux/memfd.h; not every build of Python names them,
_ADD_SEALS, _SHRINK, _GROW = 1033, 2, 4  # nor those of linux/fcntl.h


@attrs.frozen(eq=False)
class Room:
    """Arrays for rows: to write to, and the same memory to read from only; and where in it each column begins."""

    arrays: Arrays
    shown: Arrays
    offsets: Tuple[int, ...]


def room_bytes(layout: Layout, rows: int) -> int:
    """Of so many rows, each column aligned."""
    return sum(-(-rows * size // _ALIGNED) * _ALIGNED for size in layout.sizes.values())


def private(layout: Layout, rows: int) -> Room:
    """Room that only this process has."""
    size = max(1, room_bytes(layout, rows))
    return carve(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), 0, layout, rows)


def carve(memory: mmap.mmap, start: int, layout: Layout, rows: int) -> Room:
    """Room in a memory, from a place on. What is shown is memory lent read-only, so that nobody need copy it."""
    arrays, shown, offsets = {}, {}, []
    reading = memoryview(memory).toreadonly()
    for name, dtype in layout.dtypes.items():
        size, shape = rows * layout.sizes[name], (rows, *layout.shapes[name])
        arrays[name] = np.frombuffer(memory, np.uint8, size, start).view(dtype).reshape(shape)
        shown[name] = np.frombuffer(reading, np.uint8, size, start).view(dtype).reshape(shape)
        offsets.append(start)
        start += -(-size // _ALIGNED) * _ALIGNED
    return Room(arrays, shown, tuple(offsets))


class Arena:
    """So much memory, taken from its beginning; pages that are never written to cost nothing.

    It is a memfd that cannot shrink, so that who looks into it is safe; it vanishes with the last process that has it.
    Raises OSError, AttributeError (a Python built without it).
    """

    def __init__(self, size: int) -> None:
        self.size, self._taken = size + _PAGE, _PAGE
        self.pid, self.secret = os.getpid(), secrets.token_bytes(SECRET)
        self._descriptor = _made()
        try:
            os.ftruncate(self._descriptor, self.size)
            _seal(self._descriptor)
            self._memory = mmap.mmap(self._descriptor, self.size)
            self._memory[:SECRET] = self.secret
        except BaseException:
            os.close(self._descriptor)
            del self._descriptor  # by now it may be anybody's
            raise

    @property
    def told(self) -> Tuple[int, int, bytes]:
        """Process, descriptor and secret: what another process needs to look into it."""
        return self.pid, self._descriptor, self.secret

    def allocate(self, layout: Layout, rows: int) -> Optional[Room]:
        """Room for rows; None where it is full."""
        if self._taken + room_bytes(layout, rows) > self.size:
            return None
        room = carve(self._memory, self._taken, layout, rows)
        self._taken = -(-(self._taken + room_bytes(layout, rows)) // _PAGE) * _PAGE
        return room

    def __del__(self) -> None:
        """The memory itself lives as long as an array of it."""
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)


def _made() -> int:
    """The system's call, also where this Python was built for older systems and does not hand it on.

    Raises OSError, AttributeError.
    """
    if sys.platform != "linux":
        raise OSError("only Linux has memory that cannot shrink")
    if hasattr(os, "memfd_create"):
        return os.memfd_create(NAME, _CLOEXEC | _ALLOW_SEALING)
    flags = ctypes.c_uint(_CLOEXEC | _ALLOW_SEALING)
    made: int = ctypes.CDLL(None, use_errno=True).memfd_create(NAME.encode(), flags)
    if made < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return made


def _seal(descriptor: int) -> None:
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(descriptor, _ADD_SEALS, _SHRINK | _GROW)
