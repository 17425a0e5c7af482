"""When a question is asked of a store, by whom, and what its node types are called."""

from __future__ import annotations

from typing import NamedTuple

from droidlet_memory.asking import Asking
from droidlet_memory.store.kinds import Kinds


class Scope(NamedTuple):
    """The node types, and the revision asked about; `newest`: the present alone tells it."""

    kinds: Kinds
    revision: int
    newest: bool


class Question(NamedTuple):
    """A scope, and what else is at hand."""

    scope: Scope
    asking: Asking

    def deeper(self) -> Question:
        """The same, one level further in."""
        return self._replace(asking=self.asking.deeper())
