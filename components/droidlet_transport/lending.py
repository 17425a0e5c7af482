"""Memory that a parent and its worker share: one side lends blocks of it, the other gives them back.

Each direction has a memory of its own, without a name: an inherited memfd, elsewhere an unlinked file. So nothing is
left behind, however the two end. A block is lent for as long as anything on the other side looks at it.
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import os
from typing import Any, Dict, List, Optional, Sequence, Tuple

from droidlet_transport.errors import ProtocolError
from droidlet_transport.memories import Ground
from droidlet_transport.pinning import Returns

SMALLEST = 1 << 14  # bytes of a frame, or of small ones together, that are worth a block
LARGEST = 1 << 24  # bytes of small frames that are put together
_ALIGN = 4096


@functools.lru_cache(maxsize=256)
def block_size(length: int) -> int:
    """The bytes of the block for so many: a quarter of a power of two at most more, so that blocks fit again."""
    step = max(_ALIGN, 1 << max(0, (length - 1).bit_length() - 3))
    return -(-length // step) * step


class Lender:
    """The side that writes. A full memory lends nothing: the caller then sends the bytes in another way.

    The block of a size that came back last is lent first: its pages are there, perhaps still in the cache.
    """

    def __init__(self, descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        self._map = mmap.mmap(descriptor, size)
        self._ground = Ground(descriptor)
        self._bytes = memoryview(self._map)
        self._free: List[Tuple[int, int]] = [(0, size)]  # (offset, size), by offset
        self._spare: Dict[int, List[int]] = {}  # offsets of blocks that came back, by size
        self._lent: Dict[int, int] = {}

    def lend(self, length: int) -> Optional[int]:
        """The offset of a block for so many bytes, which `fill` puts there; None where there is no room."""
        size = block_size(length)
        spare = self._spare.get(size)
        offset = spare.pop() if spare else self._cut(size)
        if offset is not None:
            self._lent[offset] = size
        return offset

    def fill(self, offset: int, data: memoryview) -> None:
        """Copies bytes into a block that is lent."""
        self._bytes[offset : offset + data.nbytes] = data

    def _cut(self, size: int) -> Optional[int]:
        """The first of the free memory that is large enough; what came back is joined for it only when need be."""
        for again in (False, True):
            if again:
                self._join()
            for n, (offset, room) in enumerate(self._free):
                if room >= size and self._ground.reaches(offset + size):
                    self._free[n : n + 1] = [(offset + size, room - size)] if room > size else []
                    return offset
        return None

    def _join(self) -> None:
        found = self._free + [(offset, size) for size, offsets in self._spare.items() for offset in offsets]
        self._spare = {}
        self._free = []
        for offset, size in sorted(found):
            if self._free and sum(self._free[-1]) == offset:
                offset, size = self._free[-1][0], self._free.pop()[1] + size
            self._free.append((offset, size))

    def take_back(self, offsets: Sequence[int]) -> None:
        """Blocks that the other side looks at no more. Raises ProtocolError for one that was not lent."""
        for offset in offsets:
            size = self._lent.pop(offset, None)
            if size is None:
                raise ProtocolError(f"the block at {offset} was given back, but not lent")
            self._spare.setdefault(size, []).append(offset)

    @property
    def lent_bytes(self) -> int:
        """How much is lent at the moment."""
        return sum(self._lent.values())


class Borrower(Returns):
    """The side that reads. `returned` fills up with the blocks that nobody looks at any more."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._size = os.fstat(descriptor).st_size
        self._map = mmap.mmap(descriptor, self._size)

    def borrow(self, offset: int, length: int) -> memoryview:
        """A read-only look at a block; the block is given back when the last view of it has gone.

        Raises ProtocolError for a block beyond the memory.
        """
        if not (offset >= 0 and length > 0 and offset + length <= self._size):
            raise ProtocolError(f"a block of {length} bytes at {offset}: the memory has {self._size}")
        # numpy lets every slice point to what lent the memory, so this is what lives as long as any of them
        innermost: Any = _block_class(length).from_buffer(self._map, offset)
        innermost.offset, innermost.returned = offset, self.returned
        return memoryview(innermost).cast("B").toreadonly()


@functools.lru_cache(maxsize=256)
def _block_class(length: int) -> Any:
    """Memory of so many bytes that tells when nobody looks at it any more."""

    def gone(self: Any) -> None:
        try:
            self.returned.append(self.offset)
        except AttributeError:  # whoever made it was interrupted, and its link is broken
            return

    return type("Block", (ctypes.c_ubyte * length,), {"__del__": gone, "__slots__": ("offset", "returned")})


__all__ = ["LARGEST", "SMALLEST", "Borrower", "Lender", "block_size"]
