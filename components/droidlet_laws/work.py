"""How much work one call of a component is to a check, told without a clock."""

from __future__ import annotations

import sys
from typing import Any, Sequence

from droidlet_laws.lab import Lab
from droidlet_laws.snapshot import QUICK_LEAVES, Snapshot

# Seconds, roughly, on a usual machine: a function call, a value written down, a byte.
PER_EVENT, PER_LEAF, PER_BYTE = 0.25e-6, 2.5e-6, 1e-8
CALLS = 5  # in one trial, each item is called about that often


def work_of(lab: Lab, items: Sequence[Any]) -> float:
    """The work of trying one of these items, as the mean over them: its calls, and what is written down."""
    state = lab.initial() if lab.stepped else None
    looked = sum(min(len(part.leaves), QUICK_LEAVES) for part in lab.internal())
    total = 0.0
    for item in items:
        arguments = lab.arguments(item, state)
        given = Snapshot(arguments, "arguments")
        counter, profiler = _Counter(), sys.getprofile()
        sys.setprofile(counter)
        try:
            outcome = lab.call(arguments)
        finally:
            sys.setprofile(profiler)
        if lab.stepped and outcome.answered:
            state = outcome.value[1]
        size = sum(array.nbytes for _, array in given.arrays)
        total += CALLS * (counter.events * PER_EVENT + len(given.leaves) * PER_LEAF + size * PER_BYTE)
    return looked * PER_LEAF + total / len(items)


class _Counter:
    """Counts the functions that are called."""

    events = 0

    def __call__(self, frame: Any, event: str, argument: Any) -> None:
        self.events += 1
