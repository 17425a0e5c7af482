"""A part with a state of its own, for tests that place it."""

from __future__ import annotations

import os
import threading
import time


class Tally:
    """Counts, where it is told to, and says what else it was given."""

    def __init__(self, n: int = 0, weights: object = None) -> None:
        self.n, self.weights = n, weights
        self.go_on = threading.Event()

    @property
    def calibration(self) -> object:
        raise LookupError("not calibrated yet")

    @property
    def later(self) -> object:
        raise AttributeError("later")

    def add(self, amount: int = 1, *, times: int = 1) -> int:
        self.n += amount * times
        return self.n

    def echo(self, value: object, deadline_s: object = None) -> object:
        return value, deadline_s

    def where(self) -> int:
        return os.getpid()

    def thread(self) -> int:
        return threading.get_ident()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def late(self) -> None:
        raise TimeoutError("mine")

    def variable(self, name: str) -> str | None:
        return os.environ.get(name)
