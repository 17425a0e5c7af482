"""Copies: a store of its own that goes on from any revision of another, and stores made of working memories.

Nothing else ever copies a store.
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import Union

from droidlet_memory.errors import StoreError, StoreUnwritable
from droidlet_memory.store import commits, opening
from droidlet_memory.store.body import Stored
from droidlet_memory.store.connecting import connected, resolved
from droidlet_memory.store.copying import copy_file
from droidlet_memory.store.files import arriving
from droidlet_memory.store.opening import name_store, use_room
from droidlet_memory.store.paths import IN_MEMORY, Path
from droidlet_memory.store.registry import STORES
from droidlet_memory.store.rolling import roll_back
from droidlet_memory.store.store import Store
from droidlet_memory.store.wording import explained
from droidlet_memory.working.body import Working


def fork(body: Union[Working, Stored], path: Path) -> Stored:
    """The same memory in a new store; of a file, all of it is on the disk. Raises StoreUnwritable."""
    where = resolved(path)
    if where == IN_MEMORY:
        with explained(where):
            store = _filled(body, where)
    else:
        with arriving(where) as part, explained(where):
            _filled(body, part).close()
        store = opening.open_store(where, None, body.schema)
    return Stored(store.id, body.revision, body.digest)


def _filled(body: Union[Working, Stored], path: str) -> Store:
    """A store with all that a body is."""
    if isinstance(body, Stored):
        return _copied(body, path)
    connection = connected(path)
    try:
        return founded(connection, body, path)
    except BaseException:
        connection.close()
        raise


def _hurry(connection: Connection, path: str) -> None:
    """Writes without a way back, in a file that counts only once it is whole."""
    use_room(connection)
    if path != IN_MEMORY:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")


def _copied(body: Stored, path: str) -> Store:
    source = STORES.find(body.store)
    with source.reading():
        commits.check_held(source, body.revision, body.digest)
        connection, newest = _same(source, path), source.head
    try:
        _hurry(connection, path)
        if connection.execute(commits.CHILD, (body.revision,)).fetchone() != (body.digest,):
            raise StoreError(f"{source.path} is another memory than the one that is open: was it replaced?")
        connection.execute("BEGIN")
        if body.revision < newest:
            roll_back(connection, body.revision)
        name_store(connection)
        connection.execute("COMMIT")
        return opening.opened(connection, path)
    except BaseException:
        connection.close()
        raise


def _same(source: Store, path: str) -> Connection:
    """A connection to what a store that is being read is: a copy of its file where that has it all, which takes
    a share of the time that SQLite's own way does.
    """
    file = None if path == IN_MEMORY else source.whole_file()
    if file is not None:
        copy_file(file, path)
        return connected(path)
    connection = connected(path)
    try:
        _hurry(connection, path)
        source.connection.backup(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def founded(connection: Connection, body: Working, path: str) -> Store:
    """A new store with the content and the history of a working memory."""
    _hurry(connection, path)
    opening.make_tables(connection, body.schema)
    store = opening.opened(connection, path)
    try:
        _begin(store, body)
        _follow(store, body)
    except BaseException:
        store.close()
        raise
    return store


def _begin(store: Store, body: Working) -> None:
    """Puts what a working memory stood at when its history was cut."""
    base = body.base
    if not base.revision:
        return
    with store.writing():
        first = body.at(base.revision)
        store.writer.write(base.revision, [(node.id, None, node) for node in first.nodes(None)])
        store.connection.execute("DELETE FROM commits")
        store.connection.execute(commits.MADE, (base.revision, base.digest, base.now_ns, None))
        store.connection.execute("UPDATE meta SET value = ? WHERE name = 'oldest'", (base.revision,))
    store.look()


def _follow(store: Store, body: Working) -> None:
    """Makes every commit of a working memory again."""
    revision, digest = body.base.revision, body.base.digest
    for _, wanted, now_ns, changes in body.commits():
        revision, digest = commits.commit(store, revision, digest, changes, now_ns)
        if digest != wanted:
            raise StoreUnwritable(
                f"revision {revision} is {digest}, not {wanted}: this memory is no true one"
            )
