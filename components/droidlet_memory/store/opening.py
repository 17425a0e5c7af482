"""Finds, makes and checks the file of a store, and opens it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from sqlite3 import Connection

from droidlet_memory.chain import root
from droidlet_memory.errors import StoreBusy, StoreError, StoreUnreadable
from droidlet_memory.schemas import Composition
from droidlet_memory.store import blobs
from droidlet_memory.store.connecting import Lock, connected, resolved
from droidlet_memory.store.files import identity
from droidlet_memory.store.headers import check_header, check_marks
from droidlet_memory.store.paths import IN_MEMORY, Path
from droidlet_memory.store.registry import STORES
from droidlet_memory.store.store import Store
from droidlet_memory.store.tables import APPLICATION_ID, DDL, FORMAT
from droidlet_memory.store.wording import explained

CACHE_KIB = 64 * 1024
NEW_ID = "SELECT lower(hex(randomblob(8)))"
NEEDED = {"rtree_i32": "R-trees", "fts5": "full text search (FTS5)"}
HAS = "SELECT count(*) FROM pragma_module_list WHERE name = ?"
OLDEST_SQLITE = (3, 31, 0)


os.register_at_fork(after_in_child=STORES.leave_to_parent)


def open_store(
    path: Path,
    schema: Composition | None,
    usual: Composition | None,
    read_only: bool = False,
) -> Store:
    """The store in a file, made where there is none; ":memory:" is a new one that dies with its memories.

    Without a schema the file's own counts, of a new one the `usual`; a file of an older schema is upgraded. A
    file that this process has open already is that same store. Raises SchemasError where the file cannot be
    upgraded to the schema, or is open for reading, StoreUnreadable for a foreign, damaged or newer file,
    StoreUnwritable for a read-only one, StoreBusy where another process writes to it.
    """
    where = resolved(path)
    known = STORES.find_path(where) if where != IN_MEMORY else None
    if known is not None:
        return _shared(known, schema, read_only)
    if where != IN_MEMORY and read_only and not os.path.exists(where):
        raise StoreUnreadable(f"there is no memory at {where}")
    if where != IN_MEMORY:
        check_header(where)
    lock = None if read_only or where == IN_MEMORY else Lock(where)
    try:
        connection = connected(where, read_only)
        try:
            with explained(where):
                _prepare(connection, where, schema or usual, read_only)
                if not _fits(connection, where, schema, read_only):
                    connection.close()
                    connection = connected(where)
                    _prepare(connection, where, None, read_only)
                return opened(connection, where, read_only, lock)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def opened(connection: Connection, path: str, shared: bool = False, lock: Lock | None = None) -> Store:
    """The store of a connection to what is known to be one. Raises StoreError where that is open already."""
    store_id, schema = _meta(connection, path)
    _check_free(store_id, path)
    return Store(connection, path, store_id, schema, shared, lock, identity(path))


def _prepare(connection: Connection, path: str, schema: Composition | None, read_only: bool) -> None:
    """Checks what is there and, where nothing is, makes it."""
    check_features(connection)
    fresh = _check_file(connection, path)
    use_room(connection)
    if not read_only:
        if path != IN_MEMORY:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a commit that returned also survives a power cut
    if fresh and schema is not None and not read_only:
        make_tables(connection, schema)
    elif fresh:
        raise StoreUnreadable(f"{path} is an empty file, not a memory")


def use_room(connection: Connection) -> None:
    """Gives a connection memory to work in, and leave to leave what was deleted where it is."""
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA secure_delete = OFF")


def check_features(connection: Connection, needed: Mapping[str, str] = NEEDED) -> None:
    """Raises StoreError where this Python's SQLite lacks something."""
    here = f"this Python's SQLite {sqlite3.sqlite_version}"
    advice = "use a Python whose SQLite has it, or Memory.empty(), which needs no SQLite"
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"{here} is older than {'.'.join(map(str, OLDEST_SQLITE))}: {advice}")
    for module, name in needed.items():
        if not connection.execute(HAS, (module,)).fetchone()[0]:
            raise StoreError(f"{here} was built without {name}: {advice}")


def _check_file(connection: Connection, path: str) -> bool:
    """Whether the file is new. Raises StoreUnreadable for one that is no memory."""
    one = connection.execute
    application, version = (
        one(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if not application and not one("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return True
    check_marks(path, application, version)
    return False


def make_tables(connection: Connection, schema: Composition) -> None:
    """An empty store, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in DDL:
        connection.execute(statement)
    name_store(connection)
    put = "INSERT INTO meta VALUES(?, ?)"
    connection.execute(put, ("schema", blobs.pack(schema)))
    connection.execute(put, ("oldest", 0))
    connection.execute("INSERT INTO commits VALUES(0, ?, NULL, NULL)", (root(schema),))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def name_store(connection: Connection) -> None:
    """Gives a store an id that no other has."""
    connection.execute(f"INSERT OR REPLACE INTO meta VALUES('store', ({NEW_ID}))")


def _meta(connection: Connection, path: str) -> tuple[str, Composition]:
    rows = dict(connection.execute("SELECT name, value FROM meta WHERE name IN ('store', 'schema')"))
    if len(rows) != 2:
        raise StoreUnreadable(f"{path} is a damaged memory: it does not say whose it is")
    return str(rows["store"]), blobs.unpack(rows["schema"], Composition)


def _fits(connection: Connection, path: str, schema: Composition | None, read_only: bool) -> bool:
    """Whether a file is under a schema; if not, it is upgraded to it, and is to be connected anew. Raises
    SchemasError.
    """
    found = _meta(connection, path)[1]
    if schema is None or found == schema:
        return True
    from droidlet_memory.store.upgrading import plan_upgrade, refused, upgrade

    plan = plan_upgrade(path, found, schema)
    if read_only:
        told = f" ({', '.join(plan.told)})" if plan.told else ""
        advice = "and, to read it as it is, no schemas are named"
        raise refused(path, found, schema, f"it is upgraded{told} where it is opened for writing; {advice}")
    upgrade(connection, path, found, schema)
    return False


def _check_free(store_id: str, path: str) -> None:
    try:
        other = STORES.find(store_id)
    except StoreError:
        return
    raise StoreError(
        f"{path} is a copy of {other.path}, which is open: memory.fork(path) makes one of its own"
    )


def _shared(known: Store, schema: Composition | None, read_only: bool) -> Store:
    if known.file != identity(known.path):
        raise StoreError(
            f"{known.path} is not the file any more that this process has open under this name: it was removed "
            "or replaced; close the memory of that one first"
        )
    if known.shared and not read_only:
        raise StoreBusy(f"{known.path} is open here for reading only: close it first")
    if schema is not None and schema != known.schema:
        from droidlet_memory.store.upgrading import plan_upgrade, refused

        plan_upgrade(known.path, known.schema, schema)
        raise refused(known.path, known.schema, schema, "it is open here; close it first, to upgrade it")
    return known
