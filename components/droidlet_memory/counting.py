"""How many nodes of each type a memory holds, and the first few of them: without reading all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Union

from droidlet_memory.store.body import Stored
from droidlet_memory.store.registry import STORES
from droidlet_memory.working.body import Working
from droidlet_schema import MemoryNode

Body = Union[Working, Stored]

PRESENT = "SELECT type, count(*) FROM nodes WHERE type IS NOT NULL AND since <= ? GROUP BY type"
ENDED = "SELECT type, count(*) FROM past WHERE since <= ? AND until > ? GROUP BY type"


def counts(body: Body) -> dict[str, int]:
    """The number of nodes of each type that has any, in the order of the types' names."""
    found = Counter(dict(_stored(body))) if isinstance(body, Stored) else _working(body)
    return dict(sorted(found.items()))


def _working(body: Working) -> Counter[str]:
    return Counter(node.node_type for node in body.held.values())


def _stored(body: Stored) -> Iterator[tuple[str, int]]:
    store, found = STORES.find(body.store), Counter[int]()
    with store.reading():
        found.update(dict(store.connection.execute(PRESENT, (body.revision,))))
        if body.revision != store.head:
            found.update(dict(store.connection.execute(ENDED, (body.revision, body.revision))))
        yield from ((store.words.type_name(number), many) for number, many in found.items())


def first_of(body: Body, types: frozenset[str] | None, count: int) -> tuple[MemoryNode, ...]:
    """The first so many nodes of some types, or of all, in the order of ids."""
    count = max(count, 0)
    if isinstance(body, Working):
        return body.nodes(types)[:count]
    store = STORES.find(body.store)
    with store.reading():
        known = None if types is None else [store.words.type_id(name) for name in sorted(types)]
        numbers = None if known is None else [number for number in known if number is not None]
        keys = store.reader.keys(body.revision, body.revision == store.head, numbers)
        return tuple(store.reader.by_keys(keys[:count], body.revision))
