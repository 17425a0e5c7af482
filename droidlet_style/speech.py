"""What is said to the agent and when: lines one after the other, lines at their time, lines typed while it
runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

_AT = re.compile(r"(?s)(.*\S)\s+@\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)\s*")
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Line(NamedTuple):
    """Something to say: at a time of the run, or (None) when the line before is answered and done."""

    text: str
    at_s: float | None = None


class Source(Protocol):
    """Where lines are typed. `live`: a person who may speak into running work."""

    live: bool

    @property
    def closed(self) -> bool:
        """Whether no line will come any more."""

    def ready(self) -> list[str]:
        """The lines typed since the last call, without waiting."""

    def wait(self) -> str | None:
        """The next line; None when there will be none, or when the run is to end."""


def parse_line(text: str) -> Line:
    """`TEXT @ SECONDS` as a line with its time; whatever is not quite that is text."""
    found = _AT.fullmatch(text)
    if found and math.isfinite(float(found[2])):
        return Line(found[1], float(found[2]))
    return Line(text)


def clean(text: str) -> str:
    """Text as UTF-8 can carry it: bytes that the shell could not read, and lone surrogates, become the
    replacement character.
    """
    bytes_kept = _LONE.sub("\ufffd", text)  # what remains of lone surrogates stands for bytes
    return bytes_kept.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Speech:
    """What is still to be said in a run. Of the shell: it changes as lines are spoken."""

    def __init__(self, lines: Iterable[str] = (), source: Source | None = None) -> None:
        parsed = [parse_line(_any_text(text)) for text in lines]
        self._queue = [line.text for line in parsed if line.at_s is None]
        self._timed = sorted(
            (line for line in parsed if line.at_s is not None), key=lambda line: line.at_s or 0.0
        )
        self._source = source
        self.ever = bool(parsed)  # whether anything was or will be said

    @property
    def unsaid(self) -> tuple[str, ...]:
        """What nobody has heard yet."""
        return (*self._queue, *(line.text for line in self._timed))

    @property
    def over(self) -> bool:
        """Whether nothing more will ever be said."""
        return not self._queue and not self._timed and (self._source is None or self._source.closed)

    def due(self, now_s: float, done: bool) -> tuple[str, ...]:
        """What is spoken now; `done`: what was said before is answered and done. Waits for a typed line where
        only that can go on.
        """
        spoken: list[str] = []
        if self._source is not None and self._source.live:
            spoken += self._source.ready()
        if done and not spoken and self._queue:
            spoken.append(self._queue.pop(0))
        while self._timed and (self._timed[0].at_s or 0.0) <= now_s:
            spoken.append(self._timed.pop(0).text)
        if done and not spoken and not self._timed and self._source is not None and not self._source.closed:
            typed = self._source.wait()
            spoken += [] if typed is None else [typed]
        self.ever = self.ever or bool(spoken)
        return tuple(clean(text) for text in spoken)

    def hush(self) -> tuple[str, ...]:
        """Drops what is still to be said, and returns it: nobody listens."""
        unsaid = self.unsaid
        self._queue, self._timed, self._source = [], [], None
        return unsaid


def _any_text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"Session: say is texts, got {text!r}")
    return text
