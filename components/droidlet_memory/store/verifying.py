"""Whether a store is what its commits say."""

from __future__ import annotations

from droidlet_memory.errors import CommitRefused
from droidlet_memory.store.body import Stored
from droidlet_memory.store.connecting import connected
from droidlet_memory.store.forking import founded
from droidlet_memory.store.matching import match
from droidlet_memory.store.paths import IN_MEMORY
from droidlet_memory.store.registry import STORES
from droidlet_memory.store.wording import damaged
from droidlet_memory.working.body import Base, Working
from droidlet_schema import FrozenMap


def verify(body: Stored) -> bool:
    """Makes all commits again in a store of its own: each must lead to the same digest and, at each revision,
    to the same nodes where it wrote; those of the newest revision must be found in the same ways. Raises
    StoreUnreadable for a file that is damaged.
    """
    store = STORES.find(body.store)
    with store.reading():
        told = store.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if told != "ok":
        raise damaged(store.path, told)
    first = body.at(body.oldest)
    base = Base(first.revision, first.digest, first.now_ns)
    nodes = FrozenMap({node.id: node for node in first.nodes(None)})
    if not base.revision and (nodes or base != Working.empty(body.schema).base):
        return False
    again = founded(connected(IN_MEMORY), Working(body.schema, base, nodes), IN_MEMORY)
    beginning = Stored(again.id, base.revision, base.digest)  # keeps it open
    if not _same(body, beginning):
        return False
    with store.reading():
        return body.revision < store.head or match(store.connection, again.connection)


def _same(body: Stored, again: Stored) -> bool:
    before = again
    for revision, digest, now_ns, changes in body.commits():
        try:
            again = again.commit(changes, now_ns)
        except CommitRefused:
            return False
        ids = again.written_since(before.revision)
        if (again.revision, again.digest) != (revision, digest) or again.some(ids) != body.at(revision).some(
            ids
        ):
            return False
        before = again
    return again.nodes(None) == body.nodes(None)
