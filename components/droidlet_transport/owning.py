"""Frames to send: that nobody can write to any more, and no more of them than the other side takes."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

import numpy as np

from droidlet_schema.arrays import take_ownership
from droidlet_transport.errors import CannotTravel
from droidlet_transport.values import Frame

COPIED_ANYWAY = 1 << 16  # bytes; ZeroMQ copies smaller frames when they are sent
MOST_FRAMES = 1 << 16  # of one message


def check_size(what: str, frames: Sequence[Frame], most_bytes: Optional[int] = None) -> None:
    """Raises CannotTravel for frames that the other side would refuse: too many, or one of too many bytes."""
    if len(frames) > MOST_FRAMES:
        raise CannotTravel(
            f"{what} cannot travel: {len(frames)} frames, at most {MOST_FRAMES} in one message"
        )
    largest = max((memoryview(frame).nbytes for frame in frames), default=0) if most_bytes else 0
    if most_bytes and largest > most_bytes:
        raise CannotTravel(f"{what} cannot travel: a frame of {largest} bytes, the server takes {most_bytes}")


def own(frames: Sequence[Frame], at_least: int = 0) -> Tuple[Frame, ...]:
    """The same frames; those of an array that somebody may still write to are copied, from a size on.

    What is sent later than now, sent again, or kept must not change meanwhile.
    """
    return tuple(
        frame if isinstance(frame, bytes) or frame.nbytes < at_least else _owned(frame) for frame in frames
    )


def _owned(frame: memoryview) -> memoryview:
    array = frame.obj
    if isinstance(array, np.ndarray) and array.nbytes == frame.nbytes:
        kept = take_ownership(
            array.view()
        )  # of a view, so that the caller's own array is never made read-only
        return kept.reshape(-1).view(np.uint8).data
    return frame if frame.readonly and not isinstance(array, np.ndarray) else memoryview(bytes(frame))
