"""The smallest component whose state holds a working and a stored memory side by side."""

from __future__ import annotations

import attrs

from droidlet_memory import Memory
from droidlet_schema import Key, record
from memory.memory_parts import Heard, Remembered


@record
class Two:
    """The state."""

    working: Memory
    stored: Memory


@attrs.frozen
class Comparing:
    """Remembers in both, and answers what both do; raises where they differ."""

    memory: Memory

    def initial(self, key: Key) -> Two:
        """Nothing known."""
        return Two(Memory.empty(self.memory.schema.names), self.memory)

    def __call__(self, inputs: Heard, state: Two) -> tuple[Remembered, Two]:
        """One tick."""
        working, stored = (memory.commit(inputs.changes) for memory in (state.working, state.stored))
        answers = [
            None if inputs.query is None else memory.query(inputs.query) for memory in (working, stored)
        ]
        if working != stored or answers[0] != answers[1]:
            raise ValueError(f"the bodies differ: {answers}")
        return Remembered(answers[0]), Two(working, stored)


def make() -> Comparing:
    """For checks that start other processes."""
    return Comparing(Memory.open())
