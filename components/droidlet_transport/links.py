"""The link of a parent and its worker: messages over a socket, their large frames in shared memory."""

from __future__ import annotations

import os
import socket
import struct
from typing import List, Optional, Sequence, Tuple

from droidlet_transport import streams
from droidlet_transport.errors import ProtocolError
from droidlet_transport.lending import SMALLEST, Borrower, Lender
from droidlet_transport.values import Frame

_INLINE = 2**64 - 1
_MOST = 1 << 16  # frames, or blocks given back, in one message
_HEAD = struct.Struct("<II")


class Link:
    """One side of it. `send` and `receive` are for one thread; views that it gave may die in any.

    A message is: the number of its frames and of the blocks given back; a length and an offset (or none) for each
    frame; an offset for each block; then the bytes of the frames that are in no block.
    """

    def __init__(self, stream: socket.socket, ours: int, theirs: int) -> None:
        self.stream = stream
        self.lender, self._borrower = Lender(ours), Borrower(theirs)
        os.close(ours)
        os.close(theirs)

    def send(self, frames: Sequence[Frame], until: Optional[float] = None) -> None:
        """Sends a message. Raises Ended, or Hung where the other side does not read."""
        views = [memoryview(frame).cast("B") for frame in frames]
        table: List[int] = []
        inline: List[memoryview] = []
        for view in views:
            offset = self.lender.lend(view) if view.nbytes >= SMALLEST else None
            table += (view.nbytes, _INLINE if offset is None else offset)
            if offset is None and view.nbytes:
                inline.append(view)
        back = self._borrower.given_back()[:_MOST]
        head = _HEAD.pack(len(views), len(back)) + struct.pack(f"<{len(table) + len(back)}Q", *table, *back)
        streams.send(self.stream, [memoryview(head), *inline], until)

    def receive(self, until: Optional[float] = None) -> Tuple[Frame, ...]:
        """The next message; its frames are read-only. Raises Ended, Hung, or ProtocolError for garbage."""
        count, back = _HEAD.unpack(streams.exactly(self.stream, _HEAD.size, until))
        if not 0 < count <= _MOST or back > _MOST:
            raise ProtocolError(f"a message of {count} frames that gives {back} blocks back: at most {_MOST}")
        numbers = struct.unpack(
            f"<{2 * count + back}Q", streams.exactly(self.stream, 8 * (2 * count + back), until)
        )
        self.lender.take_back(numbers[2 * count :])
        return tuple(self._frame(numbers[2 * n], numbers[2 * n + 1], until) for n in range(count))

    def _frame(self, length: int, offset: int, until: Optional[float]) -> Frame:
        if offset != _INLINE:
            return self._borrower.borrow(offset, length)
        if length > streams.MOST_BYTES:
            raise ProtocolError(f"a frame of {length} bytes is garbage")
        return streams.exactly(self.stream, length, until)

    def close(self) -> None:
        """Ends the connection; views that are still looked at stay what they are."""
        self.stream.close()
