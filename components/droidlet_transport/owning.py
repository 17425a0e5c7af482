"""Frames that nobody can write to any more."""

from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np

from droidlet_schema.arrays import take_ownership
from droidlet_transport.values import Frame

COPIED_ANYWAY = 1 << 16  # bytes; ZeroMQ copies smaller frames when they are sent


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
