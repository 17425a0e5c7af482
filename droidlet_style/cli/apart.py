"""Work in a process of its own: whatever the code of a stranger prints, ends or breaks there, this process goes on
and says what happened.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

WAIT_S = 0.2
GRACE_S = 3.0
RAISED, MOST = "raised", 2000  # characters, so that the pipe takes it at once


class Died(Exception):
    """The process ended before its work was done; the text says how."""


def apart(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` returns, as plain data. Its standard output is our standard error, its standard input is empty.

    Raises Died where the process ends without an answer, KeyboardInterrupt where a person stopped it.
    """
    if not hasattr(os, "fork"):
        return work()
    read, write = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # that threads are not taken along: none is needed
        process = _Process(os.fork())
    if process.pid == 0:
        _child(work, write)
    os.close(write)
    try:
        answer = _read(read, process)
    except BaseException:
        process.stop()
        raise
    finally:
        os.close(read)
    status = process.wait()
    if status == 130:
        raise KeyboardInterrupt
    if not answer.endswith(b"\n"):
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"
        raise Died(f"the component ended the process {how}")
    found: dict[str, Any] = json.loads(answer)
    if RAISED in found:  # told here, where it is known whether it was a person who stopped it
        print(f"droidlet: {found[RAISED]}", file=sys.stderr)
        raise Died(f"the component ended the process with exit status {status}")
    return found


def _child(work: Callable[[], dict[str, Any]], write: int) -> None:
    leave = os._exit  # the check replaces it for a while
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.dup2(2, 1)
        data = json.dumps(work(), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        while data:
            data = data[os.write(write, data) :]
        status = 0
    except KeyboardInterrupt:
        status = 130
    except BaseException as error:
        with suppress(Exception):
            os.write(write, json.dumps({RAISED: f"{type(error).__name__}: {error}"[:MOST]}).encode() + b"\n")
    finally:
        leave(status)


def _read(read: int, process: _Process) -> bytes:
    """All that the process writes; a program that it left behind may keep the pipe open longer."""
    parts = b""
    while not parts.endswith(b"\n"):
        if not select.select([read], [], [], WAIT_S)[0]:
            if process.has_ended():
                return parts
            continue
        part = os.read(read, 1 << 16)
        if not part:
            return parts
        parts += part
    return parts


class _Process:
    """A child of this process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None  # of the one time that the system tells it

    def has_ended(self) -> bool:
        """Whether it has; never waits."""
        return self._ask(os.WNOHANG) is not None

    def wait(self) -> int:
        """Its exit status, or minus the signal that ended it."""
        status = self._ask(0)
        return os.waitstatus_to_exitcode(status or 0)

    def stop(self) -> None:
        """Interrupts it, so that it ends its own children, and then makes sure."""
        with suppress(ProcessLookupError, ChildProcessError):
            if not self.has_ended():
                os.kill(self.pid, signal.SIGINT)
            for _ in range(int(GRACE_S / WAIT_S)):
                if self.has_ended():
                    return
                select.select([], [], [], WAIT_S)
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def _ask(self, options: int) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, options)
            self._status = status if pid else None
        return self._status
