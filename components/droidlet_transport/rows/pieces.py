"""Rows as they go from a queue to a learner: pieces that lie together, with where they are or what they hold."""

from __future__ import annotations

import math
import struct
from typing import List, Sequence

import numpy as np

from droidlet_transport.rows.stores import Lent, Outgoing

FRAMES_BYTES = 1 << 21  # of rows in one message, where they have to be sent
PIECES = 4  # of rows in shared memory, in one message
_ALL = 1 << 62


def borrow(queue: Outgoing, following: int, end: int, near: bool) -> List[Lent]:
    """Rows from number `following` on, before `end`, for one message: several pieces if the learner looks at them
    itself (`near`), else one, of about FRAMES_BYTES. None where nothing is there.
    """
    pieces: List[Lent] = []
    while following < end and len(pieces) < PIECES:
        lent = queue.lend(following, min(end - following, _ALL if near else _rows_in(FRAMES_BYTES, queue)))
        if lent is None:
            break
        if pieces and lent.where is None:  # from before the memory was shared
            queue.give_back(lent)
            break
        pieces.append(lent)
        following = lent.first + lent.count
        if not near or lent.where is None:
            break
    return pieces


def pack(pieces: Sequence[Lent], near: bool) -> bytes:
    """First, oldest and count of each piece, and where its columns are, 64 bits each; in front, how many numbers a
    piece has.
    """
    rows = [(one.first, one.oldest, one.count, *((near and one.where) or ())) for one in pieces]
    numbers = [len(rows[0]), *(number for row in rows for number in row)]
    return struct.pack(f"<{len(numbers)}q", *numbers)


def unpack(numbers: bytes) -> List[List[int]]:
    """The numbers of each piece. Raises ValueError for what `pack` did not make."""
    width, *rest = np.frombuffer(numbers, "<i8").tolist() or [0]
    if width < 3 or len(rest) % width:
        raise ValueError(f"{len(rest)} numbers in rows of {width}: expected first, oldest, count, and places")
    return [rest[at : at + width] for at in range(0, len(rest), width)]


def end_of(pieces: Sequence[Lent]) -> int:
    """The number of the row behind them."""
    return pieces[-1].first + pieces[-1].count


def _rows_in(size: int, queue: Outgoing) -> int:
    """How many rows are about so many bytes; at least one."""
    row: int = sum(np.dtype(dtype).itemsize * math.prod(shape) for _, dtype, shape in queue.layout() or ())
    return max(1, size // max(1, row))
