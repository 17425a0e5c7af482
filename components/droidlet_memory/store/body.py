"""The stored body of a memory: which store, which revision of it, and the digest of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from droidlet_memory.asking import saying
from droidlet_memory.compiler.answering import Finding, answer
from droidlet_memory.compiler.explaining import explained
from droidlet_memory.errors import Damaged, NoSuchRevision, StoreClosed
from droidlet_memory.results import Explanation, Truncated, Version
from droidlet_memory.schemas import Composition
from droidlet_memory.store import blobs
from droidlet_memory.store.paths import IN_MEMORY
from droidlet_memory.store.registry import STORES
from droidlet_memory.store.rows import told
from droidlet_schema import Answer, Change, MemoryNode, PutNode, Query, record

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

COMMITS = """SELECT revision, digest, now_ns, changes FROM commits WHERE revision > ? AND revision <= ?
    ORDER BY revision"""
Changes = tuple[Change, ...]


@record
class Stored:
    """A reference; equal by what the whole memory is equal by, its digest."""

    store: str
    revision: int
    digest: str

    def __attrs_post_init__(self) -> None:
        """Keeps the store open as long as it lives, where that is open."""
        STORES.keep(self, self.store)

    @property
    def _store(self) -> Store:
        return STORES.find(self.store)

    @property
    def schema(self) -> Composition:
        """Under which its nodes stand."""
        return self._store.schema

    @property
    def oldest(self) -> int:
        """The oldest revision kept."""
        store = self._store
        with store.reading():
            return store.oldest

    @property
    def path(self) -> str | None:
        """The store's file; None where it is in the process alone."""
        path = self._store.path
        return None if path == IN_MEMORY else path

    @property
    def now_ns(self) -> int | None:
        """The time of the newest commit."""
        return self._now_at(self.revision)

    def _now_at(self, revision: int) -> int | None:
        store = self._store
        with store.reading():
            return store.time_at(revision)

    def commit(self, changes: Changes, now_ns: int | None) -> Stored:
        """The next body. Raises CommitRefused, CommitConflict, StoreError."""
        return Stored(self.store, *self._store.commit(self.revision, self.digest, changes, now_ns))

    def query(self, query: Query) -> Answer:
        """What fits a question."""
        store = self._store
        with store.reading():
            self.check(store)
            return answer(store, self.revision, query)

    def explain(self, query: Query) -> Explanation:
        """How a question would be answered."""
        store = self._store
        with store.reading():
            self.check(store)
            return explained(store, self.revision, query)

    @property
    def held(self) -> Mapping[str, MemoryNode]:
        """All nodes by id, in the order of ids as texts."""
        return {node.id: node for node in sorted(self.nodes(None), key=lambda node: node.id)}

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""
        store = self._store
        with store.reading():
            self.check(store)
            return store.reader.by_id(node_id, self.revision)

    def nodes(self, types: frozenset[str] | None) -> tuple[MemoryNode, ...]:
        """The nodes of some types, or all, in the order of ids."""
        store = self._store
        with store.reading():
            self.check(store)
            known = None if types is None else [store.words.type_id(name) for name in sorted(types)]
            numbers = None if known is None else [number for number in known if number is not None]
            keys = store.reader.keys(self.revision, self.revision == store.head, numbers)
            return tuple(store.reader.by_keys(keys, self.revision))

    def ids(self, prefix: str, first: int | None = None) -> tuple[str, ...]:
        """The ids that begin with a prefix, in order; or the first so many of them."""
        store = self._store
        with store.reading():
            self.check(store)
            return tuple(store.reader.ids(self.revision, self.revision == store.head, prefix, first))

    def saying(self, texts: frozenset[str]) -> tuple[MemoryNode, ...]:
        """The nodes of which one of these texts is said."""
        store = self._store
        with store.reading():
            self.check(store)
            world = Finding(store, self.revision)
            return tuple(saying([node for text in texts for node in world.saying(text)], texts))

    def check(self, store: Store) -> None:
        """Raises NoSuchRevision where the store has this revision no more."""
        if not store.oldest <= self.revision <= store.head:
            raise NoSuchRevision(
                f"revision {self.revision}: the store has the revisions {store.oldest} to {store.head}"
            )

    def at(self, revision: int) -> Stored:
        """This body as it was."""
        store = self._store
        with store.reading():
            return Stored(self.store, revision, store.digest_at(revision))

    def revision_at(self, time_ns: int) -> int:
        """The last revision no later than a time. Raises NoSuchRevision for a time before all that are kept."""
        low, high = self.oldest, self.revision
        first = self._now_at(low)
        if first is not None and first > time_ns:
            raise NoSuchRevision(f"time_ns {time_ns}: before revision {low}, the oldest kept")
        while low < high:  # times never go back
            middle = (low + high + 1) // 2
            then = self._now_at(middle)
            low, high = (middle, high) if then is None or then <= time_ns else (low, middle - 1)
        return low

    def history(self, node_id: str) -> tuple[Version, ...]:
        """Every version of a node, the oldest first."""
        store = self._store
        with store.reading():
            self.check(store)
            versions = []
            for revision in store.reader.touched(node_id, store.oldest, self.revision):
                node, then = store.reader.by_id(node_id, revision), max(revision, store.oldest)
                if node is not None or revision > store.oldest:
                    versions.append(Version(then, self._now_at(then) or 0, node))
            return tuple(versions)

    def commits(self, since: int | None = None) -> Iterator[tuple[int, str, int, Changes]]:
        """Every commit kept, or those after a revision: revision, digest, time, changes; the oldest first."""
        store = self._store
        begin = self.oldest if since is None else since
        while begin < self.revision:
            end = min(self.revision, begin + 256)
            with store.reading():
                rows = store.connection.execute(COMMITS, (begin, end)).fetchall()
                if len(rows) != end - begin:
                    raise Damaged(f"of the commits {begin + 1} to {end} there are {len(rows)}")
                found = [(*told(*row), blobs.unpack(changes, Changes)) for *row, changes in rows]
            for revision, (digest, now_ns, changes) in enumerate(found, begin + 1):
                yield revision, digest, now_ns or 0, changes
            begin += 256

    def truncated(self, revision: int) -> tuple[Stored, Truncated]:
        """This body, its store without what was before a revision, and what that reclaimed."""
        from droidlet_memory.store.truncating import truncate

        return self, truncate(self._store, revision)

    def verify(self) -> bool:
        """Whether the file is whole and the commits, made again one by one, lead to this very content."""
        from droidlet_memory.store.verifying import verify

        return verify(self)

    def written_since(self, revision: int) -> list[str]:
        """The ids that commits after a revision wrote."""
        changes = (change for _, _, _, many in self.commits(revision) for change in many)
        return sorted(
            {change.node.id if isinstance(change, PutNode) else change.node_id for change in changes}
        )

    def some(self, ids: list[str]) -> dict[str, MemoryNode]:
        """The nodes of some ids, less those that are not there."""
        found = ((node_id, self.node(node_id)) for node_id in ids)
        return {node_id: node for node_id, node in found if node is not None}

    def close(self) -> None:
        """Closes the store, if it is open."""
        with suppress(StoreClosed):
            self._store.close()
