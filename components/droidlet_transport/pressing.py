"""Frames made smaller on their way, without loss, where that was measured to save time.

Needs lz4 (extra `compression`); without it nothing is pressed, and nothing that is pressed is asked for.
"""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional, Sequence, Tuple

from droidlet_transport.errors import ProtocolError
from droidlet_transport.values import Frame

try:
    import lz4.block as _lz4
except ImportError:
    _lz4 = None

CODEC = "lz4"  # the block format, without a size in front
SMALLEST, LARGEST = 1 << 15, 1 << 30  # bytes of a frame that is looked at
SAMPLE, SAMPLES, LEAST_RATIO = 1 << 12, 3, 1.25
LARGE, FORGETTING = 1 << 17, 0.95  # bytes of a message that tells of the rate; for each such message
AGAIN = 64  # uses of a decision
MOST_DECISIONS = 1024
MOST_RATIO = 256  # of this codec; whoever declares more wants to fill the memory
MARGIN = 0.5  # of the time saved: what is spent must be clearly less, for sending and receiving overlap
_clock = time.perf_counter
Pressed = Tuple[int, str, int]  # which frame behind the envelope, the codec, and its bytes before


def codecs() -> Tuple[str, ...]:
    """What can be undone here."""
    return (CODEC,) if _lz4 is not None else ()


class Press:
    """Decides for each frame of each function's messages, by its place and size, whether pressing it pays on a
    connection of this rate, within a factor of four; of one whose rate is 0, not known, nothing is pressed.

    A few pieces are tried first; then, if they shrink, the whole frame, there and back, against the time that the
    bytes saved would take at the rate of the connection. A decision holds for 64 messages, and the next one goes as it
    is, so that the rate is measured again, too.
    """

    def __init__(self) -> None:
        self._decisions: Dict[Tuple[str, int, int, int], Tuple[bool, int]] = {}

    def press(self, name: str, frames: Sequence[Frame], rate: float) -> Tuple[List[Frame], List[Pressed]]:
        """The frames to send for a message of this function, at `rate` bytes per second, and which are pressed."""
        found, pressed = list(frames), []
        pace = int(rate).bit_length() >> 1
        for place, frame in enumerate(frames):
            size = memoryview(frame).nbytes
            if not SMALLEST <= size <= LARGEST or _lz4 is None or not pace:
                continue
            pays, uses = self._decisions.get((name, place, size, pace), (False, 0))
            if uses % AGAIN == 0:
                decision = (_pays(frame, size, rate), 1)
            elif pays:
                small = _lz4.compress(frame, store_size=False)
                decision = (len(small) * LEAST_RATIO < size, uses + 1)
                found[place] = small
                pressed.append((place, CODEC, size))
            else:
                decision = (False, uses + 1)
            if len(self._decisions) >= MOST_DECISIONS:
                self._decisions.clear()
            self._decisions[name, place, size, pace] = decision
        return found, pressed


class Rate:
    """How many bytes a second a connection carries, as its large messages show: the best seen, slowly forgotten."""

    def __init__(self) -> None:
        self.bytes_per_s = 0.0

    def learn(self, frames: Sequence[Frame], seconds: float) -> None:
        """A message that was on its way for so long."""
        size = sum(memoryview(frame).nbytes for frame in frames)
        if size >= LARGE and seconds > 0.0:
            self.bytes_per_s = max(size / seconds, FORGETTING * self.bytes_per_s)


def _pays(frame: Frame, size: int, rate: float) -> bool:
    view = memoryview(frame).cast("B")
    starts = range(0, size - SAMPLE, max(1, (size - SAMPLE) // SAMPLES))
    pieces = b"".join(view[start : start + SAMPLE] for start in starts)
    if len(_lz4.compress(pieces, store_size=False)) * LEAST_RATIO > len(pieces):
        return False
    begin = _clock()
    small = _lz4.compress(view, store_size=False)
    _lz4.decompress(small, uncompressed_size=size)
    return _clock() - begin < MARGIN * (size - len(small)) / rate


def restored(frames: Sequence[Frame], pressed: Sequence[Pressed], most_bytes: Optional[int]) -> List[Frame]:
    """The frames as they were. Raises ProtocolError for what cannot be undone, or grows beyond what is declared."""
    found: List[Any] = list(frames)
    if len({place for place, _, _ in pressed}) < len(pressed):  # each time 256 times as large
        raise ProtocolError("a frame that is pressed more than once")
    for place, codec, size in pressed:
        if place >= len(found) or codec not in codecs():
            raise ProtocolError(
                f"frame {place} of {len(found)} is pressed by {codec[:20]!r}; there is {codecs()}"
            )
        small = found[place]
        if size > MOST_RATIO * len(small) or (most_bytes is not None and size > most_bytes):
            raise ProtocolError(f"a frame of {len(small)} bytes that declares {size} is too large")
        try:
            found[place] = _lz4.decompress(small, uncompressed_size=size)
        except Exception as error:  # whatever the bytes are
            raise ProtocolError(f"a pressed frame cannot be undone: {error}") from None
        if len(found[place]) != size:
            raise ProtocolError(f"a pressed frame has {len(found[place])} bytes, {size} were declared")
    return found
