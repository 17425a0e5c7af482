"""Where and when a question is asked of a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from droidlet_memory.schemas import Composition


class Scope(NamedTuple):
    """The schema, the numbers of node types, and the revision asked about; `newest`: the present alone tells
    it.
    """

    schema: Composition
    type_id: Callable[[str], int | None]
    revision: int
    newest: bool

    def type_ids(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers of those node types that any node ever had, in order."""
        found = (self.type_id(name) for name in names)
        return tuple(sorted(number for number in found if number is not None))
