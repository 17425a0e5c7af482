"""The smallest component whose state holds a memory."""

from __future__ import annotations

import attrs

from droidlet_memory import Memory
from droidlet_schema import Answer, Change, Key, Query, record


@record
class Heard:
    """What to remember, and what to ask then."""

    changes: tuple[Change, ...] = ()
    query: Query | None = None


@record
class Remembered:
    """The answer."""

    answer: Answer | None = None


@record
class Mind:
    """The state."""

    memory: Memory
    ticks: int = 0


@attrs.frozen
class Remembering:
    """Remembers, then answers."""

    schemas: tuple[str, ...] = ("base", "robot")

    def initial(self, key: Key) -> Mind:
        """Nothing known."""
        return Mind(Memory.empty(self.schemas))

    def __call__(self, inputs: Heard, state: Mind) -> tuple[Remembered, Mind]:
        """One tick."""
        memory = state.memory.commit(inputs.changes)
        answer = None if inputs.query is None else memory.query(inputs.query)
        return Remembered(answer), Mind(memory, state.ticks + 1)


def make() -> Remembering:
    """For checks that start other processes."""
    return Remembering()
