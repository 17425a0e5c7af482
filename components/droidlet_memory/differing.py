"""What one memory has and another has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Union

from droidlet_memory.ordering import by_number
from droidlet_memory.results import Diff
from droidlet_memory.store.body import Stored
from droidlet_memory.working.body import Working
from droidlet_schema import MemoryNode

Body = Union[Working, Stored]
Nodes = Mapping[str, MemoryNode]


def differ(older: Body, newer: Body) -> Diff:
    """The difference, each part in the order of ids."""
    before, after = _pair(older, newer)
    added = (node for node_id, node in after.items() if node_id not in before)
    removed = (node for node_id, node in before.items() if node_id not in after)
    both = ((before[i], node) for i, node in after.items() if i in before)
    changed = (pair for pair in both if pair[0] is not pair[1] and pair[0] != pair[1])
    return Diff(
        tuple(sorted(added, key=by_number)),
        tuple(sorted(removed, key=by_number)),
        tuple(sorted(changed, key=lambda pair: by_number(pair[0]))),
    )


def _pair(older: Body, newer: Body) -> tuple[Nodes, Nodes]:
    """The nodes of both, or those of them that may differ."""
    if isinstance(older, Stored) and isinstance(newer, Stored) and older.store == newer.store:
        first, last = sorted((older, newer), key=lambda body: body.revision)
        changed = last.written_since(first.revision)
        return older.some(changed), newer.some(changed)
    return older.held, newer.held
