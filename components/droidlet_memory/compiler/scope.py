"""When a question is asked of a store, and what its node types are called."""

from __future__ import annotations

from typing import NamedTuple

from droidlet_memory.store.kinds import Kinds


class Scope(NamedTuple):
    """The node types, and the revision asked about; `newest`: the present alone tells it."""

    kinds: Kinds
    revision: int
    newest: bool
