"""What a run shows while it goes on: words as they are spoken, and one line of progress that is rewritten in
place.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TextIO

from droidlet_style.files import tell_lost, to_nowhere

REWRITE_S = 0.2
ROOM = 24  # columns beside the progress line, for typing
SPARSE_S = 5.0  # between lines of progress where they cannot be rewritten


class TerminalScreen:
    """Words go to standard output, progress to standard error. A reader who goes away ends nothing: the rest
    is not shown. `echoed`: what is said was typed on a terminal that has shown it already.
    """

    def __init__(
        self,
        quiet: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
        echoed: bool = False,
    ) -> None:
        self._out: TextIO | None = out or sys.stdout
        self._err: TextIO | None = err or sys.stderr
        self._rewrites = self._err is not None and self._err.isatty()
        self._quiet, self._echoed = quiet, echoed
        self._shown_twice = echoed and self._out is not None and self._out.isatty()
        self._started = self._shown = time.perf_counter()
        self._line = ""
        self._broken = self.lost = False  # lost: words that somebody reads had no room, as on a full disk

    def heard(self, now_s: float, text: str) -> None:
        """Something was said to the agent; what the same terminal has shown is not shown again."""
        if not self._shown_twice:
            self.say(f"[{now_s:7.1f} s]   you: {_readable(text)}")

    def typed(self, lines: list[str]) -> None:
        """Lines were typed behind the progress line: each gets its own line, as behind the prompt."""
        if not self._echoed or not self._line:
            return
        shown, columns = [_readable(line) for line in lines], shutil.get_terminal_size().columns
        whole = (
            len(self._line) + max(map(len, shown)) < columns
        )  # else it is unknown how the terminal broke it
        if whole and os.environ.get("TERM", "dumb") != "dumb":
            back = f"\x1b[{len(shown)}A\r\x1b[J"  # up to the progress line, and all below it away
            self._write(self._err, back + "".join(f"> {text}\n" for text in shown))
        self._line = ""  # the Enter key has left its line

    def replied(self, now_s: float, text: str) -> None:
        """The agent said something."""
        self.say(f"[{now_s:7.1f} s] agent: {_readable(text)}")

    def note(self, text: str) -> None:
        """Something worth a sentence; on standard error."""
        self.clear()
        self._write(self._err, f"droidlet: {text}\n")

    def progress(self, tick: int, now_s: float, doing: str) -> None:
        """One more tick is done: shown a few times a second on a terminal, every few seconds elsewhere."""
        now = time.perf_counter()
        if self._quiet or now - self._shown < (REWRITE_S if self._rewrites else SPARSE_S):
            return
        self._shown = now
        factor = now_s / max(now - self._started, 1e-9)
        line = f"tick {tick}  {now_s:.1f} s  {factor:.1f}x real time  {_readable(doing)}"
        if not self._rewrites:
            self._write(self._err, line + "\n")
            return
        columns = shutil.get_terminal_size().columns
        line = f"{line[: max(columns - ROOM, 8)]} > " if self._echoed else line[: columns - 1]
        self._write(self._err, "\r" + line + " " * max(0, len(self._line) - len(line)))
        self._line = line

    def waited(self, seconds: float) -> None:
        """A person was thinking: that is no part of the real-time factor."""
        self._started += seconds

    def prompt(self) -> None:
        """A live keyboard is waited for."""
        self.clear()
        self._write(self._out, "> ")

    def say(self, text: str) -> None:
        """A line on standard output."""
        self.clear()
        self._write(self._out, text + "\n")

    def clear(self) -> None:
        """Takes the progress line away."""
        if self._line:
            self._write(self._err, "\r" + " " * len(self._line) + "\r")
            self._line = ""

    def _write(self, stream: TextIO | None, text: str) -> None:
        if self._broken or stream is None:  # None: a process without that stream
            return
        try:
            stream.write(text)
            stream.flush()
        except BrokenPipeError:
            self._broken = True
            to_nowhere(stream)
        except OSError as error:  # the run is worth more than what is shown of it
            self._broken = self.lost = True
            to_nowhere(stream)
            tell_lost(stream, error)


def _readable(text: str, most: int = 500) -> str:
    """One line that a terminal can show: no control characters, not endless."""
    shown = "".join(c if c.isprintable() else " " for c in text[: most + 1])
    return shown[:most] + "..." if len(text) > most else shown
