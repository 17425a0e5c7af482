"""The link of a parent and its worker: messages over a socket, their large frames in shared memory."""

from __future__ import annotations

import os
import socket
import struct
from itertools import accumulate
from typing import Any, List, Optional, Sequence, Tuple

from droidlet_transport import streams
from droidlet_transport.errors import ProtocolError
from droidlet_transport.lending import LARGEST, SMALLEST, Borrower, Lender
from droidlet_transport.values import Frame

_INLINE = 2**64 - 1
_MOST = 1 << 16  # frames, or blocks given back, in one message
_HEAD = struct.Struct("<QII")


class Link:
    """One side of it. `send` and `receive` are for one thread; views that it gave may die in any.

    A message is: the offset of a block (or none), the number of its frames and of the blocks given back; a length and
    an offset (or none) for each frame; an offset for each block; then the bytes of the frames that are in no block of
    their own, unless they are together in the one that is named first.
    """

    def __init__(self, stream: socket.socket, ours: int, theirs: int) -> None:
        self.stream = stream
        self._incoming = streams.Incoming(stream)
        self.lender, self._borrower = Lender(ours), Borrower(theirs)
        os.close(ours)
        os.close(theirs)

    def send(self, frames: Sequence[Frame], until: Optional[float] = None) -> None:
        """Sends a message. Raises Ended, or Hung where the other side does not read."""
        numbers: List[int] = []
        inline: List[Frame] = []
        size = 0
        for frame in frames:
            length = len(frame) if type(frame) is bytes else memoryview(frame).nbytes
            offset = self.lender.lend(memoryview(frame).cast("B")) if length >= SMALLEST else None
            if offset is None:
                inline.append(frame)
                size += length
            numbers += (length, _INLINE if offset is None else offset)
        together = self.lender.lend(memoryview(b"".join(inline))) if SMALLEST <= size < LARGEST else None
        back = self._borrower.given_back(_MOST)
        head = _HEAD.pack(_INLINE if together is None else together, len(frames), len(back))
        head += struct.pack(f"<{len(numbers) + len(back)}Q", *numbers, *back)
        if together is not None:
            streams.send(self.stream, head, until)
        elif size < SMALLEST:
            streams.send(self.stream, b"".join((head, *inline)), until)
        else:
            views = [memoryview(frame).cast("B") for frame in (head, *inline) if len(frame)]
            streams.send_all(self.stream, views, until)

    def receive(self, until: Optional[float] = None) -> Tuple[Frame, ...]:
        """The next message; its frames are read-only. Raises Ended, ProtocolError for garbage, and Hung: then the rest
        may still come, and be received.
        """
        try:
            lengths, offsets, back, inline = self._read(until)
        except streams.Hung:
            self._incoming.rewind()
            raise
        self._incoming.finish()
        if back:
            self.lender.take_back(back)
        borrow = self._borrower.borrow
        return tuple(
            [
                next(inline) if offset == _INLINE else borrow(offset, length)
                for length, offset in zip(lengths, offsets)
            ]
        )

    def _read(self, until: Optional[float]) -> Any:
        """The lengths and offsets of frames, the blocks given back, and the bytes of the frames in no block."""
        take = self._incoming.take
        together, count, back = _HEAD.unpack(take(_HEAD.size, until))
        if not 0 < count <= _MOST or back > _MOST:
            raise ProtocolError(f"a message of {count} frames that gives {back} blocks back: at most {_MOST}")
        numbers = struct.unpack(f"<{2 * count + back}Q", take(8 * (2 * count + back), until))
        lengths, offsets = numbers[: 2 * count : 2], numbers[1 : 2 * count : 2]
        inline = [length for length, offset in zip(lengths, offsets) if offset == _INLINE]
        if sum(inline) > streams.MOST_BYTES:
            raise ProtocolError(f"frames of {sum(inline)} bytes are garbage")
        if together == _INLINE:
            found = [take(length, until) for length in inline]
        else:
            block, ends = self._borrower.borrow(together, sum(inline)), list(accumulate(inline))
            found = [bytes(block[end - length : end]) for length, end in zip(inline, ends)]
        return lengths, offsets, numbers[2 * count :], iter(found)

    def readable(self) -> bool:
        """Whether something has come, be it the end."""
        return self._incoming.readable()

    def close(self) -> None:
        """Ends the connection; views that are still looked at stay what they are."""
        self.stream.close()
