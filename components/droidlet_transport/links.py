"""The link of a parent and its worker: messages over a socket, their large frames in shared memory."""

from __future__ import annotations

import os
import socket
import struct
from typing import List, Optional, Sequence, Tuple

from droidlet_transport import streams
from droidlet_transport.errors import ProtocolError
from droidlet_transport.lending import LARGEST, SMALLEST, Borrower, Lender
from droidlet_transport.values import Frame

_INLINE = 2**64 - 1
_MOST = 1 << 24  # frames in one message; beyond it their number is garbage
_MOST_BACK = 1 << 16  # blocks given back in one message
_HEAD = struct.Struct("<QIIQ?")
AHEAD = 1 << 18  # bytes of arrays whose copying takes as long as reading what is around them
_FILLED = b"\0"


class Link:
    """One side of it. `send` and `receive` are for one thread; views that it gave may die in any.

    A message is: the offset of a block (or none), the number of its frames and of the blocks given back, how many bytes
    follow, and whether it goes ahead of its blocks; a length and an offset (or none) for each frame; an offset for each
    block given back; then the bytes of the frames that are in no block of their own, unless they are together in the
    one that is named first. Large arrays are copied into their blocks after all this has gone, and a byte follows when
    they are there: the other side wakes and reads the rest meanwhile.

    Where something else ends either in the middle of a message, be it Ctrl-C, the link is `broken`: what comes next on
    it could not be told from the rest, so it is used no more. Waiting is no middle: whoever leaves that may come back.
    """

    def __init__(self, stream: socket.socket, ours: int, theirs: int) -> None:
        self.stream = stream
        self.incoming = streams.Incoming(stream)
        self._head: Optional[Tuple[int, ...]] = None  # of a message whose rest has not come
        self._whole: Optional[Tuple[Frame, ...]] = None  # a message, whose blocks may still be
        self._owed = False  # filled
        self.broken = False
        self.lender, self._borrower = Lender(ours), Borrower(theirs)
        os.close(ours)
        os.close(theirs)

    def send(self, frames: Sequence[Frame], until: Optional[float] = None) -> None:
        """Sends a message. Raises Ended, also where the link is broken; Hung, which breaks it, where the other side
        does not read.
        """
        if self.broken:
            raise streams.Ended()
        try:
            self._send(frames, until)
        except streams.Ended:
            raise
        except BaseException:
            self.broken = True
            raise

    def _send(self, frames: Sequence[Frame], until: Optional[float]) -> None:
        numbers: List[int] = []
        inline: List[Frame] = []
        arrays: List[Tuple[int, memoryview]] = []  # to be copied into the blocks at these offsets
        size = copied = 0
        for frame in frames:
            length = len(frame) if type(frame) is bytes else memoryview(frame).nbytes
            offset = self.lender.lend(length) if length >= SMALLEST else None
            if offset is None:
                inline.append(frame)
                size += length
            elif type(frame) is bytes:  # perhaps a header, which is read before the arrays are there
                self.lender.fill(offset, memoryview(frame))
            else:
                arrays.append((offset, memoryview(frame).cast("B")))
                copied += length
            numbers += (length, _INLINE if offset is None else offset)
        ahead = copied >= AHEAD
        if not ahead:
            self._fill(arrays)
        together = self.lender.lend(size) if SMALLEST <= size < LARGEST else None
        if together is not None:
            self.lender.fill(together, memoryview(b"".join(inline)))
        back = self._borrower.given_back(_MOST_BACK)
        table = struct.pack(f"<{len(numbers) + len(back)}Q", *numbers, *back)
        rest = len(table) + (size if together is None else 0)
        head = _HEAD.pack(_INLINE if together is None else together, len(frames), len(back), rest, ahead)
        if together is not None:
            streams.send(self.stream, head + table, until)
        elif size < SMALLEST:
            streams.send(self.stream, b"".join((head, table, *inline)), until)
        else:
            views = [memoryview(frame).cast("B") for frame in (head, table, *inline) if len(frame)]
            streams.send_all(self.stream, views, until)
        if ahead:
            self._fill(arrays)
            streams.send(self.stream, _FILLED, until)

    def _fill(self, arrays: List[Tuple[int, memoryview]]) -> None:
        for offset, array in arrays:
            self.lender.fill(offset, array)

    def receive(self, until: Optional[float] = None, ahead: bool = False) -> Tuple[Frame, ...]:
        """The next message; its frames are read-only. With `ahead`, those that are no bytes need not be there until
        `settle` has returned. Raises Ended, also where the link is broken, ProtocolError for garbage, and Hung: then
        the rest may still come, and be received.
        """
        if self.broken:
            raise streams.Ended()
        try:
            if self._whole is None:
                self._settle(until)
                self._whole = self._message(until)
            if not ahead:
                self._settle(until)
            found, self._whole = self._whole, None
            return found
        except BaseException as error:
            self._left(error)
            raise

    def settle(self, until: Optional[float] = None) -> None:
        """Waits until all of the message that was received is there. Raises Ended and Hung."""
        if not self._owed:
            return
        try:
            self._settle(until)
        except BaseException as error:
            self._left(error)
            raise

    def _left(self, error: BaseException) -> None:
        self.broken = not (self.incoming.waits or isinstance(error, streams.Ended))

    def _settle(self, until: Optional[float]) -> None:
        if self._owed:
            self.incoming.take(len(_FILLED), until)
            self._owed = False

    def _message(self, until: Optional[float]) -> Tuple[Frame, ...]:
        if self._head is None:
            self._head = _HEAD.unpack(self.incoming.take(_HEAD.size, until))
        together, count, back, size, owed = self._head
        table = 8 * (2 * count + back)
        if not 0 < count <= _MOST or back > _MOST_BACK or not table <= size <= streams.MOST_BYTES:
            raise ProtocolError(f"a message of {count} frames, {back} blocks and {size} bytes is garbage")
        try:
            rest = self.incoming.take(size, until)
        except MemoryError:
            raise ProtocolError(f"there is no room for a message of {size} bytes") from None
        self._head = None
        numbers = struct.unpack_from(f"<{2 * count + back}Q", rest)
        if back:
            self.lender.take_back(numbers[2 * count :])
        self._owed = bool(owed)
        return self._frames(numbers[: 2 * count], rest[table:], together)

    def _frames(self, numbers: Tuple[int, ...], inline: Frame, together: int) -> Tuple[Frame, ...]:
        """Cuts what is inline, or in one block together, and borrows what has a block of its own."""
        lengths, offsets = numbers[::2], numbers[1::2]
        if together != _INLINE:
            size = sum([length for length, offset in zip(lengths, offsets) if offset == _INLINE])
            inline = bytes(self._borrower.borrow(together, size))
        found: List[Frame] = []
        at = 0
        for length, offset in zip(lengths, offsets):
            if offset == _INLINE:
                found.append(inline[at : at + length])
                at += length
            else:
                found.append(self._borrower.borrow(offset, length))
        if at != len(inline):
            raise ProtocolError(f"a message of {len(inline)} bytes whose frames have {at}")
        return tuple(found)

    def readable(self) -> bool:
        """Whether something has come, be it the end."""
        return self.incoming.readable()

    def close(self) -> None:
        """Ends the connection; views that are still looked at stay what they are."""
        self.stream.close()
