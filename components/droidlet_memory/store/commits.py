"""Commits of a stored memory: made, found again, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from droidlet_memory.chain import chained, encoded, time_of
from droidlet_memory.committing import CHANGES, drafted
from droidlet_memory.errors import CommitConflict, StoreError
from droidlet_memory.store import blobs
from droidlet_memory.store.wording import BROKEN, worded
from droidlet_memory.store.writing import Stand
from droidlet_schema import Change, MemoryNode

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

CHILD = "SELECT digest FROM commits WHERE revision = ?"
NOW = "SELECT now_ns FROM commits WHERE revision = ?"
MADE = "INSERT INTO commits VALUES(?, ?, ?, ?)"


class Before:
    """The nodes before a commit, and how each id looked up stands."""

    def __init__(self, store: Store) -> None:
        self._stand = store.reader.stand
        self.stands: dict[str, Stand | None] = {}

    def get(self, node_id: str, /) -> MemoryNode | None:
        """The node of an id."""
        stand = self.stands[node_id] = self._stand(node_id)
        return None if stand is None else stand.node


class Then:
    """The nodes at an older revision."""

    def __init__(self, store: Store, revision: int) -> None:
        self._store, self._revision = store, revision

    def get(self, node_id: str, /) -> MemoryNode | None:
        """The node of an id."""
        return self._store.reader.by_id(node_id, self._revision)


def commit(
    store: Store, revision: int, digest: str, changes: tuple[Change, ...], now_ns: int | None
) -> tuple[int, str]:
    """Revision and digest of the child of a revision: made, or found where the same changes were committed
    before. Raises CommitRefused, CommitConflict, StoreError.
    """
    with store.turn:
        if store.shared or (revision, digest) != (store.head, store.head_digest):
            with store.reading():
                found = _found(store, revision, digest, changes, now_ns)
            if found is not None:
                return revision + 1, found
        store.check_writable()
        try:
            return _made(store, changes, now_ns)
        except BROKEN as error:
            raise worded(store.path, error) from error


def _made(store: Store, changes: tuple[Change, ...], now_ns: int | None) -> tuple[int, str]:
    """A new commit; this is what is done at every tick, so nothing is done twice."""
    time_ns = time_of(changes, now_ns, store.head_ns)
    before = Before(store)
    written = drafted(store.schema, before, changes)
    frames = encoded(changes)
    revision, digest = store.head + 1, chained(store.head_digest, frames, time_ns)
    run, stands = store.connection.execute, before.stands
    run("BEGIN IMMEDIATE")
    try:
        run(MADE, (revision, digest, time_ns, blobs.pack_frames(frames)))
        nodes = store.writer.write(revision, [(i, stands[i], node) for i, node in written.items()])
        run("COMMIT")
    except BaseException:
        store.undo()
        raise
    store.head, store.head_digest, store.head_ns = revision, digest, time_ns
    store.reader.written(revision, nodes, written)
    return revision, digest


def _found(
    store: Store, revision: int, digest: str, changes: tuple[Change, ...], now_ns: int | None
) -> str | None:
    """The digest of the child that these very changes made before; None where there is no child yet. Raises
    CommitConflict for other changes.
    """
    check_held(store, revision, digest)
    child = store.connection.execute(CHILD, (revision + 1,)).fetchone()
    then_ns = store.connection.execute(NOW, (revision,)).fetchone()[0]
    time_ns = time_of(changes, now_ns, then_ns)
    if all(type(change) in CHANGES for change in changes):
        wanted = chained(digest, encoded(changes), time_ns)
        if child is not None and child[0] == wanted:
            return wanted
    drafted(store.schema, Then(store, revision), changes)
    if child is not None:
        raise CommitConflict(digest, child[0], wanted)
    return None


def check_held(store: Store, revision: int, digest: str) -> None:
    """Raises StoreError where a store holds no memory of this revision and digest."""
    if store.digest_at(revision) != digest:
        raise StoreError(
            f"{store.path} has another memory at revision {revision} than {digest}: was the file replaced?"
        )
