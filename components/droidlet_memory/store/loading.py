"""Stored memories as working ones."""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_memory.errors import CommitRefused, StoreUnreadable
from droidlet_memory.schemas import Composition
from droidlet_memory.store.body import Stored
from droidlet_memory.store.opening import open_store
from droidlet_memory.store.paths import Path
from droidlet_memory.store.registry import STORES
from droidlet_memory.working.body import Base, Working
from droidlet_schema import Change, FrozenMap, MemoryNode


def loaded(path: Path) -> Working:
    """The newest memory of a file. Raises StoreUnreadable."""
    open_before = frozenset(STORES.open)
    store = open_store(path, None, None, read_only=True)
    try:
        with store.reading():
            body = Stored(store.id, store.head, store.head_digest)
        return fetched(body)
    finally:
        if store.id not in open_before:
            store.close()  # also where an older value leads to it, which would keep it open


def fetched(body: Stored) -> Working:
    """All that a stored memory is, as a working one. Raises StoreUnreadable where the digests do not fit."""
    first = body.at(body.oldest)
    base = Base(first.revision, first.digest, first.now_ns)
    return folded(STORES.find(body.store).path, body.schema, base, first.nodes(None), body.commits())


def folded(
    path: str,
    schema: Composition,
    base: Base,
    nodes: Iterable[MemoryNode],
    commits: Iterable[tuple[int, str, int, tuple[Change, ...]]],
) -> Working:
    """The working memory that these commits of a file lead to, from a first content. Raises StoreUnreadable
    where they lead elsewhere than they say, or nowhere.
    """
    body = Working(schema, base, FrozenMap({node.id: node for node in nodes}))
    if not base.revision and (body.held or base != Working.empty(schema).base):
        raise StoreUnreadable(
            f"{path}: revision 0 is {base.digest}: not the beginning of a memory of these schemas"
        )
    for revision, digest, now_ns, changes in commits:
        try:
            body = body.commit(changes, now_ns)
        except CommitRefused as error:
            raise StoreUnreadable(f"{path}: the changes of revision {revision} are none: {error}") from error
        if (body.revision, body.digest) != (revision, digest):
            raise StoreUnreadable(
                f"{path}: the changes of revision {revision} lead to {body.digest}, not to {digest} as is said there"
            )
    return body
