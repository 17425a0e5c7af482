"""Environments that tests put into other processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Callable, Optional

import numpy as np

from droidlet_transport.specs import ArraySpec

GATE_S = 60.0


def wait_for(path: Path) -> None:
    end = time.monotonic() + GATE_S
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} did not appear")
        time.sleep(0.005)


def interrupted(after_s: float, work: Callable[[], object]) -> bool:
    """Does this, and interrupts it once by an exception of a signal's handler; whether it ended with an exception."""
    armed = [True]

    def interrupt(*_: object) -> None:
        if armed:
            armed.clear()
            raise TimeoutError("it takes too long")

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, after_s)
        work()
        armed.clear()
        return False
    except Exception:
        return True
    finally:
        armed.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Walk:
    """Counts its steps; an episode is over after `length`. What it sees tells who it is and what it was told."""

    def __init__(self, length: int = 5, gate: str = "", number: int = 0) -> None:
        self.observation_spec = {
            "picture": ArraySpec((4, 5, 3), "uint8"),
            "state": (ArraySpec((3,), "float32"), ArraySpec((), "int64")),
        }
        self.action_spec = {"go": ArraySpec((2,), "float32"), "turn": ArraySpec((), "int64")}
        self.length, self.gate, self.number = length, Path(gate) if gate else None, number
        self.steps = self.resets = 0
        self.rng = np.random.default_rng(0)
        self.note = "a note"

    def reset(self, *, seed: Optional[int] = None) -> Any:
        self.resets += 1
        if self.gate is not None and self.resets > 1:
            wait_for(self.gate)
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        self.steps = 0
        return self._seen(np.zeros(2, np.float32), 0), {"seed": seed} if seed is not None else {}

    def step(self, action: Any) -> Any:
        self.steps += 1
        over = self.steps >= self.length
        info = {"steps": self.steps, "list": [1, (2, "three")]} if self.steps % 2 else {}
        seen = self._seen(action["go"], action["turn"])
        return seen, float(self.steps), over, self.steps > self.length, info

    def _seen(self, go: np.ndarray, turn: int) -> Any:
        picture = self.rng.integers(0, 255, (4, 5, 3), dtype=np.uint8)
        state = np.array([go[0], go[1], self.steps], np.float32)
        return {"picture": picture, "state": (state, np.int64(int(turn) * 10 + self.number))}


class Odd(Walk):
    """Does at the step of a number what an environment should not do."""

    def __init__(self, what: str = "raise", at: int = 2, **options: Any) -> None:
        super().__init__(length=100, **options)
        self.what, self.at = what, at
        if what == "init":
            raise KeyError("no such map")

    def reset(self, *, seed: Optional[int] = None) -> Any:
        if self.what == "reset":
            raise ValueError("the world is flat")
        return super().reset(seed=seed)

    def step(self, action: Any) -> Any:
        seen, *others = super().step(action)
        if self.steps == self.at:
            if self.what == "raise":
                raise ZeroDivisionError("lost my way")
            if self.what == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.what == "exit":
                sys.exit(3)
            if self.what == "hang":
                ctypes.PyDLL(None).sleep(1000)
            if self.what == "slow":
                time.sleep(0.35)
            if self.what == "shape":
                seen["picture"] = seen["picture"][:2]
            if self.what == "dtype":
                seen["state"] = (seen["state"][0].astype(np.float64), seen["state"][1])
            if self.what == "keys":
                del seen["state"]
            if self.what == "four":
                return (seen, *others[:3])
            if self.what == "info":
                others[3]["handle"] = [object()]
            if self.what == "list":
                others[3] = ["no dict"]
        return (seen, *others)

    def echo(self, *values: Any, **options: Any) -> Any:
        return (*values, options) if options else values[0]

    def fail(self, text: str) -> None:
        raise OSError(7, text)

    def unfit(self) -> Any:
        return {"z": 1, "a": [object()]}

    def sleep(self, seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    def close(self) -> None:
        if self.what == "hang":
            time.sleep(1000)


class Together(Walk):
    """Cannot be made alone: each waits until all of its fellows are being made."""

    def __init__(self, folder: str, number: int, count: int) -> None:
        super().__init__(number=number)
        (Path(folder) / str(number)).touch()
        for other in range(count):
            wait_for(Path(folder) / str(other))


class Other(Walk):
    """Sees something else."""

    def __init__(self) -> None:
        super().__init__()
        self.observation_spec = ArraySpec((2,), "float32")
