"""Memory that a parent and its worker share: one side lends blocks of it, the other gives them back.

Each direction has a memory of its own, without a name: an inherited memfd, elsewhere an unlinked file. So nothing is
left behind, however the two end. A block is lent for as long as anything on the other side looks at it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import tempfile
import weakref
from collections import deque
from typing import Any, Deque, Dict, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_transport.errors import ProtocolError

SIZE = 1 << 28  # bytes per direction; memory is taken only where it is written
SMALLEST = 1 << 14  # bytes of a frame that is worth a block
_ALIGN = 4096


def make_memory(size: int = SIZE) -> int:
    """The file descriptor of anonymous shared memory; neither side can make it smaller. Raises OSError.

    With size 0, it gets its size later, by `give_size`.
    """
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryFile() as file:
            os.ftruncate(file.fileno(), size)
            return os.dup(file.fileno())
    made = os.memfd_create("droidlet", os.MFD_CLOEXEC | getattr(os, "MFD_ALLOW_SEALING", 2))
    if size:
        give_size(made, size)
    return made


def give_size(descriptor: int, size: int) -> None:
    """Gives a memory its size, once and for all. Raises OSError."""
    os.ftruncate(descriptor, size)
    _seal(descriptor)


def _seal(descriptor: int) -> None:
    """Forbids to shrink it: reading what is not there any more would end the process."""
    import fcntl

    add_seals, shrink, grow = (
        1033,
        2,
        4,
    )  # of linux/fcntl.h; the module names them from Python 3.8 on some builds
    try:
        fcntl.fcntl(descriptor, add_seals, shrink | grow)
    except OSError:  # a kernel without seals
        return


class Lender:
    """The side that writes. A full memory lends nothing: the caller then sends the bytes in another way."""

    def __init__(self, descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        self._map = mmap.mmap(descriptor, size)
        self._bytes = np.frombuffer(self._map, np.uint8)
        self._free: List[Tuple[int, int]] = [(0, size)]  # (offset, size), by offset
        self._lent: Dict[int, int] = {}

    def lend(self, data: memoryview) -> Optional[int]:
        """Copies bytes into a block and returns its offset; None where there is no room."""
        size = -(-data.nbytes // _ALIGN) * _ALIGN
        index = next((n for n, (_, room) in enumerate(self._free) if room >= size), None)
        if index is None:
            return None
        offset, room = self._free.pop(index)
        if room > size:
            self._free.insert(index, (offset + size, room - size))
        self._lent[offset] = size
        self._bytes[offset : offset + data.nbytes] = np.frombuffer(data, np.uint8)
        return offset

    def take_back(self, offsets: Sequence[int]) -> None:
        """Blocks that the other side looks at no more. Raises ProtocolError for one that was not lent."""
        for offset in offsets:
            size = self._lent.pop(offset, None)
            if size is None:
                raise ProtocolError(f"the block at {offset} was given back, but not lent")
            self._insert(offset, size)

    def _insert(self, offset: int, size: int) -> None:
        index = next((n for n, (start, _) in enumerate(self._free) if start > offset), len(self._free))
        if index < len(self._free) and self._free[index][0] == offset + size:
            size += self._free.pop(index)[1]
        if index and sum(self._free[index - 1]) == offset:
            start, before = self._free[index - 1]
            self._free[index - 1] = (start, before + size)
        else:
            self._free.insert(index, (offset, size))

    @property
    def lent_bytes(self) -> int:
        """How much is lent at the moment."""
        return sum(self._lent.values())


class Borrower:
    """The side that reads. `returned` fills up with the blocks that nobody looks at any more."""

    def __init__(self, descriptor: int) -> None:
        self._size = os.fstat(descriptor).st_size
        self._map = mmap.mmap(descriptor, self._size)
        self.returned: Deque[int] = deque()  # filled by finalizers, in whatever thread they run

    def borrow(self, offset: int, length: int) -> memoryview:
        """A read-only look at a block; the block is given back when the last view of it has gone.

        Raises ProtocolError for a block beyond the memory.
        """
        if not (offset >= 0 and length > 0 and offset + length <= self._size):
            raise ProtocolError(f"a block of {length} bytes at {offset}: the memory has {self._size}")
        innermost: Any = (ctypes.c_ubyte * length).from_buffer(self._map, offset)
        # numpy lets every slice point to what lent the memory, so this is what lives as long as any of them
        weakref.finalize(innermost, self.returned.append, offset).atexit = False
        return memoryview(innermost).cast("B").toreadonly()

    def given_back(self) -> List[int]:
        """The blocks to give back, each told once."""
        found = []
        while self.returned:
            found.append(self.returned.popleft())
        return found
