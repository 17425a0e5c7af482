"""What the machine does to everybody while it is measured: how fast it copies, and what its caches lose meanwhile."""

from __future__ import annotations

import statistics
import time
from typing import Callable, Dict

import numpy as np

PAGES, PAGE = 1024, 4096
COPIED = 2_150_400  # bytes, of a 480 x 640 camera's picture
IDLE_S = 0.010  # as long as a slow simulator's step


def machine(rounds: int) -> Dict[str, float]:
    """Gigabytes per second of a copy; nanoseconds of a read in a page that was read just now, and 10 ms ago.

    In between this process touches nothing, so on a machine of one's own the two are nearly the same. Where others
    share the caches, whatever runs once in 10 ms, be it a call's encoding, begins with empty ones.
    """
    source, target = np.ones(COPIED, np.uint8), np.empty(COPIED, np.uint8)
    copied = _median(lambda: np.copyto(target, source), rounds)
    memory = np.ones(PAGES * PAGE, np.uint8)
    order = np.random.default_rng(1).permutation(PAGES) * PAGE
    order += np.random.default_rng(2).integers(0, PAGE, PAGES)
    read = np.empty(PAGES, np.uint8)

    def look() -> None:
        np.take(memory, order, out=read)

    return {
        "copy_gb_per_s": COPIED / copied / 1e9,
        "warm_read_ns": _median(look, rounds, before=look) / PAGES * 1e9,
        "cold_read_ns": _median(look, rounds, before=_idle) / PAGES * 1e9,
    }


def _idle() -> None:
    end = time.perf_counter() + IDLE_S
    while time.perf_counter() < end:
        pass


def _median(what: Callable[[], object], rounds: int, before: Callable[[], object] = lambda: None) -> float:
    """Seconds."""
    spent = []
    for _ in range(rounds):
        before()
        begun = time.perf_counter()
        what()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)
