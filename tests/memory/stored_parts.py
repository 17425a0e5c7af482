"""The smallest component whose state holds a stored memory."""

from __future__ import annotations

import attrs

from droidlet_memory import Memory
from droidlet_schema import Key
from memory.memory_parts import Heard, Mind, Remembered


@attrs.frozen
class Storing:
    """Remembers, then answers."""

    memory: Memory

    def initial(self, key: Key) -> Mind:
        """Nothing known."""
        return Mind(self.memory)

    def __call__(self, inputs: Heard, state: Mind) -> tuple[Remembered, Mind]:
        """One tick."""
        memory = state.memory.commit(inputs.changes)
        answer = None if inputs.query is None else memory.query(inputs.query)
        return Remembered(answer), Mind(memory, state.ticks + 1)


def make() -> Storing:
    """For checks that start other processes."""
    return Storing(Memory.open())
