"""Lines typed on standard input, read without a thread: a terminal is listened to while the run goes on, a
pipe is read line by line.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import time
from collections.abc import Callable
from typing import IO


class Keyboard:
    """Lines from a stream (standard input): see `speech.Source`.

    `stopped` is asked while waiting, so that an interrupt ends the wait; `prompt` is called before a wait on
    a live keyboard, `waited` with the seconds of each wait, `typed` with lines that came into running work.
    """

    def __init__(
        self,
        stream: IO[str] | None,
        prompt: Callable[[], None],
        stopped: Callable[[], bool],
        waited: Callable[[float], None],
        typed: Callable[[list[str]], None] = lambda lines: None,
    ) -> None:
        self._prompt, self._stopped, self._waited, self._typed = prompt, stopped, waited, typed
        self._lines: list[str] = []
        self._part = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._stream = stream
        self._file = _descriptor(stream)
        self._ended = stream is None or stream.closed
        self.live = bool(stream is not None and not stream.closed and stream.isatty())

    @property
    def closed(self) -> bool:
        """Whether no line will come any more."""
        return self._ended and not self._lines

    def ready(self) -> list[str]:
        """The lines typed since the last call, without waiting."""
        known = len(self._lines)
        self._read(0.0)
        if self._lines[known:]:
            self._typed(self._lines[known:])
        lines, self._lines = self._lines, []
        return lines

    def wait(self) -> str | None:
        """The next line; None at the end of input or when the run is to stop."""
        since = time.perf_counter()
        if self.live and not self._lines:
            self._prompt()
        while not self._lines and not self._ended and not self._stopped():
            self._read(0.1)
        self._waited(time.perf_counter() - since)
        return self._lines.pop(0) if self._lines else None

    def _read(self, wait_s: float) -> None:
        if self._ended:
            return
        if self._file is None:
            self._take(self._stream.readline().encode("utf-8", "replace") if self._stream else b"")
        elif select.select([self._file], [], [], wait_s)[0]:
            self._take(os.read(self._file, 65536))

    def _take(self, data: bytes) -> None:
        self._ended = not data
        self._part += self._decode(data, self._ended)
        *whole, self._part = self._part.split("\n")
        if self._ended and self._part:
            whole, self._part = [*whole, self._part], ""
        self._lines += [line.rstrip("\r") for line in whole]


def _descriptor(stream: IO[str] | None) -> int | None:
    try:
        return None if stream is None or stream.closed else stream.fileno()
    except (AttributeError, OSError, io.UnsupportedOperation):
        return None


def echoes(stream: IO[str] | None) -> bool:
    """Whether a stream is a terminal that shows what is typed on it."""
    file = _descriptor(stream)
    if file is None or not os.isatty(file):
        return False
    try:
        import termios
    except ImportError:  # a system without such terminals
        return False
    return bool(termios.tcgetattr(file)[3] & termios.ECHO)
