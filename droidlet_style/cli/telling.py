"""A line that says what is going on while something takes long."""

from __future__ import annotations

import sys
import time
from typing import TextIO

FIRST_S, EVERY_S = 5.0, 10.0  # where nobody looks at a screen: the first line, and the later ones
SCREEN_S = 0.25


class Telling:
    """On a screen one line that is written over; elsewhere a line now and then, from some seconds on."""

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self.what = what
        self._stream = stream or sys.stderr
        self._screen = self._stream.isatty()
        self._start = self._next = 0.0  # set when it is first called
        self._shown = 0
        self._now = time.monotonic  # the real clock: a check replaces the one in the module for a while

    def __call__(self, text: str) -> None:
        """Shows the text, if it is time for it."""
        now = self._now()
        if not self._start:
            self._start, self._next = now, now + (SCREEN_S if self._screen else FIRST_S)
        if now < self._next:
            return
        self._next = now + (SCREEN_S if self._screen else EVERY_S)
        line = f"{self.what}: {text}, {now - self._start:.0f} s"
        if self._screen:
            self._write(f"\r{line:<{self._shown}}")
            self._shown = len(line)
        else:
            self._write(f"{line}\n")

    def end(self) -> None:
        """Takes the line off the screen."""
        if self._shown:
            self._write("\r" + " " * self._shown + "\r")
            self._shown = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
